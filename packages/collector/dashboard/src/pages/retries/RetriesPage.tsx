import type { JSX } from 'preact';
import type { Retries } from '../../../../lib/store/queries/retries';
import { count, percent, short, type Figure } from '../../format/numbers';
import { interval } from '../../format/times';
import { meaningOf } from '../../format/meanings';
import { useAnswer, type Answer, valueOf } from '../../state/answer';
import { question } from '../../state/window';
import { Estimates } from '../../ui/Estimates';
import { FigureStrip, type StripFigure } from '../../ui/FigureStrip';
import { SlowestCard } from '../SlowestCard';
import { causeName, RetryChart } from './RetryChart';
import { outcomeColumns, RetryOutcomes } from './RetryOutcomes';
import { figure } from '../../ui/columns';
import { TableCard } from '../../ui/TableCard';

/** Is there a storm, who makes it, and did it help to repeat? */
export function RetriesPage(): JSX.Element {
  const answer = useAnswer('retries', question.value);
  return (
    <div class="grid">
      <FigureStrip label="Retries of the window" answer={answer} figures={figuresOf} />
      <Estimates of={valueOf(answer)?.sampled} />
      <RetryChart answer={answer} />
      <Causes answer={answer} />
      <Services answer={answer} />
      <RetryOutcomes answer={answer} span="s4" />
      <SlowestCard title="Slowest statements that were retried" none="None." of={{ retried: true, limit: 20 }} />
    </div>
  );
}

function figuresOf({ known, retried, retries, saved, lost, series, bucketMs }: Retries): readonly StripFigure[] {
  const buckets = new Map<number, number>();
  for (const { timeMs, retries: more } of series) buckets.set(timeMs, (buckets.get(timeMs) ?? 0) + more);
  const [peakMs, peak] = [...buckets].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0]);
  // Zero is what drivers told; where none does, it is not known.
  const told = (value: number): Figure | null => (known === 0 && value === 0 ? null : [short(value), '']);
  return [
    {
      name: 'Statements retried',
      figure: known === 0 ? null : [percent(retried / known), `· ${short(retried)}`],
      note: `of ${count(known)} that tell`,
    },
    { name: 'Repeated requests', figure: told(retries), note: 'attempts beyond the first' },
    { name: 'Saved', figure: told(saved), note: 'delivered after a retry' },
    { name: 'Lost', figure: told(lost), note: 'failed in spite of it' },
    {
      name: 'Most at once',
      figure: told(peak),
      note: peak === 0 ? 'no retries' : interval(peakMs, peakMs + bucketMs),
    },
  ];
}

function Causes({ answer }: { answer: Answer<Retries> }): JSX.Element {
  return (
    <TableCard
      title="Causes"
      sub="of repeated requests"
      span="s4"
      answer={answer}
      height={150}
      none="No request was repeated."
      label="Causes of repeated requests"
      rows={({ causes }) => causes}
      keyOf={({ cause }) => cause ?? ''}
      sortedBy="Requests"
      columns={[
        { name: 'Cause', mono: true, value: (row) => row.cause, cell: ({ cause }) => causeName(cause) },
        {
          name: 'Meaning',
          value: ({ cause }) => meaningOf(cause),
          cell: ({ cause }) => <span class="quiet">{meaningOf(cause)}</span>,
        },
        figure('Requests', (row: Retries['causes'][number]) => row.retries),
      ]}
    />
  );
}

function Services({ answer }: { answer: Answer<Retries> }): JSX.Element {
  return (
    <TableCard
      title="Who repeats"
      sub="by service"
      span="s4"
      answer={answer}
      height={150}
      none="Nobody."
      label="Retries by service"
      rows={({ services }) => services}
      keyOf={({ name }) => name ?? ''}
      columns={outcomeColumns('Service')}
    />
  );
}
