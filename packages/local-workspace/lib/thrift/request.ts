import type {
  TExecuteStatementReq,
  TOperationType,
  TSessionHandle,
  TSparkGetDirectResults,
} from '@databricks/sql/thrift/TCLIService_types';
import type { Work } from '../engine/Execution';
import { newStatementRecord } from '../received/newStatementRecord';
import type { StatementRecord } from '../received/types';
import type { ClientAbilities } from '../results/chooseFormat';
import type { ProtocolFeatures } from './protocol';
import type { OperationRpc } from './rpc';
import type { Session } from '../service/Session';

/** What every call that creates an operation has in common. */
export interface OperationRequest {
  sessionHandle: TSessionHandle;
  getDirectResults?: TSparkGetDirectResults;
  runAsync?: boolean;
}

/** A call that creates an operation. */
export interface Call {
  rpc: OperationRpc;
  type: TOperationType;
  request: OperationRequest;
  sql: string | undefined;
  work: Work;
  abilities: ClientAbilities;
  timeoutMs: number;
}

/** Metadata is always column-based. */
export const TEXT_ONLY: ClientAbilities = {
  arrow: false,
  download: false,
  lz4: false,
  native: { timestamps: false, decimals: false, complex: false, intervals: false },
};

const DEFAULT_ROW_LIMIT = 100_000;

export function rowLimit(maxRows: { toNumber(): number } | null | undefined): number {
  const rows = maxRows?.toNumber() ?? DEFAULT_ROW_LIMIT;
  return Number.isFinite(rows) && rows > 0 ? rows : DEFAULT_ROW_LIMIT;
}

export function abilitiesOf(request: TExecuteStatementReq, features: ProtocolFeatures): ClientAbilities {
  const types = request.useArrowNativeTypes;
  return {
    arrow: features.arrow && request.canReadArrowResult === true,
    download: features.cloudFetch && request.canDownloadResult === true,
    lz4: features.compression && request.canDecompressLZ4Result === true,
    native: {
      timestamps: types?.timestampAsArrow === true,
      decimals: types?.decimalAsArrow === true,
      complex: types?.complexTypesAsArrow === true,
      intervals: types?.intervalTypesAsArrow === true,
    },
  };
}

export function newRecord(statementId: string, session: Session, call: Call): StatementRecord {
  return newStatementRecord({
    statementId,
    sessionId: session.id,
    tenant: session.tenant.name,
    protocol: 'thrift',
    rpc: call.rpc,
    sql: call.sql,
    queryTags: queryTagsOf(call.request),
    directResults: Boolean(call.request.getDirectResults),
  });
}

function queryTagsOf(request: object): string | undefined {
  const { confOverlay } = request as { readonly confOverlay?: Readonly<Record<string, string>> | null };
  return confOverlay?.['query_tags'];
}
