import type {
  TGetCrossReferenceReq,
  TGetFunctionsReq,
  TGetPrimaryKeysReq,
  TGetSchemasReq,
  TGetTablesReq,
} from '@databricks/sql/thrift/TCLIService_types';
import { CONSTRAINTS, constantQuery, metadataPattern, sameName, type Constant } from '../engine/catalogQueries';
import { ALL_CATALOGS, ALL_SCHEMAS, ALL_TABLES } from '../engine/systemCatalog';
import { literal } from '../sql/quote';

const NO_TEXT = `CAST(NULL AS VARCHAR)`;

export function catalogsQuery(): string {
  return `SELECT catalog AS "TABLE_CAT" FROM ${ALL_CATALOGS} ORDER BY 1`;
}

export function schemasQuery(request: Omit<TGetSchemasReq, 'sessionHandle'>): string {
  return (
    `SELECT schema AS "TABLE_SCHEM", catalog AS "TABLE_CATALOG" FROM ${ALL_SCHEMAS} ` +
    `WHERE ${metadataPattern('catalog', request.catalogName)} AND ${metadataPattern('schema', request.schemaName)} ORDER BY 2, 1`
  );
}

export function tablesQuery(request: Omit<TGetTablesReq, 'sessionHandle'>): string {
  const types = request.tableTypes?.length
    ? `type IN (${request.tableTypes.map((type) => literal(type.toUpperCase())).join(', ')})`
    : 'TRUE';
  const absent = ['TYPE_CAT', 'TYPE_SCHEM', 'TYPE_NAME', 'SELF_REFERENCING_COL_NAME', 'REF_GENERATION'];
  return (
    `SELECT catalog AS "TABLE_CAT", schema AS "TABLE_SCHEM", name AS "TABLE_NAME", type AS "TABLE_TYPE", ` +
    `coalesce(CAST(comment AS VARCHAR), '') AS "REMARKS", ${absent.map((name) => `${NO_TEXT} AS "${name}"`).join(', ')} ` +
    `FROM ${ALL_TABLES} WHERE ${metadataPattern('catalog', request.catalogName)} AND ` +
    `${metadataPattern('schema', request.schemaName)} AND ${metadataPattern('name', request.tableName)} AND ${types} ORDER BY 4, 1, 2, 3`
  );
}

export function tableTypesQuery(): string {
  return constantQuery([{ name: 'TABLE_TYPE', type: 'VARCHAR' }], [['SYSTEM TABLE'], ['TABLE'], ['VIEW']]);
}

export function functionsQuery(request: Omit<TGetFunctionsReq, 'sessionHandle'>): string {
  return (
    `SELECT DISTINCT ${NO_TEXT} AS "FUNCTION_CAT", ${NO_TEXT} AS "FUNCTION_SCHEM", function_name AS "FUNCTION_NAME", ` +
    `'' AS "REMARKS", CAST(1 AS INTEGER) AS "FUNCTION_TYPE", function_name AS "SPECIFIC_NAME" FROM duckdb_functions() ` +
    `WHERE regexp_matches(function_name, '^[a-z]') AND ${metadataPattern('function_name', request.functionName)} ORDER BY 3`
  );
}

export function primaryKeysQuery(request: Omit<TGetPrimaryKeysReq, 'sessionHandle'>): string {
  return (
    `SELECT catalog AS "TABLE_CAT", schema AS "TABLE_SCHEM", tbl AS "TABLE_NAME", unnest(columns) AS "COLUMN_NAME", ` +
    `CAST(unnest(range(1, len(columns) + 1)) AS INTEGER) AS "KEY_SEQ", name AS "PK_NAME" FROM ${CONSTRAINTS} ` +
    `WHERE type = 'PRIMARY KEY' AND ${sameName('catalog', request.catalogName)} AND ` +
    `${sameName('schema', request.schemaName)} AND ${sameName('tbl', request.tableName)}`
  );
}

