/* sinks/: where an application sees its own statements: files, callbacks, streams, the slow-statement log, channels. */
import type { Receiver } from '../contracts/Receiver';
import type { ReceiverOptions } from '../contracts/ReceiverOptions';
import type { OptionProblem, TelemetryConfiguration } from '../model/options';
import { systemClock } from '../util/clock';
import type { LoggerOwner } from '../util/debugLog';
import { ChannelReceiver } from './channels/ChannelReceiver';
import { callbackOf } from './slow/onSlowStatement';
import { SlowLog } from './slow/SlowLog';
import { SlowStatements } from './slow/SlowStatements';

/** Those of this process: who listens on a channel listens to every connection, and the slow log has one rate for all. */
const channels = new ChannelReceiver(systemClock);
const slowLog = new SlowLog(systemClock);

/** What of this folder is there for one connection. */
export interface ConnectionSinks {
  readonly problems: readonly OptionProblem<string>[];
  /** Those that somebody listens to just now: asked at `connect()` and at each `openSession()`. */
  listening(): readonly Receiver[];
}

/** `levels`: options of the client, then of the connection. */
export function connectionSinks(
  owner: LoggerOwner,
  { slowStatementMs }: TelemetryConfiguration,
  levels: readonly ReceiverOptions[],
): ConnectionSinks {
  const { onSlow, problems } = callbackOf(...levels);
  const slow = new SlowStatements({ onSlow, logsFromMs: slowStatementMs }, slowLog, owner, systemClock);
  const receivers = [channels, slow];
  return { problems, listening: () => receivers.filter(({ isListening }) => isListening) };
}
