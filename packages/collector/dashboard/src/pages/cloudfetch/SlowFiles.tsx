import type { JSX } from 'preact';
import type { CloudFetch } from '../../../../lib/store/queries/cloudfetch';
import type { StatementSummary } from '../../../../lib/store/queries/summary';
import { bytes, duration } from '../../format/numbers';
import { valueOf, type Answer } from '../../state/answer';
import { Answered, Card } from '../../ui/Panel';
import { CsvButton, Table, type Column } from '../../ui/Table';
import { linkOfStatement, STATEMENT_COLUMNS } from '../statementColumns';

/** The statements whose slowest file took longest. */
export function SlowFiles({ answer }: { answer: Answer<CloudFetch> }): JSX.Element {
  const rows = valueOf(answer)?.slowest ?? [];
  return (
    <Card
      title="Slowest files"
      sub="by the slowest file of each statement"
      actions={rows.length > 0 && <CsvButton name="slowest-files" columns={COLUMNS} rows={rows} />}
    >
      <Answered
        answer={answer}
        height={260}
        empty={({ slowest }) => slowest.length === 0 && 'No file was downloaded in this window.'}
      >
        {({ slowest }) => (
          <Table
            label="Statements with the slowest files"
            rows={slowest}
            keyOf={({ statementId }, index) => statementId ?? index}
            columns={COLUMNS}
            sorted={5}
            linkOf={linkOfStatement}
            idOf={({ statementId }) => statementId}
          />
        )}
      </Answered>
    </Card>
  );
}

type Row = StatementSummary;

const time = (name: string, value: (row: Row) => number | null, hint?: string): Column<Row> => ({
  name,
  ...(hint === undefined ? {} : { hint }),
  right: true,
  value,
  cell: (row) => duration(value(row)),
});

const { started, id, service, warehouse, files, total } = STATEMENT_COLUMNS;
const COLUMNS: readonly Column<Row>[] = [
  started,
  id,
  service,
  warehouse,
  files,
  time('Slowest file', (row) => row.slowestFileLatencyMs),
  time('First file', (row) => row.firstFileLatencyMs),
  time('All files', (row) => row.sumFileLatencyMs, 'Sum over the files; downloads overlap'),
  { name: 'Bytes', right: true, value: (row) => row.byteCount, cell: (row) => bytes(row.byteCount) },
  total,
];
