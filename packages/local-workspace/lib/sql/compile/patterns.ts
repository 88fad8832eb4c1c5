import type { SqlType } from '../../engine/types';
import { unsupported } from '../SqlError';
import { translatedPattern } from './javaPatterns';
import { raise } from './failures';
import { textSql } from './literals';
import { duckType } from './sqlTypes';
import type { Typed } from './Typed';

/** A text and the pattern that it is matched against, in the database's dialect. */
export interface Matching {
  readonly text: string;
  readonly pattern: string;
}

/**
 * A pattern of Java's as one that the database reads, and the text, which fails where the two disagree about it.
 * `decides`: the caller asks whether there is a match, and not where. Throws for a literal that RE2 cannot express.
 */
export function javaMatching(text: string, pattern: Typed, decides = false): Matching {
  if (typeof pattern.constant !== 'string')
    return {
      text: `__java_subject(${text}, ${pattern.sql}, ${decides})`,
      pattern: `__java_pattern(${pattern.sql}, ${decides})`,
    };
  const { re2, unsure } = translatedPattern(pattern.constant, decides);
  return { text: unsure === undefined ? text : `__sure(${text}, ${textSql(unsure)})`, pattern: textSql(re2) };
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
