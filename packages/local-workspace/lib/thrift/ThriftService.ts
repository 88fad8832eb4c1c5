import {
  TExecuteStatementResp,
  TOpenSessionResp,
  TOperationType,
  type TExecuteStatementReq,
  type TOpenSessionReq,
  type TOperationHandle,
  type TSessionHandle,
} from '@databricks/sql/thrift/TCLIService_types';
import type { Tenant } from '../auth/tenants';
import { catalogNotFound, schemaNotFound, type Database } from '../engine/database';
import type { Work } from '../engine/Execution';
import type { StagingCommands } from '../engine/staging';
import type { ProtocolLevel, ResolvedCloudFetch } from '../options';
import type { ReceivedStore } from '../received/ReceivedStore';
import type { ReceivedRequest } from '../received/types';
import type { FileStore } from '../results/FileStore';
import type { LinkSettings } from '../results/ResultReader';
import { newSqlSession } from '../sql/session';
import { createHandlers } from './handlers';
import { handleText, newHandleId } from './handles';
import { Operation } from './Operation';
import { negotiate } from './protocol';
import { abilitiesOf, newRecord, rowLimit, TEXT_ONLY, type Call, type OperationRequest } from './request';
import type { OperationResp, OperationRpc, RpcHandlers } from './rpc';
import { Session } from './Session';
import { invalidHandle, sqlFailure, success } from './status';

export interface ServiceSettings {
  database: Database;
  received: ReceivedStore;
  files: FileStore;
  cloudFetch: ResolvedCloudFetch;
  asyncAfterMs: number;
  /** Longest time of a statement, if there is one. */
  statementMs: number | undefined;
  protocolLevel: ProtocolLevel;
  stagingFor: (origin: string) => StagingCommands;
}

/** Who calls, and how the client reaches the workspace. */
export interface CallContext {
  tenant: Tenant;
  request: ReceivedRequest;
  origin: string;
  userAgent: string | undefined;
  expireLinks: boolean;
}

/** The SQL service behind the Thrift endpoint. */
export class ThriftService {
  private readonly sessions = new Map<string, Session>();
  private readonly operations = new Map<string, { operation: Operation; session: Session }>();

  constructor(private readonly settings: ServiceSettings) {}

  handlersFor(context: CallContext): RpcHandlers {
    return createHandlers(this, context);
  }

  get asyncAfterMs(): number {
    return this.settings.asyncAfterMs;
  }

  /** Result files of a statement that its client closed. */
  releaseFiles(operation: Operation): void {
    this.settings.files.release(operation.id);
  }

  /** Closes every session. */
  close(): void {
    for (const session of [...this.sessions.values()]) this.closeSession(session);
  }

  links(context: CallContext): LinkSettings {
    const { cloudFetch, files } = this.settings;
    return { cloudFetch, files, origin: context.origin, expired: context.expireLinks };
  }

  session(context: CallContext, handle: TSessionHandle | null | undefined): Session | undefined {
    const session = this.sessions.get(handleText(handle?.sessionId));
    return session?.tenant === context.tenant ? session : undefined;
  }

  operation(context: CallContext, handle: TOperationHandle | null | undefined): Operation | undefined {
    const id = handleText(handle?.operationId);
    const entry = this.operations.get(id);
    if (entry?.session.tenant !== context.tenant) return undefined;
    context.request.statementId = id;
    return entry.operation;
  }

