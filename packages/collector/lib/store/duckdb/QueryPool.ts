import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { StoreFailure } from '../StoreFailure';
import { selectRows } from './sql';

const CONNECTIONS = 4;

interface Waiting {
  readonly take: (connection: DuckDBConnection) => void;
  readonly refuse: (error: unknown) => void;
}

/** Connections for questions: a few at a time, the others wait in order. */
export class QueryPool {
  private readonly idle: DuckDBConnection[];
  private readonly waiting = new Set<Waiting>();
  private busy = 0;
  private closed: (() => void) | undefined;

  private constructor(all: readonly DuckDBConnection[]) {
    this.idle = [...all];
  }

  static async open(instance: DuckDBInstance): Promise<QueryPool> {
    return new QueryPool(await Promise.all(Array.from({ length: CONNECTIONS }, () => instance.connect())));
  }

  /** Rejects with the reason of `signal` when it is aborted: what runs is interrupted, what waits never runs. */
  async rows(sql: string, signal: AbortSignal): Promise<Record<string, unknown>[]> {
    signal.throwIfAborted();
    const connection = await this.acquire(signal);
    this.busy += 1;
    const interrupt = (): void => connection.interrupt();
    signal.addEventListener('abort', interrupt);
    try {
      return await selectRows(connection, sql);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', interrupt);
      this.busy -= 1;
      this.giveBack(connection);
    }
  }

  /** Refuses what waits, lets what runs end, and closes. */
  async close(): Promise<void> {
    for (const { refuse } of this.waiting) refuse(isClosing());
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
    const [next] = this.waiting;
    if (next === undefined) this.idle.push(connection);
    else next.take(connection);
  }

  private acquire(signal: AbortSignal): Promise<DuckDBConnection> {
    if (this.closed !== undefined) return Promise.reject(isClosing());
    const connection = this.idle.pop();
    if (connection !== undefined) return Promise.resolve(connection);
    return new Promise((resolve, reject) => {
      const abandon = (): void => waiting.refuse(signal.reason);
      const settled = (): void => {
        this.waiting.delete(waiting);
        signal.removeEventListener('abort', abandon);
      };
      const waiting: Waiting = {
        take(connection) {
          settled();
          resolve(connection);
        },
        refuse(error) {
          settled();
          reject(error as Error);
        },
      };
      this.waiting.add(waiting);
      signal.addEventListener('abort', abandon);
    });
  }
}

const isClosing = (): StoreFailure => new StoreFailure('reopening', 'The database is being closed.');
