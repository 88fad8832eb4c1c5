import { identifier, literal } from '../sql/quote';
import { INFORMATION_SCHEMA } from '../sql/rewrite';
import { CATALOGS, COLUMNS, SCHEMAS, TABLES } from './catalogQueries';

/** Views that are `information_schema` of the database `target`: of one catalog, or of all. */
export function informationSchema(target: string, catalog: string | undefined): string[] {
  const schema = `${identifier(target)}.${identifier(INFORMATION_SCHEMA)}`;
  const own = catalog === undefined ? '' : ` WHERE catalog = ${literal(catalog)}`;
  const view = (name: string, query: string): string => `CREATE OR REPLACE VIEW ${schema}.${name} AS ${query}${own}`;
  return [
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    view('catalogs', `SELECT catalog AS catalog_name FROM ${CATALOGS}`),
    view('schemata', `SELECT catalog AS catalog_name, schema AS schema_name FROM ${SCHEMAS}`),
    view(
      'tables',
      `SELECT catalog AS table_catalog, schema AS table_schema, name AS table_name, ` +
        `CASE type WHEN 'TABLE' THEN 'MANAGED' ELSE type END AS table_type, comment FROM ${TABLES}`,
    ),
    view(
      'views',
      `SELECT catalog AS table_catalog, schema AS table_schema, name AS table_name FROM ` +
        `(SELECT * FROM ${TABLES} WHERE type = 'VIEW')`,
    ),
    view(
      'columns',
      `SELECT catalog AS table_catalog, schema AS table_schema, tbl AS table_name, name AS column_name, ` +
        `CAST(position - 1 AS INTEGER) AS ordinal_position, column_default, ` +
        `CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS is_nullable, ${DATA_TYPE} AS data_type, ` +
        `numeric_precision, numeric_scale, comment FROM ${COLUMNS}`,
    ),
  ];
}

/** Databricks names of types without their parameters, as that schema has them. */
const DATA_TYPE =
  `CASE WHEN data_type LIKE '%]' THEN 'ARRAY' WHEN data_type LIKE 'DECIMAL%' THEN 'DECIMAL' ` +
  `WHEN data_type LIKE 'STRUCT%' THEN 'STRUCT' WHEN data_type LIKE 'MAP%' THEN 'MAP' ELSE CASE data_type ` +
  `WHEN 'INTEGER' THEN 'INT' WHEN 'BIGINT' THEN 'LONG' WHEN 'SMALLINT' THEN 'SHORT' WHEN 'TINYINT' THEN 'BYTE' ` +
  `WHEN 'VARCHAR' THEN 'STRING' WHEN 'BLOB' THEN 'BINARY' WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'TIMESTAMP' ` +
  `WHEN 'TIMESTAMP' THEN 'TIMESTAMP_NTZ' WHEN 'JSON' THEN 'VARIANT' ELSE data_type END END`;
