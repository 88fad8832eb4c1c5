import { isSupported } from '../sql/compile/supported';
import { unknownFunction } from '../sql/compile/calls';
import { quotedName } from '../sql/databricksText';
import { SqlError } from '../sql/SqlError';
import { SPARK_FUNCTIONS } from '../sql/sparkFunctions';
import type { Told } from '../sql/tellCommands';
import { constantQuery, showLike, text } from './catalogQueries';
import { notView, qualify } from './notes';
import { knownSettings } from './settings';
import { queryWithoutParameters, type CommandContext } from './showQueries';

/** The DuckDB query for what a command tells. Rejects with a SqlError. */
export async function tellQuery(told: Told, context: CommandContext): Promise<string> {
  const { session } = context;
  switch (told.subject) {
    case 'partitions':
      return showPartitions(told, context);
    case 'functions':
      return showFunctions(told, context);
    case 'current schema':
      return constantQuery(text('catalog', 'namespace'), [[session.catalog, session.schema]]);
    case 'function':
      return describeFunction(told.name);
    case 'settings':
      return constantQuery(text('key', 'value', 'meaning', 'Since version'), knownSettings(session));
  }
}

/** A column for each that a table is partitioned by, a row for each partition. */
async function showPartitions(
  { name, partition }: Extract<Told, { subject: 'partitions' }>,
  context: CommandContext,
): Promise<string> {
  const table = await notView(name, 'SHOW PARTITIONS', context.connection, context.session);
  const full = [table.catalog, table.schema, table.name];
  const columns = table.notes.partitionedBy ?? [];
  if (columns.length === 0) throw notPartitioned(full.join('.'));
  const known = new Set(columns.map((column) => column.toLowerCase()));
  const others = partition.map(({ column }) => column).filter((column) => !known.has(column.toLowerCase()));
  if (others.length > 0) throw notPartitionedBy(others);
  const list = columns.map(quotedName).join(', ');
  const conditions = partition.map((value) => ` AND ${quotedName(value.column)} = ${value.text}`);
  const query =
    `SELECT DISTINCT ${list} FROM ${full.map(quotedName).join('.')} ` +
    `WHERE true${conditions.join('')} ORDER BY ${list}`;
  return (await queryWithoutParameters(query, 'SHOW PARTITIONS', context)).text;
}

function notPartitioned(table: string): SqlError {
  return new SqlError(
    'DELTA_SHOW_PARTITION_IN_NON_PARTITIONED_TABLE',
    '42809',
    `SHOW PARTITIONS is not allowed on a table that is not partitioned: ${table}.`,
  );
}

function notPartitionedBy(columns: readonly string[]): SqlError {
  return new SqlError(
    'DELTA_SHOW_PARTITION_IN_NON_PARTITIONED_COLUMN',
    '42P10',
    `Non-partitioning column(s) [${columns.join(', ')}] are specified for SHOW PARTITIONS.`,
  );
}

/** Nobody makes functions here: all are the system's. */
async function showFunctions(
  asked: Extract<Told, { subject: 'functions' }>,
  { session, database, connection }: CommandContext,
): Promise<string> {
  if (asked.in.length > 0) {
    const [catalog = '', schema = ''] = qualify(asked.in, session, 2);
    if (!(await database.knowsSchema(connection, catalog, schema)))
      throw await database.missing(connection, catalog, schema);
  }
  const names = asked.isUser ? [] : [...SPARK_FUNCTIONS].filter(isSupported).map((name) => [name]);
  const like = showLike('"function"', asked.like);
  return `SELECT "function" FROM (${constantQuery(text('function'), names)}) WHERE ${like} ORDER BY 1`;
}

function describeFunction(given: readonly string[]): string {
  const name = given.join('.').toLowerCase();
  if (!isSupported(name)) throw unknownFunction(name);
  return constantQuery(text('function_desc'), [[`Function: ${name}`], ['Usage: N/A.']]);
}
