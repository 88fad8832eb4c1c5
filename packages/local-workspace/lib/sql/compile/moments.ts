import type { SqlType } from '../../engine/types';
import { castTo } from './cast';
import { mismatch } from './failures';
import { detailOf, mergedInterval } from './intervals';
import type { Operator } from './arithmetic';
import { commonType, isIntegral, isInterval, isMoment, isNumeric } from './sqlTypes';
import { DATE, DOUBLE, STRING, TIMESTAMP, type Typed } from './Typed';

/** Arithmetic with dates, timestamps and intervals; undefined when there is none of them. */
export function momentArithmetic(operator: Operator, a: Typed, b: Typed): Typed | undefined {
  const [x, y] = [a.type, b.type];
  if (isInterval(x) && isInterval(y)) return intervals(operator, a, b);
  if (operator === '+' && isInterval(x) && (isMoment(y) || y.kind === 'string')) return momentArithmetic('+', b, a);
  if (operator === '*' && isInterval(x)) return intervalTimes(a, b);
  if (operator === '*' && isInterval(y)) return intervalTimes(b, a);
  if (operator === '/' && isInterval(x)) return intervalTimes(a, b, true);
  if ((operator === '+' || operator === '-') && isInterval(y))
    return x.kind === 'string' ? castTo(shifted(operator, castTo(a, TIMESTAMP), b), STRING) : shifted(operator, a, b);
  if (operator === '+' && isIntegral(x) && y.kind === 'date') return momentArithmetic('+', b, a);
  if ((operator === '+' || operator === '-') && x.kind === 'date' && ['tinyint', 'smallint', 'int'].includes(y.kind)) {
    return { sql: `(${a.sql} ${operator} CAST(${b.sql} AS INTEGER))`, type: DATE };
  }
  if (operator === '-' && (isMoment(x) || isMoment(y))) return difference(a, b);
  return undefined;
}

function intervals(operator: Operator, a: Typed, b: Typed): Typed | undefined {
  if (a.type.kind !== b.type.kind || (operator !== '+' && operator !== '-')) throw mismatch(`(a ${operator} b)`);
  const amount = amountOf(a.type);
  return { sql: made(`${amount(a.sql)} ${operator} ${amount(b.sql)}`, a.type), type: mergedInterval(a.type, b.type) };
}

/** Months or microseconds of an interval, with room for what is computed of them. */
function amountOf({ kind }: SqlType): (sql: string) => string {
  return kind === 'interval year to month'
    ? (sql) => `CAST(date_part('year', ${sql}) * 12 + date_part('month', ${sql}) AS HUGEINT)`
    : (sql) => `CAST(epoch_us(${sql}) AS HUGEINT)`;
}

function made(amount: string, { kind }: SqlType): string {
  return kind === 'interval year to month' ? `__months(${amount})` : `__micros(${amount})`;
}

function intervalTimes(interval: Typed, factor: Typed, divides = false): Typed {
  const number = isNumeric(factor.type) ? factor : castTo(factor, DOUBLE);
  const double = castTo(number, DOUBLE).sql;
  const months = interval.type.kind === 'interval year to month';
  const amount = amountOf(interval.type)(interval.sql);
  const value = divides
    ? `__divide(CAST(${amount} AS DOUBLE), ${double})`
    : isIntegral(number.type)
      ? `(${amount} * CAST(${number.sql} AS BIGINT))`
      : `(${amount} * ${double})`;
  const rounded = divides || !isIntegral(number.type) ? `round(${value})` : value;
  return months
    ? {
        sql: made(rounded, interval.type),
        type: { kind: 'interval year to month', detail: 'interval year to month' },
      }
    : {
        sql: made(rounded, interval.type),
        type: { kind: 'interval day to second', detail: 'interval day to second' },
      };
}

/** A moment moved by an interval. Days are those of the calendar, as in a zone with changing hours. */
function shifted(operator: '+' | '-', a: Typed, b: Typed): Typed {
  if (b.type.kind === 'interval year to month') {
    if (a.type.kind === 'date') return { sql: `CAST(${a.sql} ${operator} ${b.sql} AS DATE)`, type: DATE };
    return a.type.kind === 'timestamp'
      ? { sql: `__moved(${a.sql}, ${operator === '-' ? '-' : ''}${b.sql}, 0)`, type: a.type }
      : { sql: `(${a.sql} ${operator} ${b.sql})`, type: a.type };
  }
  if (a.type.kind === 'date' && detailOf(b.type) === 'interval day')
    return { sql: `CAST(${a.sql} ${operator} ${b.sql} AS DATE)`, type: DATE };
  const moment = a.type.kind === 'date' ? castTo(a, TIMESTAMP) : a;
  if (!isMoment(moment.type)) throw mismatch(`(a ${operator} b)`);
  return moment.type.kind === 'timestamp'
    ? { sql: `__moved_by(${moment.sql}, ${operator === '-' ? '-' : ''}${b.sql})`, type: moment.type }
    : { sql: `(${moment.sql} ${operator} __calendar(${b.sql}))`, type: moment.type };
}

function difference(a: Typed, b: Typed): Typed {
  const days: SqlType = { kind: 'interval day to second', detail: 'interval day' };
  const [x, y] = [asMoment(a, b.type), asMoment(b, a.type)];
  if (x.type.kind === 'date' && y.type.kind === 'date') {
    return { sql: `to_microseconds(CAST(${x.sql} - ${y.sql} AS BIGINT) * 86400000000)`, type: days };
  }
  const type = commonType(x.type, y.type);
  if (!type || !isMoment(type)) throw mismatch('(a - b)');
  const [left, right] = [castTo(x, type).sql, castTo(y, type).sql];
  const local = (sql: string): string => (type.kind === 'timestamp' ? `__local(${sql})` : sql);
  return {
    sql: `to_microseconds(epoch_us(${local(left)}) - epoch_us(${local(right)}))`,
    type: { kind: 'interval day to second', detail: 'interval day to second' },
  };
}

function asMoment(value: Typed, other: SqlType): Typed {
  return value.type.kind === 'string' || value.type.kind === 'void' ? castTo(value, other) : value;
}
