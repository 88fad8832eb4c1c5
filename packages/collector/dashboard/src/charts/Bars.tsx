import type { JSX } from 'preact';
import { short, sumOf } from '../format/numbers';
import { interval } from '../format/times';
import type { Frame } from './frame';
import { drawMoments, token, type Drawing } from './plot';
import { Plotted } from './Plotted';
import { timeTicks, valueTicks } from './ticks';

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
  const inputs = [buckets, categories, fromMs, toMs, bucketMs, height, most];
  return <Plotted drawing={() => drawingOf(properties)} inputs={inputs} label={label} />;
}

function drawingOf(properties: Properties): Drawing {
  const { fromMs, toMs, bucketMs, buckets, categories, height = 150, format = short, moments = [] } = properties;
  const totals = buckets.map(({ values }) => sumOf(values));
  const most = properties.most ?? Math.max(1e-9, ...totals) * 1.08;
  const byTime = new Map(buckets.map((bucket) => [bucket.timeMs, bucket]));
  return {
    height,
    x: { from: fromMs, to: toMs },
    y: { from: 0, to: most },
    xTicks: (room) => timeTicks(fromMs, toMs, room),
    yTicks: (room) => valueTicks(most, room, format),
    tip: (frame, left) => {
      const start = Math.floor(frame.valueAtX(left) / bucketMs) * bucketMs;
      const values = byTime.get(start)?.values ?? [];
      const lines = categories.flatMap(({ name, color }, index) => {
        const value = values[index] ?? 0;
        return value === 0 ? [] : [{ name, color, value: format(value) }];
      });
      return { title: interval(start, start + bucketMs), lines: lines.length > 0 ? lines : [{ name: 'nothing' }] };
    },
    draw: (frame) => {
      const colors = categories.map(({ color }) => token(color));
      drawBars(frame, buckets, bucketMs, colors);
      drawMoments(frame, moments);
    },
  };
}

function drawBars(frame: Frame, buckets: readonly BarsBucket[], bucketMs: number, colors: readonly string[]): void {
  frame.inside((ctx) => {
    for (const { timeMs, values } of buckets) {
      // One of which the window has hardly anything is seen at its edge.
      const start = Math.min(Math.round(frame.x(timeMs)), frame.left + frame.width - 4);
      const end = Math.max(Math.round(frame.x(timeMs + bucketMs)), frame.left + 4);
      let sum = 0;
      for (const [index, value] of values.entries()) {
        if (value <= 0) continue;
        const [low, high] = [Math.round(frame.y(sum)), Math.round(frame.y(sum + value))];
        ctx.fillStyle = colors[index] ?? '';
        // A hair between the parts, and at least one pixel of each.
        ctx.fillRect(start + 1, high, Math.max(1, end - start - 2), Math.max(1, low - high - (sum > 0 ? 1 : 0)));
        sum += value;
      }
    }
  });
}
