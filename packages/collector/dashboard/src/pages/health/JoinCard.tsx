import type { JSX } from 'preact';
import type { ClientServer } from '../../../../lib/store/queries/clientServer';
import { StackBar } from '../../charts/StackBar';
import { count, percent, plural } from '../../format/numbers';
import { useAnswer } from '../../state/answer';
import { question } from '../../state/window';
import { Legend } from '../../ui/Legend';
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
      foot="Query history arrives up to 60 minutes late. Statements that never reached the server have no row there."
    >
      <Answered answer={answer} height={60} empty={nothing}>
        {({ joined, withoutPartner, statements }) => {
          const parts = [
            { name: 'Joined', value: joined, color: '--h5' },
            { name: 'Without a row', value: withoutPartner, color: '--c7' },
          ];
          return (
            <div class="body formats">
              <StackBar parts={parts} label={`${count(joined)} joined, ${percent(joined / statements)}`} />
              <Legend entries={parts.map(({ name, color, value }) => ({ name, color, value: count(value) }))} />
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
