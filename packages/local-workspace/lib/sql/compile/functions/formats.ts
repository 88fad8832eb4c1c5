import { SqlError, unsupported } from '../../SqlError';
import { literal } from '../../quote';
import { castTo } from '../cast';
import { raise } from '../failures';
import { BIGINT, DATE, STRING, TIMESTAMP, TIMESTAMP_NTZ, type Typed } from '../Typed';
import type { Call, Rule } from './rules';
import { arg, argAs, argsOf } from './support';

/** How often a letter of Spark's patterns may stand in a row; letters of weeks are those of the past. */
const MOST: Readonly<Record<string, number | undefined>> = {
  ...{ G: 4, y: 6, M: 4, L: 4, d: 2, D: 3, E: 4, Q: 4, q: 4, H: 2, h: 2, k: 2, K: 2, m: 2, s: 2, S: 9, a: 1, F: 1 },
  ...{ V: 2, z: 4, O: 4, X: 5, x: 5, Z: 5 },
};

const BASED_ON_WEEKS = /[YWweuc]/;

/** What is written and read here. */
const WRITTEN = /^(?:y{1,4}|y{6}|[MLdDEQqHhkKmsSaF]+)$/;

/** What Spark writes and does not read, or not here. */
const UNREAD = /[EFQqD]/;

/** The pattern when its letters are known here. Throws for those of Spark that are not, and for those that are no letters. */
function checkedPattern(call: Call, pattern: string): string {
  const reads = call.name !== 'date_format' && call.name !== 'from_unixtime';
  const plain = pattern.replace(/'(?:[^']|'')*'/g, ' ');
  const runs = [...plain.matchAll(/([A-Za-z])\1*/g)].map(([run]) => run);
  if (runs.some((run) => BASED_ON_WEEKS.test(run))) throw badPattern(pattern, 'WEEK_BASED_PATTERN');
  for (const run of runs) {
    const letter = run[0] ?? '';
    const most = MOST[letter];
    if (most === undefined || (reads && /[Qq]/.test(letter))) throw badPattern(pattern);
    if (run.length > most) throw badPattern(pattern, /[Qq]/.test(letter) ? undefined : 'PATTERN_RECOGNITION');
    if (reads && /[EF]/.test(letter)) throw badPattern(pattern, 'PATTERN_RECOGNITION');
  }
  if (
    plain.includes("'") ||
    /[[\]{}#]/.test(plain) ||
    !runs.every((run) => WRITTEN.test(run)) ||
    (reads && UNREAD.test(plain))
  )
    throw unsupported(`The pattern ${pattern} in ${call.name}()`);
  return pattern;
}

function badPattern(pattern: string, change?: 'WEEK_BASED_PATTERN' | 'PATTERN_RECOGNITION'): SqlError {
  const [condition, state] = change
    ? [`INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_${change}`, '42K0B']
    : ['INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER', '22007'];
  return new SqlError(condition, state, `Unrecognized datetime pattern: ${pattern}.`);
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
    return castTo(value, type, tries ? 'try' : 'ansi');
  }
  return castTo(readBy(patternOf(call, 1), argAs(call, 0, STRING), tries), type.kind === 'date' ? DATE : type);
}

/** A text read by the pattern that is the second argument. */
export function readMoment(call: Call): Typed {
  return readBy(patternOf(call, 1), argAs(call, 0, STRING), false);
}

function readBy(pattern: Pattern, subject: string, tries: boolean): Typed {
  const text =
    'fails' in pattern
      ? `(CASE WHEN ${subject} IS NULL THEN NULL ELSE CAST(${pattern.fails} AS VARCHAR) END)`
      : `__parse_moment(${subject}, ${pattern.sql}, ${tries})`;
  return { sql: `CAST(${text} AS TIMESTAMP)`, type: TIMESTAMP_NTZ };
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
