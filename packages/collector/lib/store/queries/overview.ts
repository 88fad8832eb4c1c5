import { failedCondition } from '../outcomes';
import { bucketOf, condition, type Selection } from '../Selection';
import { figuresOf, type Figures } from './figures';
import { markersOf, type Marker } from './markers';
import { numberOf, numberOrNull, textOrNull, type Query } from './Query';

export interface Overview {
  readonly current: Figures;
  /** The window of the same length before it. */
  readonly previous: Figures;
  readonly bucketMs: number;
  readonly series: readonly { readonly timeMs: number; readonly statements: number; readonly failed: number }[];
  readonly outcomes: readonly { readonly outcome: string | null; readonly statements: number }[];
  /** Where the time goes: sums over the statements that tell, and how many those are. */
  readonly phases: readonly { readonly phase: string; readonly totalMs: number | null; readonly statements: number }[];
  readonly markers: readonly Marker[];
}

const PHASES = {
  submit: 'submitLatencyMs',
  wait: 'pollLatencyMs',
  firstRow: 'firstRowLatencyMs',
  consume: 'resultConsumptionLatencyMs',
  close: 'closeLatencyMs',
} as const;

export const overview: Query<{ readonly selection: Selection }, Overview> = {
  async run(database, { selection }) {
    const { fromMs, toMs } = selection;
    const where = condition(selection);
    const bucketMs = bucketOf(selection, 130);
    const current = await figuresOf(database, selection);
    const previous = await figuresOf(database, { ...selection, fromMs: 2 * fromMs - toMs, toMs: fromMs });
    const [series, outcomes, phases, markers] = await Promise.all([
      database.rows(
        `SELECT ("timeMs" // ${bucketMs}) * ${bucketMs} AS "timeMs", count(*) AS statements, ` +
          `count(*) FILTER (${failedCondition}) AS failed FROM all_statements WHERE ${where} GROUP BY 1 ORDER BY 1`,
      ),
      database.rows(
        `SELECT outcome, count(*) AS statements FROM all_statements WHERE ${where} GROUP BY 1 ORDER BY 2 DESC, 1`,
      ),
      database.rows(
        `SELECT ${Object.entries(PHASES)
          .map(([phase, column]) => `sum("${column}")::BIGINT AS ${phase}, count("${column}") AS ${phase}_n`)
          .join(', ')} FROM all_statements WHERE ${where}`,
      ),
      markersOf(database, selection),
    ]);
    return {
      current,
      previous,
      bucketMs,
      series: series.map((row) => ({
        timeMs: numberOf(row['timeMs']),
        statements: numberOf(row['statements']),
        failed: numberOf(row['failed']),
      })),
      outcomes: outcomes.map((row) => ({
        outcome: textOrNull(row['outcome']),
        statements: numberOf(row['statements']),
      })),
      phases: Object.keys(PHASES).map((phase) => ({
        phase,
        totalMs: numberOrNull(phases[0]?.[phase]),
        statements: numberOf(phases[0]?.[`${phase}_n`]),
      })),
      markers,
    };
  },
};
