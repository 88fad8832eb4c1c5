import type { JSX } from 'preact';
import type { Retries } from '../../../../lib/store/queries/retries';
import { stacked, type Stacked } from '../../charts/stacked';
import { linkTo } from '../../state/address';
import type { Answer } from '../../state/answer';
import { StackedCard } from '../StackedCard';

export const causeName = (cause: string | null): string => cause ?? 'not told';

const stackOf = ({ series }: Retries): Stacked =>
  stacked(
    series.map(({ timeMs, cause, retries }) => ({ timeMs, kind: cause, value: retries })),
    causeName,
  );

/** Is there a storm? */
export function RetryChart({ answer, span }: { answer: Answer<Retries>; span?: string }): JSX.Element {
  return (
    <StackedCard
      title={span === undefined ? 'Retries by cause' : <a href={linkTo('retries')}>Retries by cause</a>}
      {...(span === undefined ? { sub: 'attempts beyond the first' } : { span })}
      answer={answer}
      noun="repeated request"
      label="Repeated requests over time, by cause"
      none="No request was repeated in this window."
      stackOf={stackOf}
      legend
    />
  );
}
