import type { StatementPhase } from '../../model/messages';
import type { Statement } from '../../model/Statement';

const NONE: readonly StatementPhase[] = Object.freeze([]);

/** Where the time of a statement went until `endedAtMs`. What it did not come to is left out. */
export function phasesOf(statement: Statement, endedAtMs: number): readonly StatementPhase[] {
  const { outcome, startedAtMs, submitLatencyMs, readyAtMs, firstReadAtMs } = statement;
  // Given up before anybody knew how it went.
  if (submitLatencyMs === undefined && outcome === undefined) return NONE;
  const totalMs = endedAtMs - startedAtMs;
  const submitMs = submitLatencyMs ?? totalMs;
  const phases: StatementPhase[] = [Object.freeze({ name: 'submit', offsetMs: 0, durationMs: submitMs })];
  const readyMs = readyAtMs === 0 ? totalMs : readyAtMs - startedAtMs;
  if (submitLatencyMs !== undefined && readyMs > submitMs) {
    phases.push(Object.freeze({ name: 'wait', offsetMs: submitMs, durationMs: readyMs - submitMs }));
  }
  if (firstReadAtMs > 0) {
    const offsetMs = firstReadAtMs - startedAtMs;
    phases.push(Object.freeze({ name: 'fetch', offsetMs, durationMs: Math.max(0, totalMs - offsetMs) }));
  }
  return Object.freeze(phases);
}
