import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Database } from '../queries/Query';
import { selectRows } from './sql';

const CONNECTIONS = 4;

/** Connections for questions: a few at a time, the others wait in order. */
export class QueryPool implements Database {
  private readonly idle: DuckDBConnection[];
  private readonly waiting: ((connection: DuckDBConnection) => void)[] = [];

  private constructor(private readonly all: readonly DuckDBConnection[]) {
    this.idle = [...all];
  }

  static async open(instance: DuckDBInstance): Promise<QueryPool> {
    return new QueryPool(await Promise.all(Array.from({ length: CONNECTIONS }, () => instance.connect())));
  }

  async rows(sql: string): Promise<Record<string, unknown>[]> {
    const connection = await this.acquire();
    try {
      return await selectRows(connection, sql);
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.idle.push(connection);
      else next(connection);
    }
  }

  close(): void {
    for (const connection of this.all) connection.closeSync();
  }

  private acquire(): Promise<DuckDBConnection> {
    const connection = this.idle.pop();
    return connection === undefined
      ? new Promise((resolve) => this.waiting.push(resolve))
      : Promise.resolve(connection);
  }
}
