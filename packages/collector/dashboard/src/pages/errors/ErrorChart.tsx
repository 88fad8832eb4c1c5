import type { JSX } from 'preact';
import type { Errors } from '../../../../lib/store/queries/errors';
import type { Overview } from '../../../../lib/store/queries/overview';
import { Bars } from '../../charts/Bars';
import { stacked, type Stacked } from '../../charts/stacked';
import { stackedTable } from '../../charts/stackedTable';
import { count, lengthOf, percent, plural } from '../../format/numbers';
import { valueOf, type Answer } from '../../state/answer';
import { timeWindow } from '../../state/window';
import { ChartCard } from '../../ui/ChartCard';
import { kindName } from './errorKinds';

/** Errors over time, stacked by class. */
export const stackOf = ({ series }: Errors): Stacked =>
  stacked(
    series.map(({ timeMs, kind, errors }) => ({ timeMs, kind, value: errors })),
    kindName,
  );

/** What broke, since when. */
export function ErrorChart({ errors, overview }: { errors: Answer<Errors>; overview: Answer<Overview> }): JSX.Element {
  const { fromMs, toMs } = timeWindow.value;
  const [known, figures] = [valueOf(errors), valueOf(overview)];
  return (
    <ChartCard
      title="Errors by class"
      sub={known !== undefined && figures !== undefined && wordsOf(known, figures)}
      answer={errors}
      height={200}
      empty={({ errors: all }) =>
        all === 0 &&
        (figures !== undefined && figures.current.statements > 0 && toldOf(figures) === 0
          ? 'No driver of this window tells how its statements ended.'
          : 'Nothing failed in this window. Take a longer one, or fewer filters.')
      }
      chart={(answer) => {
        const { kinds, buckets } = stackOf(answer);
        return (
          <Bars
            fromMs={fromMs}
            toMs={toMs}
            bucketMs={answer.bucketMs}
            buckets={buckets}
            categories={kinds}
            height={180}
            moments={figures?.markers.map(({ timeMs }) => timeMs) ?? []}
            label={`${plural(answer.errors, 'error')}: ${kinds.map(({ name, total }) => `${name} ${count(total)}`).join(', ')}`}
          />
        );
      }}
      table={(answer) => stackedTable('Errors over time, by class', stackOf(answer), answer.bucketMs)}
    />
  );
}

/** Statements whose driver tells how they ended. */
const toldOf = ({ current }: Overview): number => current.statements - current.outcomeUnknown;

function wordsOf({ bucketMs }: Errors, overview: Overview): string {
  const { current } = overview;
  const known = toldOf(overview);
  const share = known === 0 ? '' : `, ${percent(current.failed / known)}`;
  const left = current.outcomeUnknown === 0 ? '' : `; ${count(current.outcomeUnknown)} do not tell`;
  return `${count(current.failed)} of ${count(known)} statements failed${share}${left}; one bar is ${lengthOf(bucketMs)}`;
}
