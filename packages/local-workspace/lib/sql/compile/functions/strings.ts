import { own } from '../../../own';
import { unsupported } from '../../SqlError';
import { castTo } from '../cast';
import { isNullText, unified } from '../conditions';
import { mismatch } from '../failures';
import { raise } from '../failures';
import { textSql } from '../literals';
import { mayFail } from '../logic';
import { findingText, javaMatching } from '../patterns';
import { arrayOf, BINARY, INT, STRING, type Typed } from '../Typed';
import { textOf } from '../text';
import { FEW, joined, together } from './room';
import type { Call, Rule } from './rules';
import { arg, argAs, argsOf } from './support';

/** `a || b`: texts, or arrays, or bytes, one behind the other. */
export function concatenation(values: readonly Typed[]): Typed {
  if (values.length === 0) return { sql: `''`, type: STRING };
  if (values.some(({ type }) => type.kind === 'array')) {
    const { values: arrays, type } = unified(values, 'concat');
    const parts = arrays.map(({ sql }) => sql);
    return { sql: `(${together(parts).join(' || ')})`, type };
  }
  const bytes =
    values.every(({ type }) => type.kind === 'binary' || type.kind === 'void') &&
    values.some(({ type }) => type.kind === 'binary');
  const type = bytes ? BINARY : STRING;
  const refused = values.find((value) => ['map', 'struct', 'variant'].includes(value.type.kind));
  if (refused) throw mismatch('concat()');
  // The database would leave the rest alone.
  const given = values.flatMap(({ sql, type: own, pieces }) =>
    (pieces ?? [sql]).map((piece) => ({ sql: piece, type: own })),
  );
  if (given.some(isNullText) && values.some(({ sql }) => mayFail(sql)))
    throw unsupported('concat() of NULL and of what may fail');
  const parts = values.map((value) => castTo(value, type));
  if (bytes || parts.length === 1) return { sql: bracketed(parts.map(({ sql }) => sql)), type };
  const pieces = parts.flatMap((part) => part.pieces ?? [part.sql]);
  const computed = pieces.filter((piece) => !/^'[^']*'$/.test(piece)).length;
  return { sql: computed > FEW ? joined(pieces) : bracketed(pieces), type, pieces };
}