  async openSession(context: CallContext, request: TOpenSessionReq): Promise<TOpenSessionResp> {
    const { database } = this.settings;
    const features = negotiate(request, this.settings.protocolLevel);
    const catalog = (request.initialNamespace?.catalogName || 'main').toLowerCase();
    const schema = (request.initialNamespace?.schemaName || 'default').toLowerCase();
    const connection = await database.connect();
    const hasCatalog = await database.hasCatalog(connection, catalog);
    const hasSchema = hasCatalog && (await database.hasSchema(connection, catalog, schema));
    connection.closeSync();
    if (!hasSchema) {
      const error = hasCatalog ? schemaNotFound(catalog, schema) : catalogNotFound(catalog);
      return new TOpenSessionResp({ status: sqlFailure(error), serverProtocolVersion: features.version });
    }
    const id = newHandleId();
    const configuration = { ...(request.configuration ?? {}) };
    const sql = newSqlSession(context.tenant.user, catalog, schema);
    for (const [key, value] of Object.entries(configuration)) sql.configuration.set(key, value);
    const record = {
      sessionId: id.text,
      tenant: context.tenant.name,
      userAgent: context.userAgent,
      protocolVersion: features.level,
      configuration,
      openedAt: Date.now(),
      closedAt: undefined,
    };
    const session = new Session(id, context.tenant, sql, features, record, database);
    this.sessions.set(id.text, session);
    this.settings.received.addSession(record);
    return new TOpenSessionResp({
      status: success(),
      serverProtocolVersion: features.version,
      sessionHandle: session.handle(),
      configuration: {},
      canUseMultipleCatalogs: features.catalogs,
    });
  }

  closeSession(session: Session): void {
    const ids = [...this.operations].filter(([, entry]) => entry.session === session).map(([id]) => id);
    session.close();
    this.sessions.delete(session.id.text);
    for (const id of ids) this.operations.delete(id);
    this.settings.files.releaseSession(session.id.text);
  }

  executeStatement(context: CallContext, request: TExecuteStatementReq): Promise<OperationResp> {
    const session = this.session(context, request.sessionHandle);
    if (!session) return Promise.resolve(noSession(request.sessionHandle));
    const parameters = session.features.parameters ? (request.parameters ?? []) : [];
    const timeoutSeconds = request.queryTimeout?.toNumber() ?? 0;
    return this.run(context, session, {
      rpc: 'ExecuteStatement',
      type: TOperationType.EXECUTE_STATEMENT,
      request,
      sql: request.statement,
      work: { kind: 'statement', sql: request.statement ?? '', parameters },
      abilities: abilitiesOf(request, session.features),
      timeoutMs: timeoutSeconds * 1000,
    });
  }

  metadataCall(
    context: CallContext,
    rpc: OperationRpc,
    type: TOperationType,
    request: OperationRequest,
    work: Work,
  ): Promise<OperationResp> {
    const session = this.session(context, request.sessionHandle);
    if (!session) return Promise.resolve(noSession(request.sessionHandle));
    return this.run(context, session, { rpc, type, request, sql: undefined, work, abilities: TEXT_ONLY, timeoutMs: 0 });
  }

  private async run(context: CallContext, session: Session, call: Call): Promise<OperationResp> {
    const { database, received, asyncAfterMs, stagingFor } = this.settings;
    const id = newHandleId();
    const record = newRecord(id.text, session, call);
    received.addStatement(record);
    context.request.statementId = id.text;
    const operation = new Operation({
      id,
      type: call.type,
      record,
      execution: { database, pool: session.pool, session: session.sql, staging: stagingFor(context.origin) },
      abilities: call.abilities,
      timeoutMs: shorter(call.timeoutMs, this.settings.statementMs),
      onClose: () => {
        session.operations.delete(id.text);
        this.operations.delete(id.text);
      },
    });
    session.operations.set(id.text, operation);
    this.operations.set(id.text, { operation, session });
    operation.start(call.work, this.settings);
    const direct = call.request.getDirectResults;
    const wait = call.request.runAsync === true || direct ? asyncAfterMs : Number.POSITIVE_INFINITY;
    await operation.wait(Math.min(wait, MAX_TIMER_MS));
    const response = new TExecuteStatementResp({ status: success(), operationHandle: operation.handle() });
    if (direct) {
      response.directResults = await operation.directResults(rowLimit(direct.maxRows), this.links(context));
    }
    return response;
  }
}

/** The shorter of two times; zero and undefined are none. */
function shorter(asked: number, limit: number | undefined): number {
  if (limit === undefined) return asked;
  return asked > 0 ? Math.min(asked, limit) : limit;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

function noSession(handle: TSessionHandle | null | undefined): OperationResp {
  return new TExecuteStatementResp({ status: invalidHandle('SessionHandle', handleText(handle?.sessionId)) });
}
