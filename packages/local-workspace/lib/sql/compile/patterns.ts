import type { SqlType } from '../../engine/types';
import { SqlError, unsupported } from '../SqlError';
import { raise } from './failures';
import { textSql } from './literals';
import { duckType } from './sqlTypes';
import type { Typed } from './Typed';

/** What RE2 lacks of Java's patterns: looking around, back references, possessive quantifiers, classes that intersect. */
const BEYOND = /\(\?(?:[=!>]|<[=!])|\\[1-9]|\\k<|[*+?}]\+|&&|\\[GZXRhHN]|\\p\{(?:Is|In|java)/;

/** A pattern of Java's as one that DuckDB reads. Throws for what it cannot express; patterns that are no literal are passed on. */
export function javaPattern(pattern: Typed): string {
  return typeof pattern.constant === 'string' ? textSql(translatedPattern(pattern.constant)) : pattern.sql;
}

/** A literal pattern of Java's as one of RE2's. Throws for what it cannot express. */
export function translatedPattern(pattern: string): string {
  const beyond = BEYOND.exec(pattern.replace(/\\\\/g, ''));
  if (beyond) throw unsupported(`The part ${beyond[0]} of a regular expression`);
  if (/\{(?!\d+(?:,\d*)?\})/.test(pattern.replace(/\\[pP]\{\w+\}|\\x\{\w+\}|\\.|\[[^\]]*\]/gs, '')))
    throw new SqlError(
      'INVALID_PARAMETER_VALUE.PATTERN',
      '22023',
      `The value of the parameter \`regexp\` is invalid: '${pattern}'.`,
    );
  let result = '';
  let isInClass = false;
  for (const [part] of pattern.matchAll(PART)) {
    if (isInClass && part === '[') throw unsupported('A class inside of a class of a regular expression');
    if (part === '[') isInClass = true;
    else if (part === ']') isInClass = false;
    result += translated(part, isInClass);
  }
  return result;
}

const PART = /\\p\{\w+\}|\\u[0-9a-fA-F]{4}|\\Q.*?(?:\\E|$)|\\.?|\(\?<(?=[A-Za-z])|[^]/gsu;

/** ASCII classes by the names that Java has for them. */
const POSIX = /^\\p\{(Alpha|Digit|Alnum|Upper|Lower|Punct|Graph|Print|Blank|Cntrl|XDigit|Space)\}$/;

function translated(part: string, isInClass: boolean): string {
  if (part === '(?<') return '(?P<';
  if (part.startsWith('\\u') && part.length > 2) return `\\x{${part.slice(2)}}`;
  const name = POSIX.exec(part)?.[1]?.toLowerCase();
  if (name === undefined) return part;
  return isInClass ? `[:${name}:]` : `[[:${name}:]]`;
}

/**
 * `sql` for a pattern that finds no empty text: what comes of one beside another match differs. The empty pattern and the
 * start of a text are no question.
 */
export function findingText(pattern: string, sql: string, name: string, type: SqlType): string {
  if (pattern === "''" || (pattern === "'^'" && name === 'regexp_replace')) return sql;
  const refused = raise(
    'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
    '0A000',
    `${name}() by a pattern that finds an empty text is not supported by the local workspace.`,
  );
  return `(CASE WHEN ${pattern} <> '' AND regexp_matches('', ${pattern}) THEN CAST(${refused} AS ${duckType(type)}) ELSE ${sql} END)`;
}

/** `$1` and `${name}` of a replacement in Java's form, as DuckDB's `\1`. */
export function javaReplacement(replacement: Typed, groups: number | undefined): string {
  if (typeof replacement.constant !== 'string') return `__replacement(${replacement.sql})`;
  if (/\$\{/.test(replacement.constant)) throw unsupported('A named group in a replacement');
  if (/\\$/.test(replacement.constant.replace(/\\\\/g, '')))
    throw unsupported('A backslash at the end of a replacement');
  const group = /\$(\d*)/.exec(replacement.constant.replace(/\\./gs, ''))?.[1];
  if (group === '' || Number(group ?? 0) > (groups ?? 9))
    throw unsupported('A group in a replacement that the pattern has not');
  return textSql(convertReplacement(replacement.constant));
}

export function convertReplacement(text: string): string {
  let result = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    const next = text[i + 1] ?? '';
    if (char === '\\' && next !== '') {
      result += next === '\\' ? '\\\\' : next;
      i += 1;
    } else if (char === '$' && /\d/.test(next)) {
      result += `\\${next}`;
      i += 1;
    } else result += char;
  }
  return result;
}
