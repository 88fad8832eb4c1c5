import type { ResultColumn } from '../engine/Execution';
import type { ScalarKind, SqlType } from '../engine/types';

const NAMES: Readonly<Record<ScalarKind, string>> = {
  void: 'NULL',
  boolean: 'BOOLEAN',
  tinyint: 'BYTE',
  smallint: 'SHORT',
  int: 'INT',
  bigint: 'LONG',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'STRING',
  binary: 'BINARY',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamp_ntz: 'TIMESTAMP',
  variant: 'STRING',
  'interval day to second': 'INTERVAL',
  'interval year to month': 'INTERVAL',
};

/** The name that the API has for a kind of type. */
function typeName(type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
    case 'array':
    case 'map':
    case 'struct':
      return type.kind.toUpperCase();
    default:
      return NAMES[type.kind];
  }
}

/** The type in SQL. */
export function typeText(type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'array':
      return `ARRAY<${typeText(type.element)}>`;
    case 'map':
      return `MAP<${typeText(type.key)}, ${typeText(type.value)}>`;
    case 'struct':
      return `STRUCT<${type.fields.map((field) => `${field.name}: ${typeText(field.type)}`).join(', ')}>`;
    default:
      return type.kind.toUpperCase();
  }
}

/** The columns of a result as the manifest lists them. */
export function manifestSchema(columns: readonly ResultColumn[]): object {
  return {
    column_count: columns.length,
    columns: columns.map(({ name, type }, position) => ({
      name,
      type_text: typeText(type),
      type_name: typeName(type),
      position,
      ...(type.kind === 'decimal' ? { type_precision: type.precision, type_scale: type.scale } : {}),
      ...(type.kind.startsWith('interval') ? { type_interval_type: typeText(type).slice('INTERVAL '.length) } : {}),
    })),
  };
}
