import type { JSX } from 'preact';
import { prose } from '../../format/prose';
import type { ExplainedDimension, ExplainedValue, Explanation } from '../../../../lib/store/queries/explain';
import { count, percent, plural } from '../../format/numbers';
import { nameOf, valueName } from '../../format/words';
import { useAnswer, valueOf } from '../../state/answer';
import type { Box } from '../../state/selection';
import { Answered, Card } from '../../ui/Panel';
import { DimensionList } from '../DimensionBars';
import { question } from '../../state/window';

const SENTENCE_PARTS = 3;

/** What the selected statements share that the others do not. */
export function WhyThese({ box }: { box: Box }): JSX.Element {
  const parameters = {
    ...question.value,
    selectedFrom: box.fromMs,
    selectedTo: box.toMs,
    ...(box.minMs === null ? {} : { selectedMinMs: box.minMs }),
    ...(box.maxMs === null ? {} : { selectedMaxMs: box.maxMs }),
  };
  const answer = useAnswer('explain', parameters);
  const known = valueOf(answer);
  return (
    <Card
      title="Why these?"
      span="s5"
      sub={known !== undefined && `${count(known.selected)} selected against the other ${count(known.rest)}`}
    >
      <Answered answer={answer} height={320} empty={tooFew}>
        {(explanation) => <Reasons explanation={explanation} />}
      </Answered>
    </Card>
  );
}

function tooFew({ selected, rest, enough }: Explanation): string | false {
  if (enough) return false;
  return selected < 20
    ? `${plural(selected, 'statement')}: too few to compare. Draw a larger box.`
    : `Only ${plural(rest, 'other statement')} to compare with. Take a longer window or draw a smaller box.`;
}

function Reasons({ explanation: { dimensions } }: { explanation: Explanation }): JSX.Element {
  return (
    <>
      <Sentence dimensions={dimensions.filter(({ differs }) => differs)} />
      <DimensionList
        dimensions={dimensions}
        legend={['selection', 'rest']}
        less={(others) => others.length > 0 && <div>Less so: {others.map(lessSo).join(', ')}.</div>}
      />
    </>
  );
}

/** The value that makes most of the difference by being more frequent in the selection. */
const leading = ({ values }: ExplainedDimension): ExplainedValue | undefined =>
  values.find(({ selectedShare, restShare }) => selectedShare > restShare);

function lessSo(dimension: ExplainedDimension): string {
  const value = leading(dimension);
  if (value === undefined) return nameOf(dimension.dimension).toLowerCase();
  return `${phraseOf(dimension.dimension, value.value)} (${percent(value.selectedShare)} against ${percent(value.restShare)})`;
}

/** Their values say what they are about. */
const SPEAKING = ['retries', 'files', 'compressed'];

/** `warehouse batch-m` */
const phraseOf = (dimension: string, value: string | null): string =>
  `${SPEAKING.includes(dimension) ? '' : `${nameOf(dimension).toLowerCase()} `}${valueName(dimension, value)}`;

function Sentence({ dimensions }: { dimensions: readonly ExplainedDimension[] }): JSX.Element {
  const parts = dimensions.slice(0, SENTENCE_PARTS).flatMap((dimension) => {
    const value = leading(dimension);
    return value === undefined ? [] : [{ dimension: dimension.dimension, value }];
  });
  // What most of them share comes first.
  parts.sort((a, b) => b.value.selectedShare - a.value.selectedShare);
  if (parts.length === 0) {
    return <p class="why">{prose('alike')}</p>;
  }
  return (
    <p class="why">
      {parts.map(({ dimension, value }, index) => (
        <span key={dimension}>
          {index === 0 ? '' : index === parts.length - 1 ? ' and ' : ', '}
          <b>
            {percent(value.selectedShare)} {index === 0 ? 'have ' : ''}
            {phraseOf(dimension, value.value)}
          </b>{' '}
          ({percent(value.restShare)} elsewhere)
        </span>
      ))}
      .
    </p>
  );
}
