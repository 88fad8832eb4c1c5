import type { RecordBatch } from 'apache-arrow';
import type { ArrowEncoder, BatchBuilder } from './ArrowEncoder';
import type { RowSlice, RowSource } from './RowSource';

/** Rows of one record batch, as a warehouse sends them: a page or file of many rows has several batches. */
const BATCH_ROWS = 4096;

/** Largest number of rows between two looks at the size of what is being built. */
const SIZE_CHECK_ROWS = 2048;

/** Rows on their way into one page or file. */
export class StreamBuilder {
  private readonly batches: RecordBatch[] = [];
  private readonly rowCounts: number[] = [];
  private current: BatchBuilder;
  private sealedBytes = 0;
  rows = 0;

  constructor(private readonly encoder: ArrowEncoder) {
    this.current = encoder.startBatch();
  }

  get byteLength(): number {
    return this.sealedBytes + this.current.byteLength;
  }

  append(slice: RowSlice): void {
    this.current.append(slice);
    this.rows += slice.to - slice.from;
    if (this.current.rows >= BATCH_ROWS) this.seal();
  }

  private seal(): void {
    this.sealedBytes += this.current.byteLength;
    this.rowCounts.push(this.current.rows);
    this.batches.push(this.current.finish());
    this.current = this.encoder.startBatch();
  }

  /** The record batches with their row counts. The builder is used up. */
  finish(): { batches: readonly RecordBatch[]; rowCounts: readonly number[] } {
    if (this.current.rows > 0) this.seal();
    return { batches: this.batches, rowCounts: this.rowCounts };
  }
}

/** What rows are collected into. */
export interface RowSink {
  readonly rows: number;
  readonly byteLength: number;
  append(slice: RowSlice): void;
}

/**
 * Moves rows until `maxRows` are in `sink` or it has `maxBytes`. `checkRows`: rows between two looks at the size.
 * Rejects with what the query throws.
 */
export async function collect(
  rows: RowSource,
  sink: RowSink,
  limits: { maxRows: number; maxBytes: number; checkRows?: number },
): Promise<void> {
  const { maxRows, maxBytes, checkRows = SIZE_CHECK_ROWS } = limits;
  while (sink.rows < maxRows && sink.byteLength < maxBytes) {
    const slice = await rows.next(Math.min(checkRows, maxRows - sink.rows));
    if (!slice) return;
    sink.append(slice);
  }
}
