import type { ComponentChildren, JSX } from 'preact';
import type { Question } from '../../../lib/client/CollectorClient';
import type { StatementSummary } from '../../../lib/store/queries/summary';
import { useAnswer, valueOf } from '../state/answer';
import { measure, question } from '../state/window';
import type { Column } from '../ui/Table';
import { TableCard } from '../ui/TableCard';
import { longestOf, measured, phasesColumn, STATEMENT_COLUMNS, STATEMENT_ROWS } from './statementColumns';

interface Properties {
  readonly title: string;
  readonly actions?: ComponentChildren;
  readonly none: string;
  /** Which statements, and how many of them. */
  readonly of: Question;
  /** Between the warehouse and the duration. */
  readonly before?: readonly Column<StatementSummary>[];
  /** Between the phases and the retries. */
  readonly after?: readonly Column<StatementSummary>[];
}

const { started, id, service, warehouse, retries, outcome } = STATEMENT_COLUMNS;

/** The slowest statements of the window. */
export function SlowestCard({ title, actions, none, of, before = [], after = [] }: Properties): JSX.Element {
  const asked = { ...question.value, order: 'slowest', ...of };
  const answer = useAnswer('statements', asked);
  const phases = phasesColumn(longestOf(valueOf(answer)?.statements ?? []));
  return (
    <TableCard
      {...{ title, actions, none, answer }}
      height={260}
      rows={({ statements }) => statements}
      columns={[started, id, service, warehouse, ...before, measured(), phases, ...after, retries, outcome]}
      sortedBy={measure.value.label}
      {...STATEMENT_ROWS}
    />
  );
}
