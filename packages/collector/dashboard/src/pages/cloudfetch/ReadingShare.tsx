import type { JSX } from 'preact';
import type { Overview } from '../../../../lib/store/queries/overview';
import { StackBar } from '../../charts/StackBar';
import { duration, percent, plural } from '../../format/numbers';
import { useAnswer } from '../../state/answer';
import { Legend } from '../../ui/Legend';
import { Answered, Card } from '../../ui/Panel';
import { question } from '../../state/window';

interface Part {
  readonly name: string;
  readonly color: string;
  readonly meanMs: number;
}

/** How much of the time of statements with files is reading them. */
export function ReadingShare(): JSX.Element {
  const asked = { ...question.value, format: 'EXTERNAL_LINKS' };
  const answer = useAnswer('overview', asked, (collector, parameters) => collector.overview(parameters));
  return (
    <Card title="Is the download the limit?" sub="mean of a statement whose result came as files">
      <Answered
        answer={answer}
        height={64}
        empty={({ phases }) =>
          partsOf(phases).length < 2 && 'The drivers of this window do not tell how long reading took.'
        }
      >
        {({ phases }) => {
          const parts = partsOf(phases);
          const all = parts.reduce((sum, { meanMs }) => sum + meanMs, 0);
          return (
            <div class="body">
              <p class="why bare">{sentenceOf(phases, all)}</p>
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

function partsOf(phases: Overview['phases']): Part[] {
  return PARTS.flatMap(({ phase, name, color }) => {
    const meanMs = meanOf(phases, phase);
    return meanMs === null ? [] : [{ name, color, meanMs }];
  });
}

function meanOf(phases: Overview['phases'], name: string): number | null {
  const found = phases.find(({ phase }) => phase === name);
  return found === undefined || found.totalMs === null || found.statements === 0
    ? null
    : Math.round(found.totalMs / found.statements);
}

function sentenceOf(phases: Overview['phases'], all: number): JSX.Element {
  const reading = meanOf(phases, 'consume') ?? 0;
  const told = phases.find(({ phase }) => phase === 'consume')?.statements ?? 0;
  const limit = reading > all / 2;
  return (
    <>
      <b>{limit ? 'Yes: reading takes most of the time.' : 'No: most of the time is not spent reading.'}</b>{' '}
      {duration(reading)} of {duration(all)}, {percent(reading / all)}, over {plural(told, 'statement')}. Reading
      includes what the application does between two fetches.
    </>
  );
}
