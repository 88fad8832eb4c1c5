import { SqlError, unsupported } from '../../SqlError';
import { instantIn, invalidZone, localIn, zoneOf, type Zone } from '../../zones';
import { namePath } from '../access';
import { castTo } from '../cast';
import { compileExpression } from '../expression';
import { mismatch, raise, unresolvedRoutine, wrongArguments } from '../failures';
import { dayTime } from '../intervals';
import { BIGINT, BOOLEAN, DATE, DOUBLE, INT, TIMESTAMP, TIMESTAMP_NTZ, type Typed } from '../Typed';
import { isFractional, isMoment } from '../sqlTypes';
import { datePart } from './dateParts';
import { readMoment } from './formats';
import { timeWindow } from './timeWindow';
import type { Call, Rule } from './rules';
import { truncated } from './truncation';
import { arg, argAs, argsOf, textArg } from './support';

const MICROS: Readonly<Record<string, bigint | undefined>> = {
  microsecond: 1n,
  millisecond: 1000n,
  second: 1_000_000n,
  minute: 60_000_000n,
  hour: 3_600_000_000n,
  day: 86_400_000_000n,
  dayofyear: 86_400_000_000n,
  week: 604_800_000_000n,
};
const MONTHS: Readonly<Record<string, number | undefined>> = { month: 1, quarter: 3, year: 12 };

/** The unit that the first argument names: a bare word. */
function unitOf(call: Call): string {
  const word = namePath(call.nodes[0]);
  const unit = word?.length === 1 ? (word[0] ?? '').toLowerCase() : '';
  if (Object.hasOwn(MICROS, unit) || Object.hasOwn(MONTHS, unit)) return unit;
  if (word === undefined) throw badUnit(call.name);
  // Another word is a column, and the function by this name that takes such values is another one, or none.
  if (call.name.startsWith('timestamp')) throw unresolvedRoutine(call.name);
  compileExpression(call.nodes[0], call.place);
  throw wrongArguments(call.name, call.nodes.length);
}

function badUnit(name: string): SqlError {
  return new SqlError(
    'INVALID_PARAMETER_VALUE.DATETIME_UNIT',
    '22023',
    `The value of the parameter \`unit\` in \`${name}\` is invalid.`,
  );
}

function rest(call: Call): Typed[] {
  return call.nodes.slice(1).map((node) => compileExpression(node, call.place));
}

/** `dateadd(unit, n, moment)`, and `date_add(date, days)`. */
function addition(call: Call): Typed {
  if (call.nodes.length === 2) return added(call);
  if (call.nodes.length !== 3) throw wrongArguments(call.name, call.nodes.length);
  const unit = unitOf(call);
  const [count, moment] = rest(call);
  if (!count || !moment) throw mismatch(call.name);
  const source = isMoment(moment.type) && moment.type.kind !== 'date' ? moment : castTo(moment, TIMESTAMP);
  const months = MONTHS[unit];
  if (months !== undefined) return moved(source, `__months(CAST(${castTo(count, INT).sql} AS BIGINT) * ${months})`);
  const micros = MICROS[unit] ?? 1n;
  if (micros % 86_400_000_000n === 0n)
    return moved(source, `to_days(CAST(${castTo(count, INT).sql} * ${micros / 86_400_000_000n} AS INTEGER))`);
  const clock = `__micros(CAST(${castTo(count, BIGINT).sql} AS HUGEINT) * ${micros})`;
  return { sql: `(${source.sql} + ${clock})`, type: source.type };
}

/** A moment moved by days or months of the calendar. */
function moved({ sql, type }: Typed, interval: string): Typed {
  return type.kind === 'timestamp'
    ? { sql: `__moved(${sql}, ${interval}, 0)`, type }
    : { sql: `(${sql} + ${interval})`, type };
}

function added(call: Call): Typed {
  const [date, days] = call.nodes.map((node) => compileExpression(node, call.place));
  if (!date || !days) throw mismatch(call.name);
  if (!isMoment(date.type) && date.type.kind !== 'string' && date.type.kind !== 'void') throw mismatch(call.name);
  if (days.type.kind === 'bigint' || days.type.kind === 'decimal' || isFractional(days.type)) throw mismatch(call.name);
  return { sql: `CAST(${castTo(date, DATE).sql} + ${castTo(days, INT).sql} AS DATE)`, type: DATE };
}

