import type { JSX } from 'preact';
import { useAnswer } from '../../state/answer';
import { question } from '../../state/window';
import { RetryChart } from '../retries/RetryChart';
import { RetryOutcomes } from '../retries/RetryOutcomes';
import { ErrorChart } from './ErrorChart';
import { ErrorClasses } from './ErrorClasses';

/** What broke, since when, for whom; and what repeating requests saved. */
export function Errors(): JSX.Element {
  const asked = question.value;
  const errors = useAnswer('errors', asked, (collector, parameters) => collector.errors(parameters));
  const overview = useAnswer('overview', asked, (collector, parameters) => collector.overview(parameters));
  const retries = useAnswer('retries', asked, (collector, parameters) => collector.retries(parameters));
  return (
    <div class="grid">
      <ErrorChart errors={errors} overview={overview} />
      <ErrorClasses answer={errors} />
      <RetryChart answer={retries} span="s8" />
      <RetryOutcomes answer={retries} span="s4" />
    </div>
  );
}
