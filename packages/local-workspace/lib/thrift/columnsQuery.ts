import type { DuckDBConnection } from '@duckdb/node-api';
import type { TGetColumnsReq } from '@databricks/sql/thrift/TCLIService_types';
import { constantQuery, metadataPattern, type Constant } from '../engine/catalogQueries';
import { parseDuckType } from '../engine/duckTypeNames';
import { ALL_COLUMNS } from '../engine/systemCatalog';
import { typeName, type SqlType } from '../engine/types';
import { jdbcTypeCode } from './metadataQueries';

const RESULT: readonly [string, string][] = [
  ['TABLE_CAT', 'VARCHAR'],
  ['TABLE_SCHEM', 'VARCHAR'],
  ['TABLE_NAME', 'VARCHAR'],
  ['COLUMN_NAME', 'VARCHAR'],
  ['DATA_TYPE', 'INTEGER'],
  ['TYPE_NAME', 'VARCHAR'],
  ['COLUMN_SIZE', 'INTEGER'],
  ['BUFFER_LENGTH', 'TINYINT'],
  ['DECIMAL_DIGITS', 'INTEGER'],
  ['NUM_PREC_RADIX', 'INTEGER'],
  ['NULLABLE', 'INTEGER'],
  ['REMARKS', 'VARCHAR'],
  ['COLUMN_DEF', 'VARCHAR'],
  ['SQL_DATA_TYPE', 'INTEGER'],
  ['SQL_DATETIME_SUB', 'INTEGER'],
  ['CHAR_OCTET_LENGTH', 'INTEGER'],
  ['ORDINAL_POSITION', 'INTEGER'],
  ['IS_NULLABLE', 'VARCHAR'],
  ['SCOPE_CATALOG', 'VARCHAR'],
  ['SCOPE_SCHEMA', 'VARCHAR'],
  ['SCOPE_TABLE', 'VARCHAR'],
  ['SOURCE_DATA_TYPE', 'SMALLINT'],
  ['IS_AUTO_INCREMENT', 'VARCHAR'],
];

/** The answer to GetColumns as a query of constants: types are named as Databricks names them. */
export async function columnsQuery(
  request: Omit<TGetColumnsReq, 'sessionHandle'>,
  connection: DuckDBConnection,
): Promise<string> {
  const reader = await connection.runAndReadAll(
    `SELECT catalog, schema, tbl, name, data_type, is_nullable, coalesce(CAST(comment AS VARCHAR), ''), ` +
      `CAST(column_default AS VARCHAR), CAST(position AS INTEGER), declared_type FROM ${ALL_COLUMNS} ` +
      `WHERE ${metadataPattern('catalog', request.catalogName)} AND ${metadataPattern('schema', request.schemaName)} AND ` +
      `${metadataPattern('tbl', request.tableName)} AND ${metadataPattern('name', request.columnName)} ORDER BY catalog, schema, tbl, position`,
  );
  const rows = reader
    .getRows()
    .map(([catalog, schema, table, name, duckType, nullable, comment, fallback, position, declared]): Constant[] => {
      const type = parseDuckType(String(duckType));
      const label = (declared === null ? typeName(type) : String(declared)).toUpperCase();
      return [
        String(catalog),
        String(schema),
        String(table),
        String(name),
        jdbcTypeCode(label),
        label,
        widthOf(label) ?? columnSize(type),
        null,
        decimalDigits(type),
        isNumeric(type) ? 10 : null,
        nullable === true ? 1 : 0,
        String(comment),
        fallback === null || fallback === undefined ? null : String(fallback),
        null,
        null,
        null,
        Number(position) - 1,
        nullable === true ? 'YES' : 'NO',
        null,
        null,
        null,
        null,
        'NO',
      ];
    });
  return constantQuery(
    RESULT.map(([name, type]) => ({ name, type })),
    rows,
  );
}

const SIZES: Readonly<Record<string, number>> = {
  boolean: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  float: 4,
  double: 8,
  date: 4,
  timestamp: 8,
  timestamp_ntz: 8,
};

/** Of VARCHAR(n) and CHAR(n). */
function widthOf(label: string): number | null {
  const width = /^(?:VARCHAR|CHAR)\((\d+)\)$/.exec(label)?.[1];
  return width === undefined ? null : Number(width);
}

function columnSize(type: SqlType): number | null {
  return type.kind === 'decimal' ? type.precision : (SIZES[type.kind] ?? null);
}

function decimalDigits(type: SqlType): number | null {
  switch (type.kind) {
    case 'decimal':
      return type.scale;
    case 'float':
      return 7;
    case 'double':
      return 15;
    case 'timestamp':
    case 'timestamp_ntz':
      return 6;
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'boolean':
      return 0;
    default:
      return null;
  }
}

function isNumeric(type: SqlType): boolean {
  return ['decimal', 'float', 'double', 'tinyint', 'smallint', 'int', 'bigint'].includes(type.kind);
}
