import type { JSX } from 'preact';
import type { Errors } from '../../../../lib/store/queries/errors';
import type { Overview } from '../../../../lib/store/queries/overview';
import { stacked, type Stacked } from '../../charts/stacked';
import { count, lengthOf, percent } from '../../format/numbers';
import { prose } from '../../format/prose';
import { valueOf, type Answer } from '../../state/answer';
import { StackedCard } from '../StackedCard';
import { kindName } from './errorKinds';

/** Errors over time, stacked by class. */
export const stackOf = ({ series }: Errors): Stacked =>
  stacked(
    series.map(({ timeMs, kind, errors }) => ({ timeMs, kind, value: errors })),
    kindName,
  );

/** What broke, since when. */
export function ErrorChart({ errors, overview }: { errors: Answer<Errors>; overview: Answer<Overview> }): JSX.Element {
  const [known, figures] = [valueOf(errors), valueOf(overview)];
  return (
    <StackedCard
      title="Errors by class"
      sub={known !== undefined && figures !== undefined && wordsOf(known, figures)}
      answer={errors}
      noun="error"
      label="Errors over time, by class"
      none={
        figures !== undefined && figures.current.statements > 0 && toldOf(figures) === 0
          ? prose('no-outcomes')
          : prose('no-errors')
      }
      stackOf={stackOf}
      moments={figures?.markers.map(({ timeMs }) => timeMs) ?? []}
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
