import type { Tenant } from '../auth/tenants';
import { catalogNotFound, type Database } from '../engine/database';
import { configure } from '../engine/settings';
import type { ReceivedStore } from '../received/ReceivedStore';
import type { SessionRecord } from '../received/types';
import type { FileStore } from '../results/FileStore';
import { newSqlSession } from '../sql/session';
import { randomUUID } from 'node:crypto';
import { Session } from './Session';

export interface RegistryParts {
  database: Database;
  received: ReceivedStore;
  files: FileStore;
  /** How long a session may be idle. Default 8 hours. */
  sessionIdleMs: number | undefined;
}

/** What a client asks for when it opens a session. */
export interface SessionRequest {
  tenant: Tenant;
  userAgent: string | undefined;
  protocol: SessionRecord['protocol'];
  protocolVersion: number | undefined;
  catalog: string | undefined;
  schema: string | undefined;
  configuration: Readonly<Record<string, string>>;
}

const EIGHT_HOURS_MS = 8 * 3_600_000;
const MINUTE_MS = 60_000;

/** The open sessions of all tenants and protocols. One that is idle for too long is closed as if it had never been. */
export class SessionRegistry {
  private readonly sessions = new Map<string, Session>();
  private readonly sweeping: NodeJS.Timeout;

  constructor(private readonly parts: RegistryParts) {
    const idleMs = parts.sessionIdleMs ?? EIGHT_HOURS_MS;
    this.sweeping = setInterval(() => this.closeIdle(idleMs), Math.min(idleMs / 4, MINUTE_MS)).unref();
  }

  private closeIdle(limitMs: number): void {
    for (const session of [...this.sessions.values()])
      if (session.isClients && session.idleMs() > limitMs) this.close(session);
  }

  /**
   * Rejects with a SqlError for a catalog that does not exist. A schema may be made later: dbt opens its sessions in the one
   * that it is going to create. `recorded: false`: for one statement only.
   */
  async open(request: SessionRequest, { recorded = true } = {}): Promise<Session> {
    const catalog = (request.catalog || 'main').toLowerCase();
    const schema = (request.schema || 'default').toLowerCase();
    await this.checkCatalog(catalog);
    const { tenant, userAgent, protocol, protocolVersion, configuration } = request;
    const sql = newSqlSession(tenant.user, catalog, schema);
    for (const [key, value] of Object.entries(configuration)) configure(sql, key, value);
    const record: SessionRecord = {
      sessionId: randomUUID(),
      tenant: tenant.name,
      userAgent,
      protocol,
      protocolVersion,
      configuration,
      openedAt: Date.now(),
      closedAt: undefined,
    };
    const session = new Session(tenant, sql, record, this.parts.database, recorded);
    this.sessions.set(session.id, session);
    if (recorded) this.parts.received.addSession(record);
    return session;
  }

  private async checkCatalog(catalog: string): Promise<void> {
    const { database } = this.parts;
    const connection = await database.connect();
    try {
      if (!(await database.knowsCatalog(connection, catalog))) throw catalogNotFound(catalog);
    } finally {
      connection.closeSync();
    }
  }

  /** The session of that id, if it is this tenant's. */
  find(tenant: Tenant, id: string): Session | undefined {
    const session = this.sessions.get(id);
    if (session?.tenant !== tenant) return undefined;
    session.touch();
    return session;
  }

  /** Closes a session with its statements and removes their files, unless a client may still be downloading. */
  close(session: Session, { keepFiles = false } = {}): void {
    session.close();
    this.sessions.delete(session.id);
    if (!keepFiles) this.parts.files.releaseSession(session.id);
  }

  closeAll(): void {
    clearInterval(this.sweeping);
    for (const session of [...this.sessions.values()]) this.close(session);
  }
}
