import type { StatementPhase } from '../../model/messages';
import type { Statement } from '../../model/Statement';

/** Where the time of a statement that has ended went. What it did not come to is left out. */
export function phasesOf(statement: Statement): readonly StatementPhase[] {
  const { startedAtMs, endedAtMs, submitLatencyMs, readyAtMs, firstReadAtMs } = statement;
  const durationMs = endedAtMs - startedAtMs;
  const phases: StatementPhase[] = [];
  const add = (name: StatementPhase['name'], fromMs: number, toMs: number): void => {
    phases.push(Object.freeze({ name, offsetMs: fromMs, durationMs: Math.max(0, toMs - fromMs) }));
  };
  add('submit', 0, submitLatencyMs ?? durationMs);
  const isAccepted = submitLatencyMs !== undefined;
  const readyMs = readyAtMs === 0 ? durationMs : readyAtMs - startedAtMs;
  if (isAccepted && readyMs > submitLatencyMs) add('wait', submitLatencyMs, readyMs);
  if (firstReadAtMs > 0) add('fetch', firstReadAtMs - startedAtMs, durationMs);
  return Object.freeze(phases);
}
