import type { JSX } from 'preact';
import { duration, percent, tickLabel } from '../format/numbers';
import type { Frame } from './frame';
import { token, type Drawing } from './plot';
import { Plotted } from './Plotted';
import { valueTicks } from './ticks';

export interface StepSeries {
  readonly name: string;
  readonly color: string;
  /** One for each interval, of 1. */
  readonly shares: readonly number[];
  readonly p50Ms: number | null;
}

interface Properties {
  /** Lower bounds of the intervals, each the same factor above the one before. */
  readonly fromMs: readonly number[];
  readonly series: readonly StepSeries[];
  readonly height: number;
  readonly label: string;
}

/** Distributions over a logarithmic axis of time, as steps. */
export function Steps(properties: Properties): JSX.Element {
  const { fromMs, series, height, label } = properties;
  const inputs = [fromMs, series, height];
  return <Plotted drawing={() => drawingOf(properties)} inputs={inputs} label={label} />;
}

/** The axis counts intervals; their bounds are its labels. */
function drawingOf({ fromMs, series, height }: Properties): Drawing {
  const most = Math.max(0.01, ...series.flatMap(({ shares }) => shares)) * 1.08;
  const ticks = fromMs.flatMap((ms, at) =>
    Math.abs(Math.log10(ms) % 1) < 1e-6 ? [{ at, label: tickLabel(Math.round(ms)) }] : [],
  );
  return {
    height,
    x: { from: 0, to: fromMs.length },
    y: { from: 0, to: most },
    xTicks: () => ticks,
    yTicks: (room) => valueTicks(most, room, percent),
    tip: (frame, left) => {
      const index = Math.floor(frame.valueAtX(left));
      const from = fromMs[index];
      if (from === undefined) return null;
      const to = fromMs[index + 1];
      return {
        title: `${duration(Math.round(from))} – ${to === undefined ? 'longer' : duration(Math.round(to))}`,
        lines: series.map(({ name, color, shares }) => ({ name, color, value: percent(shares[index] ?? 0) })),
      };
    },
    draw: (frame) => {
      for (const one of series) drawSteps(frame, one);
    },
  };
}

function drawSteps(frame: Frame, { color, shares }: StepSeries): void {
  const path = new Path2D();
  path.moveTo(frame.x(0), frame.y(0));
  for (const [index, share] of shares.entries()) {
    path.lineTo(frame.x(index), frame.y(share));
    path.lineTo(frame.x(index + 1), frame.y(share));
  }
  path.lineTo(frame.x(shares.length), frame.y(0));
  frame.inside((ctx) => {
    ctx.strokeStyle = ctx.fillStyle = token(color);
    ctx.lineWidth = 1.6;
    ctx.stroke(path);
    ctx.globalAlpha = 0.15;
    ctx.fill(path);
  });
}
