import type { JSX } from 'preact';
import { useAnswer, valueOf } from '../../state/answer';
import { question } from '../../state/window';
import { Choice } from './Choice';
import { Differences } from './Differences';
import { Distributions } from './Distributions';
import { ComparedFigures } from './ComparedFigures';
import { Groups } from './Groups';
import { PhaseChange } from './PhaseChange';
import { Verdict } from './Verdict';
import { bothOf, comparedNow } from './windows';

/** Did the release do it? Two windows, or before and after a moment, and how sure that is. */
export function Compare(): JSX.Element {
  const overview = useAnswer('overview', question.value, (collector, asked) => collector.overview(asked));
  const markers = valueOf(overview)?.markers ?? NO_MARKERS;
  const compared = comparedNow(markers);
  const answer = useAnswer('compare', bothOf(compared), (collector, asked) => collector.compare(asked));
  return (
    <div class="grid">
      <Choice compared={compared} markers={markers} answer={answer} />
      <Verdict answer={answer} />
      <Distributions compared={compared} />
      <ComparedFigures answer={answer} />
      <Differences compared={compared} />
      <PhaseChange compared={compared} />
      <Groups compared={compared} />
    </div>
  );
}

const NO_MARKERS: readonly never[] = [];
