import { isPromise } from 'node:util/types';
import { LogLevel } from '@databricks/sql';

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
