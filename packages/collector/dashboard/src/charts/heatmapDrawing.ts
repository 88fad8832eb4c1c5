import type { Heatmap } from '../../../lib/store/queries/heatmap';
import { duration } from '../format/numbers';
import type { Box } from '../state/selection';
import type { Frame } from './frame';
import { RAMP, type HeatmapScale } from './heatmapScale';
import { token } from './plot';

export interface HeatmapMarker {
  readonly timeMs: number;
  readonly label: string;
}

const DIMMED = 0.38;
const SHARE_WIDTH = 40;
/** Longer values stand closer. */
const VALUE_WIDTH = 50;
const LABEL_HEIGHT = 14;

/** Cells of the selection in full, the others dimmed. */
export function drawCells(frame: Frame, heatmap: Heatmap, scale: HeatmapScale, box: Box | null): void {
  const ramp = RAMP.map(token);
  const chosen = box === null ? null : scale.cellsOf(box);
  const edges = [...heatmap.rowsFromMs, scale.highestMs].map((ms) => Math.round(frame.y(ms)));
  const columns = Array.from({ length: heatmap.columns + 1 }, (_, x) => Math.round(frame.x(scale.startOf(x))));
  frame.inside((ctx) => {
    for (const { x, y, statements } of heatmap.cells) {
      const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = [columns[x], columns[x + 1], edges[y + 1], edges[y]];
      ctx.globalAlpha = chosen === null || isWithin(chosen, x, y) ? 1 : DIMMED;
      ctx.fillStyle = ramp[scale.stepOf(statements)] ?? '';
      ctx.fillRect(x0, y0, Math.max(1, x1 - x0 - 1), Math.max(1, y1 - y0 - 1));
    }
  });
}

function isWithin([x0, y0, x1, y1]: readonly [number, number, number, number], x: number, y: number): boolean {
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

export function drawMarkers(frame: Frame, markers: readonly HeatmapMarker[]): void {
  const { ctx, left, top, width, height } = frame;
  let free = -Infinity;
  ctx.save();
  ctx.font = '500 11px Inter';
  ctx.strokeStyle = ctx.fillStyle = token('--ink2');
  for (const { timeMs, label } of markers) {
    const x = Math.round(frame.x(timeMs)) + 0.5;
    if (x < left || x > left + width) continue;
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(x, top - 4);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - 4, top - 8);
    ctx.lineTo(x + 4, top - 8);
    ctx.lineTo(x, top - 2);
    ctx.fill();
    const room = ctx.measureText(label).width;
    const start = x + 9 + room > left + width ? x - 9 - room : x + 9;
    // A label that another one covers is left to the table.
    if (start < free) continue;
    ctx.fillText(label, start, top - 12);
    free = start + room + 8;
  }
  ctx.restore();
}

/** Beside the heatmap: how the window's statements are spread, with its quantiles. */
export function drawHistogram(frame: Frame, { histogram, quantiles, rowsFromMs }: Heatmap, scale: HeatmapScale): void {
  const { ctx } = frame;
  const start = frame.left + frame.width + 12;
  const most = Math.max(1, ...histogram);
  ctx.save();
  ctx.fillStyle = token('--h5');
  ctx.globalAlpha = 0.55;
  for (const [row, statements] of histogram.entries()) {
    if (statements === 0) continue;
    const top = Math.round(frame.y(scale.edge(row + 1)));
    const bottom = Math.round(frame.y(rowsFromMs[row] ?? 1));
    ctx.fillRect(start, top, Math.max(1, (statements / most) * SHARE_WIDTH), Math.max(1, bottom - top - 1));
  }
  ctx.globalAlpha = 1;
  ctx.font = '10.5px Inter';
  let free = -Infinity;
  // The last label has room above the end of the frame.
  let least = frame.top + frame.height - 3 * LABEL_HEIGHT;
  for (const name of ['p99', 'p95', 'p50'] as const) {
    least += LABEL_HEIGHT;
    const value = quantiles[name];
    if (value === null) continue;
    const y = Math.round(frame.y(Math.max(scale.lowestMs, Math.min(scale.highestMs, value))));
    ctx.fillStyle = token('--ink2');
    ctx.fillRect(start - 3, y, SHARE_WIDTH + 6, 1);
    const textY = Math.min(Math.max(y, free), least);
    free = textY + LABEL_HEIGHT;
    ctx.fillStyle = token('--ink3');
    ctx.fillText(name, start + SHARE_WIDTH + 8, textY);
    ctx.fillStyle = token('--ink');
    ctx.fillText(duration(value), start + SHARE_WIDTH + 32, textY, VALUE_WIDTH);
  }
  ctx.restore();
}