/** `datediff(end, start)` in days, and `datediff(unit, start, end)` in whole units. */
function difference(call: Call): Typed {
  if (call.nodes.length === 2) {
    const [end, start] = call.nodes.map((node) => compileExpression(node, call.place));
    if (!end || !start) throw mismatch(call.name);
    return { sql: `CAST(${castTo(end, DATE).sql} - ${castTo(start, DATE).sql} AS INTEGER)`, type: INT };
  }
  if (call.nodes.length !== 3) throw wrongArguments(call.name, call.nodes.length);
  const unit = unitOf(call);
  if (unit === 'dayofyear') throw badUnit(call.name);
  const [start, end] = rest(call).map((value) => localTime(value));
  if (!start || !end) throw mismatch(call.name);
  const months = MONTHS[unit];
  if (months !== undefined) return { sql: `__months_apart(${start}, ${end}) // ${months}`, type: BIGINT };
  return { sql: `((epoch_us(${end}) - epoch_us(${start})) // ${MICROS[unit] ?? 1n})`, type: BIGINT };
}

function localTime(value: Typed): string {
  return castTo(value.type.kind === 'timestamp_ntz' ? value : castTo(value, TIMESTAMP), TIMESTAMP_NTZ).sql;
}

const LONG_UNITS: ReadonlySet<string> = new Set(['year', 'quarter', 'month', 'week']);

function zoned(call: Call, build: (moment: string, zone: Zone) => string): Typed {
  argsOf(call, 2);
  const moment = argAs(call, 0, TIMESTAMP);
  const name = textArg(call, 1, 'a time zone');
  const zone = zoneOf(name);
  if (zone === undefined)
    return {
      sql: `(CASE WHEN ${moment} IS NULL THEN NULL ELSE ${raise('INVALID_TIMEZONE', '22009', `The timezone: ${name} is invalid.`)} END)::TIMESTAMPTZ`,
      type: TIMESTAMP,
    };
  return { sql: build(moment, zone), type: TIMESTAMP };
}

function conversion(call: Call): Typed {
  argsOf(call, 2, 3);
  const named = (index: number): Zone => {
    const name = textArg(call, index, 'a time zone');
    const zone = zoneOf(name);
    if (zone) return zone;
    throw invalidZone(name);
  };
  const [source, target] =
    call.args.length === 3 ? [named(0), named(1)] : [call.place.context.environment.zone, named(0)];
  const moment = argAs(call, call.args.length - 1, TIMESTAMP_NTZ);
  return { sql: localIn(target, instantIn(source, moment)), type: TIMESTAMP_NTZ };
}

function made(call: Call, type: Typed['type'], tries: boolean): Typed {
  if (call.args.length === 7) throw unsupported(`${call.name}() in a time zone`);
  argsOf(call, 6);
  const parts = call.args.slice(0, 5).map((value) => castTo(value, INT).sql);
  const seconds = castTo(arg(call, 5), { kind: 'decimal', precision: 16, scale: 6 }).sql;
  const local = `__make_timestamp(${parts.join(', ')}, ${seconds})`;
  const outside = tries
    ? 'NULL'
    : raise('DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION', '22023', 'A field of the timestamp is out of bounds.');
  const anyNull = [...parts, seconds].map((part) => `${part} IS NULL`).join(' OR ');
  return castTo(
    { sql: `(CASE WHEN ${anyNull} THEN NULL ELSE coalesce(${local}, ${outside}) END)`, type: TIMESTAMP_NTZ },
    type,
  );
}

