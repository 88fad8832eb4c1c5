import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { SqlError } from '../sql/SqlError';
import type { Turns } from './Turns';

/**
 * The rows of a query while it runs. DuckDB's binding ends the stream of a query that fails like that of one that
 * succeeds; the transaction around it tells the two apart, since a failure aborts it.
 */
export class QueryStream {
  private constructor(
    private readonly connection: DuckDBConnection,
    private readonly sql: string,
    private readonly signal: AbortSignal,
    private readonly reading: { turns: Turns; tenant: string },
    readonly result: DuckDBResult,
  ) {}

  /** Leaves the connection in a transaction, until the last chunk was read. Rejects with what the query throws. */
  static async open(
    connection: DuckDBConnection,
    sql: string,
    signal: AbortSignal,
    reading: { turns: Turns; tenant: string },
  ): Promise<QueryStream> {
    await connection.run('BEGIN TRANSACTION');
    const result = await reading.turns.run(reading.tenant, signal, () => streamed(connection, sql));
    return new QueryStream(connection, sql, signal, reading, result);
  }

  /** The next chunk, undefined after the last. Rejects with what the query throws, at whatever row. */
  async fetchChunk(): Promise<DuckDBDataChunk | undefined> {
    const { turns, tenant } = this.reading;
    const chunk = await turns.run(tenant, this.signal, () => this.result.fetchChunk());
    if (chunk && chunk.rowCount > 0) return chunk;
    // A COMMIT alone would turn into a ROLLBACK and tell nothing.
    const aborted = await errorOf(this.connection, 'SELECT 1; COMMIT');
    this.signal.throwIfAborted();
    if (aborted === undefined) return undefined;
    await this.connection.run('ROLLBACK');
    throw await this.failure();
  }

  /** The error itself is not kept by the binding; the query has to fail once more, now without keeping its rows. */
  private async failure(): Promise<unknown> {
    const names = this.result.columnNames().map((_name, i) => `c${i}`);
    const everyValue = `SELECT max(hash(t)) FROM (${this.sql}\n) AS t(${names.join(', ')})`;
    const { turns, tenant } = this.reading;
    const again = await turns.run(tenant, this.signal, () => errorOf(this.connection, everyValue));
    return again ?? new SqlError('INTERNAL_ERROR', 'XX000', NOT_REPEATED);
  }
}

/** What `connection.stream()` does for several statements, with a call less for the one that there is. */
async function streamed(connection: DuckDBConnection, sql: string): Promise<DuckDBResult> {
  const prepared = await connection.prepare(sql);
  try {
    return await prepared.stream();
  } finally {
    prepared.destroySync();
  }
}

const NOT_REPEATED = 'The query failed while its rows were read, and did not fail again.';

function errorOf(connection: DuckDBConnection, sql: string): Promise<unknown> {
  return connection.run(sql).then(
    () => undefined,
    (error: unknown) => error,
  );
}
