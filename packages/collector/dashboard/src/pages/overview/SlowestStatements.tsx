import type { JSX } from 'preact';
import { linkTo } from '../../state/address';
import { useAnswer, valueOf } from '../../state/answer';
import { question } from '../../state/window';
import { Answered, Card } from '../../ui/Panel';
import { CsvButton, Table } from '../../ui/Table';
import { linkOfStatement, longestOf, phasesColumn, STATEMENT_COLUMNS } from '../statementColumns';

const SHOWN = 8;
const { started, id, service, warehouse, format, total, files, retries, outcome } = STATEMENT_COLUMNS;

export function SlowestStatements(): JSX.Element {
  const asked = { ...question.value, order: 'slowest', limit: SHOWN };
  const answer = useAnswer('slowest', asked, (collector, parameters) => collector.statements(parameters));
  const rows = valueOf(answer)?.statements ?? [];
  const columns = [
    started,
    id,
    service,
    warehouse,
    format,
    total,
    phasesColumn(longestOf(rows)),
    files,
    retries,
    outcome,
  ];
  return (
    <Card
      title="Slowest statements"
      actions={
        <>
          <CsvButton name="slowest-statements" columns={columns} rows={rows} />
          <a class="btn ghost" href={linkTo('statements')}>
            All statements
          </a>
        </>
      }
    >
      <Answered
        answer={answer}
        height={260}
        empty={({ statements }) => statements.length === 0 && 'No statement in this window.'}
      >
        {({ statements }) => (
          <Table
            label="Slowest statements"
            rows={statements}
            keyOf={({ statementId }, index) => statementId ?? index}
            columns={columns}
            sorted={5}
            linkOf={linkOfStatement}
            idOf={({ statementId }) => statementId}
          />
        )}
      </Answered>
    </Card>
  );
}
