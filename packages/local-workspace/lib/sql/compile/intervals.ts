import type { SqlType } from '../../engine/types';
import type { Typed } from './Typed';

/** An interval of days and less: microseconds alone, so that equal ones are equal in every way. */
export function dayTime(micros: bigint, detail: string): Typed {
  return { sql: `to_microseconds(CAST(${micros} AS BIGINT))`, type: { kind: 'interval day to second', detail } };
}

export function yearMonth(months: number, detail: string): Typed {
  return { sql: `to_months(CAST(${months} AS INTEGER))`, type: { kind: 'interval year to month', detail } };
}

const ORDER = ['day', 'hour', 'minute', 'second'];

function rangeOf(detail: string): [string, string] {
  const match = /^interval (\w+)(?: to (\w+))?$/.exec(detail);
  const from = match?.[1] ?? 'day';
  return [from, match?.[2] ?? from];
}

/** The interval type that covers both. */
export function mergedInterval(a: SqlType, b: SqlType): SqlType {
  const [first, second] = [rangeOf(detailOf(a)), rangeOf(detailOf(b))];
  if (a.kind === 'interval year to month') {
    const units = [...first, ...second];
    return {
      kind: a.kind,
      detail: units.every((unit) => unit === units[0]) ? `interval ${units[0]}` : 'interval year to month',
    };
  }
  const places = [...first, ...second].map((unit) => ORDER.indexOf(unit));
  const from = ORDER[Math.min(...places)] ?? 'day';
  const to = ORDER[Math.max(...places)] ?? 'second';
  return { kind: 'interval day to second', detail: from === to ? `interval ${from}` : `interval ${from} to ${to}` };
}

const SIZES: Readonly<Record<string, bigint | undefined>> = {
  day: 86_400_000_000n,
  hour: 3_600_000_000n,
  minute: 60_000_000n,
};

/** An interval whose last field is that of `to`: what is smaller is cut off. */
export function narrowedInterval(sql: string, to: SqlType): string {
  const [, last] = rangeOf(detailOf(to));
  if (last === 'year') return `to_years(CAST(date_part('year', ${sql}) AS INTEGER))`;
  const size = SIZES[last];
  return size === undefined ? sql : `to_microseconds(epoch_us(${sql}) // ${size} * ${size})`;
}

export function detailOf(type: SqlType): string {
  return ('detail' in type ? type.detail : undefined) ?? type.kind;
}

/** An interval literal as Spark writes it: `INTERVAL '1 02:03:04.5' DAY TO SECOND`, `INTERVAL '02' HOUR`. */
export function intervalName({ sql, type }: Typed): string {
  const amount = BigInt(/CAST\((-?\d+) AS/.exec(sql)?.[1] ?? 0);
  const [from, to] = rangeOf(detailOf(type)) as [string, string];
  const fields = from === to ? from.toUpperCase() : `${from.toUpperCase()} TO ${to.toUpperCase()}`;
  const [sign, size] = amount < 0n ? ['-', -amount] : ['', amount];
  const text = type.kind === 'interval year to month' ? yearsAndMonths(size, from, to) : clock(size, from, to);
  return `INTERVAL '${sign}${text}' ${fields}`;
}

function yearsAndMonths(months: bigint, from: string, to: string): string {
  if (from !== to) return `${months / 12n}-${months % 12n}`;
  return String(from === 'year' ? months / 12n : months);
}

/** The largest field holds what is beyond the others. */
function clock(micros: bigint, from: string, to: string): string {
  const units = ORDER.slice(ORDER.indexOf(from), ORDER.indexOf(to) + 1);
  let rest = micros;
  const parts = units.map((unit) => {
    const size = SIZES[unit] ?? 1_000_000n;
    const whole = rest / size;
    rest -= whole * size;
    return unit === 'day' ? String(whole) : String(whole).padStart(2, '0');
  });
  const fraction = to === 'second' ? String(rest).padStart(6, '0').replace(/0+$/, '') : '';
  const text =
    units[0] === 'day' ? [parts[0], parts.slice(1).join(':')].filter((part) => part !== '').join(' ') : parts.join(':');
  return fraction === '' ? text : `${text}.${fraction}`;
}
