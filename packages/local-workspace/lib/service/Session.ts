import type { Tenant } from '../auth/tenants';
import { ConnectionPool } from '../engine/ConnectionPool';
import type { Database } from '../engine/database';
import type { SessionRecord, StatementRecord } from '../received/types';
import type { SqlSession } from '../sql/session';

/** What a session needs of a statement in it. */
export interface OpenStatement {
  readonly isRunning: boolean;
  close(by: NonNullable<StatementRecord['closedBy']>): void;
}

/** An open session: its SQL state, its connections and its statements. */
export class Session {
  readonly statements = new Map<string, OpenStatement>();
  readonly pool: ConnectionPool;
  private usedMs = performance.now();

  constructor(
    readonly tenant: Tenant,
    readonly sql: SqlSession,
    readonly record: SessionRecord,
    database: Database,
    /** Whether a client opened it; others end with their only statement. */
    readonly isClients: boolean,
  ) {
    this.pool = new ConnectionPool(database, sql);
  }

  get id(): string {
    return this.record.sessionId;
  }

  /** To be called whenever a client speaks of it. */
  touch(): void {
    this.usedMs = performance.now();
  }

  /** How long nobody has spoken of it; zero while a statement is running. */
  idleMs(): number {
    for (const statement of this.statements.values()) if (statement.isRunning) this.touch();
    return performance.now() - this.usedMs;
  }

  /** Closes what is open in it. */
  close(): void {
    for (const statement of [...this.statements.values()]) statement.close('session');
    this.pool.close();
    this.record.closedAt = Date.now();
  }
}
