import type { StatementPhase } from '../../model/messages';
import type { Statement } from '../../model/Statement';

/** Where the time of a statement that has ended went. What it did not come to is left out. */
export function phasesOf(statement: Statement): readonly StatementPhase[] {
  const { startedAtMs, endedAtMs, submitLatencyMs, readyAtMs, firstReadAtMs } = statement;
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
