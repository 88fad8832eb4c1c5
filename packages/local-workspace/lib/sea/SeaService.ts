import { randomUUID } from 'node:crypto';
import type { Tenant } from '../auth/tenants';
import type { Database } from '../engine/database';
import type { Work } from '../engine/Execution';
import { toSqlError } from '../engine/errors';
import type { StagingCommands } from '../engine/staging';
import type { ResolvedCloudFetch } from '../options';
import type { ReceivedStore } from '../received/ReceivedStore';
import { newStatementRecord } from '../received/newStatementRecord';
import type { FileStore } from '../results/FileStore';
import type { Session } from '../service/Session';
import type { SessionRegistry } from '../service/SessionRegistry';
import { shorterTimeMs, statementTimeoutMs } from '../service/statementTimeout';
import { ApiError, notFound } from './ApiError';
import { settingsField, textField, type Body } from './body';
import { readExecuteRequest, type ExecuteRequest } from './request';
import { SeaStatement, type LinkContext } from './SeaStatement';

export interface SeaSettings {
  database: Database;
  sessions: SessionRegistry;
  received: ReceivedStore;
  files: FileStore;
  cloudFetch: ResolvedCloudFetch;
  /** Longest time of a statement, if there is one. */
  statementMs: number | undefined;
  stagingFor: (origin: string) => StagingCommands;
}

export interface Caller extends LinkContext {
  tenant: Tenant;
  userAgent: string | undefined;
}

/** How long a result can be fetched after it was asked for, unless its statement is closed before. */
const RETENTION_MS = 60 * 60_000;

/** Sessions and statements of the REST API. Methods throw an ApiError for what a client did wrong. */
export class SeaService {
  private readonly statements = new Map<string, { statement: SeaStatement; session: Session }>();

  constructor(private readonly settings: SeaSettings) {}

  async createSession(caller: Caller, body: Body): Promise<object> {
    const session = await this.openSession(caller, textField(body, 'catalog'), textField(body, 'schema'), {
      configuration: settingsField(body, 'session_confs'),
    }).catch((error: unknown) => {
      throw new ApiError(400, 'BAD_REQUEST', toSqlError(error).message);
    });
    return { session_id: session.id };
  }

  private openSession(
    { tenant, userAgent }: Caller,
    catalog: string | undefined,
    schema: string | undefined,
    { configuration = {}, recorded = true }: { configuration?: Record<string, string>; recorded?: boolean },
  ): Promise<Session> {
    return this.settings.sessions.open(
      { tenant, userAgent, protocol: 'sea', protocolVersion: undefined, catalog, schema, configuration },
      { recorded },
    );
  }

  deleteSession(caller: Caller, id: string): object {
    const session = this.settings.sessions.find(caller.tenant, id);
    if (!session) throw notFound('session', id);
    this.settings.sessions.close(session);
    return {};
  }

  /** Starts a statement and waits for it as long as the request says. */
  async execute(caller: Caller, body: Body): Promise<{ statement: SeaStatement; answer: object }> {
    const request = readExecuteRequest(body);
    this.dropOld();
    const { session, work } = await this.prepare(caller, request);
    const statement = this.start(caller, request, session, work);
    await statement.run.wait(request.waitMs);
    session.touch();
    if (statement.run.state.kind === 'running' && request.onWaitTimeout === 'CANCEL') statement.run.cancel();
    return { statement, answer: await statement.answer('PENDING', caller) };
  }

  /** A statement outside of a session gets one for itself; a catalog or schema that is missing is its own failure. */
  private async prepare(caller: Caller, request: ExecuteRequest): Promise<{ session: Session; work: Work }> {
    const { statement: sql, sessionId, parameters, catalog, schema } = request;
    const work: Work = { kind: 'statement', sql, parameters };
    if (sessionId !== undefined) {
      const session = this.settings.sessions.find(caller.tenant, sessionId);
      if (!session) throw notFound('session', sessionId);
      return { session, work };
    }
    try {
      return { session: await this.openSession(caller, catalog, schema, { recorded: false }), work };
    } catch (error) {
      const session = await this.openSession(caller, undefined, undefined, { recorded: false });
      return { session, work: { kind: 'internal', build: () => Promise.reject(toSqlError(error)) } };
    }
  }

  private start(caller: Caller, request: ExecuteRequest, session: Session, work: Work): SeaStatement {
    const { database, received, files, cloudFetch, stagingFor, sessions, statementMs } = this.settings;
    const id = randomUUID();
    const record = newStatementRecord({
      statementId: id,
      sessionId: session.id,
      tenant: session.tenant.name,
      protocol: 'sea',
      rpc: 'ExecuteStatement',
      sql: request.statement,
      queryTags: request.queryTags,
      directResults: request.waitMs > 0,
    });
    received.addStatement(record);
    const statement = new SeaStatement({
      record,
      execution: { database, pool: session.pool, session: session.sql, staging: stagingFor(caller.origin) },
      wish: request.wish,
      files,
      cloudFetch,
      timeoutMs: shorterTimeMs(statementTimeoutMs(session.sql), statementMs),
      onClose: () => {
        session.statements.delete(id);
        this.statements.delete(id);
        files.release(id);
        if (request.sessionId === undefined) sessions.close(session, { keepFiles: true });
      },
    });
    session.statements.set(id, statement.run);
    this.statements.set(id, { statement, session });
    statement.run.start(work);
    if (request.sessionId === undefined) session.pool.close();
    return statement;
  }

  find(caller: Caller, id: string): SeaStatement {
    const entry = this.statements.get(id);
    if (entry?.session.tenant !== caller.tenant) throw notFound('statement', id);
    entry.session.touch();
    return entry.statement;
  }

  /** The map is in order of age. */
  private dropOld(): void {
    const oldest = Date.now() - RETENTION_MS;
    for (const { statement } of this.statements.values()) {
      if (statement.run.startedAt > oldest) return;
      if (statement.run.state.kind !== 'running') statement.run.close('session');
    }
  }
}
