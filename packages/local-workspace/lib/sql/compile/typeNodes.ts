import type { SqlType } from '../../engine/types';
import { isNode, type Node } from '../nodes';
import { SqlError, unsupported } from '../SqlError';
import { arrayOf, decimal } from './Typed';

const SIMPLE: Readonly<Record<string, SqlType['kind'] | undefined>> = {
  boolean: 'boolean',
  tiny_int: 'tinyint',
  tinyint: 'tinyint',
  smallint: 'smallint',
  bigint: 'bigint',
  byte: 'tinyint',
  small_int: 'smallint',
  short: 'smallint',
  int: 'int',
  integer: 'int',
  big_int: 'bigint',
  long: 'bigint',
  float: 'float',
  real: 'float',
  double: 'double',
  string: 'string',
  text: 'string',
  var_char: 'string',
  char: 'string',
  binary: 'binary',
  date: 'date',
  timestamp: 'timestamp',
  timestampltz: 'timestamp',
  timestamp_ltz: 'timestamp',
  timestampntz: 'timestamp_ntz',
  timestamp_ntz: 'timestamp_ntz',
  void: 'void',
  null: 'void',
  variant: 'variant',
  json: 'variant',
};

/** The type that a data type node names. Throws for one that is not supported. */
export function typeFromNode(node: unknown): SqlType {
  if (!isNode(node)) throw unsupported('A type');
  const kind = String(node['data_type']);
  switch (kind) {
    case 'decimal':
      return decimalOf(node);
    case 'array':
    case 'list':
      return arrayOf(typeFromNode(node['element_type']));
    case 'map':
      return { kind: 'map', key: typeFromNode(node['key_type']), value: typeFromNode(node['value_type']) };
    case 'struct':
      return { kind: 'struct', fields: fieldsOf(node) };
    case 'interval':
      return intervalOf(node);
    default: {
      const name = kind === 'custom' ? String(node['name']).toLowerCase() : kind;
      const simple = Object.hasOwn(SIMPLE, name) ? SIMPLE[name] : undefined;
      if (simple) return { kind: simple } as SqlType;
      if (name === 'dec' || name === 'numeric') return decimalOf(node);
      throw new SqlError('UNSUPPORTED_DATATYPE', '0A000', `Unsupported data type "${name.toUpperCase()}".`);
    }
  }
}

function intervalOf({ unit, to }: Node): SqlType {
  const [from, end] = [unit, to].map((word) => (typeof word === 'string' ? word.toLowerCase().replace(/s$/, '') : ''));
  const kind = from === 'year' || from === 'month' ? 'interval year to month' : 'interval day to second';
  if (!from) return { kind };
  return { kind, detail: end ? `interval ${from} to ${end}` : `interval ${from}` };
}

function decimalOf(node: Node): SqlType {
  const precision = typeof node['precision'] === 'number' ? node['precision'] : 10;
  const scale = typeof node['scale'] === 'number' ? node['scale'] : 0;
  if (precision > 38) {
    throw new SqlError(
      'DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION',
      '22003',
      `Decimal precision ${precision} exceeds max precision 38.`,
    );
  }
  return decimal(precision, scale);
}

function fieldsOf(node: Node): { name: string; type: SqlType }[] {
  const fields = Array.isArray(node['fields']) ? (node['fields'] as unknown[]).filter(isNode) : [];
  return fields.map((field) => ({ name: String(field['name']), type: typeFromNode(field['data_type']) }));
}
