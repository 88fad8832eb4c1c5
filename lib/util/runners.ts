import type { Channel } from 'node:diagnostics_channel';

/**
 * Runs a call that a channel announces: calls it once, before it returns, and returns what it returned. For contexts that are
 * no store of `AsyncLocalStorage`, and so cannot be bound to the channel.
 */
export type Runner = <Result>(message: object, call: () => Result) => Result;

/** Known by name to each copy of this library in a process. */
const RUNNERS = Symbol.for('databricks-sql-telemetry.runners');

/** Those of `channel`: a list to add to. Who does also subscribes, which tells the library that somebody listens. */
export function runnersOf(channel: Channel): Runner[] {
  const holder: Channel & { [RUNNERS]?: Runner[] } = channel;
  return (holder[RUNNERS] ??= []);
}
