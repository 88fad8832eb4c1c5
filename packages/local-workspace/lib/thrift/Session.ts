import { TSessionHandle } from '@databricks/sql/thrift/TCLIService_types';
import type { Tenant } from '../auth/tenants';
import { ConnectionPool } from '../engine/ConnectionPool';
import type { Database } from '../engine/database';
import type { SessionRecord } from '../received/types';
import type { SqlSession } from '../sql/session';
import type { HandleId } from './handles';
import type { Operation } from './Operation';
import type { ProtocolFeatures } from './protocol';

/** An open session: its SQL state, its connections and its operations. */
export class Session {
  readonly operations = new Map<string, Operation>();
  readonly pool: ConnectionPool;

  constructor(
    readonly id: HandleId,
    readonly tenant: Tenant,
    readonly sql: SqlSession,
    readonly features: ProtocolFeatures,
    readonly record: SessionRecord,
    database: Database,
  ) {
    this.pool = new ConnectionPool(database, sql);
  }

  handle(): TSessionHandle {
    return new TSessionHandle({ sessionId: this.id.identifier });
  }

  /** Closes what is open in it. */
  close(): void {
    for (const operation of [...this.operations.values()]) operation.close('session');
    this.pool.close();
    this.record.closedAt = Date.now();
  }
}
