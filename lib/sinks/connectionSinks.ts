/* sinks/: where an application sees its own statements: files, callbacks, streams, the slow-statement log, channels. */
import path from 'node:path';
import type { ITelemetryExporter } from '../contracts/ITelemetryExporter';
import type { Receiver } from '../contracts/Receiver';
import type { ReceiverOptions } from '../contracts/ReceiverOptions';
import type { OptionProblem, TelemetryConfiguration } from '../model/options';
import { systemClock } from '../util/clock';
import type { LoggerOwner } from '../util/debugLog';
import { ChannelReceiver } from './channels/ChannelReceiver';
import { FileExporter } from './FileExporter';
import { callbackOf } from './slow/onSlowStatement';
import { SlowLog } from './slow/SlowLog';
import { SlowStatements } from './slow/SlowStatements';

/** Those of this process: who listens on a channel listens to every connection, and the slow log has one rate for all. */
const channels = new ChannelReceiver(systemClock);
const slowLog = new SlowLog(systemClock);
/** Exporters that `telemetryFile` made, by their path: two of them would rotate one file behind each other's back. */
const files = new Map<string, FileExporter>();

/** What of this folder is there for one connection. */
export interface ConnectionSinks {
  readonly problems: readonly OptionProblem<string>[];
  /** Exporters that options make. */
  readonly exporters: readonly ITelemetryExporter[];
  /** Those that somebody listens to just now: asked at `connect()` and at each `openSession()`. */
  listening(): readonly Receiver[];
}

/** `levels`: options of the client, then of the connection. */
export function connectionSinks(
  owner: LoggerOwner,
  { slowStatementMs, file }: TelemetryConfiguration,
  levels: readonly ReceiverOptions[],
): ConnectionSinks {
  const { onSlow, problems } = callbackOf(...levels);
  const slow = new SlowStatements({ onSlow, logsFromMs: slowStatementMs }, slowLog, owner, systemClock);
  const receivers = [channels, slow];
  const { exporters, problems: ofFile } = exporterFor(file);
  return {
    problems: [...problems, ...ofFile],
    exporters,
    listening: () => receivers.filter(({ isListening }) => isListening),
  };
}

/** The exporter that writes to `file`; a folder that is gone from under the process is no reason not to connect. */
function exporterFor(file: string): Pick<ConnectionSinks, 'exporters' | 'problems'> {
  if (file.trim() === '') return { exporters: [], problems: [] };
  try {
    const absolute = path.resolve(file.replaceAll('%p', String(process.pid)));
    const exporter = files.get(absolute) ?? new FileExporter({ path: absolute, name: 'telemetryFile' });
    files.set(absolute, exporter);
    return { exporters: [exporter], problems: [] };
  } catch {
    return { exporters: [], problems: [{ option: 'telemetryFile', given: 'string', done: 'left out' }] };
  }
}
