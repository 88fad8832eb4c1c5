import { randomUUID } from 'node:crypto';
import {
  TExecuteStatementResp,
  TOpenSessionResp,
  TOperationType,
  TSessionHandle,
  type TExecuteStatementReq,
  type TOpenSessionReq,
  type TOperationHandle,
} from '@databricks/sql/thrift/TCLIService_types';
import type { Tenant } from '../auth/tenants';
import type { Database } from '../engine/database';
import { toSqlError } from '../engine/errors';
import type { Work } from '../engine/Execution';
import type { StagingCommands } from '../engine/staging';
import type { ProtocolLevel, ResolvedCloudFetch } from '../options';
import type { ReceivedStore } from '../received/ReceivedStore';
import type { ReceivedRequest } from '../received/types';
import type { FileStore } from '../results/FileStore';
import type { LinkSettings } from '../results/ResultReader';
import type { Session } from '../service/Session';
import type { SessionRegistry } from '../service/SessionRegistry';
import { shorterTimeMs, statementTimeoutMs } from '../service/statementTimeout';
import { createHandlers } from './handlers';
import { handleIdentifier, handleText } from './handles';
import { Operation } from './Operation';
import { featuresOf, negotiate } from './protocol';
import { abilitiesOf, newRecord, rowLimit, TEXT_ONLY, type Call, type OperationRequest } from './request';
import type { OperationResp, OperationRpc, RpcHandlers } from './rpc';
import { invalidHandle, sqlFailure, success } from './status';

export interface ServiceSettings {
  database: Database;
  sessions: SessionRegistry;
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
  private readonly operations = new Map<string, { operation: Operation; session: Session }>();
  private readonly withoutResult = new Map<string, Tenant>();

  constructor(private readonly settings: ServiceSettings) {}

  handlersFor(context: CallContext): RpcHandlers {
    return createHandlers(this, context);
  }

  get asyncAfterMs(): number {
    return this.settings.asyncAfterMs;
  }

  /** Whether a handle is that of a statement without columns which direct results closed: some clients fetch it anyway. */
  hadNoResult(context: CallContext, handle: TOperationHandle | null | undefined): boolean {
    return this.withoutResult.get(handleText(handle?.operationId)) === context.tenant;
  }

  private noteNoResult(id: string, tenant: Tenant): void {
    this.withoutResult.set(id, tenant);
    if (this.withoutResult.size <= MAX_WITHOUT_RESULT) return;
    const [oldest] = this.withoutResult.keys();
    if (oldest !== undefined) this.withoutResult.delete(oldest);
  }

  /** Result files of a statement that its client closed. */
  releaseFiles(operation: Operation): void {
    this.settings.files.release(operation.id);
  }

  links(context: CallContext): LinkSettings {
    const { cloudFetch, files } = this.settings;
    return { cloudFetch, files, origin: context.origin, expired: context.expireLinks };
  }

  session(context: CallContext, handle: TSessionHandle | null | undefined): Session | undefined {
    return this.settings.sessions.find(context.tenant, handleText(handle?.sessionId));
  }

  operation(context: CallContext, handle: TOperationHandle | null | undefined): Operation | undefined {
    const id = handleText(handle?.operationId);
    const entry = this.operations.get(id);
    if (entry?.session.tenant !== context.tenant) return undefined;
    entry.session.touch();
    context.request.statementId = id;
    return entry.operation;
  }

  async openSession(context: CallContext, request: TOpenSessionReq): Promise<TOpenSessionResp> {
    const level = negotiate(request, this.settings.protocolLevel);
    const { version: serverProtocolVersion, catalogs } = featuresOf(level);
    try {
      const session = await this.settings.sessions.open({
        tenant: context.tenant,
        userAgent: context.userAgent,
        protocol: 'thrift',
        protocolVersion: level,
        catalog: request.initialNamespace?.catalogName,
        schema: request.initialNamespace?.schemaName,
        configuration: { ...(request.configuration ?? {}) },
      });
      return new TOpenSessionResp({
        status: success(),
        serverProtocolVersion,
        sessionHandle: new TSessionHandle({ sessionId: handleIdentifier(session.id) }),
        configuration: {},
        canUseMultipleCatalogs: catalogs,
      });
    } catch (error) {
      return new TOpenSessionResp({ status: sqlFailure(toSqlError(error)), serverProtocolVersion });
    }
  }

  closeSession(session: Session): void {
    this.settings.sessions.close(session);
  }

  executeStatement(context: CallContext, request: TExecuteStatementReq): Promise<OperationResp> {
    const session = this.session(context, request.sessionHandle);
    if (!session) return Promise.resolve(noSession(request.sessionHandle));
    const features = featuresOf(session.record.protocolVersion ?? this.settings.protocolLevel);
    // A client may ask for an older protocol and send parameters all the same, as the one for Python does.
    const { parameters: takesParameters } = featuresOf(this.settings.protocolLevel);
    const parameters = takesParameters ? (request.parameters ?? []) : [];
    const timeoutSeconds = request.queryTimeout?.toNumber() ?? 0;
    return this.run(context, session, {
      rpc: 'ExecuteStatement',
      type: TOperationType.EXECUTE_STATEMENT,
      request,
      sql: request.statement,
      work: { kind: 'statement', sql: request.statement ?? '', parameters },
      abilities: abilitiesOf(request, features),
      timeoutMs: statementTimeoutMs(session.sql, timeoutSeconds * 1000),
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
    const { database, received, asyncAfterMs, stagingFor, cloudFetch } = this.settings;
    const id = randomUUID();
    const record = newRecord(id, session, call);
    received.addStatement(record);
    context.request.statementId = id;
    const operation = new Operation({
      id,
      type: call.type,
      record,
      execution: { database, pool: session.pool, session: session.sql, staging: stagingFor(context.origin) },
      abilities: call.abilities,
      cloudFetch,
      timeoutMs: shorterTimeMs(call.timeoutMs, this.settings.statementMs),
      onClose: () => {
        session.statements.delete(id);
        this.operations.delete(id);
      },
    });
    session.statements.set(id, operation.run);
    this.operations.set(id, { operation, session });
    operation.run.start(call.work);
    const direct = call.request.getDirectResults;
    const wait = call.request.runAsync === true || direct ? asyncAfterMs : Number.POSITIVE_INFINITY;
    await operation.run.wait(Math.min(wait, MAX_TIMER_MS));
    session.touch();
    const response = new TExecuteStatementResp({ status: success(), operationHandle: operation.handle() });
    if (direct) {
      const results = await operation.directResults(rowLimit(direct.maxRows), this.links(context));
      response.directResults = results;
      if (results.closeOperation && !results.resultSet) this.noteNoResult(id, context.tenant);
    }
    return response;
  }
}

const MAX_WITHOUT_RESULT = 1000;
const MAX_TIMER_MS = 2 ** 31 - 1;

function noSession(handle: TSessionHandle | null | undefined): OperationResp {
  return new TExecuteStatementResp({ status: invalidHandle('SessionHandle', handleText(handle?.sessionId)) });
}
