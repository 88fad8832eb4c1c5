import type { JSX } from 'preact';
import type { StatementSummary } from '../../../lib/store/queries/summary';
import { StackBar } from '../charts/StackBar';
import { count, duration, short } from '../format/numbers';
import { clockSeconds, moment } from '../format/times';
import { formatName, isFailed, operationName, outcomeName, valueName } from '../format/words';
import { linkTo } from '../state/address';
import { measure } from '../state/window';
import { figure } from '../ui/columns';
import { StatementId } from '../ui/StatementId';
import type { Column } from '../ui/Table';
import { phasesOf } from './phases';

type StatementColumn = Column<StatementSummary>;
const of = figure<StatementSummary>;

/** Columns of tables of statements. */
export const STATEMENT_COLUMNS = {
  started: {
    name: 'Started',
    value: ({ timeMs }) => timeMs,
    cell: ({ timeMs }) => <span class="quiet tn">{moment(timeMs, clockSeconds)}</span>,
  },
  id: {
    name: 'Statement',
    value: ({ statementId }) => statementId,
    cell: ({ statementId }) => <StatementId id={statementId} />,
  },
  service: { name: 'Service', value: ({ service }) => service },
  operation: {
    name: 'Operation',
    value: ({ operationType }) => operationType,
    cell: ({ operationType }) => <span class="quiet">{operationName(operationType)}</span>,
  },
  warehouse: {
    name: 'Warehouse',
    value: ({ warehouse }) => warehouse,
    cell: ({ warehouse }) => <span title={warehouse ?? ''}>{valueName('warehouse', warehouse)}</span>,
  },
  format: {
    name: 'Format',
    value: ({ executionResult }) => executionResult,
    cell: ({ executionResult }) => (
      <span class="quiet">{executionResult === null ? '–' : formatName(executionResult)}</span>
    ),
  },
  files: of('Files', ({ filesPresent }) => filesPresent, orDash),
  rows: of(
    'Rows',
    ({ rowCount }) => rowCount,
    (rows) => (rows === null ? <Unknown /> : short(rows)),
  ),
  retries: of(
    'Retries',
    ({ retryCount }) => retryCount,
    (times) => (times === null ? <Unknown /> : times === 0 ? orDash(0) : <b class="is-warn">{count(times)}</b>),
  ),
  outcome: { name: 'Outcome', value: ({ outcome }) => outcome, cell: ({ outcome }) => <Outcome outcome={outcome} /> },
} as const satisfies Readonly<Record<string, StatementColumn>>;

/** The duration that the view is about. */
export function measured(): StatementColumn {
  const { label, hint, measure: name } = measure.value;
  return of(
    label,
    (row) => row[name],
    (ms) => <b class="strong">{duration(ms)}</b>,
    { hint },
  );
}

/** `longestMs`: what the full width of a bar stands for. */
export const phasesColumn = (longestMs: number): StatementColumn => ({
  name: 'Phases',
  sortable: false,
  value: (statement) =>
    phasesOf(statement)
      .flatMap(({ name, value }) => (value === null ? [] : `${name} ${value} ms`))
      .join(', '),
  cell: (statement) => <Phases statement={statement} longestMs={longestMs} />,
});

const { started, id, service, operation, warehouse, format, files, rows, retries, outcome } = STATEMENT_COLUMNS;

/** All that a wide table has room for. */
export const fullColumns = (longestMs: number): readonly StatementColumn[] => [
  started,
  id,
  service,
  operation,
  warehouse,
  format,
  measured(),
  phasesColumn(longestMs),
  files,
  rows,
  retries,
  outcome,
];

/** For a table beside something. */
export const narrowColumns = (longestMs: number): readonly StatementColumn[] => [
  started,
  id,
  service,
  measured(),
  phasesColumn(longestMs),
  retries,
  outcome,
];

function orDash(value: number | null): JSX.Element | string {
  return value === null || value === 0 ? <span class="quiet">–</span> : count(value);
}

function Unknown(): JSX.Element {
  return (
    <span class="unknown" title="Its driver does not tell">
      ?<span class="vh">unknown</span>
    </span>
  );
}

export function Outcome({ outcome }: { outcome: string | null }): JSX.Element {
  if (isFailed(outcome)) return <span class="tag bad">{outcomeName(outcome)}</span>;
  return <span class="quiet">{outcomeName(outcome)}</span>;
}

function Phases({ statement, longestMs }: { statement: StatementSummary; longestMs: number }): JSX.Element {
  const phases = phasesOf(statement);
  const words = phases.map(({ name, value }) => `${name} ${duration(value)}`).join(', ');
  return (
    <div class="phases" title={words}>
      <StackBar parts={phases} of={longestMs} label={words} />
    </div>
  );
}

export const longestOf = (statements: readonly StatementSummary[]): number =>
  Math.max(1, ...statements.map(({ totalLatencyMs }) => totalLatencyMs ?? 0));

const linkOfStatement = ({ statementId }: StatementSummary): string | null =>
  statementId === null ? null : linkTo('statement', {}, statementId);

/** How statements are rows: Enter opens one, `c` copies its id. */
export const STATEMENT_ROWS = {
  keyOf: ({ statementId }: StatementSummary, index: number): string | number => statementId ?? index,
  linkOf: linkOfStatement,
  idOf: ({ statementId }: StatementSummary): string | null => statementId,
};
