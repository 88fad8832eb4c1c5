import { isPromise } from 'node:util/types';
import { LogLevel } from '@databricks/sql';
import { describeThrown } from './thrown';

/** Whoever has the driver's logger. */
export interface LoggerOwner {
  getLogger(): { log(level: LogLevel, message: string): unknown };
}

/** Writes one debug line to the driver's logger. Cannot throw. */
export function debugLog(owner: LoggerOwner, message: string): void {
  writeLine(owner, LogLevel.debug, `telemetry: ${message}`);
}

/** Writes one line to the driver's logger. Never throws, whatever the logger does, nor leaves its rejection behind. */
export function writeLine(owner: LoggerOwner, level: LogLevel, line: string): void {
  try {
    const logged = owner.getLogger().log(level, line);
    if (isPromise(logged)) logged.catch(() => undefined);
  } catch {
    // A broken logger is the application's; telemetry has nowhere else to speak.
  }
}

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
