import type { StatementSummary } from '../../../lib/store/queries/summary';

/** The parts of a statement as its driver saw it, one after the other. Null is not told. Milliseconds. */
export interface Phase {
  readonly name: string;
  readonly color: string;
  readonly value: number | null;
}

const difference = (more: number | null, less: number | null): number | null =>
  more === null || less === null ? null : Math.max(0, more - less);

/** `latencyMs` is submission and waiting; the first row comes after it, while the result is read. */
export function phasesOf(statement: StatementSummary): readonly Phase[] {
  const { latencyMs, submitLatencyMs, firstRowLatencyMs, resultConsumptionLatencyMs, closeLatencyMs } = statement;
  const first = difference(firstRowLatencyMs, latencyMs);
  const untilFirst = first === null ? 0 : Math.min(first, resultConsumptionLatencyMs ?? first);
  return [
    { name: 'Submit', color: '--p-submit', value: submitLatencyMs },
    // Without a time of submission, the backend's time stands as one.
    {
      name: 'Wait',
      color: '--p-wait',
      value: submitLatencyMs === null ? latencyMs : difference(latencyMs, submitLatencyMs),
    },
    { name: 'First row', color: '--p-first', value: first === null ? null : untilFirst },
    {
      name: 'Consume',
      color: '--p-consume',
      value: resultConsumptionLatencyMs === null ? null : resultConsumptionLatencyMs - untilFirst,
    },
    { name: 'Close', color: '--p-close', value: closeLatencyMs },
  ];
}
