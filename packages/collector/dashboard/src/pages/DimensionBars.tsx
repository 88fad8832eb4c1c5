import type { ComponentChildren, CSSProperties, JSX } from 'preact';
import type { ExplainedDimension, ExplainedValue } from '../../../lib/store/queries/explain';
import { factor, percent } from '../format/numbers';
import { nameOf, valueName } from '../format/words';
import { change, only } from '../state/address';

const VALUES_SHOWN = 3;

interface Properties {
  readonly dimension: ExplainedDimension;
  /** What the two bars are called, where it is said. */
  readonly legend?: readonly [selection: string, rest: string];
}

const DIMENSIONS_SHOWN = 4;

interface ListProperties {
  readonly dimensions: readonly ExplainedDimension[];
  readonly legend: NonNullable<Properties['legend']>;
  /** Between the bars and what does not differ: of those for which there is no room. */
  readonly less?: (dimensions: readonly ExplainedDimension[]) => ComponentChildren;
}

/** The dimensions that differ most, with their values, and then those that do not. */
export function DimensionList({ dimensions, legend, less }: ListProperties): JSX.Element {
  const differing = dimensions.filter(({ differs }) => differs);
  const same = dimensions.filter(({ differs }) => !differs);
  return (
    <>
      {differing.slice(0, DIMENSIONS_SHOWN).map((dimension, index) => (
        <DimensionBars key={dimension.dimension} dimension={dimension} {...(index === 0 ? { legend } : {})} />
      ))}
      <div class="foot">
        {less?.(differing.slice(DIMENSIONS_SHOWN))}
        {same.length > 0 &&
          `No difference in ${same.map(({ dimension }) => nameOf(dimension).toLowerCase()).join(', ')}.`}
      </div>
    </>
  );
}

/** The values of one dimension: how frequent each is in the selection, and how frequent elsewhere. */
function DimensionBars({ dimension, legend }: Properties): JSX.Element {
  // What is rare on both sides says nothing.
  const values = dimension.values
    .filter(({ selectedShare, restShare }) => Math.max(selectedShare, restShare) >= 0.01)
    .slice(0, VALUES_SHOWN);
  return (
    <div class="whyd">
      <h3>
        {nameOf(dimension.dimension)}
        {legend !== undefined && (
          <span class="leg" aria-hidden="true">
            <span>
              <i class="of-selection" />
              {legend[0]}
            </span>
            <span>
              <i class="of-rest" />
              {legend[1]}
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

const FILTERS = new Set(
  'service host warehouse driver driverVersion runtimeVersion operation format outcome errorClass'.split(' '),
);

function ValueRow({ dimension, value }: { dimension: string; value: ExplainedValue }): JSX.Element {
  const name = valueName(dimension, value.value);
  const { selectedShare, restShare } = value;
  const content = (
    <>
      <span class="nm">{name}</span>
      <span class="bs" aria-hidden="true">
        <i class="of-selection" style={barOf(selectedShare)} />
        <i class="of-rest" style={barOf(restShare)} />
      </span>
      <span class="p">
        {percent(selectedShare)}
        <span class="vh"> of the selection, </span>
      </span>
      <span class="p2">
        {percent(restShare)}
        <span class="vh"> of the rest </span>
      </span>
      <span class="x">{timesMore(selectedShare, restShare)}</span>
    </>
  );
  if (!FILTERS.has(dimension)) {
    return <div class="wrow">{content}</div>;
  }
  return (
    <button type="button" class="wrow" title={`Show only ${name}`} onClick={() => change(only(dimension, value.value))}>
      {content}
    </button>
  );
}

/** Little can be seen, nothing cannot. */
const barOf = (share: number): CSSProperties => ({ width: `${share * 100}%`, minWidth: share && '2px' });

function timesMore(selected: number, rest: number): string {
  if (selected <= rest) return '';
  if (rest === 0) return 'only';
  return selected / rest >= 1.15 ? factor(selected / rest) : '';
}
