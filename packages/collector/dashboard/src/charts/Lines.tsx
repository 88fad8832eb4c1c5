import type { JSX } from 'preact';
import { moment } from '../format/times';
import type { Frame } from './frame';
import { drawMoments, token, type Drawing } from './plot';
import { Plotted } from './Plotted';
import { timeTicks, valueTicks } from './ticks';

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
  const inputs = [timesMs, lines, height, fromMs, toMs];
  return <Plotted drawing={() => drawingOf(properties)} inputs={inputs} label={label} />;
}

function drawingOf({
  fromMs,
  toMs,
  timesMs,
  lines,
  format,
  height = 150,
  moments = [],
  area = false,
}: Properties): Drawing {
  const most = Math.max(1e-9, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))) * 1.1;
  const stepMs = (timesMs[1] ?? toMs) - (timesMs[0] ?? fromMs);
  return {
    height,
    x: { from: fromMs, to: toMs },
    y: { from: 0, to: most },
    xTicks: (room) => timeTicks(fromMs, toMs, room),
    yTicks: (room) => valueTicks(most, room, format),
    tip: (frame, left) => {
      const index = Math.round((frame.valueAtX(left) - (timesMs[0] ?? 0)) / stepMs);
      const timeMs = timesMs[index];
      if (timeMs === undefined) return null;
      return {
        title: moment(timeMs),
        lines: lines.map(({ name, color, values }) => {
          const value = values[index];
          return { name, color, value: value == null ? 'no data' : format(value) };
        }),
      };
    },
    draw: (frame) => {
      for (const line of lines) drawLine(frame, line, timesMs, area);
      drawMoments(frame, moments);
    },
  };
}

/** A stretch for each run of known values; one that stands alone is a dot. */
function drawLine(frame: Frame, { color, values }: Line, timesMs: readonly number[], area: boolean): void {
  frame.inside((ctx) => {
    ctx.strokeStyle = ctx.fillStyle = token(color);
    ctx.lineWidth = 1.6;
    for (const run of runsOf(values)) {
      const points = run.map((index) => [frame.x(timesMs[index] ?? 0), frame.y(values[index] ?? 0)] as const);
      const [[firstX, firstY] = [0, 0]] = points;
      const lastX = points.at(-1)?.[0] ?? 0;
      const path = new Path2D();
      path.moveTo(firstX, firstY);
      for (const [x, y] of points) path.lineTo(x, y);
      ctx.stroke(path);
      if (points.length === 1) ctx.fillRect(firstX - 1.5, firstY - 1.5, 3, 3);
      if (!area) continue;
      path.lineTo(lastX, frame.y(0));
      path.lineTo(firstX, frame.y(0));
      ctx.globalAlpha = 0.13;
      ctx.fill(path);
      ctx.globalAlpha = 1;
    }
  });
}

/** Indexes of known values, split where one is missing. */
function runsOf(values: readonly (number | null)[]): number[][] {
  const runs: number[][] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const last = runs.at(-1);
    if (last?.at(-1) === index - 1) last.push(index);
    else runs.push([index]);
  }
  return runs;
}
