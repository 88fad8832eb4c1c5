import { typeName } from '../../../engine/types';
import { literal } from '../../quote';
import { unsupported } from '../../SqlError';
import { castTo } from '../cast';
import { mismatch } from '../failures';
import { BOOLEAN, STRING, VARIANT, type Typed } from '../Typed';
import { textOf } from '../text';
import { typeFromText } from './typeText';
import type { Call, Rule } from './rules';
import { arg, argAs, argsOf, textArg } from './support';

/** A path such as `$.a[0]['b']`; undefined for what is none, which finds nothing. Throws for wildcards. */
function pathText(call: Call, index: number): string | undefined {
  const path = textArg(call, index, 'a path');
  if (path.includes('*')) throw unsupported(`${call.name}() with a wildcard in its path`);
  if (call.name === 'get_json_object' && /[.[$]\s/.test(path))
    throw unsupported(`White space in a path of ${call.name}()`);
  // Double quotes are a variant's.
  if (call.name === 'get_json_object' && path.includes('"')) return undefined;
  if (!/^\$(?:\.[^.[\]]+|\[\d+\]|\[\s*(?:'[^']*'|"[^"]*")\s*\])*$/.test(path)) return undefined;
  return path.replace(
    /\[\s*(?:'([^']*)'|"([^"]*)")\s*\]/g,
    (_all, a: string | undefined, b: string | undefined) => `."${a ?? b ?? ''}"`,
  );
}

function jsonObject(call: Call): Typed {
  argsOf(call, 2);
  const path = pathText(call, 1);
  const text = argAs(call, 0, STRING);
  return { sql: path === undefined ? 'CAST(NULL AS VARCHAR)' : `__json_text(${text}, ${literal(path)})`, type: STRING };
}

/** The JSON text of a value; NULL fields of structs are left out. */
export function jsonOf({ sql, type }: Typed): string {
  switch (type.kind) {
    case 'string':
    case 'date':
      return `to_json(${textOf({ sql, type })})::VARCHAR`;
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'decimal':
      return textOf({ sql, type });
    case 'variant':
      return `CAST(${sql} AS VARCHAR)`;
    case 'array':
      return `(CASE WHEN ${sql} IS NULL THEN NULL ELSE '[' || array_to_string(list_transform(${sql}, lambda __j: coalesce(${jsonOf({ sql: '__j', type: type.element })}, 'null')), ',') || ']' END)`;
    case 'struct': {
      const fields = type.fields.map(({ name, type: inner }) => {
        const value = jsonOf({ sql: `struct_extract(${sql}, ${literal(name)})`, type: inner });
        return `${literal(`${JSON.stringify(name)}:`)} || ${value}`;
      });
      return `(CASE WHEN ${sql} IS NULL THEN NULL ELSE '{' || array_to_string(list_filter([${fields.join(', ')}], lambda __j: __j IS NOT NULL), ',') || '}' END)`;
    }
    case 'map': {
      const key = `to_json(${textOf({ sql: '__j.key', type: type.key })})::VARCHAR`;
      const value = `coalesce(${jsonOf({ sql: '__j.value', type: type.value })}, 'null')`;
      return `(CASE WHEN ${sql} IS NULL THEN NULL ELSE '{' || array_to_string(list_transform(map_entries(${sql}), lambda __j: ${key} || ':' || ${value}), ',') || '}' END)`;
    }
    default:
      throw unsupported(`to_json() of a value of the type ${typeName(type)}`);
  }
}

function variantAt(call: Call, tries: boolean): Typed {
  argsOf(call, 2, 3);
  const base = arg(call, 0);
  if (base.type.kind !== 'variant') throw mismatch(`${call.name}()`);
  const path = pathText(call, 1);
  if (path === undefined) throw unsupported(`This path in ${call.name}()`);
  const value: Typed = { sql: `json_extract(${base.sql}, ${literal(path)})`, type: VARIANT };
  if (call.args.length === 2) return value;
  return castTo(value, typeFromText(textArg(call, 2, 'a type')), tries ? 'try' : 'ansi');
}

export const JSON_RULES: Readonly<Record<string, Rule>> = {
  get_json_object: jsonObject,
  to_json: (call) => {
    argsOf(call, 1);
    const value = arg(call, 0);
    if (!['array', 'map', 'struct', 'variant'].includes(value.type.kind)) throw mismatch('to_json()');
    return { sql: jsonOf(value), type: STRING };
  },
  parse_json: (call) => ({ sql: `__parse_json(${argAs(call, 0, STRING)}, false)::JSON`, type: VARIANT }),
  try_parse_json: (call) => ({ sql: `__parse_json(${argAs(call, 0, STRING)}, true)::JSON`, type: VARIANT }),
  variant_get: (call) => variantAt(call, false),
  try_variant_get: (call) => variantAt(call, true),
  is_variant_null: (call) => {
    if (arg(call, 0).type.kind !== 'variant') throw mismatch('is_variant_null()');
    return { sql: `coalesce(json_type(${arg(call, 0).sql}) = 'NULL', false)`, type: BOOLEAN };
  },
};
