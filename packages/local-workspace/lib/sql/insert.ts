import { castTo } from './compile/cast';
import type { Context, KnownColumn, KnownTable, Place } from './compile/context';
import { compileExpression } from './compile/expression';
import { raise } from './compile/failures';
import { condition } from './compile/logic';
import { compileQuery } from './compile/query';
import type { Column, Relation } from './compile/Typed';
import { isNode, type Node } from './nodes';
import { STEP } from './placeholders';
import { identifier } from './quote';
import { columnExists, SqlError, syntaxError, unsupported } from './SqlError';
import { columnNamed, existing, isDefault, placeOf, tableParts, targetPlace } from './statements';
import { stored } from './stored';

/** Where the rows of an INSERT go. */
interface Target {
  readonly table: KnownTable;
  /** The columns that are written, in the order of the values. */
  readonly columns: readonly KnownColumn[];
  readonly isListed: boolean;
  readonly parts: readonly string[];
}

/** INSERT in DuckDB's dialect; values become the types of their columns. */
export function compileInsert(insert: Node, context: Context): string {
  const table = existing(insert['table'], context);
  const parts = tableParts(insert['table']);
  const names = (Array.isArray(insert['columns']) ? (insert['columns'] as unknown[]) : [])
    .filter(isNode)
    .map((column) => String(column['name']));
  refuse(insert, names);
  const columns = names.length === 0 ? [...table.columns] : names.map((name) => columnNamed(table, name));
  checkOnce(columns);
  const target = { table, columns, isListed: names.length > 0, parts };
  const place = placeOf(context);
  if (insert['by_name'] === true) {
    const query = isNode(insert['query']) ? compileQuery(insert['query'], place) : insertedRows(insert, place, []);
    return written({ ...target, columns: named(query, table, parts), isListed: true }, query, insert, context);
  }
  const query = insertedRows(insert, place, columns);
  if (query.hasDefaults) return insertDefaults(target, query, insert);
  return written(target, query, insert, context);
}

function refuse(insert: Node, names: readonly string[]): void {
  if (Array.isArray(insert['partition']) && insert['partition'].length > 0) throw unsupported('INSERT with PARTITION');
  if (insert['by_name'] === true && names.length > 0) throw syntaxError("'BY'");
  if (names.length > 0 && insert['overwrite'] === true) throw unsupported('INSERT OVERWRITE with columns');
  if (names.length > 0 && insert['replace_where']) throw unsupported('INSERT … REPLACE WHERE with columns');
}

function checkOnce(columns: readonly Column[]): void {
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice) throw columnExists(twice.name);
}

function written(target: Target, query: Relation, insert: Node, context: Context): string {
  const { table, columns, isListed } = target;
  const list = isListed ? columnList(columns) : '';
  const rows = fitted(query, target);
  if (insert['overwrite'] === true) return replacing(target, list, rows, '');
  if (insert['replace_where']) return replacingWhere(target, list, rows, { insert, context });
  return `INSERT INTO ${table.sql}${list} ${rows}`;
}

/** The new rows are computed before the old ones go: they may be made of them. */
function replacing(
  { table }: Target,
  list: string,
  rows: string,
  where: string,
  check: readonly string[] = [],
): string {
  const kept = `CREATE OR REPLACE TEMPORARY TABLE __overwrite AS ${rows}`;
  const insert = `INSERT INTO ${table.sql}${list} SELECT * FROM temp.__overwrite`;
  return [kept, ...check, `DELETE FROM ${table.sql}${where}`, insert].join(STEP);
}

/** Only the rows that meet the condition go, and all new ones have to meet it. */
function replacingWhere(
  target: Target,
  list: string,
  rows: string,
  { insert, context }: { insert: Node; context: Context },
): string {
  const { place } = targetPlace(insert['table'], context);
  const test = condition(insert['replace_where'], place, 'WHERE');
  const names = target.columns.map(({ name }) => identifier(name)).join(', ');
  const alias = identifier(target.parts.at(-1) ?? '');
  const failure = raise(
    'DELTA_REPLACE_WHERE_MISMATCH',
    '44000',
    'Written data does not conform to partial table overwrite condition or constraint.',
  );
  const check =
    `SELECT CASE WHEN EXISTS (SELECT 1 FROM temp.__overwrite AS ${alias}(${names}) WHERE (${test}) IS NOT TRUE) ` +
    `THEN ${failure} END`;
  return replacing(target, list, rows, ` AS ${alias} WHERE ${test}`, [check]);
}

