import type { OperationType } from '../../model/enums';
import type { ConnectionInfo } from '../../model/connection';
import type { ServerMessage, StatementMessage } from '../../model/messages';
import type { Statement } from '../../model/Statement';

/** A message while it is filled. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The session's methods that make statements, by the service's name for what they do. */
const METHODS: Readonly<Partial<Record<OperationType, string>>> = {
  EXECUTE_STATEMENT: 'executeStatement',
  EXECUTE_STATEMENT_ASYNC: 'executeStatement',
  LIST_TYPE_INFO: 'getTypeInfo',
  LIST_CATALOGS: 'getCatalogs',
  LIST_SCHEMAS: 'getSchemas',
  LIST_TABLES: 'getTables',
  LIST_TABLE_TYPES: 'getTableTypes',
  LIST_COLUMNS: 'getColumns',
  LIST_FUNCTIONS: 'getFunctions',
  LIST_PRIMARY_KEYS: 'getPrimaryKeys',
  LIST_CROSS_REFERENCES: 'getCrossReference',
};

const NO_PHASES = Object.freeze([]);

/** Which server the messages of a connection are about. */
export function serverOf({ origin, workspaceId, driverConfig }: ConnectionInfo): ServerMessage {
  const warehouseId = /\/(?:warehouses|endpoints)\/([^/?#]+)/.exec(driverConfig.httpPath)?.[1];
  return { serverAddress: origin.hostname, serverPort: origin.port, warehouseId, workspaceId };
}

/** The message of a statement that begins. */
export function statementMessage(
  statement: Statement,
  server: ServerMessage,
  database: string | undefined,
  query: string | undefined,
): Writable<StatementMessage> {
  const { operationType } = statement;
  return {
    operation: operationType === undefined ? 'getInfo' : (METHODS[operationType] ?? operationType),
    serverAddress: server.serverAddress,
    serverPort: server.serverPort,
    database,
    warehouseId: server.warehouseId,
    workspaceId: server.workspaceId,
    sessionId: statement.sessionId,
    statementId: undefined,
    operationType,
    query,
    queryTags: undefined,
    traceId: undefined,
    startTimeMs: statement.timestampMs,
    durationMs: undefined,
    error: undefined,
    summary: undefined,
    phases: NO_PHASES,
  };
}
