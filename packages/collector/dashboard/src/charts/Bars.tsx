import type { JSX } from 'preact';
import uPlot from 'uplot';
import { count } from '../format/numbers';
import { interval } from '../format/times';
import { drawMoments, timeAxis, token, tzDate, usePlot, valueAxis } from './plot';
import { tip } from './tip';

export interface BarsCategory {
  readonly name: string;
  readonly color: string;
}

export interface BarsBucket {
  readonly timeMs: number;
  /** One for each category. */
  readonly values: readonly number[];
}

interface Properties {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bucketMs: number;
  /** Those that hold something; the others are empty. */
  readonly buckets: readonly BarsBucket[];
  readonly categories: readonly BarsCategory[];
  readonly height?: number;
  readonly format?: (value: number) => string;
  readonly moments?: readonly number[];
  /** Top of the axis; what the tallest bar needs when not given. */
  readonly most?: number;
  readonly label: string;
}

/** Stacked bars over time. */
export function Bars(properties: Properties): JSX.Element {
  const { fromMs, toMs, bucketMs, buckets, categories, height = 150, label, most } = properties;
  const { element } = usePlot(
    (parent, width) => build(properties, parent, width),
    [buckets, categories, fromMs, toMs, bucketMs, height, most],
  );
  return (
    <div class="plot" role="img" aria-label={label}>
      <div ref={element} />
    </div>
  );
}

function build(properties: Properties, parent: HTMLElement, width: number): uPlot {
  const { fromMs, toMs, bucketMs, buckets, categories, height = 150, format = count, moments = [] } = properties;
  const totals = buckets.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const most = properties.most ?? Math.max(1e-9, ...totals) * 1.08;
  const byTime = new Map(buckets.map((bucket) => [bucket.timeMs, bucket]));
  return new uPlot(
    {
      width,
      height,
      padding: [8, 18, 0, 0],
      tzDate,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { range: [fromMs / 1000, toMs / 1000] }, y: { range: [0, most] } },
      series: [{}, { paths: () => null, points: { show: false } }],
      axes: [timeAxis(), valueAxis(format)],
      plugins: [
        tip((u, left) => {
          const start = Math.floor((u.posToVal(left, 'x') * 1000) / bucketMs) * bucketMs;
          const values = byTime.get(start)?.values ?? [];
          const lines = categories.flatMap(({ name, color }, index) => {
            const value = values[index] ?? 0;
            return value === 0 ? [] : [{ name, color, value: format(value) }];
          });
          return { title: interval(start, start + bucketMs), lines: lines.length > 0 ? lines : [{ name: 'nothing' }] };
        }),
      ],
      hooks: {
        draw: [
          (u) => {
            drawBars(
              u,
              buckets,
              bucketMs,
              categories.map(({ color }) => token(color)),
            );
            drawMoments(u, moments);
          },
        ],
      },
    },
    [
      [fromMs / 1000, toMs / 1000],
      [0, most],
    ],
    parent,
  );
}

function drawBars(u: uPlot, buckets: readonly BarsBucket[], bucketMs: number, colors: readonly string[]): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  const at = (value: number, axis: 'x' | 'y'): number => Math.round(u.valToPos(value, axis, true));
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  for (const { timeMs, values } of buckets) {
    const [start, end] = [at(timeMs / 1000, 'x'), at((timeMs + bucketMs) / 1000, 'x')];
    let sum = 0;
    for (const [index, value] of values.entries()) {
      if (value <= 0) continue;
      const [low, high] = [at(sum, 'y'), at(sum + value, 'y')];
      ctx.fillStyle = colors[index] ?? '';
      // A hair between the parts, and at least one pixel of each.
      ctx.fillRect(start + 1, high, Math.max(1, end - start - 2), Math.max(1, low - high - (sum > 0 ? 1 : 0)));
      sum += value;
    }
  }
  ctx.restore();
}
