import type { JSX } from 'preact';
import type { ExplainedDimension, ExplainedValue, Explanation } from '../../../../lib/store/queries/explain';
import { count, factor, percent, plural } from '../../format/numbers';
import { nameOf, valueName } from '../../format/words';
import { change } from '../../state/address';
import { useAnswer, valueOf } from '../../state/answer';
import type { Box } from '../../state/selection';
import { question } from '../../state/window';
import { Answered, Card } from '../../ui/Panel';

const DIMENSIONS_SHOWN = 4;
const VALUES_SHOWN = 3;
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
  const answer = useAnswer('explain', parameters, (collector, asked) => collector.explain(asked));
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
  const differing = dimensions.filter(({ differs }) => differs);
  const shown = differing.slice(0, DIMENSIONS_SHOWN);
  const less = differing.slice(DIMENSIONS_SHOWN);
  const same = dimensions.filter(({ differs }) => !differs);
  return (
    <>
      <Sentence dimensions={differing} />
      {shown.map((dimension, index) => (
        <Dimension key={dimension.dimension} dimension={dimension} legend={index === 0} />
      ))}
      <div class="foot">
        {less.length > 0 && <div>Less so: {less.map(lessSo).join(', ')}.</div>}
        {same.length > 0 && (
          <div>No difference in {same.map(({ dimension }) => nameOf(dimension).toLowerCase()).join(', ')}.</div>
        )}
      </div>
    </>
  );
}

/** The value that makes most of the difference by being more frequent in the selection. */
const leading = ({ values }: ExplainedDimension): ExplainedValue | undefined =>
  values.find(({ selectedShare, restShare }) => selectedShare > restShare);

function lessSo(dimension: ExplainedDimension): string {
  const value = leading(dimension);
  const name = nameOf(dimension.dimension).toLowerCase();
  if (value === undefined) return name;
  return `${name} ${valueName(dimension.dimension, value.value)} (${percent(value.selectedShare)} against ${percent(value.restShare)})`;
}

function Sentence({ dimensions }: { dimensions: readonly ExplainedDimension[] }): JSX.Element {
  const parts = dimensions.slice(0, SENTENCE_PARTS).flatMap((dimension) => {
    const value = leading(dimension);
    return value === undefined ? [] : [{ dimension: dimension.dimension, value }];
  });
  if (parts.length === 0) {
    return <p class="why">Nothing that was looked at tells them apart from the others.</p>;
  }
  return (
    <p class="why">
      {parts.map(({ dimension, value }, index) => (
        <span key={dimension}>
          {index === 0 ? '' : index === parts.length - 1 ? ' and ' : ', '}
          <b>
            {percent(value.selectedShare)} {index === 0 ? 'are ' : ''}
            {valueName(dimension, value.value)}
          </b>{' '}
          ({percent(value.restShare)} elsewhere)
        </span>
      ))}
      .
    </p>
  );
}

function Dimension({ dimension, legend }: { dimension: ExplainedDimension; legend: boolean }): JSX.Element {
  // What is rare on both sides says nothing.
  const values = dimension.values
    .filter(({ selectedShare, restShare }) => Math.max(selectedShare, restShare) >= 0.01)
    .slice(0, VALUES_SHOWN);
  return (
    <div class="whyd">
      <h3>
        {nameOf(dimension.dimension)}
        {legend && (
          <span class="leg" aria-hidden="true">
            <span>
              <i class="of-selection" />
              selection
            </span>
            <span>
              <i class="of-rest" />
              rest
            </span>
          </span>
        )}
      </h3>
      {values.map((value) => (
        <ValueRow key={value.value} dimension={dimension.dimension} value={value} />
      ))}
    </div>
  );
}

const FILTERS = new Set([
  'service',
  'host',
  'warehouse',
  'driver',
  'driverVersion',
  'runtimeVersion',
  'operation',
  'format',
  'outcome',
  'errorClass',
]);

function ValueRow({ dimension, value }: { dimension: string; value: ExplainedValue }): JSX.Element {
  const name = valueName(dimension, value.value);
  const { selectedShare, restShare } = value;
  const spoken = `${name}: ${percent(selectedShare)} of the selection, ${percent(restShare)} of the rest`;
  const content = (
    <>
      <span class="nm">{name}</span>
      <span class="bs" aria-hidden="true">
        <i class="of-selection" style={{ width: `${selectedShare * 100}%` }} />
        <i class="of-rest" style={{ width: `${restShare * 100}%` }} />
      </span>
      <span class="p">{percent(selectedShare)}</span>
      <span class="p2">{percent(restShare)}</span>
      <span class="x">{timesMore(selectedShare, restShare)}</span>
    </>
  );
  if (!FILTERS.has(dimension)) {
    return (
      <div class="wrow" aria-label={spoken} role="group">
        {content}
      </div>
    );
  }
  return (
    <button
      type="button"
      class="wrow"
      aria-label={`${spoken}. Show only these`}
      title={`Show only ${name}`}
      onClick={() => change({ [`f.${dimension}`]: value.value ?? '(unknown)' })}
    >
      {content}
    </button>
  );
}

function timesMore(selected: number, rest: number): string {
  if (selected <= rest) return '';
  if (rest === 0) return 'only';
  return selected / rest >= 1.15 ? factor(selected / rest) : '';
}
