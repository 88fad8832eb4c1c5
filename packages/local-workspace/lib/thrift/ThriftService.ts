import {
  TCancelOperationResp,
  TCloseOperationResp,
  TCloseSessionResp,
  TExecuteStatementResp,
  TFetchResultsResp,
  TGetInfoResp,
  TGetInfoValue,
  TGetOperationStatusResp,
  TGetResultSetMetadataResp,
  TOpenSessionResp,
  TOperationType,
  type TExecuteStatementReq,
  type TOpenSessionReq,
  type TOperationHandle,
  type TSessionHandle,
  type TSparkGetDirectResults,
} from '@databricks/sql/thrift/TCLIService_types';
import type { Tenant } from '../auth/tenants';
import type { Database } from '../engine/database';
import { catalogNotFound, schemaNotFound } from '../engine/database';
import type { Work } from '../engine/Execution';
import type { StagingCommands } from '../engine/staging';
import type { ProtocolLevel, ResolvedCloudFetch } from '../options';
import type { ReceivedStore } from '../received/ReceivedStore';
import type { ReceivedRequest, StatementRecord } from '../received/types';
import type { ClientAbilities } from '../results/chooseFormat';
import type { FileStore } from '../results/FileStore';
import type { LinkSettings } from '../results/ResultReader';
import { newSqlSession } from '../sql/session';
import { columnsQuery } from './columnsQuery';
import { handleText, newHandleId } from './handles';
import { serverInfo } from './info';
import * as metadata from './metadataQueries';
import { Operation } from './Operation';
import { negotiate, type ProtocolFeatures } from './protocol';
import type { OperationResp, OperationRpc, RpcHandlers } from './rpc';
import { Session } from './Session';
import { invalidHandle, sqlFailure, success } from './status';

export interface ServiceSettings {
  database: Database;
  received: ReceivedStore;
  files: FileStore;
  cloudFetch: ResolvedCloudFetch;
  asyncAfterMs: number;
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

interface OperationRequest {
  sessionHandle: TSessionHandle;
  getDirectResults?: TSparkGetDirectResults;
  runAsync?: boolean;
}

const TEXT_ONLY: ClientAbilities = {
  arrow: false,
  download: false,
  lz4: false,
  native: { timestamps: false, decimals: false, complex: false },
};

/** The SQL service behind the Thrift endpoint. */
export class ThriftService {
  private readonly sessions = new Map<string, Session>();
  private readonly operations = new Map<string, { operation: Operation; session: Session }>();

  constructor(private readonly settings: ServiceSettings) {}

  /** The calls as `context` may make them. */
  handlersFor(context: CallContext): RpcHandlers {
    const query = (
      rpc: OperationRpc,
      type: TOperationType,
      request: OperationRequest,
      sql: () => string,
    ): Promise<OperationResp> =>
      this.metadataCall(context, rpc, type, request, { kind: 'internal', build: async () => sql() });
    return {
      OpenSession: (request) => this.openSession(context, request),
      CloseSession: async ({ sessionHandle }) => {
        const session = this.session(context, sessionHandle);
        if (!session)
          return new TCloseSessionResp({
            status: invalidHandle('SessionHandle', handleText(sessionHandle?.sessionId)),
          });
        this.closeSession(session);
        return new TCloseSessionResp({ status: success() });
      },
      GetInfo: async ({ sessionHandle, infoType }) => {
        if (this.session(context, sessionHandle)) return serverInfo(infoType);
        const status = invalidHandle('SessionHandle', handleText(sessionHandle?.sessionId));
        return new TGetInfoResp({ status, infoValue: new TGetInfoValue({ stringValue: '' }) });
      },
      ExecuteStatement: (request) => this.executeStatement(context, request),
      GetTypeInfo: (request) => query('GetTypeInfo', TOperationType.GET_TYPE_INFO, request, metadata.typeInfoQuery),
      GetCatalogs: (request) => query('GetCatalogs', TOperationType.GET_CATALOGS, request, metadata.catalogsQuery),
      GetSchemas: (request) =>
        query('GetSchemas', TOperationType.GET_SCHEMAS, request, () => metadata.schemasQuery(request)),
      GetTables: (request) =>
        query('GetTables', TOperationType.GET_TABLES, request, () => metadata.tablesQuery(request)),
      GetTableTypes: (request) =>
        query('GetTableTypes', TOperationType.GET_TABLE_TYPES, request, metadata.tableTypesQuery),
      GetColumns: (request) =>
        this.metadataCall(context, 'GetColumns', TOperationType.GET_COLUMNS, request, {
          kind: 'internal',
          build: (connection) => columnsQuery(request, connection),
        }),
      GetFunctions: (request) =>
        query('GetFunctions', TOperationType.GET_FUNCTIONS, request, () => metadata.functionsQuery(request)),
      GetPrimaryKeys: (request) =>
        query('GetPrimaryKeys', TOperationType.UNKNOWN, request, () => metadata.primaryKeysQuery(request)),
      GetCrossReference: (request) =>
        query('GetCrossReference', TOperationType.UNKNOWN, request, () => metadata.crossReferenceQuery(request)),
      GetOperationStatus: async ({ operationHandle, getProgressUpdate }) => {
        const operation = this.operation(context, operationHandle);
        if (!operation) return new TGetOperationStatusResp({ status: unknownOperation(operationHandle) });
        operation.record.polls += 1;
        return operation.status(getProgressUpdate === true);
      },
      CancelOperation: async ({ operationHandle }) => {
        const operation = this.operation(context, operationHandle);
        if (!operation) return new TCancelOperationResp({ status: unknownOperation(operationHandle) });
        operation.cancel();
        return new TCancelOperationResp({ status: success() });
      },
      CloseOperation: async ({ operationHandle }) => {
        const operation = this.operation(context, operationHandle);
        if (!operation) return new TCloseOperationResp({ status: unknownOperation(operationHandle) });
        operation.close('client');
        this.settings.files.release(operation.id);
        return new TCloseOperationResp({ status: success() });
      },
      GetResultSetMetadata: async ({ operationHandle }) => {
        const operation = this.operation(context, operationHandle);
        if (!operation) return new TGetResultSetMetadataResp({ status: unknownOperation(operationHandle) });
        operation.record.metadataCalls += 1;
        await operation.wait(this.settings.asyncAfterMs);
        return operation.metadata();
      },
      FetchResults: async ({ operationHandle, maxRows }) => {
        const operation = this.operation(context, operationHandle);
        if (!operation) return new TFetchResultsResp({ status: unknownOperation(operationHandle) });
        operation.record.fetches += 1;
        return operation.fetch(rowLimit(maxRows), this.links(context));
      },
    };
  }

