import type { ExportMode } from '../http/endpoints';
import { rebuildLog } from '../wire/rebuildLog';
import { factsOf, parseJson } from '../../util/foreign';

/** A log as it stands in a spool file. */
export interface SpooledLog {
  /** The event id of the log, by which duplicates are known. */
  readonly id: string;
  /** Wall clock at which the record was queued, milliseconds since the epoch. */
  readonly queuedAtMs: number;
  /** Fingerprint of the identity under which alone the log may leave. */
  readonly identity: string;
  readonly mode: ExportMode;
  /** JSON of the log, exactly as it is sent. */
  readonly log: string;
  /** The same with its local fields; undefined where it has none that this version knows. */
  readonly localLog?: string;
}

/** Of the lines that this version writes; what a file of another version holds is left to that. */
const VERSION = 1;

/** A log as the line of a file. */
export function logLine({ log, localLog, ...facts }: SpooledLog): string {
  return encodedLogLine(facts, JSON.stringify(localLog ?? log));
}

/** `logLine` for a log that already is a JSON string. */
export function encodedLogLine(facts: Omit<SpooledLog, 'log' | 'localLog'>, encoded: string): string {
  return `${JSON.stringify({ version: VERSION, ...facts }).slice(0, -1)},"log":${encoded}}\n`;
}

/** Says that logs written before have been settled. */
export function settledLine(ids: readonly string[]): string {
  return `${JSON.stringify({ settled: ids })}\n`;
}

/**
 * The logs of a spool file that have not been settled, in their order. Skips whatever is no line of a spool (a crash may
 * leave a torn one), or holds what may not leave.
 */
export function unsettledLogs(text: string): SpooledLog[] {
  const logs = new Map<string, SpooledLog>();
  for (const line of text.split('\n')) {
    const value = parseJson(line);
    if (isSpooledLog(value)) {
      // What stands in a file may have been written by anybody.
      const { id, queuedAtMs, identity, mode } = value;
      const log = rebuildLog(value.log, mode);
      if (log === undefined) continue;
      const localLog = mode === 'authenticated' ? rebuildLog(value.log, 'local') : undefined;
      const local = localLog === undefined || localLog === log ? {} : { localLog };
      logs.set(id, { id, queuedAtMs, identity, mode, log, ...local });
    } else if (isSettled(value)) for (const id of value.settled) logs.delete(id);
  }
  return [...logs.values()];
}

function isSpooledLog(value: unknown): value is SpooledLog {
  const { version, id, queuedAtMs, identity, mode, log } = factsOf(value);
  return (
    version === VERSION &&
    typeof id === 'string' &&
    Number.isFinite(queuedAtMs) &&
    typeof identity === 'string' &&
    (mode === 'authenticated' || mode === 'unauthenticated') &&
    typeof log === 'string'
  );
}

function isSettled(value: unknown): value is { readonly settled: readonly string[] } {
  return Array.isArray(factsOf(value)['settled']);
}
