import { CHANNELS, type ChannelName } from '../../model/messages';
import { guardedChannel, type GuardedChannel } from './guardedChannel';

/** The five channels of one operation, as `node:diagnostics_channel` names them. */
export class TracingChannel<Message extends object & { readonly error: unknown }> {
  private readonly startChannel: GuardedChannel;
  private readonly endChannel: GuardedChannel;
  private readonly asyncStartChannel: GuardedChannel;
  private readonly asyncEndChannel: GuardedChannel;
  private readonly errorChannel: GuardedChannel;

  constructor(name: ChannelName) {
    const stage = (which: string): GuardedChannel => guardedChannel(`tracing:${CHANNELS[name]}:${which}`);
    this.startChannel = stage('start');
    this.endChannel = stage('end');
    this.asyncStartChannel = stage('asyncStart');
    this.asyncEndChannel = stage('asyncEnd');
    this.errorChannel = stage('error');
  }

  get isListening(): boolean {
    const { startChannel, endChannel, asyncStartChannel, asyncEndChannel, errorChannel } = this;
    const others = endChannel.listeners + asyncStartChannel.listeners + errorChannel.listeners;
    return startChannel.listeners + asyncEndChannel.listeners + others > 0;
  }

  /** The operation begins with `call`, which returns when its synchronous part is over. */
  start<T>(message: Message, call: () => T): T {
    try {
      return runIn(this.startChannel, message, call);
    } finally {
      if (this.endChannel.listeners > 0) this.endChannel.channel.publish(message);
    }
  }

  /** The operation is over. */
  finish(message: Message): void {
    if (message.error !== undefined && this.errorChannel.listeners > 0) this.errorChannel.channel.publish(message);
    if (this.asyncStartChannel.listeners > 0) this.asyncStartChannel.channel.publish(message);
    if (this.asyncEndChannel.listeners > 0) this.asyncEndChannel.channel.publish(message);
  }
}

/**
 * Publishes `message` and runs `call` in the stores that are bound to the channel, and by its runners. Calls it once, also when
 * one of them fails, and throws only what it throws.
 */
export function runIn<T>(guarded: GuardedChannel, message: object, call: () => T): T {
  if (guarded.listeners === 0) return call();
  let called: { result?: { readonly value: T } } | undefined;
  const once = (): T => {
    called = {};
    const value = call();
    called.result = { value };
    return value;
  };
  try {
    return announce(guarded, message, once);
  } catch (thrown) {
    if (called === undefined) return call();
    const { result } = called as { result?: { readonly value: T } };
    if (result === undefined) throw thrown;
    return result.value;
  }
}

function announce<T>({ channel, listeners, runners }: GuardedChannel, message: object, call: () => T): T {
  let run = call;
  if (listeners > runners.length) run = () => channel.runStores(message, call);
  for (const runner of runners) {
    const inner = run;
    run = () => runner(message, inner);
  }
  return run();
}