  /** Closes every session. */
  close(): void {
    for (const session of [...this.sessions.values()]) this.closeSession(session);
  }

  private links(context: CallContext): LinkSettings {
    const { cloudFetch, files } = this.settings;
    return { cloudFetch, files, origin: context.origin, expired: context.expireLinks };
  }

  private session(context: CallContext, handle: TSessionHandle | null | undefined): Session | undefined {
    const session = this.sessions.get(handleText(handle?.sessionId));
    return session?.tenant === context.tenant ? session : undefined;
  }

  private operation(context: CallContext, handle: TOperationHandle | null | undefined): Operation | undefined {
    const id = handleText(handle?.operationId);
    const entry = this.operations.get(id);
    if (entry?.session.tenant !== context.tenant) return undefined;
    context.request.statementId = id;
    return entry.operation;
  }

  private async openSession(context: CallContext, request: TOpenSessionReq): Promise<TOpenSessionResp> {
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

  private closeSession(session: Session): void {
    const ids = [...this.operations].filter(([, entry]) => entry.session === session).map(([id]) => id);
    session.close();
    this.sessions.delete(session.id.text);
    for (const id of ids) this.operations.delete(id);
    this.settings.files.releaseSession(session.id.text);
  }

  private executeStatement(context: CallContext, request: TExecuteStatementReq): Promise<OperationResp> {
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

  private metadataCall(
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
      timeoutMs: call.timeoutMs,
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

interface Call {
  rpc: OperationRpc;
  type: TOperationType;
  request: OperationRequest;
  sql: string | undefined;
  work: Work;
  abilities: ClientAbilities;
  timeoutMs: number;
}

const MAX_TIMER_MS = 2 ** 31 - 1;
const DEFAULT_ROW_LIMIT = 100_000;

function rowLimit(maxRows: { toNumber(): number } | null | undefined): number {
  const rows = maxRows?.toNumber() ?? DEFAULT_ROW_LIMIT;
  return Number.isFinite(rows) && rows > 0 ? rows : DEFAULT_ROW_LIMIT;
}

function abilitiesOf(request: TExecuteStatementReq, features: ProtocolFeatures): ClientAbilities {
  const types = request.useArrowNativeTypes;
  return {
    arrow: features.arrow && request.canReadArrowResult === true,
    download: features.cloudFetch && request.canDownloadResult === true,
    lz4: features.compression && request.canDecompressLZ4Result === true,
    native: {
      timestamps: types?.timestampAsArrow === true,
      decimals: types?.decimalAsArrow === true,
      complex: types?.complexTypesAsArrow === true,
    },
  };
}

function newRecord(statementId: string, session: Session, call: Call): StatementRecord {
  return {
    statementId,
    sessionId: session.id.text,
    tenant: session.tenant.name,
    rpc: call.rpc,
    sql: call.sql,
    outcome: 'running',
    sqlState: undefined,
    errorMessage: undefined,
    resultFormat: undefined,
    compressed: false,
    polls: 0,
    fetches: 0,
    metadataCalls: 0,
    files: [],
    filesOffered: 0,
    rows: 0,
    resultBytes: 0,
    directResults: Boolean(call.request.getDirectResults),
    closedBy: undefined,
    startedAt: Date.now(),
    finishedAt: undefined,
  };
}

function noSession(handle: TSessionHandle | null | undefined): OperationResp {
  return new TExecuteStatementResp({ status: invalidHandle('SessionHandle', handleText(handle?.sessionId)) });
}

function unknownOperation(handle: TOperationHandle | null | undefined): ReturnType<typeof invalidHandle> {
  return invalidHandle('OperationHandle', handleText(handle?.operationId));
}
