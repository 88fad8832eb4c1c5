import { LogLevel } from '@databricks/sql';
import type { IClientContext } from '../contracts/IClientContext';

/** Writes one debug line to the driver's logger. Never throws, whatever the logger does, nor leaves its rejection behind. */
export function debugLog(context: Pick<IClientContext, 'getLogger'>, message: string): void {
  try {
    const logged: unknown = context.getLogger().log(LogLevel.debug, `telemetry: ${message}`);
    if (logged instanceof Promise) logged.catch(() => undefined);
  } catch {
    // A broken logger is the application's; telemetry has nowhere else to speak.
  }
}

/** Name and code of a thrown value, for a debug line. Never its text, which may hold user data. Cannot throw. */
export function describeThrown(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return typeof thrown;
    const code: unknown = (thrown as { code?: unknown }).code;
    return typeof code === 'string' || typeof code === 'number' ? `${thrown.name} (${code})` : thrown.name;
  } catch {
    return 'unknown';
  }
}
