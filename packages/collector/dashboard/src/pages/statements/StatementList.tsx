import type { JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Question } from '../../../../lib/client/CollectorClient';
import type { StatementSummary } from '../../../../lib/store/queries/summary';
import { download } from '../../format/csv';
import { plural } from '../../format/numbers';
import { client, noteAnswer } from '../../state/access';
import { change, parameter } from '../../state/address';
import { useAnswer } from '../../state/answer';
import type { Box } from '../../state/selection';
import { Answered, Card } from '../../ui/Panel';
import { Segments } from '../../ui/Segments';
import { Table } from '../../ui/Table';
import { fullColumns, longestOf, narrowColumns, STATEMENT_ROWS } from '../statementColumns';
import { question } from '../../state/window';

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
  const answer = useAnswer('statements', asked, (collector, parameters) => collector.statements(parameters));
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
          <Pages first={page} asked={asked} limits={limits} narrow={box !== null} sorted={order === 'slowest'} />
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
  readonly sorted: boolean;
}

/** The first page, and those that follow as the reader scrolls. */
function Pages({ first, asked, limits, narrow, sorted }: PagesProperties): JSX.Element {
  const [more, setMore] = useState<StatementPage>({ statements: [], next: null });
  const loading = useRef(false);
  useEffect(() => setMore({ statements: [], next: first.next }), [first]);
  const next = more.next;
  const onEnd = useCallback(() => {
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
        noteAnswer(error);
      },
    );
  }, [next, asked]);
  const rows = [...first.statements, ...more.statements];
  const longestMs = longestOf(first.statements);
  return (
    <>
      <Table
        label="Statements"
        rows={rows}
        columns={narrow ? narrowColumns(longestMs) : fullColumns(longestMs)}
        sorted={sorted ? (narrow ? 3 : 6) : 0}
        {...STATEMENT_ROWS}
        onEnd={onEnd}
        onSave={() => exportAll(limits)}
      />
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
function exportAll(limits: Question): void {
  client.value
    .export(limits)
    .then(async (response) => download('statements.csv', await response.blob()))
    .catch(noteAnswer);
}
