import { isPromise } from 'node:util/types';
import { debugLog, type LoggerOwner } from './debugLog';
import { describeThrown } from './thrown';

/**
 * Runs what nobody waits for: the work of a timer or an event, a promise that is not returned. What it fails with ends
 * here, in a debug line where there is an `owner`: above it is only the application's process.
 */
export function unattended(work: () => unknown, owner?: LoggerOwner): void {
  const swallow = (thrown: unknown): void => {
    if (owner !== undefined) debugLog(owner, `swallowed ${describeThrown(thrown)}`);
  };
  try {
    const running = work();
    if (isPromise(running)) running.catch(swallow);
  } catch (thrown) {
    swallow(thrown);
  }
}
