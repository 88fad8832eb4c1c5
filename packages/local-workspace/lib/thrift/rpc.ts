import type {
  TCancelOperationReq,
  TCancelOperationResp,
  TCloseOperationReq,
  TCloseOperationResp,
  TCloseSessionReq,
  TCloseSessionResp,
  TExecuteStatementReq,
  TExecuteStatementResp,
  TFetchResultsReq,
  TFetchResultsResp,
  TGetCatalogsReq,
  TGetColumnsReq,
  TGetCrossReferenceReq,
  TGetFunctionsReq,
  TGetInfoReq,
  TGetInfoResp,
  TGetOperationStatusReq,
  TGetOperationStatusResp,
  TGetPrimaryKeysReq,
  TGetResultSetMetadataReq,
  TGetResultSetMetadataResp,
  TGetSchemasReq,
  TGetTableTypesReq,
  TGetTablesReq,
  TGetTypeInfoReq,
  TOpenSessionReq,
  TOpenSessionResp,
  TOperationHandle,
  TSparkDirectResults,
  TStatus,
} from '@databricks/sql/thrift/TCLIService_types';

/** Every metadata call answers like an executed statement. */
export interface OperationResp {
  status: TStatus;
  operationHandle?: TOperationHandle;
  directResults?: TSparkDirectResults;
}

/** The calls that are served: request and response. */
export interface RpcTypes {
  OpenSession: [TOpenSessionReq, TOpenSessionResp];
  CloseSession: [TCloseSessionReq, TCloseSessionResp];
  GetInfo: [TGetInfoReq, TGetInfoResp];
  ExecuteStatement: [TExecuteStatementReq, TExecuteStatementResp];
  GetTypeInfo: [TGetTypeInfoReq, OperationResp];
  GetCatalogs: [TGetCatalogsReq, OperationResp];
  GetSchemas: [TGetSchemasReq, OperationResp];
  GetTables: [TGetTablesReq, OperationResp];
  GetTableTypes: [TGetTableTypesReq, OperationResp];
  GetColumns: [TGetColumnsReq, OperationResp];
  GetFunctions: [TGetFunctionsReq, OperationResp];
  GetPrimaryKeys: [TGetPrimaryKeysReq, OperationResp];
  GetCrossReference: [TGetCrossReferenceReq, OperationResp];
  GetOperationStatus: [TGetOperationStatusReq, TGetOperationStatusResp];
  CancelOperation: [TCancelOperationReq, TCancelOperationResp];
  CloseOperation: [TCloseOperationReq, TCloseOperationResp];
  GetResultSetMetadata: [TGetResultSetMetadataReq, TGetResultSetMetadataResp];
  FetchResults: [TFetchResultsReq, TFetchResultsResp];
}

export type RpcName = keyof RpcTypes;

/** The calls that create an operation. */
export type OperationRpc = Exclude<
  RpcName,
  | 'OpenSession'
  | 'CloseSession'
  | 'GetInfo'
  | 'GetOperationStatus'
  | 'CancelOperation'
  | 'CloseOperation'
  | 'GetResultSetMetadata'
  | 'FetchResults'
>;

export type RpcHandlers = {
  [Name in RpcName]: (request: RpcTypes[Name][0]) => Promise<RpcTypes[Name][1]>;
};

/** The answer to `name` that is an error: every response begins with a status. */
export type ErrorAnswer = { status: TStatus };

const NAMES: Readonly<Record<RpcName, true>> = {
  OpenSession: true,
  CloseSession: true,
  GetInfo: true,
  ExecuteStatement: true,
  GetTypeInfo: true,
  GetCatalogs: true,
  GetSchemas: true,
  GetTables: true,
  GetTableTypes: true,
  GetColumns: true,
  GetFunctions: true,
  GetPrimaryKeys: true,
  GetCrossReference: true,
  GetOperationStatus: true,
  CancelOperation: true,
  CloseOperation: true,
  GetResultSetMetadata: true,
  FetchResults: true,
};

export function isRpcName(name: string): name is RpcName {
  return Object.hasOwn(NAMES, name);
}

export const RPC_NAMES = Object.keys(NAMES) as readonly RpcName[];
