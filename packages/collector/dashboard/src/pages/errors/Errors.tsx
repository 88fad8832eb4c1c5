import type { JSX } from 'preact';
import { useAnswer, valueOf } from '../../state/answer';
import { question } from '../../state/window';
import { Estimates } from '../../ui/Estimates';
import { RetryChart } from '../retries/RetryChart';
import { RetryOutcomes } from '../retries/RetryOutcomes';
import { ErrorChart } from './ErrorChart';
import { ErrorClasses } from './ErrorClasses';

/** What broke, since when, for whom; and what repeating requests saved. */
export function Errors(): JSX.Element {
  const asked = question.value;
  const errors = useAnswer('errors', asked);
  const overview = useAnswer('overview', asked);
  const retries = useAnswer('retries', asked);
  return (
    <div class="grid">
      <Estimates of={valueOf(overview)?.current.sampled} />
      <ErrorChart errors={errors} overview={overview} />
      <ErrorClasses answer={errors} />
      <RetryChart answer={retries} span="s8" />
      <RetryOutcomes answer={retries} span="s4" />
    </div>
  );
}
