/* sinks/channels/: what an application can follow through node:diagnostics_channel. */
import { channel as channelNamed, type Channel, type ChannelListener } from 'node:diagnostics_channel';
import { isMap, isPromise } from 'node:util/types';
import { isMarkedSafe } from '../../util/cannotThrow';
import { runnersOf, type Runner } from '../../util/runners';

/** A channel of ours, and who listens. */
export interface GuardedChannel {
  readonly channel: Channel;
  /** Subscribers and stores at present. A plain field: a channel's own `hasSubscribers` is a call. */
  listeners: number;
  /** Those of the listeners that run what is announced, in contexts of their own. */
  readonly runners: readonly Runner[];
}

type AnyFunction = (...args: unknown[]) => unknown;

/** What Node.js calls a channel's inside; typed here because it is not part of its types. */
interface ChannelInside {
  _subscribers?: unknown;
  _stores?: unknown;
}

/** The methods of a channel through which every subscription passes. */
interface Subscribing {
  subscribe(subscription: ChannelListener): void;
  unsubscribe(subscription: ChannelListener): boolean;
  bindStore(store: object, transform?: AnyFunction): void;
  unbindStore(store: object): boolean | void;
}

const GUARD = Symbol.for('databricks-sql-telemetry.guardedChannel');

/** Functions of subscribers, by what stands in their place. */
const guards = new WeakMap<AnyFunction, AnyFunction>();

let lastThrown: { readonly thrown: unknown } | undefined;

function keepThrown(thrown: unknown): void {
  lastThrown = { thrown };
}

/** Throws what a subscriber threw or rejected with since this was last called: for a caller that swallows it where it can be logged. */
export function throwWhatSubscribersThrew(): void {
  const taken = lastThrown;
  lastThrown = undefined;
  if (taken !== undefined) throw taken.thrown;
}

/**
 * The channel of that name, of which no subscriber can hurt the application: Node.js makes an uncaught exception of what
 * one throws, and of what an asynchronous one rejects with, and with it ends the process. Each function that subscribes is
 * therefore replaced by one that can do neither. Another copy of this library in the process uses the same guard.
 */
export function guardedChannel(name: string): GuardedChannel {
  const channel = channelNamed(name) as Channel & { [GUARD]?: GuardedChannel };
  return channel[GUARD] ?? install(channel);
}

function install(channel: Channel): GuardedChannel {
  const stores = new WeakSet<object>();
  const guard: GuardedChannel = {
    channel,
    listeners: guardEarlier(channel, stores),
    runners: runnersOf(channel),
  };
  const recount = (change: number): void => {
    guard.listeners = Math.max(0, guard.listeners + change);
  };
  // Node.js changes the prototype of a channel with its first subscriber, and then calls the method again by its name.
  let isAgain = false;
  const passOn = <Result>(call: (inherited: Subscribing) => Result): Result => {
    const before = isAgain;
    isAgain = true;
    try {
      return call(Object.getPrototypeOf(channel) as Subscribing);
    } finally {
      isAgain = before;
    }
  };
  const methods: Subscribing = {
    subscribe(subscription) {
      if (isAgain) return passOn((inherited) => inherited.subscribe.call(channel, subscription));
      const safe = guardOf(subscription);
      passOn((inherited) => inherited.subscribe.call(channel, safe));
      recount(1);
    },
    unsubscribe(subscription) {
      const safe = guards.get(subscription as AnyFunction) ?? subscription;
      const isGone = passOn((inherited) => inherited.unsubscribe.call(channel, safe as ChannelListener));
      if (isGone) recount(-1);
      return isGone;
    },
    bindStore(store, transform) {
      if (isAgain) return passOn((inherited) => inherited.bindStore.call(channel, store, transform));
      const safe = guardOf(transform);
      passOn((inherited) => inherited.bindStore.call(channel, store, safe));
      if (!stores.has(store)) recount(1);
      stores.add(store);
    },
    unbindStore(store) {
      if (stores.delete(store)) recount(-1);
      return passOn((inherited) => inherited.unbindStore.call(channel, store));
    },
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(channel, name, { value, writable: true, configurable: true });
  }
  Object.defineProperty(channel, GUARD, { value: guard });
  return guard;
}

/** What stands in the place of a function that may throw; anything else is for Node.js to refuse. */
function guardOf<Given>(given: Given): Given {
  if (!isFunction(given) || isMarkedSafe(given)) return given;
  let safe = guards.get(given);
  if (safe === undefined) {
    safe = (...args) => {
      try {
        const returned = given(...args);
        if (isPromise(returned)) returned.catch(keepThrown);
        return returned;
      } catch (thrown) {
        keepThrown(thrown);
        return undefined;
      }
    };
    guards.set(given, safe);
  }
  return safe as Given;
}

/**
 * Guards those who subscribed before this library was loaded, and returns how many they are. Where Node.js keeps them
 * elsewhere they stay as they are, and count as one.
 */
function guardEarlier(channel: Channel, seenStores: WeakSet<object>): number {
  const inside = channel as ChannelInside;
  const { _subscribers: subscribers, _stores: stores } = inside;
  if (!Array.isArray(subscribers) || !isMap(stores)) return channel.hasSubscribers ? 1 : 0;
  inside._subscribers = subscribers.map((one: unknown) => guardOf(one));
  for (const [store, transform] of stores.entries() as Iterable<[object, unknown]>) {
    seenStores.add(store);
    stores.set(store, guardOf(transform));
  }
  return subscribers.length + stores.size;
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}
