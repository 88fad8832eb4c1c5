import type { ComponentChildren, JSX } from 'preact';
import { Bars } from '../charts/Bars';
import type { Stacked } from '../charts/stacked';
import { count, countOrDash, plural, short, sumOf } from '../format/numbers';
import { valueOf, type Answer } from '../state/answer';
import { timeWindow } from '../state/window';
import { ChartCard } from '../ui/ChartCard';
import { figure, times } from '../ui/columns';
import { Legend } from '../ui/Legend';
import { numbersOf } from '../ui/Table';

interface Properties<T> {
  readonly title: ComponentChildren;
  readonly sub?: ComponentChildren;
  readonly span?: string;
  readonly answer: Answer<T>;
  /** Said when nothing is counted. */
  readonly none: ComponentChildren;
  /** What is counted, one of it: `error`. */
  readonly noun: string;
  /** What the table of the numbers is called. */
  readonly label: string;
  readonly stackOf: (value: T) => Stacked;
  /** Whether the legend stands in the heading; the table below is the legend otherwise. */
  readonly legend?: boolean;
  readonly moments?: readonly number[];
}

/** What is counted over time, stacked by its kinds. */
export function StackedCard<T extends { readonly bucketMs: number }>(properties: Properties<T>): JSX.Element {
  const { title, sub, span, answer, none, noun, label, stackOf, legend = false, moments = [] } = properties;
  const { fromMs, toMs } = timeWindow.value;
  const known = valueOf(answer);
  const kinds = known === undefined ? [] : stackOf(known).kinds;
  const total = sumOf(kinds, (kind) => kind.total);
  return (
    <ChartCard
      {...{ title, sub, span, answer }}
      height={190}
      actions={legend && total > 0 && <Legend entries={kinds.map((kind) => ({ ...kind, value: short(kind.total) }))} />}
      empty={() => total === 0 && none}
      chart={(value) => (
        <Bars
          {...{ fromMs, toMs, bucketMs: value.bucketMs, moments }}
          buckets={stackOf(value).buckets}
          categories={kinds}
          height={176}
          label={`${plural(total, noun)}: ${kinds.map((kind) => `${kind.name} ${count(kind.total)}`).join(', ')}`}
        />
      )}
      table={(value) =>
        numbersOf({
          label,
          rows: stackOf(value).buckets,
          keyOf: ({ timeMs }) => timeMs,
          columns: [
            times(value.bucketMs),
            ...kinds.map(({ name }, index) =>
              figure(name, ({ values }: Stacked['buckets'][number]) => values[index] ?? 0, countOrDash),
            ),
          ],
        })
      }
    />
  );
}
