import type { JSX } from 'preact';
import { RAMP } from './heatmapScale';

/** What the colours between two values stand for. */
export function Ramp({ least = '1', most }: { least?: string; most: string }): JSX.Element {
  return (
    <span class="ramp wide-only" aria-hidden="true">
      {least}
      <span>
        {RAMP.map((color) => (
          <i key={color} style={{ background: `var(${color})` }} />
        ))}
      </span>
      {most}
    </span>
  );
}
