import type { JSX } from 'preact';
import { count } from '../format/numbers';
import { RAMP } from './heatmapScale';

/** What the colours of a heatmap stand for. */
export function Ramp({ most, unit = 'statements' }: { most: number; unit?: string }): JSX.Element {
  return (
    <span class="ramp wide-only" aria-hidden="true">
      1
      <span>
        {RAMP.map((color) => (
          <i key={color} style={{ background: `var(${color})` }} />
        ))}
      </span>
      {count(most)} {unit}
    </span>
  );
}
