import type { JSX } from 'preact';
import { addressOf, type Box } from '../../state/selection';
import { go, linkTo, parameter } from '../../state/address';
import { useAnswer, valueOf } from '../../state/answer';
import { measure, question } from '../../state/window';
import { Estimates } from '../../ui/Estimates';
import { HeatmapCard } from '../HeatmapCard';
import { LiveTail } from '../LiveTail';
import { SlowestCard } from '../SlowestCard';
import { STATEMENT_COLUMNS } from '../statementColumns';
import { CloudFetchCard, SlowestFiles } from './CloudFetchCard';
import { FindingsCard } from './FindingsCard';
import { Figures } from './Figures';
import { WhereTimeGoes } from './WhereTimeGoes';

/** Is something wrong? */
export function Overview(): JSX.Element {
  const asked = question.value;
  const overview = useAnswer('overview', asked);
  const heatmap = useAnswer('heatmap', asked);
  const markers = valueOf(overview)?.markers ?? NO_MARKERS;
  return (
    <div class="grid">
      <Figures overview={overview} heatmap={heatmap} />
      <Estimates of={valueOf(overview)?.current.sampled} />
      <FindingsCard />
      <HeatmapCard
        answer={heatmap}
        markers={markers}
        box={null}
        onSelect={openSelection}
        sub={measure.value.hint}
        height={228}
      />
      {parameter('live') === '1' && <LiveTail most={TAIL_ROWS} />}
      <WhereTimeGoes />
      <CloudFetchCard markers={markers} />
      <SlowestFiles />
      <SlowestCard
        title="Slowest statements"
        actions={
          <a class="btn ghost" href={linkTo('statements')}>
            All statements
          </a>
        }
        none="No statement in this window."
        of={{ limit: 8 }}
        before={[STATEMENT_COLUMNS.format]}
        after={[STATEMENT_COLUMNS.files]}
      />
    </div>
  );
}

const NO_MARKERS: readonly never[] = [];
/** The other cards stay in reach. */
const TAIL_ROWS = 8;

/** A box that is drawn here is looked at among the statements. */
function openSelection(box: Box | null): void {
  if (box === null) return;
  go(linkTo('statements', { sel: addressOf(box), m: parameter('m') }));
}
