import uPlot from 'uplot';
import type { Heatmap } from '../../../lib/store/queries/heatmap';
import { duration } from '../format/numbers';
import type { Box } from '../state/selection';
import { RAMP, type HeatmapScale } from './heatmapScale';
import { token } from './plot';

export interface HeatmapMarker {
  readonly timeMs: number;
  readonly label: string;
}

export const GRID_MS = [10, 100, 1_000, 10_000] as const;
const DIMMED = 0.38;
const SHARE_WIDTH = 40;

/** Cells of the selection in full, the others dimmed. */
export function drawCells(u: uPlot, heatmap: Heatmap, scale: HeatmapScale, box: Box | null): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  const ramp = RAMP.map(token);
  const chosen = box === null ? null : scale.cellsOf(box);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.fillStyle = token('--grid');
  for (const ms of GRID_MS) ctx.fillRect(left, Math.round(u.valToPos(ms, 'y', true)), width, 1);
  const edges = heatmap.rowsFromMs.map((ms) => Math.round(u.valToPos(ms, 'y', true)));
  edges.push(Math.round(u.valToPos(scale.highestMs, 'y', true)));
  const columns = Array.from({ length: heatmap.columns + 1 }, (_, x) =>
    Math.round(u.valToPos(scale.startOf(x) / 1000, 'x', true)),
  );
  for (const { x, y, statements } of heatmap.cells) {
    const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = [columns[x], columns[x + 1], edges[y + 1], edges[y]];
    ctx.globalAlpha = chosen === null || isWithin(chosen, x, y) ? 1 : DIMMED;
    ctx.fillStyle = ramp[scale.stepOf(statements)] ?? '';
    ctx.fillRect(x0, y0, Math.max(1, x1 - x0 - 1), Math.max(1, y1 - y0 - 1));
  }
  ctx.restore();
}

function isWithin([x0, y0, x1, y1]: readonly [number, number, number, number], x: number, y: number): boolean {
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

export function drawMarkers(u: uPlot, markers: readonly HeatmapMarker[]): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  const k = uPlot.pxRatio;
  let free = -Infinity;
  ctx.save();
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.font = `500 ${11 * k}px Inter`;
  ctx.strokeStyle = ctx.fillStyle = token('--ink2');
  ctx.lineWidth = k;
  for (const { timeMs, label } of markers) {
    const x = Math.round(u.valToPos(timeMs / 1000, 'x', true)) + 0.5;
    if (x < left || x > left + width) continue;
    ctx.setLineDash([3 * k, 3 * k]);
    ctx.beginPath();
    ctx.moveTo(x, top - 4 * k);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(x - 4 * k, top - 8 * k);
    ctx.lineTo(x + 4 * k, top - 8 * k);
    ctx.lineTo(x, top - 2 * k);
    ctx.fill();
    const room = ctx.measureText(label).width;
    const flips = x + 9 * k + room > left + width;
    const start = flips ? x - 9 * k - room : x + 9 * k;
    // A label that another one covers is left to the table.
    if (start < free) continue;
    ctx.fillText(label, start, top - 12 * k);
    free = start + room + 8 * k;
  }
  ctx.restore();
}

/** Beside the heatmap: how the window's statements are spread, with its quantiles. */
export function drawHistogram(u: uPlot, { histogram, quantiles, rowsFromMs }: Heatmap, scale: HeatmapScale): void {
  const { ctx } = u;
  const k = uPlot.pxRatio;
  const start = u.bbox.left + u.bbox.width + 12 * k;
  const most = Math.max(1, ...histogram);
  ctx.save();
  ctx.fillStyle = token('--h5');
  ctx.globalAlpha = 0.55;
  for (const [row, statements] of histogram.entries()) {
    if (statements === 0) continue;
    const top = Math.round(u.valToPos(scale.edge(row + 1), 'y', true));
    const bottom = Math.round(u.valToPos(rowsFromMs[row] ?? 1, 'y', true));
    ctx.fillRect(start, top, Math.max(k, (statements / most) * SHARE_WIDTH * k), Math.max(1, bottom - top - 1));
  }
  ctx.globalAlpha = 1;
  ctx.lineWidth = k;
  ctx.strokeStyle = token('--ink2');
  ctx.font = `${10.5 * k}px Inter`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  let free = -Infinity;
  for (const name of ['p99', 'p95', 'p50'] as const) {
    const value = quantiles[name];
    if (value === null) continue;
    const y = Math.round(u.valToPos(Math.max(scale.lowestMs, Math.min(scale.highestMs, value)), 'y', true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(start - 3 * k, y);
    ctx.lineTo(start + (SHARE_WIDTH + 3) * k, y);
    ctx.stroke();
    const textY = Math.max(y, free);
    free = textY + 14 * k;
    ctx.fillStyle = token('--ink3');
    ctx.fillText(name, start + (SHARE_WIDTH + 8) * k, textY);
    ctx.fillStyle = token('--ink');
    ctx.fillText(duration(value), start + (SHARE_WIDTH + 32) * k, textY);
  }
  ctx.restore();
}
