import type { JSX } from 'preact';

const HEIGHT = 24;

/** A small line without axes: the figure beside it has the number. Unknown values are gaps. */
export function Spark({
  values,
  color = '--ink3',
  width = 56,
}: {
  values: readonly (number | null)[];
  color?: string;
  /** Pixels. */
  width?: number;
}): JSX.Element {
  const most = Math.max(1e-9, ...values.map((value) => value ?? 0));
  const x = (index: number): string => ((index / Math.max(1, values.length - 1)) * width).toFixed(1);
  const y = (value: number): string => (HEIGHT - 1 - (value / most) * (HEIGHT - 3)).toFixed(1);
  let line = '';
  values.forEach((value, index) => {
    if (value === null) return;
    // A value between gaps is a dot.
    line += values[index - 1] == null ? `M${x(index)} ${y(value)}h0` : `L${x(index)} ${y(value)}`;
  });
  const first = values.findIndex((value) => value !== null);
  const whole = first >= 0 && values.slice(first).every((value) => value !== null);
  return (
    <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
      {whole && <path d={`${line}L${width} ${HEIGHT}L${x(first)} ${HEIGHT}Z`} fill={`var(${color})`} opacity="0.18" />}
      <path d={line} fill="none" stroke={`var(${color})`} stroke-width="1.3" stroke-linecap="round" />
    </svg>
  );
}
