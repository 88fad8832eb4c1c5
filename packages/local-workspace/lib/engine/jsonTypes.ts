import type { SqlType } from './types';

/** A type as DESCRIBE … AS JSON tells it; `declared` is what the database does not keep of it. */
export function jsonType(declared: string | undefined, type: SqlType): object {
  const width = /^(varchar|char)\((\d+)\)$/.exec(declared ?? '');
  if (width) return { name: width[1], length: Number(width[2]) };
  const units = /^interval (\w+)(?: to (\w+))?$/.exec(declared ?? '');
  if (units) return { name: 'interval', start_unit: units[1], end_unit: units[2] ?? units[1] };
  return plain(type);
}

function plain(type: SqlType): object {
  switch (type.kind) {
    case 'decimal':
      return { name: 'decimal', precision: type.precision, scale: type.scale };
    case 'array':
      return { name: 'array', element_type: plain(type.element), element_nullable: true };
    case 'map':
      return { name: 'map', key_type: plain(type.key), value_type: plain(type.value), value_nullable: true };
    case 'struct':
      return {
        name: 'struct',
        fields: type.fields.map(({ name, type: of }) => ({ name, type: plain(of), nullable: true })),
      };
    case 'string':
      return { name: 'string', collation: 'UTF8_BINARY' };
    case 'timestamp':
      return { name: 'timestamp_ltz' };
    case 'interval day to second':
      return { name: 'interval', start_unit: 'day', end_unit: 'second' };
    case 'interval year to month':
      return { name: 'interval', start_unit: 'year', end_unit: 'month' };
    default:
      return { name: type.kind };
  }
}