export function crossReferenceQuery(request: Omit<TGetCrossReferenceReq, 'sessionHandle'>): string {
  const small = (value: number, name: string): string => `CAST(${value} AS SMALLINT) AS "${name}"`;
  return (
    `SELECT catalog AS "PKTABLE_CAT", schema AS "PKTABLE_SCHEM", referenced_table AS "PKTABLE_NAME", ` +
    `unnest(referenced_columns) AS "PKCOLUMN_NAME", catalog AS "FKTABLE_CAT", schema AS "FKTABLE_SCHEM", tbl AS "FKTABLE_NAME", ` +
    `unnest(columns) AS "FKCOLUMN_NAME", CAST(unnest(range(1, len(columns) + 1)) AS SMALLINT) AS "KEY_SEQ", ` +
    `${small(3, 'UPDATE_RULE')}, ${small(3, 'DELETE_RULE')}, name AS "FK_NAME", ${NO_TEXT} AS "PK_NAME", ${small(7, 'DEFERRABILITY')} ` +
    `FROM ${CONSTRAINTS} WHERE type = 'FOREIGN KEY' AND ${sameName('catalog', request.foreignCatalogName)} AND ` +
    `${sameName('schema', request.foreignSchemaName)} AND ${sameName('tbl', request.foreignTableName)} AND ` +
    `${sameName('catalog', request.parentCatalogName)} AND ${sameName('schema', request.parentSchemaName)} AND ` +
    `${sameName('referenced_table', request.parentTableName)}`
  );
}

type TypeRow = [
  name: string,
  jdbc: number,
  precision: number | null,
  quote: string | null,
  caseSensitive: boolean,
  numeric: boolean,
];

/** Name, JDBC type code, precision, quote, case sensitivity, whether it is a number. */
const TYPES: readonly TypeRow[] = [
  ['VOID', 0, null, null, false, false],
  ['BOOLEAN', 16, null, null, false, false],
  ['TINYINT', -6, 3, null, false, true],
  ['SMALLINT', 5, 5, null, false, true],
  ['INT', 4, 10, null, false, true],
  ['BIGINT', -5, 19, null, false, true],
  ['FLOAT', 6, 7, null, false, true],
  ['DOUBLE', 8, 15, null, false, true],
  ['DECIMAL', 3, 38, null, false, true],
  ['STRING', 12, null, "'", true, false],
  ['VARCHAR', 12, null, "'", true, false],
  ['CHAR', 1, null, "'", true, false],
  ['BINARY', -2, null, null, false, false],
  ['DATE', 91, null, "'", false, false],
  ['TIMESTAMP', 93, null, "'", false, false],
  ['TIMESTAMP_NTZ', 93, null, "'", false, false],
  ['INTERVAL', 1111, null, null, false, false],
  ['ARRAY', 2003, null, null, false, false],
  ['MAP', 2000, null, null, false, false],
  ['STRUCT', 2002, null, null, false, false],
  ['VARIANT', 1111, null, null, false, false],
];

export function typeInfoQuery(): string {
  const columns: [string, string][] = [
    ['TYPE_NAME', 'VARCHAR'],
    ['DATA_TYPE', 'INTEGER'],
    ['PRECISION', 'INTEGER'],
    ['LITERAL_PREFIX', 'VARCHAR'],
    ['LITERAL_SUFFIX', 'VARCHAR'],
    ['CREATE_PARAMS', 'VARCHAR'],
    ['NULLABLE', 'SMALLINT'],
    ['CASE_SENSITIVE', 'BOOLEAN'],
    ['SEARCHABLE', 'SMALLINT'],
    ['UNSIGNED_ATTRIBUTE', 'BOOLEAN'],
    ['FIXED_PREC_SCALE', 'BOOLEAN'],
    ['AUTO_INCREMENT', 'BOOLEAN'],
    ['LOCAL_TYPE_NAME', 'VARCHAR'],
    ['MINIMUM_SCALE', 'SMALLINT'],
    ['MAXIMUM_SCALE', 'SMALLINT'],
    ['SQL_DATA_TYPE', 'INTEGER'],
    ['SQL_DATETIME_SUB', 'INTEGER'],
    ['NUM_PREC_RADIX', 'INTEGER'],
  ];
  const rows = TYPES.map(([name, code, precision, quote, caseSensitive, numeric]): Constant[] => [
    name,
    code,
    precision,
    quote,
    quote,
    null,
    1,
    caseSensitive,
    3,
    !numeric,
    false,
    false,
    null,
    0,
    name === 'DECIMAL' ? 38 : 0,
    null,
    null,
    numeric ? 10 : null,
  ]);
  return constantQuery(
    columns.map(([name, type]) => ({ name, type })),
    rows,
  );
}

/** JDBC type code of a Databricks type name such as `decimal(10,2)` or `array<int>`. */
export function jdbcTypeCode(typeName: string): number {
  const [base = ''] = typeName.toUpperCase().split(/[(<]/);
  const name = base.startsWith('INTERVAL') ? 'INTERVAL' : base;
  return TYPES.find(([candidate]) => candidate === name)?.[1] ?? 1111;
}
