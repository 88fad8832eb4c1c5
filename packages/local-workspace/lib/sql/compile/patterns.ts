import { unsupported } from '../SqlError';
import { textSql } from './literals';
import type { Typed } from './Typed';

/** What RE2 lacks of Java's patterns: looking around, back references, possessive quantifiers, classes that intersect. */
const BEYOND = /\(\?(?:[=!>]|<[=!])|\\[1-9]|\\k<|[*+?}]\+|&&|\\[GZXRhHN]|\\p\{(?:Is|In|java)/;

/** A pattern of Java's as one that DuckDB reads. Throws for what it cannot express; patterns that are no literal are passed on. */
export function javaPattern(pattern: Typed): string {
  if (typeof pattern.constant !== 'string') return pattern.sql;
  return textSql(checked(pattern.constant));
}

function checked(pattern: string): string {
  const beyond = BEYOND.exec(pattern.replace(/\\\\/g, ''));
  if (beyond) throw unsupported(`The part ${beyond[0]} of a regular expression`);
  return pattern.replace(/\(\?<([A-Za-z])/g, '(?P<$1');
}

/** `$1` and `${name}` of a replacement in Java's form, as DuckDB's `\1`. */
export function javaReplacement(replacement: Typed): string {
  if (typeof replacement.constant !== 'string') return `__replacement(${replacement.sql})`;
  if (/\$\{/.test(replacement.constant)) throw unsupported('A named group in a replacement');
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
