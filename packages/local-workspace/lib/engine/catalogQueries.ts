import { identifier, literal } from '../sql/quote';
import { CATALOG_PREFIX, INFORMATION_SCHEMA } from '../sql/rewrite';

const PREFIX_LENGTH = CATALOG_PREFIX.length + 1;

/** A value that a constant query can hold. */
export type Constant = string | number | boolean | null;

/** Columns of text. */
export const text = (...names: string[]): { name: string; type: string }[] =>
  names.map((name) => ({ name, type: 'VARCHAR' }));

/** A table of constants as a query; columns are typed by `types` (DuckDB names). */
export function constantQuery(
  columns: readonly { name: string; type: string }[],
  rows: readonly (readonly Constant[])[],
): string {
  const casts = columns.map(({ name, type }, i) => `CAST(c${i} AS ${type}) AS ${identifier(name)}`).join(', ');
  const names = columns.map((_column, i) => `c${i}`).join(', ');
  const listed = rows.length > 0 ? rows : [columns.map(() => null)];
  const values = listed.map((row) => `(${columns.map((_column, i) => constant(row[i] ?? null)).join(', ')})`);
  return `SELECT ${casts} FROM (VALUES ${values.join(', ')}) AS v(${names})${rows.length === 0 ? ' LIMIT 0' : ''}`;
}

function constant(value: Constant): string {
  return value === null ? 'NULL' : typeof value === 'string' ? literal(value) : String(value);
}

/** `*` and `|` of SHOW … LIKE, as a condition on a lower-case expression. */
export function showLike(expression: string, pattern: string | undefined): string {
  if (pattern === undefined) return 'TRUE';
  const alternatives = pattern.split('|').map((part) => {
    const like = part
      .trim()
      .toLowerCase()
      .replace(/[\\%_]/g, '\\$&')
      .replaceAll('*', '%');
    return `lower(${expression}) LIKE ${literal(like)} ESCAPE '\\'`;
  });
  return `(${alternatives.join(' OR ')})`;
}

/** A metadata pattern (`%`, `_`, `\` escapes, `*` for everything), as a condition. Null and empty match everything. */
export function metadataPattern(expression: string, pattern: string | null | undefined): string {
  if (pattern === undefined || pattern === null || pattern === '' || pattern === '%' || pattern === '*') return 'TRUE';
  return `lower(${expression}) LIKE ${literal(pattern.toLowerCase())} ESCAPE '\\'`;
}

export function sameName(expression: string, name: string | null | undefined): string {
  return name === undefined || name === null || name === ''
    ? 'TRUE'
    : `lower(${expression}) = ${literal(name.toLowerCase())}`;
}

/** `main` holds what is the workspace's own. */
const VISIBLE = `schema_name NOT IN (${literal(INFORMATION_SCHEMA)}, 'main')`;

/** What a column was declared as, and what is kept of a table, stands before its comment, between two of these. */
export const NOTE_MARK = '\u0001';
/** Between the type of a column and its clause. */
export const CLAUSE_MARK = '\u0002';
const MARK = 'chr(1)';
const MARKED = `starts_with(comment, ${MARK})`;
const NOTED = `CASE WHEN ${MARKED} THEN split_part(comment, ${MARK}, 2) END`;
export const DECLARED_TYPE = `nullif(split_part(${NOTED}, chr(2), 1), '')`;
const CLAUSE = `nullif(split_part(${NOTED}, chr(2), 2), '')`;
const OWN_COMMENT = `CASE WHEN ${MARKED} THEN nullif(split_part(comment, ${MARK}, 3), '') ELSE comment END`;

/** Relations below; each is a subquery over DuckDB's catalog with Databricks names. */
export const CATALOGS =
  `(SELECT substr(database_name, ${PREFIX_LENGTH}) AS catalog FROM duckdb_databases() ` +
  `WHERE starts_with(database_name, ${literal(CATALOG_PREFIX)}))`;

export const SCHEMAS =
  `(SELECT substr(database_name, ${PREFIX_LENGTH}) AS catalog, schema_name AS schema FROM duckdb_schemas() ` +
  `WHERE starts_with(database_name, ${literal(CATALOG_PREFIX)}) AND NOT internal AND ${VISIBLE})`;

export const TABLES =
  `(SELECT substr(database_name, ${PREFIX_LENGTH}) AS catalog, schema_name AS schema, table_name AS name, ` +
  `'TABLE' AS type, ${OWN_COMMENT} AS comment, ${NOTED} AS notes FROM duckdb_tables() WHERE starts_with(database_name, ${literal(CATALOG_PREFIX)}) AND ${VISIBLE} ` +
  `UNION ALL SELECT substr(database_name, ${PREFIX_LENGTH}), schema_name, view_name, 'VIEW', ${OWN_COMMENT}, ${NOTED} FROM duckdb_views() ` +
  `WHERE starts_with(database_name, ${literal(CATALOG_PREFIX)}) AND NOT internal AND ${VISIBLE})`;

export const COLUMNS =
  `(SELECT substr(database_name, ${PREFIX_LENGTH}) AS catalog, schema_name AS schema, table_name AS tbl, column_name AS name, ` +
  `column_index AS position, data_type, is_nullable, column_default, numeric_precision, numeric_scale, ` +
  `${DECLARED_TYPE} AS declared_type, ${CLAUSE} AS clause, ${OWN_COMMENT} AS comment ` +
  `FROM duckdb_columns() WHERE starts_with(database_name, ${literal(CATALOG_PREFIX)}) AND NOT internal AND ${VISIBLE})`;

/** The name that a key was given is kept with its table, by its kind and columns. */
const KEY_NAME =
  `CAST(json_extract(${NOTED}, '$.keyNames') AS MAP(VARCHAR, VARCHAR))` +
  `[lower(constraint_type || ' ' || array_to_string(constraint_column_names, ','))]`;

export const CONSTRAINTS =
  `(SELECT substr(k.database_name, ${PREFIX_LENGTH}) AS catalog, k.schema_name AS schema, k.table_name AS tbl, ` +
  `constraint_type AS type, coalesce(${KEY_NAME}, constraint_name) AS name, constraint_column_names AS columns, ` +
  `referenced_table, referenced_column_names AS referenced_columns ` +
  `FROM duckdb_constraints() AS k JOIN duckdb_tables() AS t USING (database_oid, schema_oid, table_oid) ` +
  `WHERE starts_with(k.database_name, ${literal(CATALOG_PREFIX)}))`;
