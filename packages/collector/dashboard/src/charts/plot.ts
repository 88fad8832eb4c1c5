import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { clock, day } from '../format/times';
import { theme, zone } from '../state/preferences';

const FONT = '11px Inter';
const DAY_MS = 86_400_000;

/** A canvas does not wait for a web font: charts are drawn again when it has come. */
const fontReady = signal(false);
document.fonts.load(FONT).then(
  () => (fontReady.value = true),
  () => undefined,
);

/** The value of a token of the style sheet: a canvas knows none. */
export const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export type Build = (element: HTMLElement, width: number) => uPlot;

/** An element in which `build` draws; drawn anew when `inputs`, theme, zone or font change, and as wide as its parent. */
export function usePlot(
  build: Build,
  inputs: readonly unknown[],
): { readonly element: RefObject<HTMLDivElement | null>; readonly plot: RefObject<uPlot | null> } {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return undefined;
    let width = box.clientWidth;
    const drawn = build(box, width);
    plot.current = drawn;
    const observer = new ResizeObserver(() => {
      if (box.clientWidth === 0 || Math.abs(box.clientWidth - width) < 2) return;
      width = box.clientWidth;
      drawn.setSize({ width, height: drawn.height });
    });
    observer.observe(box);
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [...inputs, theme.value, zone.value, fontReady.value]);
  return { element, plot };
}

export const tzDate = (seconds: number): Date =>
  zone.value === 'utc' ? uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') : new Date(seconds * 1000);

/** An axis of time whose ticks are clock times, or days where the window is long. */
export function timeAxis(): uPlot.Axis {
  return {
    stroke: token('--ink3'),
    font: FONT,
    size: 24,
    gap: 6,
    space: 72,
    grid: { show: false },
    ticks: { show: true, stroke: token('--line2'), width: 1, size: 4 },
    values: (u, splits) => {
      const long = ((u.scales['x']?.max ?? 0) - (u.scales['x']?.min ?? 0)) * 1000 > 2.5 * DAY_MS;
      return splits.map((seconds) => {
        const ms = seconds * 1000;
        if (!long) return clock(ms);
        return clock(ms) === '00:00' ? day(ms) : `${day(ms)} ${clock(ms)}`;
      });
    },
  };
}

export function valueAxis(format: (value: number) => string): uPlot.Axis {
  return {
    stroke: token('--ink3'),
    font: FONT,
    size: 54,
    gap: 8,
    space: 34,
    grid: { stroke: token('--grid'), width: 1 },
    ticks: { show: false },
    values: (_, splits) => splits.map(format),
  };
}

/** Dashed lines at moments. `bbox` is in canvas pixels. */
export function drawMoments(u: uPlot, moments: readonly number[]): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  ctx.save();
  ctx.strokeStyle = token('--ink3');
  ctx.setLineDash([3 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
  for (const ms of moments) {
    const x = Math.round(u.valToPos(ms / 1000, 'x', true)) + 0.5;
    if (x < left || x > left + width) continue;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
  }
  ctx.restore();
}
