import type { ResultColumn } from '../engine/resultColumns';
import { sqlTypeText, type ScalarKind, type SqlType } from '../engine/types';

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

/** The columns of a result as the manifest lists them. */
export function manifestSchema(columns: readonly ResultColumn[]): object {
  return {
    column_count: columns.length,
    columns: columns.map(({ name, type }, position) => ({
      name,
      type_text: sqlTypeText(type),
      type_name: typeName(type),
      position,
      ...(type.kind === 'decimal' ? { type_precision: type.precision, type_scale: type.scale } : {}),
      ...(type.kind.startsWith('interval') ? { type_interval_type: sqlTypeText(type).slice('INTERVAL '.length) } : {}),
    })),
  };
}
