import type { IClientContext } from '../contracts/IClientContext';
import { debugLog, describeThrown } from './debugLog';

/**
 * Runs what nobody waits for: the work of a timer or an event, a promise that is not returned. What it fails with ends
 * here, in a debug line where there is a `context`: above it is only the application's process.
 */
export function unattended(work: () => unknown, context?: Pick<IClientContext, 'getLogger'>): void {
  const swallow = (thrown: unknown): void => {
    if (context !== undefined) debugLog(context, `swallowed ${describeThrown(thrown)}`);
  };
  try {
    const running = work();
    if (running instanceof Promise) running.catch(swallow);
  } catch (thrown) {
    swallow(thrown);
  }
}
