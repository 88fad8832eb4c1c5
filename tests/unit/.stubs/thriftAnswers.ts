import TCLIService_types from '@databricks/sql/thrift/TCLIService_types';
import type {
  TFetchResultsResp,
  TGetOperationStatusResp,
  TGetResultSetMetadataResp,
  TOperationHandle,
  TSessionHandle,
  TSparkDirectResults,
  TStatus,
} from '@databricks/sql/thrift/TCLIService_types';

export const { TOperationState, TSparkRowSetType, TStatusCode } = TCLIService_types;

export const OK = { statusCode: TStatusCode.SUCCESS_STATUS } as TStatus;
export const REFUSED = {
  statusCode: TStatusCode.ERROR_STATUS,
  sqlState: '42000',
  errorMessage: '[NOT_ALLOWED] no',
} as TStatus;
export const OPERATION_GUID = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
export const OPERATION_ID = '00112233-4455-6677-8899-aabbccddeeff';
export const SESSION_GUID = Buffer.from('ffeeddccbbaa99887766554433221100', 'hex');
export const SESSION_ID = 'ffeeddcc-bbaa-9988-7766-554433221100';

/** As much of an `Int64` as anybody asks of it. */
const int64 = (value: number): object => ({ toNumber: () => value });

export const sessionHandle = (): TSessionHandle => ({ sessionId: { guid: SESSION_GUID } }) as TSessionHandle;
export const operationHandle = (hasResultSet = true): TOperationHandle =>
  ({ operationId: { guid: OPERATION_GUID }, hasResultSet }) as TOperationHandle;
export const state = (operationState?: number, more: object = {}): TGetOperationStatusResp =>
  ({ status: OK, operationState, ...more }) as TGetOperationStatusResp;
export const metadata = (resultFormat: number, more: object = {}): TGetResultSetMetadataResp =>
  ({ status: OK, resultFormat, ...more }) as TGetResultSetMetadataResp;
export const page = (results: object | undefined, hasMoreRows = false): TFetchResultsResp =>
  ({ status: OK, hasMoreRows, results }) as unknown as TFetchResultsResp;
export const arrowPage = (rows: number, hasMoreRows = false): TFetchResultsResp =>
  page({ arrowBatches: [{ batch: Buffer.alloc(10 * rows), rowCount: int64(rows) }] }, hasMoreRows);
export const linkPage = (rowsPerFile: readonly number[], first = 0): TFetchResultsResp =>
  page({ resultLinks: rowsPerFile.map((rows, i) => link(`https://store.test/${first + i}`, rows)) });
export const link = (fileLink: string, rows: number, expiryMs = Date.now() + 60_000): object => {
  return { fileLink, rowCount: int64(rows), bytesNum: int64(rows * 100), expiryTime: int64(expiryMs) };
};
export const direct = (parts: object): TSparkDirectResults => parts as TSparkDirectResults;
