import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Question } from '../../../../lib/client/CollectorClient';
import type { StatementSummary } from '../../../../lib/store/queries/summary';
import { download } from '../../format/csv';
import { plural } from '../../format/numbers';
import { client, noteAnswer } from '../../state/access';
import { change, parameter } from '../../state/address';
import { useAnswer } from '../../state/answer';
import type { Box } from '../../state/selection';
import { Answered, Card, Failure } from '../../ui/Panel';
import { Segments } from '../../ui/Segments';
import { Table } from '../../ui/Table';
import { fullColumns, longestOf, narrowColumns, STATEMENT_ROWS } from '../statementColumns';
import { measure, question } from '../../state/window';

const PAGE = 100;
const ORDERS = [
  { value: 'slowest', label: 'Slowest' },
  { value: 'time', label: 'Newest' },
] as const;

/** The statements of the selection, or of the window. */
export function StatementList({ box }: { box: Box | null }): JSX.Element {
  const order = parameter('order') === 'time' ? 'time' : 'slowest';
  const limits = {
    ...question.value,
    ...(box === null ? {} : { from: box.fromMs, to: box.toMs }),
    ...(box?.minMs == null ? {} : { minMs: box.minMs }),
    ...(box?.maxMs == null ? {} : { maxMs: box.maxMs }),
  };
  const asked = { ...limits, order, limit: PAGE };
  const answer = useAnswer('statements', asked);
  return (
    <Card
      title={box === null ? 'Statements' : 'Selected statements'}
      span={box === null ? '' : 's7'}
      actions={
        <Segments
          label="Order"
          options={ORDERS}
          value={order}
          onChange={(value) => change({ order: value === 'slowest' ? null : value })}
        />
      }
    >
      <Answered
        answer={answer}
        height={420}
        empty={({ statements }) => statements.length === 0 && 'No statement here.'}
      >
        {(page) => (
          <Pages
            first={page}
            asked={asked}
            limits={limits}
            narrow={box !== null}
            sortedBy={order === 'time' ? 'Started' : measure.value.label}
          />
        )}
      </Answered>
    </Card>
  );
}

interface StatementPage {
  readonly statements: readonly StatementSummary[];
  readonly next: string | null;
}

interface PagesProperties {
  readonly first: StatementPage;
  readonly asked: Question;
  readonly limits: Question;
  readonly narrow: boolean;
  readonly sortedBy: string;
}

/** The first page, and those that follow as the reader scrolls. */
function Pages({ first, asked, limits, narrow, sortedBy }: PagesProperties): JSX.Element {
  const [more, setMore] = useState<StatementPage>({ statements: [], next: first.next });
  const [problem, setProblem] = useState<unknown>(null);
  const loading = useRef(false);
  useEffect(() => {
    setMore({ statements: [], next: first.next });
    setProblem(null);
  }, [first]);
  const next = more.next;
  const fail = (error: unknown): void => {
    noteAnswer(error);
    setProblem(error);
  };
  const onEnd = (): void => {
    if (next === null || loading.current) return;
    loading.current = true;
    client.value.statements({ ...asked, cursor: next }).then(
      (page) => {
        loading.current = false;
        setMore((before) =>
          before.next === next ? { statements: [...before.statements, ...page.statements], next: page.next } : before,
        );
      },
      (error: unknown) => {
        loading.current = false;
        fail(error);
      },
    );
  };
  const rows = [...first.statements, ...more.statements];
  const longestMs = longestOf(first.statements);
  const all = narrow ? narrowColumns(longestMs) : fullColumns(longestMs);
  // The order of a part says nothing of the whole: the collector orders as long as there is more.
  const columns = next === null ? all : all.map((column) => ({ ...column, sortable: false }));
  return (
    <>
      <Table
        label="Statements"
        rows={rows}
        columns={columns}
        sortedBy={sortedBy}
        {...STATEMENT_ROWS}
        onEnd={onEnd}
        onSave={() => void exportAll(limits).catch(fail)}
      />
      {problem !== null && <Failure error={problem} />}
      <div class="foot">
        {next === null ? `All ${plural(rows.length, 'statement')}.` : `Showing ${plural(rows.length, 'statement')}.`}{' '}
        {next !== null && (
          <button type="button" class="linklike" onClick={onEnd}>
            Show more
          </button>
        )}{' '}
        ↑ ↓ move, Enter opens, C copies the id.
      </div>
    </>
  );
}

/** All of them, not only those in sight: the collector writes the file. */
async function exportAll(limits: Question): Promise<void> {
  const response = await client.value.export(limits);
  download('statements.csv', await response.blob());
}
