import type { JSX } from 'preact';
import { StackBar } from '../../charts/StackBar';
import { short } from '../../format/numbers';
import { useAnswer, valueOf } from '../../state/answer';
import { asked } from '../../state/window';

const DAY_MS = 86_400_000;

/** What a rate leaves of the statements of a day; failed ones are always sent. */
export function Load({ service, rate }: { service: string | null; rate: number }): JSX.Element | null {
  const window = { from: asked.value - DAY_MS, to: asked.value };
  const known = valueOf(useAnswer('overview', service === null ? window : { ...window, service }));
  if (known === undefined || known.current.statements === 0) return null;
  const { statements, failed } = known.current;
  const left = Math.round(failed + (statements - failed) * rate);
  const words = `about ${short(left)} statements a day instead of ${short(statements)}`;
  return (
    <div class="load">
      <StackBar parts={[{ name: words, value: left, color: '--h5' }]} of={statements} label={words} />
      <span class="quiet">{words}</span>
    </div>
  );
}
