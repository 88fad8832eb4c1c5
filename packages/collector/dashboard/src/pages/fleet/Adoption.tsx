import type { JSX } from 'preact';
import type { Fleet } from '../../../../lib/store/queries/fleet';
import { Bars } from '../../charts/Bars';
import { count, percent, sumOf } from '../../format/numbers';
import { valueOf, type Answer } from '../../state/answer';
import { timeWindow } from '../../state/window';
import { ChartCard } from '../../ui/ChartCard';
import { Legend } from '../../ui/Legend';
import { numbersOf } from '../../ui/Table';
import { driverVersionsOf, fullName } from './drivers';
import { figure, times } from '../../ui/columns';

const COLORS = ['--c1', '--c5', '--c7', '--c2', '--c3', '--c4'] as const;
const OTHERS = 'others';

interface Bucket {
  readonly timeMs: number;
  readonly total: number;
  /** Shares, one for each version. */
  readonly values: readonly number[];
}

/** How new versions of the driver come in. */
export function Adoption({ answer }: { answer: Answer<Fleet> }): JSX.Element {
  const { fromMs, toMs } = timeWindow.value;
  const known = valueOf(answer);
  const versions = known === undefined ? [] : versionsOf(known.adoption);
  const buckets = known === undefined ? [] : bucketsOf(known.adoption, versions);
  const names = known === undefined ? [] : driverVersionsOf(known);
  const categories = versions.map((version, index) => {
    const found = names.find((one) => (one.version ?? 'unknown') === version);
    return { name: found === undefined ? version : fullName(found), color: COLORS[index] ?? '--c6' };
  });
  return (
    <ChartCard
      title="Driver adoption"
      span="s5"
      answer={answer}
      height={180}
      empty={({ adoption }) => adoption.length === 0 && 'No statement in this window.'}
      chart={({ bucketMs }) => (
        <>
          <Bars
            fromMs={fromMs}
            toMs={toMs}
            bucketMs={bucketMs}
            buckets={buckets}
            categories={categories}
            format={percent}
            most={1}
            height={176}
            label={`Share of statements by version of the driver, at last: ${categories.map(({ name }, index) => `${name} ${percent(buckets.at(-1)?.values[index])}`).join(', ')}`}
          />
          <Legend entries={categories} />
        </>
      )}
      table={({ bucketMs }) =>
        numbersOf({
          label: 'Driver versions over time',
          rows: buckets,
          keyOf: ({ timeMs }) => timeMs,
          columns: [
            times(bucketMs),
            ...categories.map(({ name }, index) => figure(name, ({ values }: Bucket) => values[index] ?? 0, percent)),
            figure('Statements', (row: Bucket) => row.total, count),
          ],
        })
      }
    />
  );
}

/** The most frequent versions, the rest together. */
function versionsOf(adoption: Fleet['adoption']): readonly string[] {
  const counts = new Map<string, number>();
  for (const { version, statements } of adoption) {
    const name = version ?? 'unknown';
    counts.set(name, (counts.get(name) ?? 0) + statements);
  }
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  return names.length <= COLORS.length ? names : [...names.slice(0, COLORS.length - 1), OTHERS];
}

function bucketsOf(adoption: Fleet['adoption'], versions: readonly string[]): readonly Bucket[] {
  const buckets = new Map<number, number[]>();
  for (const { timeMs, version, statements } of adoption) {
    const values = buckets.get(timeMs) ?? versions.map(() => 0);
    const found = versions.indexOf(version ?? 'unknown');
    const index = found < 0 ? versions.length - 1 : found;
    values[index] = (values[index] ?? 0) + statements;
    buckets.set(timeMs, values);
  }
  return [...buckets].map(([timeMs, values]) => {
    const total = sumOf(values);
    return { timeMs, total, values: values.map((value) => value / Math.max(1, total)) };
  });
}