/** A query whose columns fit those that are written to. Throws for a different number of them. */
function fitted(query: Relation, target: Target): string {
  checkWidth(query, target);
  const names = query.columns.map((_column, i) => `c${i}`).join(', ');
  const values = query.columns.map((column, i) =>
    stored({ sql: `__i.c${i}`, type: column.type }, target.columns[i] ?? column),
  );
  return `SELECT ${values.join(', ')} FROM (${query.sql}) AS __i(${names})`;
}

function checkWidth({ columns: given }: Relation, { columns, isListed, parts }: Target): void {
  if (given.length === columns.length) return;
  const isMore = given.length > columns.length;
  const name = `\`${parts.join('`.`')}\``;
  if (isListed) {
    throw new SqlError(
      `INSERT_COLUMN_ARITY_MISMATCH.${isMore ? 'TOO_MANY_DATA_COLUMNS' : 'NOT_ENOUGH_DATA_COLUMNS'}`,
      '21S01',
      `Cannot write to ${name}, the reason is ${isMore ? 'too many' : 'not enough'} data columns.`,
    );
  }
  if (isMore) throw schemaMismatch(name);
  throw new SqlError(
    'DELTA_INSERT_COLUMN_ARITY_MISMATCH',
    '42802',
    `Cannot write to '${parts.join('.')}', not enough data columns; target table has ${columns.length} column(s) but the inserted data has ${given.length} column(s).`,
  );
}

function schemaMismatch(name: string): SqlError {
  const text = `A schema mismatch detected when writing to the Delta table ${name}: it has not all of the columns that are written.`;
  return new SqlError('DELTA_METADATA_MISMATCH', '42KDG', text);
}

const columnList = (columns: readonly Column[]): string =>
  ` (${columns.map(({ name }) => identifier(name)).join(', ')})`;

/** The columns that the query names; others get NULL. */
function named(query: Relation, table: KnownTable, parts: readonly string[]): KnownColumn[] {
  const found = query.columns.map(({ name }) =>
    table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase()),
  );
  if (found.includes(undefined)) throw schemaMismatch(`\`${parts.join('`.`')}\``);
  const columns = found.filter((column) => column !== undefined);
  checkOnce(columns);
  return columns;
}

type Rows = Relation & { hasDefaults?: true };

/** Rows of VALUES become the types of their columns one by one: they need none in common. */
function insertedRows(insert: Node, place: Place, targets: readonly KnownColumn[]): Rows {
  if (isNode(insert['query'])) {
    refuseDefaults(insert['query']);
    return compileQuery(insert['query'], place);
  }
  const rows = (Array.isArray(insert['values']) ? insert['values'] : []) as unknown[][];
  if (rows.length === 0) throw unsupported('INSERT of nothing');
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) throw ragged();
  const hasDefaults = rows.some((row) => row.some(isDefault));
  const texts = rows.map((row) => {
    const cells = row.map((cell, i) => {
      const target = targets[i];
      if (isDefault(cell)) return 'DEFAULT';
      const value = compileExpression(cell, place);
      if (!target) return value.sql;
      return hasDefaults ? stored(value, target) : castTo(value, target.type).sql;
    });
    return `(${cells.join(', ')})`;
  });
  const columns = Array.from({ length: width }, (_cell, i) => ({
    name: `col${i + 1}`,
    type: targets[i]?.type ?? { kind: 'void' as const },
  }));
  const values = `VALUES ${texts.join(', ')}`;
  if (hasDefaults) return { sql: values, columns, hasDefaults: true };
  return { sql: `SELECT * FROM (${values}) AS __v(${columns.map(({ name }) => name).join(', ')})`, columns };
}

function refuseDefaults({ select }: Node): void {
  const list = isNode(select) && Array.isArray(select['expressions']) ? (select['expressions'] as unknown[]) : [];
  if (list.some(isDefault)) throw unsupported('DEFAULT in the list of INSERT … SELECT');
}

function ragged(): SqlError {
  const text = 'Invalid inline table. The rows have different numbers of columns.';
  return new SqlError('INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH', '42000', text);
}

/** Only next to the table itself VALUES can hold `DEFAULT`. */
function insertDefaults(target: Target, rows: Rows, insert: Node): string {
  if (insert['overwrite'] === true) throw unsupported('DEFAULT in INSERT OVERWRITE');
  if (insert['replace_where']) throw unsupported('DEFAULT in INSERT … REPLACE WHERE');
  checkWidth(rows, target);
  return `INSERT INTO ${target.table.sql}${columnList(target.columns)} ${rows.sql}`;
}
