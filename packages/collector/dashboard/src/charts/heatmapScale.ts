import type { Heatmap } from '../../../lib/store/queries/heatmap';
import type { Box } from '../state/selection';

/** Tokens of the ramp, from few to many. */
export const RAMP = ['--h1', '--h2', '--h3', '--h4', '--h5', '--h6', '--h7', '--h8'] as const;

/** Rows and columns of a heatmap, and what they stand for. The outer rows are open: they hold the outliers. */
export class HeatmapScale {
  readonly fromMs: number;
  readonly toMs: number;
  readonly lowestMs: number;
  readonly highestMs: number;
  readonly most: number;
  private readonly rows: number;
  private readonly ratio: number;
  private readonly cells = new Map<number, { readonly statements: number; readonly failed: number }>();

  constructor(private readonly heatmap: Heatmap) {
    const { startMs, bucketMs, columns, rowsFromMs, cells } = heatmap;
    this.fromMs = startMs;
    this.toMs = startMs + columns * bucketMs;
    this.rows = rowsFromMs.length;
    this.lowestMs = rowsFromMs[0] ?? 1;
    this.ratio = (rowsFromMs[1] ?? 10) / this.lowestMs;
    this.highestMs = this.edge(this.rows);
    let most = 1;
    for (const { x, y, statements, failed } of cells) {
      this.cells.set(x * this.rows + y, { statements, failed });
      most = Math.max(most, statements);
    }
    this.most = most;
  }

  /** Lower bound of a row in milliseconds. */
  edge(row: number): number {
    return this.lowestMs * this.ratio ** row;
  }

  columnAt(ms: number): number {
    return clamp(Math.floor((ms - this.fromMs) / this.heatmap.bucketMs), 0, this.heatmap.columns - 1);
  }

  rowAt(ms: number): number {
    // The bound of a row belongs to it, also where its logarithm is a hair below.
    const row = Math.floor(Math.log(Math.max(ms, this.lowestMs) / this.lowestMs) / Math.log(this.ratio) + 1e-9);
    return clamp(row, 0, this.rows - 1);
  }

  cellAt(x: number, y: number): { readonly statements: number; readonly failed: number } | undefined {
    return this.cells.get(x * this.rows + y);
  }

  startOf(column: number): number {
    return this.fromMs + column * this.heatmap.bucketMs;
  }

  /** Step of the ramp, by the logarithm of the count. */
  stepOf(statements: number): number {
    return Math.min(RAMP.length - 1, Math.floor((Math.log(statements) / Math.log(this.most + 1)) * RAMP.length));
  }

  /** The box of whole cells from one corner to the other, both included. */
  boxOf(x0: number, y0: number, x1: number, y1: number): Box {
    const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)].map((x) => clamp(x, 0, this.heatmap.columns - 1));
    const [low, high] = [Math.min(y0, y1), Math.max(y0, y1)].map((y) => clamp(y, 0, this.rows - 1));
    return {
      fromMs: this.startOf(left ?? 0),
      toMs: this.startOf((right ?? 0) + 1),
      // Durations are whole milliseconds, so these bounds are exactly those of the rows.
      minMs: low === undefined || low === 0 ? null : Math.ceil(this.edge(low)),
      maxMs: high === undefined || high === this.rows - 1 ? null : Math.ceil(this.edge(high + 1)),
    };
  }

  /** The corners of a box, as cells. */
  cellsOf({ fromMs, toMs, minMs, maxMs }: Box): readonly [x0: number, y0: number, x1: number, y1: number] {
    return [
      this.columnAt(fromMs),
      minMs === null ? 0 : this.rowAt(minMs),
      this.columnAt(toMs - 1),
      maxMs === null ? this.rows - 1 : this.rowAt(maxMs - 1),
    ];
  }

  /** Statements in the box. */
  countOf(box: Box): number {
    const [x0, y0, x1, y1] = this.cellsOf(box);
    return this.heatmap.cells.reduce(
      (sum, { x, y, statements }) => sum + (x >= x0 && x <= x1 && y >= y0 && y <= y1 ? statements : 0),
      0,
    );
  }
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));
