import type { JSX } from 'preact';
import type { Overview } from '../../../../lib/store/queries/overview';
import { duration, percent, plural, sumOf } from '../../format/numbers';
import { prose } from '../../format/prose';
import { useAnswer } from '../../state/answer';
import { LabelledBar } from '../LabelledBar';
import { Answered, Card } from '../../ui/Panel';
import { question } from '../../state/window';
import { meanPhases } from '../meanPhases';

interface Part {
  readonly name: string;
  readonly color: string;
  /** Mean milliseconds. */
  readonly value: number;
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
          const all = sumOf(parts, ({ value }) => value);
          return (
            <div class="body">
              <p class="why bare">{sentenceOf(overview, all)}</p>
              <LabelledBar
                parts={parts.map((part) => ({
                  ...part,
                  shown: `${duration(part.value)}, ${percent(part.value / all)}`,
                }))}
                big
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
    const value = means.get(phase);
    return value === undefined ? [] : [{ name, color, value }];
  });
}

function sentenceOf(overview: Overview, all: number): JSX.Element {
  const reading = meanPhases(overview).get('consume') ?? 0;
  const told = overview.phases.find(({ phase }) => phase === 'consume')?.statements ?? 0;
  const limit = reading > all / 2;
  return (
    <>
      <b>{limit ? 'Yes: reading takes most of the time.' : 'No: most of the time is not spent reading.'}</b>{' '}
      {duration(reading)} of {duration(all)}, {percent(reading / all)}, over {plural(told, 'statement')}.{' '}
      {prose('reading')}
    </>
  );
}
