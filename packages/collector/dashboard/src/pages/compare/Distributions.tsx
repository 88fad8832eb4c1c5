import type { JSX } from 'preact';
import type { Heatmap } from '../../../../lib/store/queries/heatmap';
import { Steps, type StepSeries } from '../../charts/Steps';
import { duration, percent, sumOf } from '../../format/numbers';
import { useAnswer, valueOf, type Answer } from '../../state/answer';
import { measure } from '../../state/window';
import { ChartCard } from '../../ui/ChartCard';
import { figure } from '../../ui/columns';
import { Legend } from '../../ui/Legend';
import { numbersOf } from '../../ui/Table';
import { type Compared, type Span, questionOf } from './windows';

const useHistogram = (span: Span): Answer<Heatmap> => useAnswer('heatmap', { ...questionOf(span), columns: 1 });

/** How the latency of A and of B is spread. */
export function Distributions({ compared: { a, b } }: { compared: Compared }): JSX.Element {
  const [ofA, ofB] = [useHistogram(a), useHistogram(b)];
  const [knownA, knownB] = [valueOf(ofA), valueOf(ofB)];
  // The card waits for both.
  const answer = knownA === undefined ? ofA : ofB;
  const series =
    knownA === undefined || knownB === undefined
      ? []
      : [seriesOf('A', '--rest', knownA), seriesOf('B', '--sel', knownB)];
  return (
    <ChartCard
      title="Distribution"
      sub={`${measure.value.label.toLowerCase()} latency, share of statements`}
      span="s5"
      answer={answer}
      height={280}
      actions={
        <Legend
          entries={[
            { name: 'A', color: '--rest' },
            { name: 'B', color: '--sel' },
          ]}
        />
      }
      chart={({ rowsFromMs }) => (
        <Steps
          fromMs={rowsFromMs}
          series={series}
          height={264}
          label={series.map(({ name, p50Ms }) => `${name}: half within ${duration(p50Ms)}`).join('; ')}
        />
      )}
      table={({ rowsFromMs }) =>
        numbersOf({
          label: 'Distribution of A and B',
          rows: rowsFromMs.map((ms, index) => ({ ms, index })),
          keyOf: ({ index }) => index,
          columns: [
            { name: 'From', value: ({ ms }) => ms, cell: ({ ms }) => duration(Math.round(ms)) },
            ...series.map(({ name, shares }) =>
              figure(name, ({ index }: { index: number }) => shares[index] ?? 0, percent),
            ),
          ],
        })
      }
    />
  );
}

function seriesOf(name: string, color: string, { histogram, quantiles }: Heatmap): StepSeries {
  const all = Math.max(1, sumOf(histogram));
  return { name, color, shares: histogram.map((value) => value / all), p50Ms: quantiles.p50 };
}
