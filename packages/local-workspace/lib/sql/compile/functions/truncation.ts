import { own } from '../../../own';
import { castTo } from '../cast';
import { STRING, type Typed } from '../Typed';

const TRUNCATIONS: Readonly<Record<string, string | undefined>> = {
  year: 'year',
  yyyy: 'year',
  yy: 'year',
  quarter: 'quarter',
  month: 'month',
  mm: 'month',
  mon: 'month',
  week: 'week',
  day: 'day',
  dd: 'day',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
  millisecond: 'millisecond',
  microsecond: 'microsecond',
};

/** Those whose first midnight, where there are two, is the earlier one. */
const OF_DAYS = new Set(['year', 'quarter', 'month', 'week']);

/** The start of a period; NULL for a period that is none. */
export function truncated(
  format: Typed,
  allowed: (unit: string) => boolean,
  value: string,
  result: 'DATE' | 'TIMESTAMP' | 'TIMESTAMPTZ',
): string {
  const start = (unit: string): string =>
    result === 'TIMESTAMPTZ'
      ? `${OF_DAYS.has(unit) ? '__trunc_days' : '__trunc_clock'}('${unit}', ${value})`
      : `CAST(date_trunc('${unit}', ${value}) AS ${result})`;
  const { constant } = format;
  if (typeof constant === 'string') {
    const unit = own(TRUNCATIONS, constant.toLowerCase());
    return unit !== undefined && allowed(unit) ? start(unit) : `CAST(NULL AS ${result})`;
  }
  const cases = Object.entries(TRUNCATIONS).filter(([, unit]) => unit !== undefined && allowed(unit));
  const branches = cases.map(([word, unit = '']) => `WHEN '${word}' THEN ${start(unit)}`);
  return `(CASE lower(${castTo(format, STRING).sql}) ${branches.join(' ')} ELSE NULL END)`;
}