function bracketed(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' || ')})`;
}

/** Texts and arrays of texts with a separator between them; NULL counts for nothing. */
function withSeparator(call: Call): Typed {
  const [separator, ...values] = call.args;
  if (!separator) throw mismatch('concat_ws()');
  if (isNullText(separator) && values.some(({ sql }) => mayFail(sql)))
    throw unsupported('concat_ws() with NULL between what may fail');
  const between = castTo(separator, STRING).sql;
  const lists = values.map((value) => {
    if (value.type.kind === 'array') return `coalesce(${castTo(value, arrayOf(STRING)).sql}, CAST([] AS VARCHAR[]))`;
    return `[${castTo(value, STRING).sql}]`;
  });
  const all = lists.length === 0 ? 'CAST([] AS VARCHAR[])' : lists.length === 1 ? lists[0] : `(${lists.join(' || ')})`;
  return {
    sql: `(CASE WHEN ${between} IS NULL THEN NULL ELSE __join(${all}, ${between}) END)`,
    type: STRING,
  };
}

function elt(call: Call): Typed {
  const [index, ...values] = call.args;
  if (!index || values.length === 0) throw mismatch('elt()');
  const position = castTo(index, INT).sql;
  const binary = values.every(({ type }) => type.kind === 'binary');
  const parts = values.map((value, i) => `WHEN ${i + 1} THEN ${castTo(value, binary ? BINARY : STRING).sql}`);
  const outside = raise('INVALID_ARRAY_INDEX', '22003', 'The index is out of bounds.');
  return {
    sql: `(CASE WHEN ${position} IS NULL THEN NULL ELSE CASE ${position} ${parts.join(' ')} ELSE ${outside} END END)`,
    type: binary ? BINARY : STRING,
  };
}

const LETTERS: Readonly<Record<string, string | undefined>> = {
  string: 's',
  boolean: 'b',
  double: 'd',
  float: 'd',
  tinyint: 'y',
  smallint: 'h',
  int: 'i',
  bigint: 'l',
};

/** `format_string` takes values of any type: each goes as text behind a letter for what it is. */
function format(call: Call): Typed {
  const [pattern, ...values] = call.args;
  if (!pattern) throw mismatch(`${call.name}()`);
  const parts = values.map((value) => {
    const { kind } = value.type;
    if (
      kind === 'decimal' ||
      kind === 'date' ||
      kind === 'timestamp' ||
      kind === 'timestamp_ntz' ||
      kind.startsWith('interval')
    ) {
      throw unsupported(`${call.name}() of a value of the type ${kind}`);
    }
    const letter = own(LETTERS, kind) ?? 'o';
    const text = letter === 'o' && kind !== 'void' ? arrayText(value) : textOf(value);
    return `coalesce('${letter}' || ${text}, 'n')`;
  });
  return {
    sql: `__format(${castTo(pattern, STRING).sql}, ${parts.length === 0 ? 'CAST([] AS VARCHAR[])' : `[${parts.join(', ')}]`})`,
    type: STRING,
  };
}

function arrayText(value: Typed): string {
  throw unsupported(`format_string() of a value of the type ${value.type.kind}`);
}

function split(call: Call): Typed {
  argsOf(call, 2, 3);
  const text = argAs(call, 0, STRING);
  const pattern = castTo(arg(call, 1), STRING);
  const limit = call.args.length > 2 ? arg(call, 2) : undefined;
  const type = arrayOf(STRING);
  if (typeof pattern.constant !== 'string') {
    return { sql: `__split(${text}, __plain_pattern(${pattern.sql}), ${limit ? castTo(limit, INT).sql : '-1'})`, type };
  }
  const plain = plainPattern(pattern.constant);
  if (plain !== undefined)
    return { sql: `__split(${text}, ${textSql(plain)}, ${limit ? castTo(limit, INT).sql : '-1'})`, type };
  if (limit && Number(limit.constant) > 0) throw unsupported('split() by a pattern with a limit');
  const { text: subject, pattern: ready } = javaMatching(text, pattern);
  return { sql: findingText(ready, `string_split_regex(${subject}, ${ready})`, 'split', type), type };
}

/** The text that a pattern without operators stands for. */
export function plainPattern(pattern: string): string | undefined {
  if (/^(?:[^\\.*+?^$(){}[\]|]|\\[^A-Za-z0-9])*$/.test(pattern)) return pattern.replace(/\\(.)/gs, '$1');
  return undefined;
}

function mask(call: Call): Typed {
  argsOf(call, 1, 5);
  const defaults = [`'X'`, `'x'`, `'n'`, 'NULL'];
  const parts = defaults.map((fallback, i) => {
    const value = call.args[i + 1];
    if (!value) return fallback;
    if (typeof value.constant !== 'string') throw unsupported('mask() with characters that are no literals');
    return value.sql;
  });
  if (call.args.slice(1).some(({ constant }) => typeof constant === 'string' && [...constant].length !== 1))
    throw mismatch('mask()');
  if (call.args.length > 4) throw unsupported('mask() of other characters');
  return { sql: `__mask(${argAs(call, 0, STRING)}, ${parts.slice(0, 3).join(', ')})`, type: STRING };
}

/** `to_binary(text, format)`. */
function toBinary(call: Call): Typed {
  argsOf(call, 1, 2);
  const text = argAs(call, 0, STRING);
  const format = call.args.length > 1 ? arg(call, 1).constant : 'hex';
  if (typeof format !== 'string') throw unsupported('to_binary() with a format that is no literal');
  switch (format.toLowerCase()) {
    case 'hex':
      return { sql: `__unhex(${text}, true)`, type: BINARY };
    case 'utf-8':
    case 'utf8':
      return { sql: `encode(${text})`, type: BINARY };
    case 'base64':
      return { sql: `__unbase64(${text})`, type: BINARY };
    default:
      throw mismatch('to_binary()');
  }
}

export const STRING_RULES: Readonly<Record<string, Rule>> = {
  to_binary: toBinary,
  concat: (call) => concatenation(call.args),
  concat_ws: withSeparator,
  elt,
  format_string: format,
  printf: format,
  split,
  mask,
  collation: (call) => {
    argsOf(call, 1);
    return { sql: `'SYSTEM.BUILTIN.UTF8_BINARY'`, type: STRING };
  },
};
