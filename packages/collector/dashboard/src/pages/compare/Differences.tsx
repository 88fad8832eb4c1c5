import type { JSX } from 'preact';
import type { Explanation } from '../../../../lib/store/queries/explain';
import { nameOf } from '../../format/words';
import { useAnswer } from '../../state/answer';
import { Answered, Card } from '../../ui/Panel';
import { DimensionBars } from '../DimensionBars';
import { type Compared, bothOf } from './windows';

const SHOWN = 4;

/** What distinguishes the statements of B from those of A, besides their latency. */
export function Differences({ compared }: { compared: Compared }): JSX.Element {
  const { b } = compared;
  const asked = { ...bothOf(compared), selectedFrom: b.fromMs, selectedTo: b.toMs };
  const answer = useAnswer('explain', asked);
  return (
    <Card title="What else is different" sub="share of B against A" span="s7">
      <Answered answer={answer} height={260} empty={({ enough }) => !enough && 'Too few statements to compare.'}>
        {(explanation) => <Dimensions explanation={explanation} />}
      </Answered>
    </Card>
  );
}

function Dimensions({ explanation: { dimensions } }: { explanation: Explanation }): JSX.Element {
  const differing = dimensions.filter(({ differs }) => differs);
  const same = dimensions.filter(({ differs }) => !differs);
  return (
    <>
      {differing.length === 0 && <p class="why">Nothing that was looked at differs.</p>}
      {differing.slice(0, SHOWN).map((dimension, index) => (
        <DimensionBars
          key={dimension.dimension}
          dimension={dimension}
          {...(index === 0 ? { legend: ['B', 'A'] } : {})}
        />
      ))}
      <div class="foot">
        No difference in {same.map(({ dimension }) => nameOf(dimension).toLowerCase()).join(', ')}.
      </div>
    </>
  );
}
