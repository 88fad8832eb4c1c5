import type { JSX } from 'preact';
import type { Retries } from '../../../../lib/store/queries/retries';
import { Bars } from '../../charts/Bars';
import { stacked, type Stacked } from '../../charts/stacked';
import { stackedTable } from '../../charts/stackedTable';
import { count, plural, short } from '../../format/numbers';
import { linkTo } from '../../state/address';
import { valueOf, type Answer } from '../../state/answer';
import { timeWindow } from '../../state/window';
import { ChartCard } from '../../ui/ChartCard';
import { Legend } from '../../ui/Legend';

export const causeName = (cause: string | null): string => cause ?? 'not told';

const stackOf = ({ series }: Retries): Stacked =>
  stacked(
    series.map(({ timeMs, cause, retries }) => ({ timeMs, kind: cause, value: retries })),
    causeName,
  );

/** Is there a storm? */
export function RetryChart({ answer, span }: { answer: Answer<Retries>; span?: string }): JSX.Element {
  const { fromMs, toMs } = timeWindow.value;
  const known = valueOf(answer);
  return (
    <ChartCard
      title={span === undefined ? 'Retries by cause' : <a href={linkTo('retries')}>Retries by cause</a>}
      {...(span === undefined ? { sub: 'attempts beyond the first' } : { span })}
      answer={answer}
      height={190}
      actions={known !== undefined && known.retries > 0 && <Legend entries={entriesOf(stackOf(known))} />}
      empty={({ retries }) => retries === 0 && 'No request was repeated in this window.'}
      chart={(retries) => {
        const { kinds, buckets } = stackOf(retries);
        return (
          <Bars
            fromMs={fromMs}
            toMs={toMs}
            bucketMs={retries.bucketMs}
            buckets={buckets}
            categories={kinds}
            height={170}
            label={`${plural(retries.retries, 'repeated request')}: ${kinds.map(({ name, total }) => `${name} ${count(total)}`).join(', ')}`}
          />
        );
      }}
      table={(retries) => stackedTable('Repeated requests over time, by cause', stackOf(retries), retries.bucketMs)}
    />
  );
}

const entriesOf = ({ kinds }: Stacked): { name: string; color: string; value: string }[] =>
  kinds.map(({ name, color, total }) => ({ name, color, value: short(total) }));
