import { castTo } from '../cast';
import { unified } from '../conditions';
import { mismatch } from '../failures';
import { isIntegral, isInterval, isMoment } from '../sqlTypes';
import { unsupported } from '../../SqlError';
import { arrayOf, BIGINT, DATE, type Typed } from '../Typed';
import type { Call } from './rules';
import { argsOf } from './support';

/** `sequence(start, end, step)` of whole numbers, dates and moments. */
export function sequence(call: Call): Typed {
  argsOf(call, 2, 3);
  const [start, end, step] = call.args;
  if (!start || !end) throw mismatch('sequence()');
  if (isMoment(start.type) || isMoment(end.type)) {
    const made = sequenceOfMoments(start, end, step);
    return step ? { ...made, sql: `(CASE WHEN ${step.sql} IS NOT NULL THEN ${made.sql} END)` } : made;
  }
  const { values, type } = unified(step ? [start, end, step] : [start, end], 'sequence');
  if (!isIntegral(type)) throw unsupported('sequence() of these types');
  const [a, b, by] = values.map((value) => castTo(value, BIGINT).sql);
  const made = castTo({ sql: `__sequence(${a}, ${b}, ${by ?? 'NULL'})`, type: arrayOf(BIGINT) }, arrayOf(type));
  return by === undefined ? made : { ...made, sql: `(CASE WHEN ${by} IS NOT NULL THEN ${made.sql} END)` };
}

function sequenceOfMoments(start: Typed, end: Typed, step: Typed | undefined): Typed {
  const { values, type } = unified([start, end], 'sequence');
  if (!isMoment(type) || (step && !isInterval(step.type))) throw mismatch('sequence()');
  const [a = '', b = ''] = values.map(({ sql }) => sql);
  const byMonths = step?.type.kind === 'interval year to month';
  if (type.kind !== 'date') {
    if (byMonths) throw unsupported('sequence() of timestamps by months');
    const numbers = `__sequence(epoch_us(${a}), epoch_us(${b}), ${step ? `epoch_us(${step.sql})` : `CASE WHEN ${a} <= ${b} THEN 86400000000 ELSE -86400000000 END`})`;
    const made = type.kind === 'timestamp' ? 'make_timestamptz' : 'make_timestamp';
    return { sql: `list_transform(${numbers}, lambda __x: ${made}(__x))`, type: arrayOf(type) };
  }
  if (step && byMonths) {
    const months = `CAST(datepart('year', ${step.sql}) * 12 + datepart('month', ${step.sql}) AS INTEGER)`;
    return { sql: `__sequence_months(${a}, ${b}, ${months})`, type: arrayOf(DATE) };
  }
  const by = step ? `CAST(epoch_us(${step.sql}) // 86400000000 AS BIGINT)` : 'NULL';
  const numbers = `__sequence(CAST(${a} - DATE '1970-01-01' AS BIGINT), CAST(${b} - DATE '1970-01-01' AS BIGINT), ${by})`;
  return {
    sql: `list_transform(${numbers}, lambda __x: CAST(DATE '1970-01-01' + CAST(__x AS INTEGER) AS DATE))`,
    type: arrayOf(DATE),
  };
}
