import type { JSX } from 'preact';
import uPlot from 'uplot';
import { moment } from '../format/times';
import { drawMoments, timeAxis, token, tzDate, usePlot, valueAxis } from './plot';
import { tip } from './tip';

export interface Line {
  readonly name: string;
  readonly color: string;
  /** One for each moment; null is a gap, never a zero. */
  readonly values: readonly (number | null)[];
}

interface Properties {
  readonly fromMs: number;
  readonly toMs: number;
  readonly timesMs: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  readonly height?: number;
  readonly moments?: readonly number[];
  readonly area?: boolean;
  readonly label: string;
}

/** Lines over time, from zero. */
export function Lines(properties: Properties): JSX.Element {
  const { timesMs, lines, height = 150, label, fromMs, toMs } = properties;
  const { element } = usePlot(
    (parent, width) => build(properties, parent, width),
    [timesMs, lines, height, fromMs, toMs],
  );
  return (
    <div class="plot" role="img" aria-label={label}>
      <div ref={element} />
    </div>
  );
}

function build(properties: Properties, parent: HTMLElement, width: number): uPlot {
  const { fromMs, toMs, timesMs, lines, format, height = 150, moments = [], area = false } = properties;
  return new uPlot(
    {
      width,
      height,
      padding: [8, 18, 0, 0],
      tzDate,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { range: [fromMs / 1000, toMs / 1000] },
        y: { range: (_, _least, most) => [0, (most > 0 ? most : 1) * 1.1] },
      },
      series: [
        {},
        ...lines.map(({ name, color }): uPlot.Series => ({
          label: name,
          stroke: token(color),
          width: 1.6,
          ...(area ? { fill: `${token(color)}22` } : {}),
          points: { show: timesMs.length < 3 },
          spanGaps: false,
        })),
      ],
      axes: [timeAxis(), valueAxis(format)],
      plugins: [
        tip((u) => {
          const { idx } = u.cursor;
          if (idx == null) return null;
          return {
            title: moment(timesMs[idx] ?? 0),
            lines: lines.map(({ name, color, values }) => {
              const value = values[idx];
              return { name, color, value: value == null ? 'no data' : format(value) };
            }),
          };
        }),
      ],
      hooks: { draw: [(u) => drawMoments(u, moments)] },
    },
    [timesMs.map((ms) => ms / 1000), ...lines.map(({ values }) => [...values])],
    parent,
  );
}
