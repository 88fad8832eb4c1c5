import type { AsyncLocalStorage } from 'node:async_hooks';
import { channel, type ChannelListener } from 'node:diagnostics_channel';
import { isPromise } from 'node:util/types';
import { diag } from '@opentelemetry/api';
import { CHANNELS, type ChannelName } from '../model/messages';
import { cannotThrow } from '../util/cannotThrow';
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

/** Has the calls that a channel announces run with what `transform` makes of their message in `store`. */
export function bind<Message, Store>(
  name: ChannelName,
  stage: Stage | undefined,
  store: AsyncLocalStorage<Store | undefined>,
  transform: (message: Message) => Store | undefined,
): Stop {
  const target = channelOf(name, stage);
  const guarded = (message: Message): Store | undefined => {
    try {
      return transform(message);
    } catch (thrown) {
      return swallowed(thrown);
    }
  };
  target.bindStore(store, cannotThrow(guarded) as never);
  return () => target.unbindStore(store);
}

function channelOf(name: ChannelName, stage: Stage | undefined): ReturnType<typeof channel> {
  return channel(stage === undefined ? CHANNELS[name] : `tracing:${CHANNELS[name]}:${stage}`);
}
