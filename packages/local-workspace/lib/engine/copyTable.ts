import type { CopyTable } from '../sql/copyTable';
import { tableNotFound } from '../sql/compile/from';
import { SqlError } from '../sql/SqlError';
import { constantQuery } from './catalogQueries';
import { definitionOf, type Definition } from './createStatement';
import { forget } from './copyInto/copiedFiles';
import { recordChange } from './history';
import { asTransaction, copyRows, makeTable, renamed } from './makeTable';
import { inDuckDb } from './notes';
import type { CommandContext } from './showQueries';
import { resolveTables } from './tables';

const METRICS = [
  'source_table_size',
  'source_num_of_files',
  'num_removed_files',
  'num_copied_files',
  'removed_files_size',
  'copied_files_size',
].map((name) => ({ name, type: 'BIGINT' }));

/** Makes the copy. The query of a clone's metrics; undefined for a table that is only like another. Rejects with a SqlError. */
export async function copyTable(command: CopyTable, context: CommandContext): Promise<string | undefined> {
  const source = await definitionOf(command.source, context);
  if (command.how !== 'like' && source.type === 'VIEW') throw notToBeCloned(command);
  const target = copyOf(source, command, context);
  const isThere = await exists(target, context);
  if (isThere && command.ifNotExists) return command.how === 'like' ? undefined : constantQuery(METRICS, []);
  if (isThere && command.replaces === false) throw alreadyThere(target);
  if (!isThere && command.replaces === 'needed') throw tableNotFound(command.name);
  const counts = await asTransaction(context, () => made(source, target, command, context));
  await context.connection.run('DROP TABLE IF EXISTS temp.main.__copied');
  return command.how === 'like' ? undefined : constantQuery(METRICS, [counts]);
}

/** What a clone counts; sizes are not known. */
async function made(
  source: Definition,
  target: Definition,
  command: CopyTable,
  context: CommandContext,
): Promise<(number | null)[]> {
  const { connection, session } = context;
  const isSame = inDuckDb(source) === inDuckDb(target);
  const from = isSame ? 'temp.main.__copied' : inDuckDb(source);
  if (isSame) await connection.run(`CREATE OR REPLACE TEMPORARY TABLE __copied AS SELECT * FROM ${inDuckDb(source)}`);
  const removed = command.replaces !== false && (await exists(target, context)) ? await remove(target, context) : 0;
  await makeTable(target, context, command.how === 'like');
  if (command.how === 'like') return [];
  const rows = await copyRows(from, target, context);
  const files = rows > 0 ? 1 : 0;
  const isShallow = command.how === 'shallow';
  const parameters = {
    source: [source.catalog, source.schema, source.name].join('.'),
    isShallow: String(isShallow),
    properties: JSON.stringify(command.properties),
  };
  const table = [target.catalog, target.schema, target.name];
  await recordChange(connection, session, { table, operation: 'CLONE', parameters, rowsAs: 'numOutputRows' }, rows);
  return [null, files, removed, isShallow ? 0 : files, removed === 0 ? 0 : null, isShallow ? 0 : null];
}

/** How many files go with it. Its history goes on. */
async function remove(table: Definition, { connection }: CommandContext): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT 1 FROM ${inDuckDb(table)} LIMIT 1`);
  await connection.run(`DROP TABLE ${inDuckDb(table)}`);
  await connection.run(forget(table.catalog, table.schema, table.name));
  return reader.currentRowCount;
}

/** The definition of the copy. Keys stay with the table that has them, and the comment with one that is cloned. */
function copyOf(
  source: Definition,
  { name, how, properties, provider }: CopyTable,
  context: CommandContext,
): Definition {
  const { notes } = source;
  const isView = source.type === 'VIEW';
  return renamed(
    {
      ...source,
      type: 'TABLE',
      keys: [],
      comment: how === 'like' && !isView ? source.comment : undefined,
      notes: {
        ...notes,
        provider: provider ?? notes.provider,
        properties: { ...(isView ? {} : notes.properties), ...properties },
      },
    },
    name,
    context,
  );
}

/** Rejects with a SqlError when the schema or its catalog is not there. */
async function exists(table: Definition, context: CommandContext): Promise<boolean> {
  const { database, connection } = context;
  const { catalog, schema, name } = table;
  if (!(await database.hasSchema(connection, catalog, schema)))
    throw await database.missing(connection, catalog, schema);
  const found = await resolveTables([[catalog, schema, name]], context);
  return Object.keys(found).length > 0;
}

function notToBeCloned({ source, how }: CopyTable): SqlError {
  return new SqlError(
    'DELTA_CLONE_UNSUPPORTED_SOURCE',
    '0AKDC',
    `Unsupported ${how} clone source '${source.join('.')}', whose format is View.\nThe supported formats are 'delta', 'iceberg' and 'parquet'.`,
  );
}

function alreadyThere({ catalog, schema, name }: Definition): SqlError {
  return new SqlError(
    'TABLE_OR_VIEW_ALREADY_EXISTS',
    '42P07',
    `Cannot create table or view \`${[catalog, schema, name].join('`.`')}\` because it already exists.`,
  );
}
