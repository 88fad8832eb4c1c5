import type { JSX } from 'preact';
import type { StatementSummary } from '../../../../lib/store/queries/summary';
import type { StatementDetail } from '../../../../lib/store/queries/statement';
import { duration } from '../../format/numbers';
import { clockSeconds } from '../../format/times';
import { Card } from '../../ui/Panel';
import { StatementId } from '../../ui/StatementId';
import { Table } from '../../ui/Table';
import { figure } from '../../ui/columns';
import { STATEMENT_ROWS } from '../statementColumns';

/** What its session did before and after. */
export function Around({ detail: { around, statement } }: { detail: StatementDetail }): JSX.Element | null {
  if (around.length < 2) return null;
  const isThis = (id: string | null): boolean => id === statement.statementId;
  return (
    <Card title="Around it in the session">
      <Table
        label="Statements of the session"
        rows={around}
        marked={({ statementId }) => isThis(statementId)}
        {...STATEMENT_ROWS}
        columns={[
          {
            name: 'Started',
            value: (row) => row.timeMs,
            cell: (row) => <span class="quiet tn">{clockSeconds(row.timeMs)}</span>,
          },
          {
            name: 'Statement',
            value: (row) => row.statementId,
            cell: ({ statementId }) =>
              isThis(statementId) ? <span class="mono">this one</span> : <StatementId id={statementId} />,
          },
          figure('Total', (row: StatementSummary) => row.totalLatencyMs, duration),
        ]}
      />
    </Card>
  );
}
