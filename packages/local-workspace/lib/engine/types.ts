import {
  DuckDBTypeId,
  type DuckDBArrayType,
  type DuckDBDecimalType,
  type DuckDBListType,
  type DuckDBMapType,
  type DuckDBStructType,
  type DuckDBType,
} from '@duckdb/node-api';
import type { Zone } from '../sql/zones';

/**
 * A type as Databricks knows it; `detail` is the name of an interval type that has fewer fields than its kind, `zone` that
 * in which clients see instants, UTC when it is missing.
 */
export type SqlType =
  | { kind: ScalarKind; detail?: string; zone?: Zone }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'array'; element: SqlType }
  | { kind: 'map'; key: SqlType; value: SqlType }
  | { kind: 'struct'; fields: readonly { name: string; type: SqlType }[] };

export type ScalarKind =
  | 'void'
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'float'
  | 'double'
  | 'string'
  | 'binary'
  | 'date'
  | 'timestamp'
  | 'timestamp_ntz'
  | 'variant'
  | 'interval day to second'
  | 'interval year to month';

const SCALARS: Readonly<Record<number, ScalarKind | undefined>> = {
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TINYINT]: 'tinyint',
  [DuckDBTypeId.SMALLINT]: 'smallint',
  [DuckDBTypeId.INTEGER]: 'int',
  [DuckDBTypeId.BIGINT]: 'bigint',
  [DuckDBTypeId.UTINYINT]: 'smallint',
  [DuckDBTypeId.USMALLINT]: 'int',
  [DuckDBTypeId.UINTEGER]: 'bigint',
  [DuckDBTypeId.HUGEINT]: 'bigint',
  [DuckDBTypeId.FLOAT]: 'float',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.BLOB]: 'binary',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp_ntz',
  [DuckDBTypeId.TIMESTAMP_S]: 'timestamp_ntz',
  [DuckDBTypeId.TIMESTAMP_MS]: 'timestamp_ntz',
  [DuckDBTypeId.TIMESTAMP_NS]: 'timestamp_ntz',
  [DuckDBTypeId.INTERVAL]: 'interval day to second',
  [DuckDBTypeId.SQLNULL]: 'void',
  [DuckDBTypeId.VARIANT]: 'variant',
};

/** Every DuckDB type has a Databricks type that holds its values; what has no counterpart is a string. */
export function sqlTypeOf(type: DuckDBType): SqlType {
  const scalar = SCALARS[type.typeId];
  if (scalar) return { kind: scalar };
  switch (type.typeId) {
    case DuckDBTypeId.DECIMAL: {
      const { width, scale } = type as DuckDBDecimalType;
      return { kind: 'decimal', precision: width, scale };
    }
    case DuckDBTypeId.UBIGINT:
      return { kind: 'decimal', precision: 20, scale: 0 };
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return { kind: 'array', element: sqlTypeOf((type as DuckDBListType | DuckDBArrayType).valueType) };
    case DuckDBTypeId.MAP: {
      const { keyType, valueType } = type as DuckDBMapType;
      return { kind: 'map', key: sqlTypeOf(keyType), value: sqlTypeOf(valueType) };
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType;
      return {
        kind: 'struct',
        fields: entryTypes.map((entry, i) => ({ name: entryNames[i] || `col${i + 1}`, type: sqlTypeOf(entry) })),
      };
    }
    default:
      return isJson(type) ? { kind: 'variant' } : { kind: 'string' };
  }
}

function isJson(type: DuckDBType): boolean {
  return type.typeId === DuckDBTypeId.VARCHAR && type.alias === 'JSON';
}

/** A type whose instants clients see in `zone`. */
export function shownIn(zone: Zone, type: SqlType): SqlType {
  switch (type.kind) {
    case 'timestamp':
      return { ...type, zone };
    case 'array':
      return { ...type, element: shownIn(zone, type.element) };
    case 'map':
      return { ...type, key: shownIn(zone, type.key), value: shownIn(zone, type.value) };
    case 'struct':
      return { ...type, fields: type.fields.map((field) => ({ ...field, type: shownIn(zone, field.type) })) };
    default:
      return type;
  }
}

/** The name as `DESCRIBE` prints it. */
export function typeName(type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'array':
      return `array<${typeName(type.element)}>`;
    case 'map':
      return `map<${typeName(type.key)},${typeName(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map((field) => `${field.name}:${typeName(field.type)}`).join(',')}>`;
    default:
      return type.detail ?? type.kind;
  }
}

/** The type in SQL, as results describe it; `named` writes the names of fields. */
export function sqlTypeText(type: SqlType, named = (name: string): string => name): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'array':
      return `ARRAY<${sqlTypeText(type.element, named)}>`;
    case 'map':
      return `MAP<${sqlTypeText(type.key, named)}, ${sqlTypeText(type.value, named)}>`;
    case 'struct':
      return `STRUCT<${type.fields.map(({ name, type: of }) => `${named(name)}: ${sqlTypeText(of, named)}`).join(', ')}>`;
    default:
      return type.kind.toUpperCase();
  }
}
