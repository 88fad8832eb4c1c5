import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { theme, zone } from '../state/preferences';
import { Frame, type Scale } from './frame';
import type { Tick } from './ticks';
import { Tip, type TipContent } from './tip';

const FONT = '11px Inter';
/** At least: longer labels get more. */
const AXIS_WIDTH = 54;
const AXIS_HEIGHT = 24;
/** Room that a label takes on its axis. */
const LABEL_WIDTH = 72;
const LABEL_HEIGHT = 34;

/** A canvas does not wait for a web font: charts are drawn again when it has come. */
const fontReady = signal(false);
document.fonts.load(FONT).then(
  () => (fontReady.value = true),
  () => undefined,
);

const tokens = new Map<string, string>();

/** The value of a token of the style sheet: a canvas knows none. Asking the document each time would cost more than drawing. */
export function token(name: string): string {
  const key = `${theme.peek()} ${name}`;
  const known = tokens.get(key);
  if (known !== undefined) return known;
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  tokens.set(key, value);
  return value;
}

/** What is drawn. Ticks are asked for with how many of them there is room for. */
export interface Drawing {
  /** At least; it takes what its card has. */
  readonly height: number;
  /** Room above and to the right of the frame; 8 and 18 when not given. */
  readonly padding?: readonly [top: number, right: number];
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: (room: number) => readonly Tick[];
  readonly yTicks: (room: number) => readonly Tick[];
  readonly draw: (frame: Frame) => void;
  /** What is under the pointer, counted from the upper left corner of the frame. */
  readonly tip?: (frame: Frame, left: number, top: number) => TipContent | null;
}

export interface Plot {
  /** Takes the pointer; as large as the frame. */
  readonly over: HTMLElement;
  frame: Frame;
  redraw(): void;
}

interface Mounted {
  readonly element: RefObject<HTMLDivElement | null>;
  readonly plot: RefObject<Plot | null>;
}

/** An element with a canvas in it, drawn anew when `inputs`, its size, theme, zone or font change. */
export function usePlot(drawing: () => Drawing, inputs: readonly unknown[], ready?: (plot: Plot) => void): Mounted {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(null);
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return undefined;
    const mounted = mount(box, drawing());
    if (mounted === null) return undefined;
    plot.current = mounted;
    ready?.(mounted);
    let size = sizeOf(box);
    const observer = new ResizeObserver(() => {
      if (box.clientWidth === 0 || sizeOf(box) === size) return;
      size = sizeOf(box);
      mounted.redraw();
      ready?.(mounted);
    });
    observer.observe(box);
    return () => {
      observer.disconnect();
      box.replaceChildren();
      plot.current = null;
    };
  }, [...inputs, theme.value, zone.value, fontReady.value]);
  return { element, plot };
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement): string => `${clientWidth} ${clientHeight}`;

function mount(box: HTMLElement, drawing: Drawing): Plot | null {
  const canvas = document.createElement('canvas');
  const ctx = canvas.getContext('2d');
  if (ctx === null) return null;
  const over = document.createElement('div');
  over.className = 'over';
  box.style.minHeight = `${drawing.height}px`;
  box.replaceChildren(canvas, over);
  const plot: Plot = {
    over,
    frame: drawAll(canvas, ctx, over, box, drawing),
    redraw() {
      plot.frame = drawAll(canvas, ctx, over, box, drawing);
    },
  };
  const { tip } = drawing;
  if (tip !== undefined) new Tip(over, (left, top) => tip(plot.frame, left, top));
  return plot;
}

function drawAll(
  canvas: HTMLCanvasElement,
  ctx: CanvasRenderingContext2D,
  over: HTMLElement,
  { clientWidth: width, clientHeight: height }: HTMLElement,
  { padding: [above, right] = [8, 18], x, y, xTicks, yTicks, draw }: Drawing,
): Frame {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  ctx.scale(ratio, ratio);
  ctx.font = FONT;
  const outer = Math.max(1, height - above - AXIS_HEIGHT);
  const values = yTicks(Math.floor(outer / LABEL_HEIGHT));
  const left = Math.max(AXIS_WIDTH, ...values.map(({ label }) => ctx.measureText(label).width + 12));
  const inner = Math.max(1, width - left - right);
  const frame = new Frame(ctx, left, above, inner, outer, x, y);
  over.style.left = `${left}px`;
  over.style.top = `${above}px`;
  over.style.width = `${inner}px`;
  over.style.height = `${outer}px`;
  drawAxes(frame, xTicks(Math.floor(inner / LABEL_WIDTH)), values);
  draw(frame);
  return frame;
}

function drawAxes(frame: Frame, xTicks: readonly Tick[], yTicks: readonly Tick[]): void {
  const { ctx, left, top, width, height } = frame;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'right';
  for (const { at, label } of yTicks) {
    const y = Math.round(frame.y(at));
    ctx.fillStyle = token('--grid');
    ctx.fillRect(left, y, width, 1);
    ctx.fillStyle = token('--ink3');
    ctx.fillText(label, left - 8, y);
  }
  ctx.textAlign = 'center';
  for (const { at, label } of xTicks) {
    const x = Math.round(frame.x(at));
    ctx.fillStyle = token('--line2');
    ctx.fillRect(x, top + height, 1, 4);
    ctx.fillStyle = token('--ink3');
    ctx.fillText(label, x, top + height + 15);
  }
  ctx.textAlign = 'left';
}

/** Dashed lines at moments. */
export function drawMoments(frame: Frame, moments: readonly number[]): void {
  frame.inside((ctx) => {
    ctx.strokeStyle = token('--ink3');
    ctx.setLineDash([3, 3]);
    for (const ms of moments) {
      const x = Math.round(frame.x(ms)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, frame.top);
      ctx.lineTo(x, frame.top + frame.height);
      ctx.stroke();
    }
  });
}
