import type { JSX } from 'preact';
import { useAnswer } from '../../state/answer';
import { Answered, Card } from '../../ui/Panel';
import { DimensionList } from '../DimensionBars';
import { type Compared, bothOf } from './windows';

/** What distinguishes the statements of B from those of A, besides their latency. */
export function Differences({ compared }: { compared: Compared }): JSX.Element {
  const { b } = compared;
  const asked = { ...bothOf(compared), selectedFrom: b.fromMs, selectedTo: b.toMs };
  const answer = useAnswer('explain', asked);
  return (
    <Card title="What else is different" sub="share of B against A" span="s7">
      <Answered answer={answer} height={260} empty={({ enough }) => !enough && 'Too few statements to compare.'}>
        {({ dimensions }) => (
          <>
            {!dimensions.some(({ differs }) => differs) && <p class="why">Nothing that was looked at differs.</p>}
            <DimensionList dimensions={dimensions} legend={['B', 'A']} />
          </>
        )}
      </Answered>
    </Card>
  );
}