function madeInterval(call: Call): Typed {
  argsOf(call, 0, 4);
  const sizes = [86_400_000_000n, 3_600_000_000n, 60_000_000n];
  const parts = call.args.slice(0, 3).map((value, i) => `CAST(${castTo(value, INT).sql} AS HUGEINT) * ${sizes[i]}`);
  const last = call.args[3];
  if (last)
    parts.push(
      `CAST(replace(CAST(${castTo(last, { kind: 'decimal', precision: 18, scale: 6 }).sql} AS VARCHAR), '.', '') AS BIGINT)`,
    );
  const type = dayTime(0n, 'interval day to second').type;
  const sum = parts.length === 0 ? 'CAST(0 AS HUGEINT)' : `(${parts.join(' + ')})`;
  const overflow = raise(
    'INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION',
    '22015',
    'Integer overflow while operating with intervals.',
  );
  const micros = `CASE WHEN ${sum} IS NOT NULL THEN coalesce(TRY_CAST(${sum} AS BIGINT), ${overflow}) END`;
  return { sql: `to_microseconds(${micros})`, type };
}

export const DATE_RULES: Readonly<Record<string, Rule>> = {
  dateadd: addition,
  date_add: addition,
  timestampadd: addition,
  datediff: difference,
  date_diff: difference,
  timestampdiff: difference,
  trunc: (call) => {
    argsOf(call, 2);
    return { sql: truncated(arg(call, 1), (unit) => LONG_UNITS.has(unit), argAs(call, 0, DATE), 'DATE'), type: DATE };
  },
  window: timeWindow,
  date_trunc: (call) => {
    argsOf(call, 2);
    const value = arg(call, 1);
    return { sql: truncated(arg(call, 0), () => true, castTo(value, TIMESTAMP).sql, 'TIMESTAMPTZ'), type: TIMESTAMP };
  },
  date_part: (call) => datePart(textArg(call, 0, 'a field'), arg(call, 1)),
  datepart: (call) => datePart(textArg(call, 0, 'a field'), arg(call, 1)),
  months_between: (call) => {
    argsOf(call, 2, 3);
    const [a, b] = [0, 1].map((i) => `epoch_us(${castTo(castTo(arg(call, i), TIMESTAMP), TIMESTAMP_NTZ).sql})`);
    const rounds = call.args.length > 2 ? argAs(call, 2, BOOLEAN) : 'true';
    return { sql: `__months_between(${a}, ${b}, ${rounds})`, type: DOUBLE };
  },
  from_utc_timestamp: (call) => zoned(call, (moment, zone) => `make_timestamptz(epoch_us(${localIn(zone, moment)}))`),
  to_utc_timestamp: (call) => zoned(call, (moment, zone) => instantIn(zone, `make_timestamp(epoch_us(${moment}))`)),
  convert_timezone: conversion,
  make_timestamp: (call) => made(call, TIMESTAMP, false),
  make_timestamp_ltz: (call) => made(call, TIMESTAMP, false),
  make_timestamp_ntz: (call) => made(call, TIMESTAMP_NTZ, false),
  try_make_timestamp: (call) => made(call, TIMESTAMP, true),
  make_dt_interval: madeInterval,
  make_ym_interval: (call) => {
    argsOf(call, 0, 2);
    const [years, months] = call.args.map((value) => castTo(value, INT).sql);
    return {
      sql: `__months(CAST(${years ?? 0} AS BIGINT) * 12 + ${months ?? 0})`,
      type: { kind: 'interval year to month' },
    };
  },
  unix_timestamp: (call) => unixTime(call),
  to_unix_timestamp: (call) => unixTime(call),
};

function unixTime(call: Call): Typed {
  argsOf(call, call.name === 'unix_timestamp' ? 0 : 1, 2);
  const [value, pattern] = call.args;
  if (!value) return { sql: '__floor_div(epoch_us(now()), 1000000)', type: BIGINT };
  if (value.type.kind === 'string') {
    const local = pattern
      ? readMoment(call).sql
      : `CAST(__parse_moment(${value.sql}, 'yyyy-MM-dd HH:mm:ss', false) AS TIMESTAMP)`;
    const parsed = `__instant(${local})`;
    return { sql: `__floor_div(epoch_us(${parsed}), 1000000)`, type: BIGINT };
  }
  return { sql: `(epoch_us(${castTo(value, TIMESTAMP).sql}) // 1000000)`, type: BIGINT };
}
