import { DIMENSION_NAMES, ERROR_COLUMNS, STATEMENT_COLUMNS, TOTAL_LATENCY, WEIGHT } from '../columns';

export type SharedType = 'INTEGER' | 'BIGINT' | 'VARCHAR' | 'BOOLEAN' | 'DOUBLE';

/** How rows of one key become one: the larger value, the smaller one, the first or the last that is known. */
export type SharedMerge = 'max' | 'min' | 'first' | 'last';

export interface SharedColumn {
  readonly name: string;
  readonly type: SharedType;
  readonly merge: SharedMerge;
}

/**
 * A table that several collectors append to. Rows of one key are one fact, whoever wrote them and however often: every
 * merge gives the same for a row that is there twice.
 */
export interface SharedTable {
  readonly name: string;
  readonly key: SharedColumn;
  readonly columns: readonly SharedColumn[];
  /** The column that says which row was first. */
  readonly order: string;
}

export const SHARED_VERSION = 2;

/** Columns that tables of version 1 lack. */
export const LATER_COLUMNS: readonly string[] = ['failedFileStatus'];

const column = (name: string, type: SharedType, merge: SharedMerge = 'first'): SharedColumn => ({ name, type, merge });
const texts = (names: string): SharedColumn[] => names.split(' ').map((name) => column(name, 'VARCHAR'));
const numbers = (names: string, type: SharedType, merge: SharedMerge): SharedColumn[] =>
  names.split(' ').map((name) => column(name, type, merge));

/** Sessions are known by their id and connections by a hash: two collectors number nothing alike. */
const sharedColumns = (columns: typeof STATEMENT_COLUMNS): SharedColumn[] =>
  columns.map(({ name, type, merge }): SharedColumn => {
    if (name === 'session' || type === 'UUID') return { name, type: 'VARCHAR', merge };
    return { name, type: name === 'dim' ? 'BIGINT' : type, merge };
  });

const HISTORY_NUMBERS =
  'startMs endMs updatedMs totalMs waitingForComputeMs waitingAtCapacityMs compilationMs executionMs resultFetchMs ' +
  'taskMs readBytes readRows producedRows spilledBytes';

export const TABLES = {
  statements: {
    name: 'statements_log',
    key: column('key', 'VARCHAR'),
    columns: sharedColumns(STATEMENT_COLUMNS),
    order: 'receivedMs',
  },
  errors: {
    name: 'errors_log',
    key: column('key', 'VARCHAR'),
    columns: sharedColumns(ERROR_COLUMNS),
    order: 'receivedMs',
  },
  sessions: {
    name: 'sessions_log',
    key: column('session', 'VARCHAR'),
    columns: [
      column('described', 'BIGINT'),
      column('guessed', 'BIGINT'),
      ...numbers('startMs endMs', 'BIGINT', 'first'),
      ...numbers('openLatencyMs closeLatencyMs', 'INTEGER', 'first'),
      column('lastMs', 'BIGINT', 'max'),
      column('receivedMs', 'BIGINT', 'min'),
    ],
    order: 'receivedMs',
  },
  dims: {
    name: 'dims_log',
    key: column('dim', 'BIGINT'),
    columns: [...texts(DIMENSION_NAMES.join(' ')), ...texts('settings'), column('firstMs', 'BIGINT', 'min')],
    order: 'firstMs',
  },
  eventKeys: {
    name: 'event_keys',
    key: column('key', 'VARCHAR'),
    columns: [column('loadId', 'VARCHAR'), column('receivedMs', 'BIGINT', 'min')],
    order: 'receivedMs',
  },
  intake: {
    name: 'intake_log',
    key: column('loadId', 'VARCHAR'),
    columns: [
      column('minuteMs', 'BIGINT', 'min'),
      // A load that is tried again may hold more than before, never less.
      ...numbers('received accepted duplicate rejected', 'INTEGER', 'max'),
      column('lagMs', 'INTEGER', 'min'),
    ],
    order: 'minuteMs',
  },
  intakeNames: {
    name: 'intake_names_log',
    key: column('key', 'VARCHAR'),
    columns: [column('minuteMs', 'BIGINT', 'min'), ...texts('kind name'), column('count', 'INTEGER', 'max')],
    order: 'minuteMs',
  },
  history: {
    name: 'history_log',
    key: column('statementId', 'VARCHAR'),
    columns: [
      column('statementUuid', 'VARCHAR', 'last'),
      ...numbers(HISTORY_NUMBERS, 'BIGINT', 'last'),
      column('fromResultCache', 'BOOLEAN', 'last'),
      ...['warehouse', 'executionStatus', 'statementType'].map((name) => column(name, 'VARCHAR', 'last')),
      column('addedMs', 'BIGINT', 'max'),
    ],
    order: 'addedMs',
  },
  steering: {
    name: 'steering_log',
    key: column('id', 'VARCHAR'),
    columns: [...texts('scope name setting author'), column('atMs', 'BIGINT', 'min')],
    order: 'atMs',
  },
  meta: {
    name: 'store_meta',
    key: column('name', 'VARCHAR'),
    columns: [column('value', 'BIGINT', 'max'), column('setMs', 'BIGINT', 'max')],
    order: 'setMs',
  },
} as const satisfies Readonly<Record<string, SharedTable>>;

export type TableName = keyof typeof TABLES;

const list = (columns: readonly SharedColumn[], prefix: string): string =>
  columns.map(({ name }) => `${prefix}"${name}" AS "${name}"`).join(', ');
const own = (table: SharedTable): SharedColumn[] => table.columns.filter(({ name }) => name !== 'dim');

/** A log within a session has the connection of its session, which another log describes. */
const INHERITED =
  'CASE WHEN s."session" IS NULL THEN s."dim" ELSE coalesce(x."described", x."guessed", s."dim") END AS "dim"';

/** What the questions ask, by name: each row once. `merged` is the SQL of a table whose keys are unique. */
export function viewsOf(merged: (table: SharedTable) => string): Readonly<Record<string, string>> {
  const inherited = (table: SharedTable): string =>
    `SELECT s."key" AS "key", ${list(own(table), 's.')}, ${INHERITED} FROM (${merged(table)}) s ` +
    `LEFT JOIN (${merged(TABLES.sessions)}) x ON x."session" = s."session"`;
  const plain = (table: SharedTable): string =>
    `SELECT ${list([table.key, ...table.columns], 'm.')} FROM (${merged(table)}) m`;
  return {
    all_statements: `SELECT a.*, ${TOTAL_LATENCY}, ${WEIGHT} FROM (${inherited(TABLES.statements)}) a`,
    errors: inherited(TABLES.errors),
    sessions:
      `SELECT x."session" AS "session", x."session" AS "sessionId", coalesce(x."described", x."guessed") AS "dim", ` +
      `${list(TABLES.sessions.columns, 'x.')} FROM (${merged(TABLES.sessions)}) x`,
    dims: plain(TABLES.dims),
    history: plain(TABLES.history),
    intake: plain(TABLES.intake),
    intake_names: plain(TABLES.intakeNames),
    steering: plain(TABLES.steering),
  };
}
