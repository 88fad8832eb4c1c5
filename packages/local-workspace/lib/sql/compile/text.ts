import type { SqlType } from '../../engine/types';
import { unsupported } from '../SqlError';
import { literal } from '../quote';
import type { Typed } from './Typed';

/** A value as text, in the form that Spark's CAST to STRING has. */
export function textOf({ sql, type }: Typed): string {
  switch (type.kind) {
    case 'string':
      return sql;
    case 'float':
      return `__float_text(${sql})`;
    case 'double':
      return `__double_text(${sql})`;
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'void':
      return `CAST(${sql} AS VARCHAR)`;
    case 'date':
      return `__text_of_date(${sql})`;
    case 'timestamp_ntz':
      return `__text_of_moment(${sql})`;
    case 'timestamp':
      return `__text_of_moment(__local(${sql}))`;
    case 'decimal':
      return type.precision === type.scale ? `__with_zero(CAST(${sql} AS VARCHAR))` : `CAST(${sql} AS VARCHAR)`;
    case 'binary':
      return `__binary_text(${sql})`;
    case 'variant':
      return `__variant_text(${sql})`;
    case 'array':
      return `CASE WHEN ${sql} IS NULL THEN NULL ELSE '[' || ${joined(sql, type.element)} || ']' END`;
    case 'map':
      return (
        `CASE WHEN ${sql} IS NULL THEN NULL ELSE '{' || array_to_string(list_transform(map_entries(${sql}), lambda __t: ` +
        `${item('__t.key', type.key)} || ' -> ' || ${item('__t.value', type.value)}), ', ') || '}' END`
      );
    case 'struct': {
      const fields = type.fields.map((field) => item(`struct_extract(${sql}, ${literal(field.name)})`, field.type));
      return `CASE WHEN ${sql} IS NULL THEN NULL ELSE '{' || ${fields.join(` || ', ' || `)} || '}' END`;
    }
    case 'interval day to second':
    case 'interval year to month':
      throw unsupported('An interval as text');
  }
}

function item(sql: string, type: SqlType): string {
  return `coalesce(${textOf({ sql, type })}, 'null')`;
}

function joined(sql: string, element: SqlType): string {
  return `array_to_string(list_transform(${sql}, lambda __t: ${item('__t', element)}), ', ')`;
}
