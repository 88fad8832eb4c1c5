import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import type { Turns } from './Turns';

/** The row of a query that has one at most: it is run to its end at once, which a QueryStream has to find out. */
export class SingleRow {
  private isRead = false;

  private constructor(readonly result: DuckDBResult) {}

  /** Rejects with what the query throws. */
  static async open(
    connection: DuckDBConnection,
    sql: string,
    signal: AbortSignal,
    { turns, tenant }: { turns: Turns; tenant: string },
  ): Promise<SingleRow> {
    return new SingleRow(await turns.run(tenant, signal, () => connection.run(sql)));
  }

  async fetchChunk(): Promise<DuckDBDataChunk | undefined> {
    if (this.isRead) return undefined;
    this.isRead = true;
    const chunk = await this.result.fetchChunk();
    return chunk && chunk.rowCount > 0 ? chunk : undefined;
  }
}
