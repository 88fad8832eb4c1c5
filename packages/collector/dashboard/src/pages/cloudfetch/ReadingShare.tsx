import type { JSX } from 'preact';
import type { Overview } from '../../../../lib/store/queries/overview';
import { StackBar } from '../../charts/StackBar';
import { duration, percent, plural, sumOf } from '../../format/numbers';
import { useAnswer } from '../../state/answer';
import { Legend } from '../../ui/Legend';
import { Answered, Card } from '../../ui/Panel';
import { question } from '../../state/window';
import { meanPhases } from '../meanPhases';

interface Part {
  readonly name: string;
  readonly color: string;
  readonly meanMs: number;
}

/** How much of the time of statements with files is reading them. */
export function ReadingShare(): JSX.Element {
  const asked = { ...question.value, format: 'EXTERNAL_LINKS' };
  const answer = useAnswer('overview', asked);
  return (
    <Card title="Is the download the limit?" sub="mean of a statement whose result came as files">
      <Answered
        answer={answer}
        height={64}
        empty={(overview) =>
          partsOf(overview).length < 2 && 'The drivers of this window do not tell how long reading took.'
        }
      >
        {(overview) => {
          const parts = partsOf(overview);
          const all = sumOf(parts, ({ meanMs }) => meanMs);
          return (
            <div class="body">
              <p class="why bare">{sentenceOf(overview, all)}</p>
              <StackBar
                parts={parts.map(({ name, color, meanMs }) => ({ name, color, value: meanMs }))}
                label={parts.map(({ name, meanMs }) => `${name} ${duration(meanMs)}`).join(', ')}
                big
              />
              <Legend
                entries={parts.map(({ name, color, meanMs }) => ({
                  name,
                  color,
                  value: `${duration(meanMs)}, ${percent(meanMs / all)}`,
                }))}
              />
            </div>
          );
        }}
      </Answered>
    </Card>
  );
}

const PARTS = [
  { phase: 'submit', name: 'Submit', color: '--p-submit' },
  { phase: 'wait', name: 'Wait for the warehouse', color: '--p-wait' },
  { phase: 'consume', name: 'Read the files', color: '--p-consume' },
] as const;

function partsOf(overview: Overview): Part[] {
  const means = meanPhases(overview);
  return PARTS.flatMap(({ phase, name, color }) => {
    const meanMs = means.get(phase);
    return meanMs === undefined ? [] : [{ name, color, meanMs }];
  });
}

function sentenceOf(overview: Overview, all: number): JSX.Element {
  const reading = meanPhases(overview).get('consume') ?? 0;
  const told = overview.phases.find(({ phase }) => phase === 'consume')?.statements ?? 0;
  const limit = reading > all / 2;
  return (
    <>
      <b>{limit ? 'Yes: reading takes most of the time.' : 'No: most of the time is not spent reading.'}</b>{' '}
      {duration(reading)} of {duration(all)}, {percent(reading / all)}, over {plural(told, 'statement')}. Reading
      includes what the application does between two fetches.
    </>
  );
}
