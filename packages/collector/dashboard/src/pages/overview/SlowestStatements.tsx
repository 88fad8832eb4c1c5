import type { JSX } from 'preact';
import { linkTo } from '../../state/address';
import { useAnswer, valueOf } from '../../state/answer';
import { TableCard } from '../../ui/TableCard';
import { longestOf, phasesColumn, STATEMENT_COLUMNS, STATEMENT_ROWS } from '../statementColumns';
import { question } from '../../state/window';

const SHOWN = 8;
const { started, id, service, warehouse, format, total, files, retries, outcome } = STATEMENT_COLUMNS;

export function SlowestStatements(): JSX.Element {
  const asked = { ...question.value, order: 'slowest', limit: SHOWN };
  const answer = useAnswer('statements', asked);
  const phases = phasesColumn(longestOf(valueOf(answer)?.statements ?? []));
  return (
    <TableCard
      title="Slowest statements"
      actions={
        <a class="btn ghost" href={linkTo('statements')}>
          All statements
        </a>
      }
      answer={answer}
      height={260}
      none="No statement in this window."
      rows={({ statements }) => statements}
      columns={[started, id, service, warehouse, format, total, phases, files, retries, outcome]}
      sorted={5}
      {...STATEMENT_ROWS}
    />
  );
}
