import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Heatmap } from '../../../lib/store/queries/heatmap';
import { count, duration, plural, tickLabel } from '../format/numbers';
import { interval } from '../format/times';
import type { Box } from '../state/selection';
import { dragBox, setBox, type Corners } from './drag';
import type { Frame } from './frame';
import { drawCells, drawHistogram, drawMarkers, type HeatmapMarker } from './heatmapDrawing';
import { HeatmapScale } from './heatmapScale';
import { moveBox } from './heatmapKeys';
import { usePlot, type Drawing, type Plot } from './plot';
import { timeTicks } from './ticks';
import type { TipContent } from './tip';

interface Properties {
  readonly heatmap: Heatmap;
  readonly box: Box | null;
  readonly onSelect: (box: Box | null, replace?: boolean) => void;
  readonly markers: readonly HeatmapMarker[];
  /** Pixels. */
  readonly height?: number;
  readonly label: string;
}

const HISTOGRAM_WIDTH = 136;
const TICKS = [10, 100, 1_000, 10_000].map((ms) => ({ at: ms, label: tickLabel(ms) }));
/** The count of the selection stands above it, where there is room. */
const FLAG_HEIGHT = 24;

/** How long statements took over time. Dragging selects a box, sideways a band of time; it never zooms by itself. */
export function HeatmapChart({ heatmap, box, onSelect, markers, height = 264, label }: Properties): JSX.Element {
  const scale = useMemo(() => new HeatmapScale(heatmap), [heatmap]);
  // What handlers of the plot read: they outlive a change of the selection.
  const shown = useRef({ box, onSelect });
  shown.current = { box, onSelect };
  const aside = box === null;
  const { element, plot } = usePlot(
    () => drawingOf({ heatmap, scale, markers, height, aside, shown }),
    [heatmap, markers, height, aside],
    (drawn) => {
      dragBox(drawn.over, (corners) => choose(drawn.frame, scale, corners, shown.current.onSelect));
      place(drawn, scale, shown.current.box);
    },
  );
  useEffect(() => {
    if (plot.current === null) return;
    plot.current.redraw();
    place(plot.current, scale, box);
  }, [box, scale]);
  return (
    <div
      class="plot heatmap"
      tabIndex={0}
      role="application"
      aria-roledescription="heatmap"
      aria-label={label}
      onKeyDown={(event) => moveBox(event, scale, box, onSelect)}
    >
      <div ref={element} />
    </div>
  );
}

interface Parts extends Pick<Properties, 'heatmap' | 'markers'> {
  readonly scale: HeatmapScale;
  readonly height: number;
  /** Whether the window's distribution stands beside it. */
  readonly aside: boolean;
  readonly shown: { readonly current: Pick<Properties, 'box' | 'onSelect'> };
}

function drawingOf({ heatmap, scale, markers, height, aside, shown }: Parts): Drawing {
  return {
    height,
    padding: [markers.length > 0 ? 24 : 10, aside ? HISTOGRAM_WIDTH : 20],
    x: { from: scale.fromMs, to: scale.toMs },
    y: { from: scale.lowestMs, to: scale.highestMs, log: true },
    xTicks: (room) => timeTicks(scale.fromMs, scale.toMs, room),
    yTicks: () => TICKS,
    tip: (frame, left, top) => content(frame, left, top, scale),
    draw: (frame) => {
      drawCells(frame, heatmap, scale, shown.current.box);
      drawMarkers(frame, markers);
      if (aside) drawHistogram(frame, heatmap, scale);
    },
  };
}

/** Draws the frame of the selection, with its count. */
function place({ over, frame }: Plot, scale: HeatmapScale, box: Box | null): void {
  over.querySelector('.chosen')?.remove();
  if (box === null) return;
  const [x0, y0, x1, y1] = scale.cellsOf(box);
  const [left, top] = [frame.x(scale.startOf(x0)) - frame.left, frame.y(scale.edge(y1 + 1)) - frame.top];
  const flag = document.createElement('em');
  flag.textContent = `${count(scale.countOf(box))} selected`;
  if (top < FLAG_HEIGHT) flag.className = 'inside';
  const chosen = document.createElement('div');
  chosen.className = 'chosen';
  chosen.append(flag);
  setBox(chosen, left, top, frame.x(scale.startOf(x1 + 1)) - frame.left, frame.y(scale.edge(y0)) - frame.top);
  over.append(chosen);
}

/** What was dragged, as whole cells. */
function choose(frame: Frame, scale: HeatmapScale, corners: Corners, onSelect: Properties['onSelect']): void {
  const column = (x: number): number => scale.columnAt(frame.valueAtX(x));
  const row = (y: number): number => scale.rowAt(frame.valueAtY(y));
  const { left, top, right, bottom } = corners;
  // The far edges lie within the last cell that was touched.
  onSelect(scale.boxOf(column(left), row(top + 0.5), column(right - 0.5), row(bottom - 0.5)));
}

function content(frame: Frame, left: number, top: number, scale: HeatmapScale): TipContent | null {
  const x = scale.columnAt(frame.valueAtX(left));
  const y = scale.rowAt(frame.valueAtY(top));
  const cell = scale.cellAt(x, y);
  if (cell === undefined) return null;
  return {
    title: plural(cell.statements, 'statement'),
    lines: [
      { name: interval(scale.startOf(x), scale.startOf(x + 1)) },
      { name: `${duration(scale.edge(y))} – ${duration(scale.edge(y + 1))}` },
      ...(cell.failed > 0 ? [{ name: `${count(cell.failed)} failed`, color: '--bad' }] : []),
    ],
  };
}
