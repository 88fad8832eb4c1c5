import type { JSX } from 'preact';
import { sumOf } from '../format/numbers';

export interface StackPart {
  readonly name: string;
  /** Unknown parts are not drawn. */
  readonly value: number | null;
  readonly color: string;
}

/** Parts of a whole as one bar. `of`: what the full width stands for, the sum when not given. */
export function StackBar({
  parts,
  of,
  big = false,
  label,
}: {
  parts: readonly StackPart[];
  of?: number;
  big?: boolean | undefined;
  label: string;
}): JSX.Element {
  const sum = sumOf(parts, ({ value }) => Math.max(0, value ?? 0));
  const whole = Math.max(of ?? sum, 1e-9);
  return (
    <div class={big ? 'bar big' : 'bar'} role="img" aria-label={label}>
      {parts.map(({ name, value, color }) =>
        value === null || value <= 0 ? null : (
          <i key={name} title={name} style={{ width: `${(value / whole) * 100}%`, background: `var(${color})` }} />
        ),
      )}
    </div>
  );
}
