import { bucketOf, type Selection } from '../Selection';
import { FAILED } from '../outcomes';
import { countingOf, type Counting } from './counting';
import { countOf, figures, figuresOf, restOfFigures, sumsSql, totalOf, type Figures } from './figures';
import { grouped } from './grouped';
import { markersOf, type Marker } from './markers';
import { bucketStart, byName, numberOf, textOrNull, type Query } from './Query';

export interface Overview {
  readonly current: Figures;
  /** The window of the same length before it. */
  readonly previous: Figures;
  readonly bucketMs: number;
  readonly series: readonly {
    readonly timeMs: number;
    readonly statements: number;
    readonly failed: number;
    readonly retried: number | null;
    readonly bytes: number | null;
  }[];
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

function phaseSums({ times, known }: Counting): string {
  return Object.entries(PHASES)
    .map(([phase, column]) => `sum("${column}"${times}) AS "${phase}", ${known(column)} AS "${phase}_n"`)
    .join(', ');
}

export const overview: Query<{ readonly selection: Selection }, Overview> = {
  async run(database, { selection }) {
    const { fromMs, toMs } = selection;
    const bucketMs = bucketOf(selection, 130);
    const counting = await countingOf(database, selection);
    const columns = `${bucketStart('"timeMs"', bucketMs)} AS "timeMs", ${sumsSql(counting)}, ${phaseSums(counting)}`;
    const [groups, rest, previous, markers] = await Promise.all([
      database.sums({ columns, groups: 2, selection }),
      restOfFigures(database, selection, counting),
      figuresOf(database, { ...selection, fromMs: 2 * fromMs - toMs, toMs: fromMs }),
      markersOf(database, selection),
    ]);
    const byTime = grouped(groups, (group) => numberOf(group['timeMs']));
    const byOutcome = grouped(groups, (group) => textOrNull(group['outcome']));
    return {
      current: figures(selection, groups, rest),
      previous,
      bucketMs,
      series: [...byTime]
        .sort(([a], [b]) => a - b)
        .map(([timeMs, part]) => ({
          timeMs,
          statements: totalOf(part, 'statements') ?? 0,
          failed: countOf(part, FAILED),
          retried: totalOf(part, 'retried'),
          bytes: totalOf(part, 'byteCount'),
        })),
      outcomes: [...byOutcome]
        .map(([outcome, part]) => ({ outcome, statements: totalOf(part, 'statements') ?? 0 }))
        .sort((a, b) => b.statements - a.statements || byName(a.outcome, b.outcome)),
      phases: Object.keys(PHASES).map((phase) => ({
        phase,
        totalMs: totalOf(groups, phase),
        statements: totalOf(groups, `${phase}_n`) ?? 0,
      })),
      markers,
    };
  },
};
