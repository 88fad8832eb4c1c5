import { SqlError, unsupported } from '../../SqlError';
import { literal } from '../../quote';
import { castTo } from '../cast';
import { BIGINT, DATE, STRING, TIMESTAMP, TIMESTAMP_NTZ, type Typed } from '../Typed';
import type { Call, Rule } from './rules';
import { arg, argAs, argsOf } from './support';

/** Letters of date patterns that are written here; text in quotes and other characters stand for themselves. */
const LETTERS = /^(?:'(?:[^']|'')*'|''|y{1,4}|y{6}|u{1,4}|M{1,4}|L{1,4}|d{1,2}|D{1,3}|E{1,4}|Q{1,4}|q{1,4}|H{1,2}|h{1,2}|k{1,2}|K{1,2}|m{1,2}|s{1,2}|S{1,9}|a|F|[^A-Za-z'[\]{}#])*$/;

const KNOWN = /^[GyuMLdDEQqHhkKmsSaFVzOXxZ]$/;

/** The pattern when its letters are written here. Throws for those of Spark that are not, and for those that are no letters. */
function checkedPattern(call: Call, pattern: string): string {
  if (LETTERS.test(pattern)) return pattern;
  const plain = pattern.replace(/'(?:[^']|'')*'/g, '');
  const wrong = [...plain].find((letter) => /[A-Za-z]/.test(letter) && !KNOWN.test(letter));
  if (wrong !== undefined || /y{7,}|M{5,}|E{5,}|d{3,}|a{2,}/.test(plain)) {
    const weekBased = wrong !== undefined && /[YWwec]/.test(wrong);
    throw new SqlError(
      weekBased ? 'INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN' : 'INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER',
      weekBased ? '42K0B' : '22007',
      `Unrecognized datetime pattern: ${pattern}.`,
    );
  }
  throw unsupported(`The pattern ${pattern} in ${call.name}()`);
}

function patternOf(call: Call, index: number): string {
  const { constant } = arg(call, index);
  if (typeof constant !== 'string') throw unsupported(`${call.name}() with a pattern that is no literal`);
  return literal(checkedPattern(call, constant));
}

function formatted(local: string, pattern: string): Typed {
  return { sql: `__format_moment(epoch_us(${local}), ${pattern})`, type: STRING };
}

function local(value: Typed): string {
  return castTo(value.type.kind === 'timestamp_ntz' ? value : castTo(value, TIMESTAMP), TIMESTAMP_NTZ).sql;
}

function parsedBy(call: Call, type: Typed['type'], tries: boolean): Typed {
  argsOf(call, 1, 2);
  const value = arg(call, 0);
  if (call.args.length === 1 || value.type.kind === 'date' || value.type.kind === 'timestamp') {
    return castTo(value.type.kind === 'string' || value.type.kind === 'void' || type.kind !== 'date' ? value : value, type, tries ? 'try' : 'ansi');
  }
  const pattern = patternOf(call, 1);
  const text = `__parse_moment(${argAs(call, 0, STRING)}, ${pattern}, ${tries})`;
  const moment = { sql: `CAST(${text} AS TIMESTAMP)`, type: TIMESTAMP_NTZ };
  return castTo(moment, type.kind === 'date' ? DATE : type);
}

export const FORMAT_RULES: Readonly<Record<string, Rule>> = {
  date_format: (call) => {
    argsOf(call, 2);
    return formatted(local(arg(call, 0)), patternOf(call, 1));
  },
  from_unixtime: (call) => {
    argsOf(call, 1, 2);
    const moment = { sql: `make_timestamptz(${castTo(arg(call, 0), BIGINT).sql} * 1000000)`, type: TIMESTAMP };
    return formatted(local(moment), call.args.length > 1 ? patternOf(call, 1) : `'yyyy-MM-dd HH:mm:ss'`);
  },
  to_date: (call) => parsedBy(call, DATE, false),
  try_to_date: (call) => parsedBy(call, DATE, true),
  to_timestamp: (call) => parsedBy(call, TIMESTAMP, false),
  try_to_timestamp: (call) => parsedBy(call, TIMESTAMP, true),
  to_timestamp_ltz: (call) => parsedBy(call, TIMESTAMP, false),
  to_timestamp_ntz: (call) => parsedBy(call, TIMESTAMP_NTZ, false),
};
