import type { Tenant } from '../auth/tenants';
import { ConnectionPool } from '../engine/ConnectionPool';
import type { Database } from '../engine/database';
import type { SessionRecord, StatementRecord } from '../received/types';
import type { SqlSession } from '../sql/session';

/** What a session needs of a statement in it. */
export interface OpenStatement {
  close(by: NonNullable<StatementRecord['closedBy']>): void;
}

/** An open session: its SQL state, its connections and its statements. */
export class Session {
  readonly statements = new Map<string, OpenStatement>();
  readonly pool: ConnectionPool;

  constructor(
    readonly tenant: Tenant,
    readonly sql: SqlSession,
    readonly record: SessionRecord,
    database: Database,
  ) {
    this.pool = new ConnectionPool(database, sql);
  }

  get id(): string {
    return this.record.sessionId;
  }

  /** Closes what is open in it. */
  close(): void {
    for (const statement of [...this.statements.values()]) statement.close('session');
    this.pool.close();
    this.record.closedAt = Date.now();
  }
}
