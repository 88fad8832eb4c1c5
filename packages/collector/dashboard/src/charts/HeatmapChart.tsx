import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Heatmap } from '../../../lib/store/queries/heatmap';
import { count, duration, plural } from '../format/numbers';
import { interval } from '../format/times';
import type { Box } from '../state/selection';
import { drawCells, drawHistogram, drawMarkers, GRID_MS, type HeatmapMarker } from './heatmapDrawing';
import { HeatmapScale } from './heatmapScale';
import { moveBox } from './heatmapKeys';
import { timeAxis, token, tzDate, usePlot } from './plot';
import { tip, type TipContent } from './tip';

interface Properties {
  readonly heatmap: Heatmap;
  readonly box: Box | null;
  readonly onSelect: (box: Box | null, replace?: boolean) => void;
  readonly markers: readonly HeatmapMarker[];
  /** Pixels. */
  readonly height?: number;
  readonly label: string;
}

/** Dragging less than this high, in pixels, selects a band of time. */
const BAND_HEIGHT = 24;
const HISTOGRAM_WIDTH = 136;
const TICKS_MS = [10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000];

/** How long statements took over time. Dragging selects a box, sideways a band of time; it never zooms by itself. */
export function HeatmapChart({ heatmap, box, onSelect, markers, height = 264, label }: Properties): JSX.Element {
  const scale = useMemo(() => new HeatmapScale(heatmap), [heatmap]);
  // What handlers of the plot read: they outlive a change of the selection.
  const shown = useRef({ box, onSelect });
  shown.current = { box, onSelect };
  const aside = box === null;
  const { element, plot } = usePlot(
    (parent, width) => build({ parent, width, height, heatmap, scale, markers, aside, shown }),
    [heatmap, markers, height, aside],
  );
  useEffect(() => {
    if (plot.current === null) return;
    place(plot.current, scale, box);
    plot.current.redraw(false);
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

interface Parts {
  readonly parent: HTMLElement;
  readonly width: number;
  readonly height: number;
  readonly heatmap: Heatmap;
  readonly scale: HeatmapScale;
  readonly markers: readonly HeatmapMarker[];
  readonly aside: boolean;
  readonly shown: { readonly current: Pick<Properties, 'box' | 'onSelect'> };
}

function build({ parent, width, height, heatmap, scale, markers, aside, shown }: Parts): uPlot {
  const options: uPlot.Options = {
    width,
    height,
    padding: [markers.length > 0 ? 24 : 10, aside ? HISTOGRAM_WIDTH : 20, 0, 0],
    tzDate,
    legend: { show: false },
    scales: {
      x: { range: [scale.fromMs / 1000, scale.toMs / 1000] },
      y: { distr: 3, log: 10, range: [scale.lowestMs, scale.highestMs] },
    },
    series: [{}, { paths: () => null, points: { show: false } }],
    axes: [timeAxis(), latencyAxis()],
    cursor: {
      points: { show: false },
      y: false,
      drag: { x: true, y: true, uni: BAND_HEIGHT, dist: 5, setScale: false },
    },
    plugins: [tip((u, left, top) => content(u, left, top, scale))],
    hooks: {
      draw: [
        (u) => {
          drawCells(u, heatmap, scale, shown.current.box);
          drawMarkers(u, markers);
          if (aside) drawHistogram(u, heatmap, scale);
        },
      ],
      ready: [
        (u) => {
          place(u, scale, shown.current.box);
          u.over.addEventListener('mousedown', () => selectBox(u)?.classList.add('u-drag'));
        },
      ],
      // A plot forgets its selection when it changes its size.
      setSize: [(u) => requestAnimationFrame(() => place(u, scale, shown.current.box))],
      setSelect: [(u) => choose(u, scale, shown.current.onSelect)],
    },
  };
  return new uPlot(
    options,
    [
      [scale.fromMs / 1000, scale.toMs / 1000],
      [scale.lowestMs, scale.highestMs],
    ],
    parent,
  );
}

function latencyAxis(): uPlot.Axis {
  const labelled: readonly number[] = GRID_MS;
  return {
    stroke: token('--ink3'),
    font: '11px Inter',
    size: 54,
    gap: 8,
    grid: { show: false },
    ticks: { show: false },
    splits: () => TICKS_MS,
    filter: (_, splits) => splits.map((ms) => (labelled.includes(ms) ? ms : null)),
    values: (_, splits) => splits.map((ms) => (ms == null ? '' : ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`)),
  };
}

const selectBox = (u: uPlot): HTMLElement | null => u.root.querySelector<HTMLElement>('.u-select');

/** Draws the frame of the selection, with its count. */
function place(u: uPlot, scale: HeatmapScale, box: Box | null): void {
  const frame = selectBox(u);
  frame?.classList.remove('u-drag');
  frame?.replaceChildren();
  if (box === null) {
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    return;
  }
  const [x0, y0, x1, y1] = scale.cellsOf(box);
  const left = u.valToPos(scale.startOf(x0) / 1000, 'x');
  const top = u.valToPos(scale.edge(y1 + 1), 'y');
  const width = u.valToPos(scale.startOf(x1 + 1) / 1000, 'x') - left;
  u.setSelect({ left, top, width, height: u.valToPos(scale.edge(y0), 'y') - top }, false);
  const flag = document.createElement('em');
  flag.textContent = `${count(scale.countOf(box))} selected`;
  if (top < BAND_HEIGHT) flag.className = 'inside';
  frame?.append(flag);
}

/** What was dragged, as whole cells. */
function choose(u: uPlot, scale: HeatmapScale, onSelect: Properties['onSelect']): void {
  const { left, top, width, height } = u.select;
  if (width < 4 || height < 4) return;
  const column = (x: number): number => scale.columnAt(u.posToVal(x, 'x') * 1000);
  const row = (y: number): number => scale.rowAt(u.posToVal(y, 'y'));
  // The far edges lie within the last cell that was touched.
  onSelect(scale.boxOf(column(left), row(top + 0.5), column(left + width - 0.5), row(top + height - 0.5)));
}

function content(u: uPlot, left: number, top: number, scale: HeatmapScale): TipContent | null {
  const x = scale.columnAt(u.posToVal(left, 'x') * 1000);
  const y = scale.rowAt(u.posToVal(top, 'y'));
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
