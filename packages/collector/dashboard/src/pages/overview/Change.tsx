import type { JSX } from 'preact';
import type { Overview } from '../../../../lib/store/queries/overview';
import { factor, lengthOf, percent } from '../../format/numbers';

type Window = Overview['current'];

interface ShareChangeProperties {
  readonly current: Window;
  readonly previous: Window;
  readonly part: 'failed' | 'retried';
}

/** Of two shares; coloured only when chance does not explain the difference. */
export function ShareChange({ current, previous, part }: ShareChangeProperties): JSX.Element {
  const [a, b] = [current[part] ?? NaN, previous[part] ?? NaN];
  const [na, nb] = [current.statements, previous.statements];
  const pooled = (a + b) / (na + nb);
  const z = Math.abs(a / na - b / nb) / Math.sqrt(pooled * (1 - pooled) * (1 / na + 1 / nb));
  // Estimated counts are no measure of what chance does.
  const estimated = (current.sampled ?? previous.sampled) !== null;
  return <Change of={a / na} before={b / nb} window={previous} neutral={!(z >= 1.96) || estimated} />;
}

interface ChangeProperties {
  /** NaN where it is not known. */
  readonly of: number;
  readonly before: number;
  /** The window before. */
  readonly window: Window;
  /** More is neither better nor worse, or the difference may be chance. */
  readonly neutral: boolean;
}

const SAME = 0.03;

/** How a figure stands to that of the window before. */
export function Change({ of, before, window, neutral }: ChangeProperties): JSX.Element {
  const length = lengthOf(window.toMs - window.fromMs);
  if (window.statements === 0) return <>nothing in the {length} before</>;
  const ratio = of === before ? 1 : of / before;
  if (Number.isNaN(ratio)) return <>&nbsp;</>;
  if (Math.abs(ratio - 1) < SAME) return <>unchanged vs previous {length}</>;
  const up = ratio > 1;
  const size = ratio === Infinity ? 'from none' : ratio >= 2 ? factor(ratio) : percent(Math.abs(ratio - 1));
  return (
    <>
      <span class={neutral ? '' : up ? 'is-bad' : 'is-good'}>
        {up ? '↑' : '↓'} {size}
      </span>{' '}
      vs previous {length}
    </>
  );
}
