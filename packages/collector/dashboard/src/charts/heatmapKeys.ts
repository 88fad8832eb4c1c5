import type { Box } from '../state/selection';
import type { HeatmapScale } from './heatmapScale';

const MOVES: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
const FIRST_MS = 1_000;
const FIRST_COLUMNS = 10;

/** The box without a mouse: arrows move it, Shift and arrows size it, Escape takes it away. */
export function moveBox(
  event: KeyboardEvent,
  scale: HeatmapScale,
  box: Box | null,
  onSelect: (box: Box | null, replace?: boolean) => void,
): void {
  if (event.key === 'Escape' && box !== null) {
    event.stopPropagation();
    onSelect(null);
    return;
  }
  const move = MOVES[event.key];
  if (move === undefined) return;
  event.preventDefault();
  if (box === null) {
    const last = scale.columnAt(scale.toMs);
    onSelect(scale.boxOf(last - FIRST_COLUMNS, scale.rowAt(FIRST_MS), last, scale.rowAt(Infinity)));
    return;
  }
  const [x0, y0, x1, y1] = scale.cellsOf(box);
  const [dx, dy] = move;
  const next = event.shiftKey
    ? scale.boxOf(x0, y0, Math.max(x0, x1 + dx), Math.max(y0, y1 + dy))
    : scale.boxOf(x0 + dx, y0 + dy, x1 + dx, y1 + dy);
  // One step of the way back for the whole walk.
  onSelect(next, true);
}
