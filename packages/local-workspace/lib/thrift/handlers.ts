import {
  TCancelOperationResp,
  TCloseOperationResp,
  TCloseSessionResp,
  TFetchResultsResp,
  TGetInfoResp,
  TGetInfoValue,
  TGetOperationStatusResp,
  TGetResultSetMetadataResp,
  TOperationType,
  TRowSet,
  TSparkRowSetType,
  type TOperationHandle,
} from '@databricks/sql/thrift/TCLIService_types';
import { int64 } from '../results/columnar';
import { tableSchema } from '../results/schema';
import { columnsQuery } from './columnsQuery';
import { handleText } from './handles';
import { serverInfo } from './info';
import * as metadata from './metadataQueries';
import { rowLimit } from './request';
import type { OperationRequest } from './request';
import type { OperationResp, OperationRpc, RpcHandlers } from './rpc';
import { invalidHandle, success } from './status';
import type { CallContext, ThriftService } from './ThriftService';

/** The calls as `context` may make them. */
export function createHandlers(service: ThriftService, context: CallContext): RpcHandlers {
  return {
    ...sessionHandlers(service, context),
    ...submitHandlers(service, context),
    ...operationHandlers(service, context),
  };
}

function sessionHandlers(
  service: ThriftService,
  context: CallContext,
): Pick<RpcHandlers, 'OpenSession' | 'CloseSession' | 'GetInfo'> {
  return {
    OpenSession: (request) => service.openSession(context, request),
    CloseSession: async ({ sessionHandle }) => {
      const session = service.session(context, sessionHandle);
      if (!session)
        return new TCloseSessionResp({
          status: invalidHandle('SessionHandle', handleText(sessionHandle?.sessionId)),
        });
      service.closeSession(session);
      return new TCloseSessionResp({ status: success() });
    },
    GetInfo: async ({ sessionHandle, infoType }) => {
      if (service.session(context, sessionHandle)) return serverInfo(infoType);
      const status = invalidHandle('SessionHandle', handleText(sessionHandle?.sessionId));
      return new TGetInfoResp({ status, infoValue: new TGetInfoValue({ stringValue: '' }) });
    },
  };
}

function submitHandlers(service: ThriftService, context: CallContext): Pick<RpcHandlers, OperationRpc> {
  const query = (
    rpc: OperationRpc,
    type: TOperationType,
    request: OperationRequest,
    sql: () => string,
  ): Promise<OperationResp> =>
    service.metadataCall(context, rpc, type, request, { kind: 'internal', build: async () => sql() });
  return {
    ExecuteStatement: (request) => service.executeStatement(context, request),
    GetTypeInfo: (request) => query('GetTypeInfo', TOperationType.GET_TYPE_INFO, request, metadata.typeInfoQuery),
    GetCatalogs: (request) => query('GetCatalogs', TOperationType.GET_CATALOGS, request, metadata.catalogsQuery),
    GetSchemas: (request) =>
      query('GetSchemas', TOperationType.GET_SCHEMAS, request, () => metadata.schemasQuery(request)),
    GetTables: (request) => query('GetTables', TOperationType.GET_TABLES, request, () => metadata.tablesQuery(request)),
    GetTableTypes: (request) =>
      query('GetTableTypes', TOperationType.GET_TABLE_TYPES, request, metadata.tableTypesQuery),
    GetColumns: (request) =>
      service.metadataCall(context, 'GetColumns', TOperationType.GET_COLUMNS, request, {
        kind: 'internal',
        build: (connection) => columnsQuery(request, connection),
      }),
    GetFunctions: (request) =>
      query('GetFunctions', TOperationType.GET_FUNCTIONS, request, () => metadata.functionsQuery(request)),
    GetPrimaryKeys: (request) =>
      query('GetPrimaryKeys', TOperationType.UNKNOWN, request, () => metadata.primaryKeysQuery(request)),
    GetCrossReference: (request) =>
      query('GetCrossReference', TOperationType.UNKNOWN, request, () => metadata.crossReferenceQuery(request)),
  };
}

function operationHandlers(
  service: ThriftService,
  context: CallContext,
): Pick<
  RpcHandlers,
  'GetOperationStatus' | 'CancelOperation' | 'CloseOperation' | 'GetResultSetMetadata' | 'FetchResults'
> {
  return {
    GetOperationStatus: async ({ operationHandle, getProgressUpdate }) => {
      const operation = service.operation(context, operationHandle);
      if (!operation) return new TGetOperationStatusResp({ status: unknownOperation(operationHandle) });
      operation.record.polls += 1;
      return operation.status(getProgressUpdate === true);
    },
    CancelOperation: async ({ operationHandle }) => {
      const operation = service.operation(context, operationHandle);
      if (!operation) return new TCancelOperationResp({ status: unknownOperation(operationHandle) });
      operation.run.cancel();
      return new TCancelOperationResp({ status: success() });
    },
    CloseOperation: async ({ operationHandle }) => {
      const operation = service.operation(context, operationHandle);
      if (!operation) return new TCloseOperationResp({ status: unknownOperation(operationHandle) });
      operation.run.close('client');
      service.releaseFiles(operation);
      return new TCloseOperationResp({ status: success() });
    },
    GetResultSetMetadata: async ({ operationHandle }) => {
      const operation = service.operation(context, operationHandle);
      if (!operation) return new TGetResultSetMetadataResp({ status: unknownOperation(operationHandle) });
      operation.record.metadataCalls += 1;
      await operation.run.wait(service.asyncAfterMs);
      return operation.metadata();
    },
    FetchResults: async ({ operationHandle, maxRows, includeResultSetMetadata }) => {
      const operation = service.operation(context, operationHandle);
      if (!operation) {
        return service.hadNoResult(context, operationHandle)
          ? nothingFetched()
          : new TFetchResultsResp({ status: unknownOperation(operationHandle) });
      }
      operation.record.fetches += 1;
      const page = await operation.fetch(rowLimit(maxRows), service.links(context));
      if (includeResultSetMetadata === true) page.resultSetMetadata = operation.metadata();
      return page;
    },
  };
}

function nothingFetched(): TFetchResultsResp {
  return new TFetchResultsResp({
    status: success(),
    hasMoreRows: false,
    results: new TRowSet({ startRowOffset: int64(0), rows: [], columns: [] }),
    resultSetMetadata: new TGetResultSetMetadataResp({
      status: success(),
      schema: tableSchema([]),
      resultFormat: TSparkRowSetType.COLUMN_BASED_SET,
    }),
  });
}

function unknownOperation(handle: TOperationHandle | null | undefined): ReturnType<typeof invalidHandle> {
  return invalidHandle('OperationHandle', handleText(handle?.operationId));
}
