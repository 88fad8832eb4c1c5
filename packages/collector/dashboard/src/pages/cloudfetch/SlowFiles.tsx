import type { JSX } from 'preact';
import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import type { StatementSummary } from '../../../../lib/store/queries/summary';
import { bytes, duration } from '../../format/numbers';
import { type Answer } from '../../state/answer';
import { type Column } from '../../ui/Table';
import { measured, STATEMENT_COLUMNS, STATEMENT_ROWS } from '../statementColumns';
import { figure } from '../../ui/columns';
import { TableCard } from '../../ui/TableCard';

/** The statements whose slowest file took longest. */
export function SlowFiles({ answer }: { answer: Answer<CloudFetch> }): JSX.Element {
  return (
    <TableCard
      title="Slowest files"
      sub="by the slowest file of each statement"
      answer={answer}
      height={260}
      none="No file was downloaded in this window."
      label="Statements with the slowest files"
      rows={({ slowest }) => slowest}
      columns={columns()}
      sortedBy="Slowest file"
      {...STATEMENT_ROWS}
    />
  );
}

const { started, id, service, warehouse, files } = STATEMENT_COLUMNS;
const columns = (): readonly Column<StatementSummary>[] => [
  started,
  id,
  service,
  warehouse,
  files,
  figure('Slowest file', (row) => row.slowestFileLatencyMs, duration),
  figure('First file', (row) => row.firstFileLatencyMs, duration),
  figure('All files', (row) => row.sumFileLatencyMs, duration, { hint: 'Sum over the files; downloads overlap' }),
  figure('Bytes', (row) => row.byteCount, bytes),
  measured(),
];
