import { castTo } from '../cast';
import { isNullText, matches } from '../conditions';
import { textSql } from '../literals';
import { translatedPattern } from '../javaPatterns';
import { findingText, javaMatching, javaReplacement, type Matching } from '../patterns';
import { nonLiteral, raise } from '../failures';
import { SqlError, unsupported } from '../../SqlError';
import { BOOLEAN, arrayOf, INT, STRING, VOID, type Typed } from '../Typed';
import type { Call, Rule } from './rules';
import { arg, argAs, argsOf } from './support';

function patternArg(call: Call, index: number): Typed {
  return castTo(arg(call, index), STRING);
}

/** The text and the pattern of a call. */
function matchingOf(call: Call): Matching {
  return javaMatching(argAs(call, 0, STRING), patternArg(call, 1));
}

/** Where the text is NULL itself, a wrong pattern is no matter. */
function ofText(rule: (call: Call) => Typed, type: Typed['type']): Rule {
  return (call) => {
    const given = call.args[0] && castTo(call.args[0], STRING);
    return given && call.args.length > 1 && isNullText(given) ? castTo({ sql: 'NULL', type: VOID }, type) : rule(call);
  };
}

function replace(call: Call): Typed {
  argsOf(call, 3, 4);
  const { text, pattern } = matchingOf(call);
  const replacement = javaReplacement(castTo(arg(call, 2), STRING), groupCount(call));
  const replaced = (subject: string): string =>
    findingText(pattern, `regexp_replace(${subject}, ${pattern}, ${replacement}, 'g')`, call.name, STRING);
  if (call.args.length === 3) return { sql: replaced(text), type: STRING };
  const start = argAs(call, 3, INT);
  const { constant } = arg(call, 3);
  if (constant === undefined) throw nonLiteral('The position');
  if (Number(constant ?? 1) < 1)
    throw new SqlError('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', '42K09', 'The position must be positive.');
  return {
    sql: `(CASE WHEN ${start} > length(${text}) THEN ${text} ELSE left(${text}, ${start} - 1) || ${replaced(`substr(${text}, ${start})`)} END)`,
    type: STRING,
  };
}

/** The number of the group that is asked for. Throws for one that the pattern has not. */
function groupOf(call: Call): number {
  if (call.args.length < 3) return 1;
  const given = arg(call, 2).constant;
  const group = typeof given === 'string' ? Number(given) : given;
  if (typeof group !== 'number' || !Number.isInteger(group))
    throw unsupported(`${call.name}() with a group that is no literal`);
  return group;
}

function groupCount(call: Call): number | undefined {
  const pattern = arg(call, 1).constant;
  if (typeof pattern !== 'string') return undefined;
  return (
    pattern
      .replace(/\\./gs, '')
      .replace(/\[[^\]]*\]/g, '')
      .match(/\((?!\?(?![P<]))/g) ?? []
  ).length;
}

/** What matches first; a group that the pattern has not fails where it matches. */
function checkedGroup(call: Call, group: number, sql: string, otherwise: string): string {
  const count = groupCount(call);
  if (count === undefined) throw unsupported(`${call.name}() with a pattern that is no literal`);
  if (group < 0 || group > count) {
    const text = `The group index of \`${call.name}\` must be between 0 and ${count}, but got ${group}.`;
    const { text: subject, pattern } = matchingOf(call);
    return `(CASE WHEN ${subject} IS NULL THEN NULL WHEN regexp_matches(${subject}, ${pattern}) THEN ${raise('INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX', '22023', text)} ELSE ${otherwise} END)`;
  }
  return sql;
}

function extract(call: Call): Typed {
  argsOf(call, 2, 3);
  const group = groupOf(call);
  const { text, pattern } = matchingOf(call);
  const sql = `regexp_extract(${text}, ${pattern}, ${group})`;
  return { sql: checkedGroup(call, group, sql, `''`), type: STRING };
}

function extractAll(call: Call): Typed {
  argsOf(call, 2, 3);
  const group = groupOf(call);
  const { text, pattern } = matchingOf(call);
  // A group that takes no part in a match is an empty text.
  const all = `list_transform(regexp_extract_all(${text}, ${pattern}, ${group}), lambda __m: coalesce(__m, ''))`;
  const sql = findingText(pattern, all, call.name, arrayOf(STRING));
  return { sql: checkedGroup(call, group, sql, 'CAST([] AS VARCHAR[])'), type: arrayOf(STRING) };
}

function instr(call: Call): Typed {
  argsOf(call, 2, 3);
  const { constant } = patternArg(call, 1);
  if (call.args.length > 2) throw unsupported('regexp_instr() of a group');
  const { text, pattern: ready } = matchingOf(call);
  const before =
    typeof constant === 'string'
      ? textSql(`(?s)^(.*?)(?-s:${translatedPattern(constant).re2})`)
      : `'(?s)^(.*?)(?-s:' || ${ready} || ')'`;
  return {
    sql: `(CASE WHEN regexp_matches(${text}, ${ready}) THEN CAST(length(regexp_extract(${text}, ${before}, 1)) + 1 AS INTEGER) WHEN ${text} IS NULL OR ${ready} IS NULL THEN NULL ELSE 0 END)`,
    type: INT,
  };
}

const like: Rule = (call) => {
  argsOf(call, 2);
  return matches(arg(call, 0), arg(call, 1));
};

function wildcard(word: 'LIKE' | 'ILIKE'): Rule {
  return (call) => {
    argsOf(call, 2);
    return { sql: `(${argAs(call, 0, STRING)} ${word} ${argAs(call, 1, STRING)} ESCAPE '\\')`, type: BOOLEAN };
  };
}

export const REGEXP_RULES: Readonly<Record<string, Rule>> = {
  regexp_replace: ofText(replace, STRING),
  regexp_extract: ofText(extract, STRING),
  regexp_extract_all: ofText(extractAll, arrayOf(STRING)),
  regexp_instr: ofText(instr, INT),
  regexp_like: like,
  regexp: like,
  rlike: like,
  like: wildcard('LIKE'),
  ilike: wildcard('ILIKE'),
  regexp_count: (call) => {
    argsOf(call, 2);
    const { text, pattern } = matchingOf(call);
    const count = `CAST(len(regexp_extract_all(${text}, ${pattern})) AS INTEGER)`;
    return { sql: findingText(pattern, count, call.name, INT), type: INT };
  },
  regexp_substr: (call) => {
    argsOf(call, 2);
    const { text, pattern } = matchingOf(call);
    return {
      sql: `nullif(regexp_extract(${text}, ${pattern}), '')`,
      type: STRING,
    };
  },
};
