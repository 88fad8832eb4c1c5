/* util/: what knows nothing of telemetry: time, one debug line, a mutex, private files. */
import { AsyncResource } from 'node:async_hooks';
import timers from 'node:timers';
import { MessageChannel } from 'node:worker_threads';

/** A timer or an immediate, as its clock gave it. */
export type TimerHandle = unknown;

/**
 * Time and chance for everything in this library. Injected as the last parameter of a component, so that a test can let
 * fifteen minutes pass; the default is the process's own.
 */
export interface Clock {
  /** Monotonic milliseconds, for durations. */
  now(): number;
  /** Milliseconds since the epoch: a whole number that is not negative, 0 when the system's clock says nothing usable. */
  epochMs(): number;
  /** A number from 0 up to 1, to keep processes from acting in step. */
  random(): number;
  /** Calls `work` once after `ms`. The timer is unref'd: it does not keep the process alive. */
  setTimeout(work: () => void, ms: number): TimerHandle;
  clearTimeout(handle: TimerHandle): void;
  /** Calls `work` in the next turn of the event loop. */
  setImmediate(work: () => void): TimerHandle;
  clearImmediate(handle: TimerHandle): void;
}

// Taken now: what a test suite of the application puts in their place later is not for telemetry.
const { hrtime } = process;
const wallNow = Date.now;
const { random } = Math;
const { setTimeout, clearTimeout, setImmediate, clearImmediate } = timers;

/**
 * What telemetry waits for belongs to no request of the application: nothing keeps its `AsyncLocalStorage` alive.
 * Destroyed from the start: it holds nothing open, and what lists open handles (jest does) has none to name.
 */
const ownContext = new AsyncResource('databricks-sql-telemetry', { requireManualDestroy: true });
ownContext.emitDestroy();

/** Runs `work` outside of whatever the application is doing: what it opens keeps no `AsyncLocalStorage` store alive. */
export function detached<T>(work: () => T): T {
  return ownContext.runInAsyncScope(work);
}

/** A timer takes no more: a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Beyond a deadline nobody waits longer for what it aborted: reached only where the timers of the process stand still. */
const GRACE_MS = 1000;
const LATEST_EPOCH_MS = 8.64e15;

/** The process's clock and timers as they were when the library was loaded. */
export const systemClock: Clock = {
  now() {
    const [seconds, nanoseconds] = hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
  epochMs: () => toEpochMs(wallNow()),
  random: () => random(),
  setTimeout(work, ms) {
    const timer = ownContext.runInAsyncScope(setTimeout, undefined, work, toDelayMs(ms)) as NodeJS.Timeout;
    return timer.unref();
  },
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout | undefined),
  setImmediate(work) {
    return ownContext.runInAsyncScope(setImmediate, undefined, work);
  },
  clearImmediate: (handle) => clearImmediate(handle as NodeJS.Immediate | undefined),
};

/** What a timer takes of `ms`. */
function toDelayMs(ms: number): number {
  return ms > 0 ? Math.min(Math.ceil(ms), MAX_TIMER_MS) : 0;
}

/** What a wall clock says, as a time that every receiver can read; 0 when it says nothing usable. */
export function toEpochMs(wallMs: number): number {
  return wallMs >= 0 && wallMs <= LATEST_EPOCH_MS ? Math.round(wallMs) : 0;
}

/** Resolves in the next turn of the event loop. */
export function nextTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.setImmediate(resolve);
  });
}

/** Resolves after `ms`, or as soon as `signal` aborts. Does not keep the process alive. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.setTimeout(done, ms);
    signal?.addEventListener('abort', done);
    return undefined;
  });
}

/**
 * Waits for all of `works`, each of which is bounded by `ms`. Keeps the process alive meanwhile: their own timers do not.
 * Rejects as the first of them does.
 */
export async function keptAlive(ms: number, works: readonly Promise<void>[]): Promise<void> {
  const release = ownContext.runInAsyncScope(holdOpen, undefined, toDelayMs(ms + GRACE_MS));
  try {
    await Promise.all(works);
  } finally {
    release();
  }
}

/** Keeps the process alive for `delayMs`, or until what it returns is called. */
function holdOpen(delayMs: number): () => void {
  const timer = setTimeout(() => undefined, delayMs);
  if (timer.constructor.name === 'Timeout') return () => clearTimeout(timer);
  // What a test suite put in place of timers before the library was loaded keeps nothing alive.
  clearTimeout(timer);
  const { port1: open } = new MessageChannel();
  open.on('message', () => undefined);
  AbortSignal.timeout(delayMs).addEventListener('abort', () => open.close(), { once: true });
  return () => open.close();
}

/** How a promise ended that was waited for only so long. */
export type Settled<T> =
  | { readonly kind: 'fulfilled'; readonly value: T }
  | { readonly kind: 'rejected'; readonly reason: unknown }
  | { readonly kind: 'timeout' };

/** How `promise` ends, waited for at most `ms` (undefined: any time) and until `signal` aborts. Never rejects. */
export function withTimeout<T>(
  clock: Clock,
  promise: Promise<T>,
  ms: number | undefined,
  signal?: AbortSignal,
): Promise<Settled<T>> {
  return new Promise((resolve) => {
    const finish = (result: Settled<T>): void => {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      resolve(result);
    };
    const giveUp = (): void => finish({ kind: 'timeout' });
    const timer = ms === undefined ? undefined : clock.setTimeout(giveUp, ms);
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted === true) giveUp();
    promise.then(
      (value) => finish({ kind: 'fulfilled', value }),
      (reason: unknown) => finish({ kind: 'rejected', reason }),
    );
  });
}
