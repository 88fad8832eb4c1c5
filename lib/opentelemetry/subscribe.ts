import { channel, unsubscribe, type ChannelListener } from 'node:diagnostics_channel';
import { isPromise } from 'node:util/types';
import { context, diag, type Context } from '@opentelemetry/api';
import { CHANNELS, type ChannelName } from '../model/messages';
import { cannotThrow } from '../util/cannotThrow';
import { runnersOf, type Runner } from '../util/runners';
import { labelsOf } from '../util/thrown';

/** Channels of one operation: Node.js' names for its stages. */
export type Stage = 'start' | 'end' | 'asyncStart' | 'asyncEnd' | 'error';

/** Ends a subscription. */
export type Stop = () => void;

/** Runs what may throw, or reject later. Nothing of a tracer, a meter or a hook reaches the application. */
export function safely<T>(work: () => T): T | undefined {
  try {
    const result = work();
    if (isPromise(result)) result.catch(swallowed);
    return result;
  } catch (thrown) {
    return swallowed(thrown);
  }
}

function swallowed(thrown: unknown): undefined {
  diag.debug('databricks-sql-telemetry swallowed', labelsOf(thrown).name);
}

/** Calls `listener` with each message of a channel; `stage` for one of a tracing channel. */
export function listen<Message>(
  name: ChannelName,
  stage: Stage | undefined,
  listener: (message: Message) => void,
): Stop {
  const target = channelOf(name, stage);
  const guarded: ChannelListener = (message) => {
    try {
      listener(message as Message);
    } catch (thrown) {
      swallowed(thrown);
    }
  };
  target.subscribe(cannotThrow(guarded));
  return () => void target.unsubscribe(guarded);
}

/** Runs the calls that a channel announces in the context that `contextOf` makes of their message; without one in their own. */
export function runWithin<Message>(
  name: ChannelName,
  stage: Stage | undefined,
  contextOf: (message: Message) => Context | undefined,
): Stop {
  const target = channelOf(name, stage);
  const runner: Runner = (message, call) => {
    const within = safely(() => contextOf(message as Message));
    return within === undefined ? call() : context.with(within, call);
  };
  const runners = runnersOf(target);
  const subscription = cannotThrow(() => undefined);
  runners.push(runner);
  target.subscribe(subscription);
  return () => {
    if (unsubscribe(target.name, subscription)) runners.splice(runners.indexOf(runner), 1);
  };
}

function channelOf(name: ChannelName, stage: Stage | undefined): ReturnType<typeof channel> {
  return channel(stage === undefined ? CHANNELS[name] : `tracing:${CHANNELS[name]}:${stage}`);
}
