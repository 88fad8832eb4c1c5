import type { DuckDBConnection } from '@duckdb/node-api';
import type { DriverShow } from '../sql/driverShow';
import { columnsQuery } from '../thrift/columnsQuery';
import {
  crossReferenceQuery,
  functionsQuery,
  primaryKeysQuery,
  schemasQuery,
  tablesQuery,
} from '../thrift/metadataQueries';
import { catalogNotFound, type Database } from './database';

/** The metadata that Thrift has calls for, under the names that SHOW gives its columns. Rejects for an unknown catalog. */
export async function driverShowQuery(
  show: DriverShow,
  database: Database,
  connection: DuckDBConnection,
): Promise<string> {
  const { catalog } = show;
  if (catalog !== undefined && !(await database.knowsCatalog(connection, catalog))) throw catalogNotFound(catalog);
  return `SELECT ${COLUMNS[show.subject]} FROM (${await source(show, connection)}) AS source`;
}

async function source(show: DriverShow, connection: DuckDBConnection): Promise<string> {
  const catalogName = show.catalog === undefined ? '' : escaped(show.catalog);
  const schemaName = pattern(show.schema);
  switch (show.subject) {
    case 'SCHEMAS':
      return schemasQuery({ catalogName, schemaName: pattern(show.like) });
    case 'TABLES':
      return tablesQuery({ catalogName, schemaName, tableName: pattern(show.like) });
    case 'COLUMNS': {
      const names = { catalogName, schemaName, tableName: pattern(show.table), columnName: pattern(show.like) };
      return columnsQuery(names, connection);
    }
    case 'FUNCTIONS':
      return functionsQuery({ functionName: pattern(show.like) });
    case 'KEYS':
      return primaryKeysQuery(keyNames(show));
    case 'FOREIGN KEYS': {
      const { catalogName: foreignCatalogName, schemaName: foreignSchemaName, tableName } = keyNames(show);
      return crossReferenceQuery({ foreignCatalogName, foreignSchemaName, foreignTableName: tableName });
    }
  }
}

function keyNames({
  catalog = '',
  schema = '',
  table = '',
}: DriverShow): Record<'catalogName' | 'schemaName' | 'tableName', string> {
  return { catalogName: catalog, schemaName: schema, tableName: table };
}

/** A pattern of SHOW as one of LIKE; empty matches everything. */
function pattern(show: string | undefined): string {
  return show === undefined ? '' : escaped(show).replaceAll('*', '%').replaceAll('.', '_');
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

const TABLE = `"TABLE_CAT" AS "catalogName", "TABLE_SCHEM" AS namespace, "TABLE_NAME" AS "tableName"`;

const COLUMNS: Readonly<Record<DriverShow['subject'], string>> = {
  SCHEMAS: `"TABLE_SCHEM" AS "databaseName", "TABLE_CATALOG" AS catalog`,
  TABLES:
    `"TABLE_SCHEM" AS namespace, "TABLE_NAME" AS "tableName", false AS "isTemporary", CAST(NULL AS VARCHAR) AS information, ` +
    `"TABLE_CAT" AS "catalogName", "TABLE_TYPE" AS "tableType", "REMARKS" AS remarks`,
  COLUMNS:
    `${TABLE}, "COLUMN_NAME" AS col_name, "TYPE_NAME" AS "columnType", "COLUMN_SIZE" AS "columnSize", ` +
    `"DECIMAL_DIGITS" AS "decimalDigits", "NUM_PREC_RADIX" AS radix, ` +
    `CASE "NULLABLE" WHEN 1 THEN 'true' ELSE 'false' END AS "isNullable", "REMARKS" AS remarks, ` +
    `CAST("ORDINAL_POSITION" + 1 AS INTEGER) AS "ordinalPosition", "IS_AUTO_INCREMENT" AS "isAutoIncrement", 'NO' AS "isGenerated"`,
  FUNCTIONS:
    `"FUNCTION_CAT" AS "catalogName", "FUNCTION_SCHEM" AS namespace, "FUNCTION_NAME" AS "functionName", ` +
    `"REMARKS" AS remarks, "FUNCTION_TYPE" AS "functionType", "SPECIFIC_NAME" AS "specificName"`,
  KEYS: `${TABLE}, "COLUMN_NAME" AS col_name, CAST("KEY_SEQ" AS INTEGER) AS "keySeq", "PK_NAME" AS "constraintName"`,
  'FOREIGN KEYS':
    `"PKTABLE_CAT" AS "parentCatalogName", "PKTABLE_SCHEM" AS "parentNamespace", ` +
    `"PKTABLE_NAME" AS "parentTableName", "PKCOLUMN_NAME" AS "parentColName", "FKTABLE_CAT" AS "catalogName", ` +
    `"FKTABLE_SCHEM" AS namespace, "FKTABLE_NAME" AS "tableName", "FKCOLUMN_NAME" AS col_name, ` +
    `CAST("KEY_SEQ" AS INTEGER) AS "keySeq", "UPDATE_RULE" AS "updateRule", "DELETE_RULE" AS "deleteRule", ` +
    `"FK_NAME" AS "constraintName", CAST("DEFERRABILITY" AS INTEGER) AS deferrability`,
};
