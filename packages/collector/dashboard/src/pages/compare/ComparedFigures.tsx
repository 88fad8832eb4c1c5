import type { JSX } from 'preact';
import type { Comparison } from '../../../../lib/store/queries/compare';
import type { Difference } from '../../../../lib/store/statistics/intervals';
import { bytes, duration, percent, short, UNKNOWN } from '../../format/numbers';
import { valueOf, type Answer } from '../../state/answer';
import { measure } from '../../state/window';
import { type Column } from '../../ui/Table';
import { changeOf, intervalOf, plainChange, type Change } from './changes';
import { TableCard } from '../../ui/TableCard';

/** A figure of both windows. With a difference it has an interval, and a word on chance. */
interface Row {
  readonly name: string;
  readonly a: number | null;
  readonly b: number | null;
  readonly format: (value: number) => string;
  readonly difference: Difference | null;
  /** Whether more of it is worse; null: neither. */
  readonly moreIsWorse: boolean | null;
}

/** The figures of both, side by side. */
export function ComparedFigures({ answer }: { answer: Answer<Comparison> }): JSX.Element {
  return (
    <TableCard
      title="Figures"
      span="s7"
      foot={valueOf(answer)?.method}
      answer={answer}
      height={300}
      none=""
      label="Figures of A and B"
      dense
      rows={rowsOf}
      keyOf={({ name }) => name}
      columns={COLUMNS}
    />
  );
}

const shown = (row: Row, value: number | null): string => (value === null ? UNKNOWN : row.format(value));

const COLUMNS: readonly Column<Row>[] = [
  { name: 'Figure', sortable: false, value: ({ name }) => name },
  {
    name: 'A',
    right: true,
    sortable: false,
    value: ({ a }) => a,
    cell: (row) => <span class="quiet">{shown(row, row.a)}</span>,
  },
  {
    name: 'B',
    right: true,
    sortable: false,
    value: ({ b }) => b,
    cell: (row) => <b class="strong">{shown(row, row.b)}</b>,
  },
  { name: 'Change', right: true, sortable: false, value: wordOf, cell: (row) => <ChangeWord row={row} /> },
  {
    name: '95% interval',
    hint: 'Of the difference: with 95% certainty it lies in here',
    right: true,
    sortable: false,
    value: (row) => rangeOf(row),
    cell: (row) => <span class="quiet">{rangeOf(row)}</span>,
  },
];

const rangeOf = ({ difference, format }: Row): string => (difference === null ? '–' : intervalOf(difference, format));

function wordOf(row: Row): string {
  if (row.difference === null) return plainChange(row.a, row.b);
  const change = changeOf(row.difference);
  switch (change.kind) {
    case 'unknown':
      return UNKNOWN;
    case 'chance':
      return 'within chance';
    case 'more':
    case 'less':
      return change.words;
  }
}

function ChangeWord({ row }: { row: Row }): JSX.Element {
  const change: Change = row.difference === null ? { kind: 'chance' } : changeOf(row.difference);
  const sure = row.moreIsWorse !== null && (change.kind === 'more' || change.kind === 'less');
  const tint = !sure ? 'quiet' : (change.kind === 'more') === row.moreIsWorse ? 'is-bad' : 'is-good';
  return <span class={tint}>{wordOf(row)}</span>;
}

const per = (sum: number | null, of: number): number | null => (sum === null || of === 0 ? null : sum / of);

function rowsOf({ a: later, b: earlier, p50, p95, p99, failureRate }: Comparison): Row[] {
  const timed = (name: string, difference: Difference): Row => ({
    name: `${name} ${measure.value.label.toLowerCase()}`,
    a: difference.b,
    b: difference.a,
    format: duration,
    difference,
    moreIsWorse: true,
  });
  const plain = (name: string, of: (figures: Comparison['a']) => number | null, format: Row['format']): Row => ({
    name,
    a: of(earlier),
    b: of(later),
    format,
    difference: null,
    moreIsWorse: null,
  });
  return [
    timed('p50', p50),
    timed('p95', p95),
    timed('p99', p99),
    { name: 'Failed', a: failureRate.b, b: failureRate.a, format: percent, difference: failureRate, moreIsWorse: true },
    plain('Retried', ({ retried, statements }) => per(retried, statements), percent),
    plain('Rows per statement', ({ rows, statements }) => per(rows, statements), short),
    plain('Bytes per statement', (figures) => per(figures.bytes, figures.statements), bytes),
    plain(
      'Statements per minute',
      ({ statements, fromMs, toMs }) => (statements * 60_000) / (toMs - fromMs),
      (value) => (value >= 100 ? short(Math.round(value)) : value.toFixed(value < 1 ? 2 : 1)),
    ),
  ];
}
