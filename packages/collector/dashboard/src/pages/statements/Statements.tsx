import type { JSX } from 'preact';
import { interval } from '../../format/times';
import { duration } from '../../format/numbers';
import { change, parameter } from '../../state/address';
import { useAnswer, valueOf } from '../../state/answer';
import { select, selection, type Box } from '../../state/selection';
import { measure, question, setWindow } from '../../state/window';
import { Estimates } from '../../ui/Estimates';
import { HeatmapCard } from '../HeatmapCard';
import { LiveTail } from '../LiveTail';
import { StatementList } from './StatementList';
import { WhyThese } from './WhyThese';

/** Which statements: draw a box, see what they share, and which ones they are. */
export function Statements(): JSX.Element {
  const box = selection.value;
  const asked = question.value;
  const heatmap = useAnswer('heatmap', asked);
  const overview = useAnswer('overview', asked);
  const live = parameter('live') === '1' && box === null;
  return (
    <div class="grid">
      <HeatmapCard
        answer={heatmap}
        markers={valueOf(overview)?.markers ?? NO_MARKERS}
        box={box}
        onSelect={select}
        height={252}
        // A box that is moved by keys is heard.
        sub={
          <span role="status">
            {box === null ? 'drag a box to ask why; drag sideways for a band of time' : wordsOf(box)}
          </span>
        }
        actions={box !== null && <SelectionActions box={box} />}
      />
      <Estimates of={valueOf(heatmap)?.sampled} />
      {box !== null && <WhyThese box={box} />}
      {live ? <LiveTail /> : <StatementList key={box === null ? 'all' : 'chosen'} box={box} />}
    </div>
  );
}

const NO_MARKERS: readonly never[] = [];

function wordsOf({ fromMs, toMs, minMs, maxMs }: Box): string {
  const time = interval(fromMs, toMs);
  if (minMs === null && maxMs === null) return time;
  if (minMs === null) return `${time}, below ${duration(maxMs)}`;
  return maxMs === null ? `${time}, ${duration(minMs)} and more` : `${time}, ${duration(minMs)} – ${duration(maxMs)}`;
}

function SelectionActions({ box }: { box: Box }): JSX.Element {
  return (
    <>
      <button type="button" class="btn" onClick={() => setWindow(box.fromMs, box.toMs)}>
        Zoom to selection
      </button>
      <button type="button" class="btn ghost" onClick={() => change({ sel: null })}>
        Clear <kbd>Esc</kbd>
      </button>
      <span class="vh">{measure.value.label}</span>
    </>
  );
}
