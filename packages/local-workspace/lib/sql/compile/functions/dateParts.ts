import { own } from '../../../own';
import { SqlError } from '../../SqlError';
import { castTo } from '../cast';
import { mismatch } from '../failures';
import { detailOf } from '../intervals';
import { decimal, INT, TIMESTAMP, TIMESTAMP_NTZ, type Typed } from '../Typed';
import { isMoment } from '../sqlTypes';

const FIELDS: Readonly<Record<string, string | undefined>> = {
  year: 'year',
  y: 'year',
  years: 'year',
  yr: 'year',
  yrs: 'year',
  yearofweek: 'isoyear',
  quarter: 'quarter',
  qtr: 'quarter',
  month: 'month',
  mon: 'month',
  mons: 'month',
  months: 'month',
  week: 'week',
  w: 'week',
  weeks: 'week',
  day: 'day',
  d: 'day',
  days: 'day',
  doy: 'dayofyear',
  dayofyear: 'dayofyear',
  dow: 'dow',
  dayofweek: 'dow',
  dow_iso: 'isodow',
  dayofweek_iso: 'isodow',
  hour: 'hour',
  h: 'hour',
  hours: 'hour',
  hr: 'hour',
  hrs: 'hour',
  minute: 'minute',
  m: 'minute',
  min: 'minute',
  mins: 'minute',
  minutes: 'minute',
  second: 'second',
  s: 'second',
  sec: 'second',
  seconds: 'second',
  secs: 'second',
};

/** EXTRACT(field FROM value). Throws for a field that is none. */
export function datePart(field: string, value: Typed): Typed {
  const part = Object.hasOwn(FIELDS, field.toLowerCase()) ? FIELDS[field.toLowerCase()] : undefined;
  if (part === undefined)
    throw new SqlError('INVALID_EXTRACT_FIELD', '42601', `Cannot extract \`${field}\` from the value.`);
  const given = value.type.kind === 'string' || value.type.kind === 'void' ? castTo(value, TIMESTAMP) : value;
  const source = given.type.kind === 'timestamp' ? castTo(given, TIMESTAMP_NTZ) : given;
  if (source.type.kind === 'interval day to second') return intervalPart(part, source);
  if (source.type.kind === 'interval year to month') {
    if ((part !== 'year' && part !== 'month') || !detailOf(source.type).includes(part)) {
      if (part !== 'year' && part !== 'month') throw invalid(field);
      if (!/year to month/.test(detailOf(source.type))) throw invalid(field);
    }
    return part === 'year'
      ? { sql: `CAST(date_part('year', ${source.sql}) AS INTEGER)`, type: INT }
      : { sql: `CAST(date_part('month', ${source.sql}) AS TINYINT)`, type: { kind: 'tinyint' } };
  }
  if (!isMoment(source.type)) throw mismatch('extract()');
  if (part === 'second') {
    const micros = source.type.kind === 'date' ? zeroOf(source) : `epoch_us(${source.sql})`;
    return {
      sql: `CAST((((${micros}) % 60000000 + 60000000) % 60000000) / CAST(1000000 AS DECIMAL(8,0)) AS DECIMAL(8,6))`,
      type: decimal(8, 6),
    };
  }
  if (source.type.kind === 'date' && (part === 'hour' || part === 'minute')) return { sql: zeroOf(source), type: INT };
  const plain = `date_part('${part}', ${source.sql})`;
  return { sql: `CAST(${part === 'dow' ? `${plain} + 1` : plain} AS INTEGER)`, type: INT };
}

/** A date is at midnight, where there is one. */
function zeroOf({ sql }: Typed): string {
  return `(CASE WHEN ${sql} IS NOT NULL THEN CAST(0 AS INTEGER) END)`;
}

function invalid(field: string): SqlError {
  return new SqlError('INVALID_EXTRACT_FIELD', '42601', `Cannot extract \`${field}\` from the interval.`);
}

const SIZES: Readonly<Record<string, [number, number] | undefined>> = {
  hour: [3_600_000_000, 24],
  minute: [60_000_000, 60],
};

const ORDER = ['day', 'hour', 'minute', 'second'];

/** Whether an interval such as `interval day to minute` has a field. */
function covers(detail: string, part: string): boolean {
  const [, from = 'day', to = from] = /^interval (\w+)(?: to (\w+))?$/.exec(detail) ?? [];
  const place = ORDER.indexOf(part);
  return place >= ORDER.indexOf(from) && place <= ORDER.indexOf(to);
}

function intervalPart(part: string, { sql, type }: Typed): Typed {
  const micros = `epoch_us(${sql})`;
  if (!covers(detailOf(type), part)) throw invalid(part);
  if (part === 'day') return { sql: `CAST(${micros} // 86400000000 AS INTEGER)`, type: INT };
  if (part === 'second')
    return { sql: `CAST((${micros} % 60000000) / CAST(1000000 AS DECIMAL(8,0)) AS DECIMAL(8,6))`, type: decimal(8, 6) };
  const size = own(SIZES, part);
  if (!size) throw invalid(part);
  return { sql: `CAST((${micros} // ${size[0]}) % ${size[1]} AS TINYINT)`, type: { kind: 'tinyint' } };
}
