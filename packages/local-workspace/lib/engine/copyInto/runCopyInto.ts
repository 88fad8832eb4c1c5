import type { Column } from '../../sql/compile/Typed';
import type { KnownColumn, KnownTable } from '../../sql/compile/context';
import type { CopyInto } from '../../sql/copyInto';
import { identifier, literal } from '../../sql/quote';
import { SqlError, unsupported } from '../../sql/SqlError';
import { stored } from '../../sql/stored';
import { parseDuckType } from '../duckTypeNames';
import { translateIn } from '../plan';
import { qualify } from '../notes';
import type { CommandContext } from '../showQueries';
import { resolveTables } from '../tables';
import { typeName, type SqlType } from '../types';
import type { VolumeEntry } from '../VolumeFolder';
import { newFiles, remember, type TableName } from './copiedFiles';
import { isSet, readerOf, renamed } from './reading';

/** The view over the files while they are copied. A client's statement cannot mean it: it is gone when it ends. */
const VIEW = '__copied';

/** Copies what is new below a path into a table. Gives the number of rows. Throws a SqlError. */
export async function runCopyInto(copy: CopyInto, context: CommandContext): Promise<number> {
  const { connection, database, session, signal } = context;
  for (const option of copy.copyOptions.keys()) {
    if (option !== 'force' && option !== 'mergeschema') throw unsupported(`The copy option ${option}`);
  }
  const scheme = /^(?!dbfs:)[a-z][\w+.-]*:/i.exec(copy.path)?.[0];
  if (scheme !== undefined) throw unsupported(`COPY INTO from ${scheme}…`);
  const name = qualify(copy.table, session, 3) as unknown as TableName;
  const target = await targetOf(copy, context);
  const all = chosenFiles(copy, context);
  const files = isSet(copy.copyOptions, 'force') ? all : await newFiles(connection, name, all);
  if (files.length === 0) return 0;
  const paths = files.map(({ path }) => context.staging.folder.file(context.staging.folder.parts(path)));
  return database.turns.run(session.user, signal, async () => {
    try {
      await createView(copy, paths, context);
      const rows = await sourceOf(copy, context);
      const columns = await fittingColumns(copy, rows.columns, target, context);
      await connection.run('BEGIN');
      const inserted = await connection.run(insertOf(rows, columns, target));
      await connection.run(remember(name, files));
      await connection.run('COMMIT');
      return inserted.rowsChanged;
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      await connection.run(`DROP VIEW IF EXISTS temp.main.${VIEW}`).catch(() => undefined);
    }
  });
}

async function targetOf({ table }: CopyInto, context: CommandContext): Promise<KnownTable> {
  const found = (await resolveTables([table], context))[table.join('.').toLowerCase()];
  if (found) return found;
  throw new SqlError(
    'TABLE_OR_VIEW_NOT_FOUND',
    '42P01',
    `The table or view \`${table.join('`.`')}\` cannot be found. Verify the spelling and correctness of the schema and catalog.`,
  );
}

function chosenFiles({ path, files, pattern }: CopyInto, { staging }: CommandContext): VolumeEntry[] {
  const base = path.replace(/\/$/, '');
  if (files !== undefined) return files.flatMap((file) => staging.folder.entries(`${base}/${file}`));
  const found = staging.folder.filesBelow(base);
  if (pattern === undefined) return found;
  const fits = globOf(pattern);
  return found.filter((entry) => fits.test(entry.path.slice(base.length + 1)));
}

/** `*`, `?`, `[abc]` and `{a,b}` of a file pattern. */
function globOf(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^$()|\\]/g, String.raw`\$&`)
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll(/\{([^{}]*)\}/g, (_all, options: string) => `(?:${options.replaceAll(',', '|')})`);
  return new RegExp(`^${source}$`);
}

