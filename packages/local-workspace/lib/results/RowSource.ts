import type { DuckDBDataChunk } from '@duckdb/node-api';

/** Rows `from` (inclusive) to `to` (exclusive) of a chunk. */
export interface RowSlice {
  readonly chunk: DuckDBDataChunk;
  readonly from: number;
  readonly to: number;
}

/** Where chunks come from: undefined after the last. Rejects when the query fails. */
export interface ChunkSource {
  fetchChunk(): Promise<DuckDBDataChunk | undefined>;
}

/** The rows of a running or finished DuckDB query, in bounded pieces. */
export class RowSource {
  private readonly buffered: DuckDBDataChunk[] = [];
  private bufferedRows = 0;
  private offset = 0;
  private ended = false;
  private discarded = false;
  private failure: Error | undefined;

  constructor(private readonly source: ChunkSource) {}

  /** Rows that can be had without waiting. */
  get available(): number {
    return this.bufferedRows - this.offset;
  }

  /** Every row was read from the database. */
  get drained(): boolean {
    return this.ended;
  }

  /** There is nothing left to read. */
  get empty(): boolean {
    return (this.ended || this.discarded) && this.available === 0;
  }

  /** Chunks that are buffered, for a look at the data before it is encoded. */
  peek(): readonly DuckDBDataChunk[] {
    return this.buffered;
  }

  /** Gives up what was not read; reading on rejects with `failure`, or is at the end. */
  discard(failure?: Error): void {
    this.buffered.length = 0;
    this.bufferedRows = 0;
    this.offset = 0;
    this.discarded = true;
    this.failure ??= failure;
  }

  /** Reads until `rows` are available or the result ends. Rejects with what the query throws. */
  async fill(rows: number): Promise<void> {
    while (!this.ended && !this.discarded && this.available < rows) {
      const chunk = await this.source.fetchChunk();
      if (!chunk) {
        this.ended = true;
        return;
      }
      if (this.discarded) break;
      this.buffered.push(chunk);
      this.bufferedRows += chunk.rowCount;
    }
    if (this.failure) throw this.failure;
  }

  /** The next rows of one chunk, at most `max`; undefined at the end. */
  async next(max: number): Promise<RowSlice | undefined> {
    await this.fill(1);
    const chunk = this.buffered[0];
    if (!chunk) return undefined;
    const from = this.offset;
    const to = Math.min(chunk.rowCount, from + max);
    if (to < chunk.rowCount) this.offset = to;
    else {
      this.buffered.shift();
      this.bufferedRows -= chunk.rowCount;
      this.offset = 0;
    }
    return { chunk, from, to };
  }

  /** Whether a further row exists; reads ahead to know. */
  async hasMore(): Promise<boolean> {
    await this.fill(1);
    return this.available > 0;
  }
}
