import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Rows } from '../queries/Query';
import { StoreFailure } from '../StoreFailure';
import { selectRows } from './sql';

const CONNECTIONS = 4;

interface Waiting {
  readonly resolve: (connection: DuckDBConnection) => void;
  readonly reject: (error: Error) => void;
}

/** Connections for questions: a few at a time, the others wait in order. */
export class QueryPool implements Rows {
  private readonly idle: DuckDBConnection[];
  private readonly waiting: Waiting[] = [];
  private busy = 0;
  private closed: (() => void) | undefined;

  private constructor(all: readonly DuckDBConnection[]) {
    this.idle = [...all];
  }

  static async open(instance: DuckDBInstance): Promise<QueryPool> {
    return new QueryPool(await Promise.all(Array.from({ length: CONNECTIONS }, () => instance.connect())));
  }

  async rows(sql: string): Promise<Record<string, unknown>[]> {
    const connection = await this.acquire();
    this.busy += 1;
    try {
      return await selectRows(connection, sql);
    } finally {
      this.busy -= 1;
      this.giveBack(connection);
    }
  }

  /** Refuses what waits, lets what runs end, and closes. */
  async close(): Promise<void> {
    for (const { reject } of this.waiting.splice(0)) reject(isClosing());
    const over = new Promise<void>((resolve) => (this.closed = resolve));
    for (const connection of this.idle.splice(0)) connection.closeSync();
    if (this.busy > 0) await over;
  }

  private giveBack(connection: DuckDBConnection): void {
    if (this.closed !== undefined) {
      connection.closeSync();
      if (this.busy === 0) this.closed();
      return;
    }
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(connection);
    else next.resolve(connection);
  }

  private acquire(): Promise<DuckDBConnection> {
    if (this.closed !== undefined) return Promise.reject(isClosing());
    const connection = this.idle.pop();
    return connection === undefined
      ? new Promise((resolve, reject) => this.waiting.push({ resolve, reject }))
      : Promise.resolve(connection);
  }
}

const isClosing = (): StoreFailure => new StoreFailure('reopening', 'The database is being closed.');
