import type { JSX } from 'preact';
import type { Retries } from '../../../../lib/store/queries/retries';
import { count, percent, plural } from '../../format/numbers';
import { interval } from '../../format/times';
import { meaningOf } from '../../format/meanings';
import { useAnswer, type Answer } from '../../state/answer';
import { question } from '../../state/window';
import { FigureStrip } from '../../ui/FigureStrip';
import { Answered, Card } from '../../ui/Panel';
import { CsvButton, Table } from '../../ui/Table';
import { linkOfStatement, longestOf, phasesColumn, STATEMENT_COLUMNS } from '../statementColumns';
import { causeName, RetryChart } from './RetryChart';
import { outcomeColumns, RetryOutcomes } from './RetryOutcomes';

/** Is there a storm, who makes it, and did it help to repeat? */
export function RetriesPage(): JSX.Element {
  const answer = useAnswer('retries', question.value, (collector, asked) => collector.retries(asked));
  return (
    <div class="grid">
      <section class="kpis" aria-label="Retries of the window">
        <Answered answer={answer} height={62}>
          {(retries) => <FigureStrip label="Retries of the window" figures={figuresOf(retries)} />}
        </Answered>
      </section>
      <RetryChart answer={answer} />
      <Causes answer={answer} />
      <Services answer={answer} />
      <RetryOutcomes answer={answer} span="s4" />
      <RetriedStatements />
    </div>
  );
}

function figuresOf({
  known,
  retried,
  retries,
  saved,
  lost,
  series,
  bucketMs,
}: Retries): Parameters<typeof FigureStrip>[0]['figures'] {
  const buckets = new Map<number, number>();
  for (const { timeMs, retries: more } of series) buckets.set(timeMs, (buckets.get(timeMs) ?? 0) + more);
  const [peakMs, peak] = [...buckets].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0]);
  const share = known === 0 ? null : retried / known;
  return [
    {
      name: 'Statements retried',
      figure: share === null ? null : [percent(share), `· ${count(retried)}`],
      note: `of ${count(known)} that tell`,
    },
    { name: 'Repeated requests', figure: [count(retries), ''], note: 'attempts beyond the first' },
    { name: 'Saved', figure: [count(saved), ''], note: 'delivered after a retry' },
    { name: 'Lost', figure: [count(lost), ''], note: 'failed in spite of it' },
    {
      name: 'Most at once',
      figure: [count(peak), ''],
      note: peak === 0 ? 'no retries' : interval(peakMs, peakMs + bucketMs),
    },
  ];
}

function Causes({ answer }: { answer: Answer<Retries> }): JSX.Element {
  return (
    <Card title="Causes" sub="of repeated requests" span="s4">
      <Answered answer={answer} height={150} empty={({ retries }) => retries === 0 && 'No request was repeated.'}>
        {({ causes }) => (
          <Table
            label="Causes of repeated requests"
            rows={causes}
            keyOf={({ cause }) => cause ?? ''}
            sorted={2}
            columns={[
              { name: 'Cause', mono: true, value: (row) => row.cause, cell: ({ cause }) => causeName(cause) },
              {
                name: 'Meaning',
                value: ({ cause }) => meaningOf(cause),
                cell: ({ cause }) => <span class="quiet">{meaningOf(cause)}</span>,
              },
              { name: 'Requests', right: true, value: (row) => row.retries },
            ]}
          />
        )}
      </Answered>
    </Card>
  );
}

function Services({ answer }: { answer: Answer<Retries> }): JSX.Element {
  return (
    <Card title="Who repeats" sub="by service" span="s4">
      <Answered answer={answer} height={150} empty={({ services }) => services.length === 0 && 'Nobody.'}>
        {({ services }) => (
          <Table
            label="Retries by service"
            rows={services}
            keyOf={({ name }) => name ?? ''}
            columns={outcomeColumns('Service')}
          />
        )}
      </Answered>
    </Card>
  );
}

function RetriedStatements(): JSX.Element {
  const asked = { ...question.value, retried: true, order: 'slowest', limit: 20 };
  const answer = useAnswer('statements', asked, (collector, parameters) => collector.statements(parameters));
  const rows = answer.kind === 'known' ? answer.value.statements : [];
  const { started, id, service, warehouse, total, retries, outcome } = STATEMENT_COLUMNS;
  const columns = [started, id, service, warehouse, total, phasesColumn(longestOf(rows)), retries, outcome];
  return (
    <Card
      title="Slowest statements that were retried"
      sub={rows.length > 0 && plural(rows.length, 'statement')}
      actions={rows.length > 0 && <CsvButton name="retried" columns={columns} rows={rows} />}
    >
      <Answered answer={answer} height={220} empty={({ statements }) => statements.length === 0 && 'None.'}>
        {({ statements }) => (
          <Table
            label="Slowest statements that were retried"
            rows={statements}
            keyOf={({ statementId }, index) => statementId ?? index}
            columns={columns}
            sorted={4}
            linkOf={linkOfStatement}
            idOf={({ statementId }) => statementId}
          />
        )}
      </Answered>
    </Card>
  );
}
