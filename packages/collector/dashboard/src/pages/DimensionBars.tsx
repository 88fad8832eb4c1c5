import type { JSX } from 'preact';
import type { ExplainedDimension, ExplainedValue } from '../../../lib/store/queries/explain';
import { factor, percent } from '../format/numbers';
import { nameOf, valueName } from '../format/words';
import { change } from '../state/address';

const VALUES_SHOWN = 3;

interface Properties {
  readonly dimension: ExplainedDimension;
  /** What the two bars are called, where it is said. */
  readonly legend?: readonly [selection: string, rest: string];
}

/** The values of one dimension: how frequent each is in the selection, and how frequent elsewhere. */
export function DimensionBars({ dimension, legend }: Properties): JSX.Element {
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
        <i class="of-selection" style={{ width: `${selectedShare * 100}%` }} />
        <i class="of-rest" style={{ width: `${restShare * 100}%` }} />
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
    <button
      type="button"
      class="wrow"
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
