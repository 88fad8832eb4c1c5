import type { JSX } from 'preact';
import type { Marker } from '../../../../lib/store/queries/markers';
import { useAnswer, valueOf } from '../../state/answer';
import { question } from '../../state/window';
import { Estimates } from '../../ui/Estimates';
import { Answered } from '../../ui/Panel';
import { Choice } from './Choice';
import { Differences } from './Differences';
import { Distributions } from './Distributions';
import { ComparedFigures } from './ComparedFigures';
import { Groups } from './Groups';
import { PhaseChange } from './PhaseChange';
import { Verdict } from './Verdict';
import { bothOf, comparedNow, saysWhat } from './windows';

/** Did the release do it? Two windows, or before and after a moment, and how sure that is. */
export function Compare(): JSX.Element {
  const overview = useAnswer('overview', question.value);
  // Where the address does not say what to compare, the deployments of the window do.
  if (saysWhat()) return <Comparison markers={valueOf(overview)?.markers ?? NO_MARKERS} />;
  return (
    <Answered answer={overview} height={480}>
      {({ markers }) => <Comparison markers={markers} />}
    </Answered>
  );
}

function Comparison({ markers }: { markers: readonly Marker[] }): JSX.Element {
  const compared = comparedNow(markers);
  const answer = useAnswer('compare', bothOf(compared));
  const known = valueOf(answer);
  return (
    <div class="grid">
      <Choice compared={compared} markers={markers} answer={answer} />
      <Estimates of={known?.a.sampled ?? known?.b.sampled} />
      <Verdict answer={answer} />
      <ComparedFigures answer={answer} />
      <PhaseChange compared={compared} />
      <Differences compared={compared} />
      <Distributions compared={compared} />
      <Groups compared={compared} />
    </div>
  );
}

const NO_MARKERS: readonly never[] = [];
