import type { JSX } from 'preact';
import { prose } from '../../format/prose';
import type { ClientServer } from '../../../../lib/store/queries/clientServer';
import { count, percent, plural } from '../../format/numbers';
import { useAnswer } from '../../state/answer';
import { question } from '../../state/window';
import { LabelledBar, type LabelledPart } from '../LabelledBar';
import { Answered, Card } from '../../ui/Panel';

/** How many statements the query history knows too. */
export function JoinCard(): JSX.Element {
  const answer = useAnswer('clientServer', question.value);
  return (
    <Card
      title={
        <>
          Join with <span class="mono">system.query.history</span>
        </>
      }
      foot={prose('join')}
    >
      <Answered answer={answer} height={60} empty={nothing}>
        {({ joined, withoutPartner, statements }) => {
          const part = (name: string, value: number, color: string): LabelledPart => ({
            name,
            value,
            color,
            shown: `${count(value)}, ${percent(value / statements)}`,
          });
          return (
            <div class="body formats">
              <LabelledBar parts={[part('Joined', joined, '--h5'), part('Without a row', withoutPartner, '--c7')]} />
            </div>
          );
        }}
      </Answered>
    </Card>
  );
}

function nothing({ statements, joined }: ClientServer): string | false {
  if (statements === 0) return 'No statement in this window.';
  if (joined > 0) return false;
  return `None of ${plural(statements, 'statement')} has a row in the query history. Upload it: POST /api/v1/query-history.`;
}