async function createView(copy: CopyInto, paths: readonly string[], { connection }: CommandContext): Promise<void> {
  const reader = readerOf(copy, paths);
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${reader}`).catch((error: unknown) => {
    const [reason = ''] = (error instanceof Error ? error.message : '').split('\n');
    const where = paths.reduce((text, path, i) => text.replaceAll(path, `file ${i + 1}`), reason);
    throw new SqlError('FAILED_READ_FILE.NO_HINT', 'KD001', `Error while reading files below ${copy.path}: ${where}.`);
  });
  const columns = described.getRowsJson() as string[][];
  const names = columns.map(([column]) => column ?? '');
  // Spark takes dates in JSON for what they are written as.
  const texts = columns.flatMap(([column, type]) =>
    copy.format === 'JSON' && /^(?:DATE|TIME|TIMESTAMP|UUID)/.test(type ?? '') ? [column ?? ''] : [],
  );
  const types = columns.map(
    ([column, type]) => `${literal(column ?? '')}: ${literal(texts.includes(column ?? '') ? 'VARCHAR' : (type ?? ''))}`,
  );
  const exact = texts.length === 0 ? reader : reader.replace(/\)$/, `, columns = {${types.join(', ')}})`);
  await connection.run(`CREATE OR REPLACE TEMPORARY VIEW ${VIEW} AS SELECT ${renamed(names, copy)} FROM ${exact}`);
}

/** What is copied: the view as it is, or the query around the path. */
async function sourceOf(
  { query }: CopyInto,
  context: CommandContext,
): Promise<{ sql: string; columns: readonly Column[] }> {
  const { connection, session, source } = context;
  if (query === undefined) {
    const described = await connection.runAndReadAll(`DESCRIBE temp.main.${VIEW}`);
    const columns = (described.getRowsJson() as string[][]).map(([name = '', type = '']) => ({
      name,
      type: parseDuckType(type),
    }));
    return { sql: `SELECT * FROM temp.main.${VIEW}`, columns };
  }
  const { start, end, path } = query;
  const text = `${source.slice(start, path.start)} ${VIEW} ${source.slice(path.end, end)}`;
  const temporaryViews = new Map([...session.temporaryViews, [VIEW, '']]);
  const { pieces, holes, columns } = await translateIn(text, [], {
    ...context,
    session: { ...session, temporaryViews },
  });
  if (holes.length > 0) throw unsupported('COPY INTO with parameters');
  return { sql: pieces.join(''), columns };
}

/** For each column that is copied, that of the table. With `mergeSchema` the table gets those that it lacks. */
async function fittingColumns(
  { columns: given, copyOptions }: CopyInto,
  sources: readonly Column[],
  target: KnownTable,
  { connection, database }: CommandContext,
): Promise<Column[]> {
  const wanted = sources.map((source, index) => ({ ...source, name: given[index] ?? source.name }));
  const known = (name: string): Column | undefined =>
    target.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  const unknown = wanted.filter(({ name }) => known(name) === undefined);
  if (unknown.length > 0 && !isSet(copyOptions, 'mergeschema')) {
    throw new SqlError(
      'COPY_INTO_SCHEMA_MISMATCH_WITH_TARGET_TABLE',
      '42KDG',
      `A schema mismatch was detected while copying: ${unknown.map(({ name }) => `\`${name}\``).join(', ')} is not in the table. Set 'mergeSchema' = 'true' in COPY_OPTIONS to add it.`,
    );
  }
  for (const { name, type } of unknown) {
    await connection.run(
      `ALTER TABLE ${target.sql} ADD COLUMN ${identifier(name)} ${await duckTypeIn(connection, sources, name, type)}`,
    );
  }
  if (unknown.length > 0) database.changed();
  return wanted.map((column) => {
    const into = known(column.name) ?? column;
    if (!mayStore(column.type, into.type)) {
      throw new SqlError(
        'DELTA_FAILED_TO_MERGE_FIELDS',
        '22005',
        `Failed to merge fields '${into.name}' and '${column.name}': ${typeName(into.type)} and ${typeName(column.type)}.`,
      );
    }
    return into;
  });
}

async function duckTypeIn(
  connection: CommandContext['connection'],
  sources: readonly Column[],
  name: string,
  type: SqlType,
): Promise<string> {
  const described = await connection.runAndReadAll(`DESCRIBE temp.main.${VIEW}`);
  const found = (described.getRowsJson() as string[][]).find(([column]) => column === name)?.[1];
  if (found !== undefined && sources.some((source) => source.name === name)) return found;
  throw unsupported(`mergeSchema with the computed column ${name} of ${typeName(type)}`);
}

const NUMBERS = new Set(['tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'decimal']);

/** A copy writes numbers into numbers and moments into moments; it makes neither out of text. */
function mayStore(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'void' || from.kind === to.kind) return true;
  if (NUMBERS.has(from.kind) && NUMBERS.has(to.kind)) return true;
  const moments = ['date', 'timestamp', 'timestamp_ntz'];
  return moments.includes(from.kind) && moments.includes(to.kind);
}

function insertOf(
  rows: { sql: string; columns: readonly Column[] },
  targets: readonly KnownColumn[],
  table: KnownTable,
): string {
  const names = rows.columns.map((_column, i) => `c${i}`).join(', ');
  const values = rows.columns.map((column, i) => stored({ sql: `__s.c${i}`, type: column.type }, targets[i] ?? column));
  const list = targets.map(({ name }) => identifier(name)).join(', ');
  return `INSERT INTO ${table.sql} (${list}) SELECT ${values.join(', ')} FROM (${rows.sql}) AS __s(${names})`;
}
