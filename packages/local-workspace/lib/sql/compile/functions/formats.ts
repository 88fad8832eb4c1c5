import { SqlError, unsupported } from '../../SqlError';
import { literal } from '../../quote';
import { castTo } from '../cast';
import { raise } from '../failures';
import { BIGINT, DATE, STRING, TIMESTAMP, TIMESTAMP_NTZ, type Typed } from '../Typed';
import type { Call, Rule } from './rules';
import { arg, argAs, argsOf } from './support';

/** Letters of date patterns that are written here; text in quotes and other characters stand for themselves. */
const LETTERS =
  /^(?:'(?:[^']|'')*'|''|y{1,4}|y{6}|M{1,4}|L{1,4}|d{1,2}|D{1,3}|E{1,4}|Q{1,4}|q{1,4}|H{1,2}|h{1,2}|k{1,2}|K{1,2}|m{1,2}|s{1,2}|S{1,9}|a(?!a)|F|[^A-Za-z'[\]{}#])*$/;

const KNOWN = /^[GyMLdDEQqHhkKmsSaFVzOXxZ]$/;

/** The pattern when its letters are written here. Throws for those of Spark that are not, and for those that are no letters. */
function checkedPattern(call: Call, pattern: string): string {
  if (LETTERS.test(pattern)) return pattern;
  const plain = pattern.replace(/'(?:[^']|'')*'/g, '');
  const wrong = [...plain].find((letter) => /[A-Za-z]/.test(letter) && !KNOWN.test(letter));
  if (wrong !== undefined || /y{7,}|M{5,}|E{5,}|d{3,}|a{2,}/.test(plain)) {
    const weekBased = /[YWweuc]|aa/.test(plain);
    throw new SqlError(
      weekBased
        ? 'INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN'
        : 'INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER',
      weekBased ? '42K0B' : '22007',
      `Unrecognized datetime pattern: ${pattern}.`,
    );
  }
  throw unsupported(`The pattern ${pattern} in ${call.name}()`);
}

type Pattern = { sql: string } | { fails: string };

/** A pattern that is wrong fails for every value but NULL. */
function patternOf(call: Call, index: number): Pattern {
  const { constant } = arg(call, index);
  if (typeof constant !== 'string') throw unsupported(`${call.name}() with a pattern that is no literal`);
  try {
    return { sql: literal(checkedPattern(call, constant)) };
  } catch (error) {
    if (!(error instanceof SqlError) || error.sqlState === '0A000') throw error;
    return { fails: raise(error.condition, error.sqlState, `Unrecognized datetime pattern: ${constant}.`) };
  }
}

function formatted(micros: string, pattern: Pattern): Typed {
  if ('fails' in pattern)
    return { sql: `(CASE WHEN ${micros} IS NULL THEN NULL ELSE CAST(${pattern.fails} AS VARCHAR) END)`, type: STRING };
  return { sql: `__format_moment(${micros}, ${pattern.sql})`, type: STRING };
}

function local(value: Typed): string {
  return castTo(value.type.kind === 'timestamp_ntz' ? value : castTo(value, TIMESTAMP), TIMESTAMP_NTZ).sql;
}

function parsedBy(call: Call, type: Typed['type'], tries: boolean): Typed {
  argsOf(call, 1, 2);
  const value = arg(call, 0);
  if (call.args.length === 1 || value.type.kind === 'date' || value.type.kind === 'timestamp') {
    return castTo(
      value.type.kind === 'string' || value.type.kind === 'void' || type.kind !== 'date' ? value : value,
      type,
      tries ? 'try' : 'ansi',
    );
  }
  const pattern = patternOf(call, 1);
  const subject = argAs(call, 0, STRING);
  const text =
    'fails' in pattern
      ? `(CASE WHEN ${subject} IS NULL THEN NULL ELSE CAST(${pattern.fails} AS VARCHAR) END)`
      : `__parse_moment(${subject}, ${pattern.sql}, ${tries})`;
  const moment = { sql: `CAST(${text} AS TIMESTAMP)`, type: TIMESTAMP_NTZ };
  return castTo(moment, type.kind === 'date' ? DATE : type);
}

export const FORMAT_RULES: Readonly<Record<string, Rule>> = {
  date_format: (call) => {
    argsOf(call, 2);
    return formatted(`epoch_us(${local(arg(call, 0))})`, patternOf(call, 1));
  },
  from_unixtime: (call) => {
    argsOf(call, 1, 2);
    const micros = `__micros_of_seconds(${castTo(arg(call, 0), BIGINT).sql})`;
    const pattern = call.args.length > 1 ? patternOf(call, 1) : { sql: `'yyyy-MM-dd HH:mm:ss'` };
    return formatted(`epoch_us(__local(make_timestamptz(${micros})))`, pattern);
  },
  to_date: (call) => parsedBy(call, DATE, false),
  try_to_date: (call) => parsedBy(call, DATE, true),
  to_timestamp: (call) => parsedBy(call, TIMESTAMP, false),
  try_to_timestamp: (call) => parsedBy(call, TIMESTAMP, true),
  to_timestamp_ltz: (call) => parsedBy(call, TIMESTAMP, false),
  to_timestamp_ntz: (call) => parsedBy(call, TIMESTAMP_NTZ, false),
};
