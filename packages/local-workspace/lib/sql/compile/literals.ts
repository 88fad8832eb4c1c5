import { own } from '../../own';
import { dayTimeMicros } from '../parameters';
import { isNode, literalOf, type Node } from '../nodes';
import { withoutExponent } from '../exponent';
import { hole } from '../placeholders';
import { literal } from '../quote';
import { SqlError, unsupported } from '../SqlError';
import { castTo } from './cast';
import { textValue, type Context, type Handler, type Place } from './context';
import { compileExpression } from './expression';
import {
  BIGINT,
  BINARY,
  BOOLEAN,
  DATE,
  decimal,
  DOUBLE,
  INT,
  STRING,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  VOID,
  type Typed,
} from './Typed';
import { isIntegral } from './sqlTypes';
import { floating, ranged } from './numberRanges';
import { dayTime, yearMonth } from './intervals';

/** A text literal as DuckDB takes it; its literals hold no NUL. */
export function textSql(value: string): string {
  if (!value.includes('\0')) return literal(value);
  return `(${value.split('\0').map(literal).join(' || chr(0) || ')})`;
}

export function textLiteral(value: string): Typed {
  return { sql: textSql(value), type: STRING, constant: value };
}

/** A number without suffix. Throws for one with more than 38 digits. */
export function numberLiteral(text: string): Typed {
  if (/[eE]/.test(text)) return floating(text, 'DOUBLE', DOUBLE);
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text);
    if (value >= -(2n ** 31n) && value < 2n ** 31n)
      return { sql: `CAST(${value} AS INTEGER)`, type: INT, constant: Number(value) };
    if (value >= -(2n ** 63n) && value < 2n ** 63n)
      return { sql: `CAST(${value} AS BIGINT)`, type: BIGINT, constant: String(value) };
  }
  return decimalLiteral(text);
}

export function decimalLiteral(given: string): Typed {
  const text = /e/i.test(given) ? withoutExponent(given).replace(/\.$/, '') : given;
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '').length;
  const precision = Math.max(digits, fraction.length, 1);
  if (precision > 38) {
    throw new SqlError(
      'DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION',
      '22003',
      `Decimal precision ${precision} exceeds max precision 38.`,
    );
  }
  return {
    sql: `CAST('${text}' AS DECIMAL(${precision},${fraction.length}))`,
    type: decimal(precision, fraction.length),
    constant: text,
  };
}

/** A number with a suffix such as `1L` or `1.5BD`. */
export function suffixedNumber(text: string): Typed {
  const match = /^(.*?)(BD|[LSYDF])$/i.exec(text);
  const [, digits = '', suffix = ''] = match ?? [];
  switch (suffix.toUpperCase()) {
    case 'L':
      return ranged(digits, 'BIGINT', BIGINT, 63n);
    case 'S':
      return ranged(digits, 'SMALLINT', { kind: 'smallint' }, 15n);
    case 'Y':
      return ranged(digits, 'TINYINT', { kind: 'tinyint' }, 7n);
    case 'D':
      return floating(digits, 'DOUBLE', DOUBLE);
    case 'F':
      return floating(digits, 'FLOAT', { kind: 'float' });
    default:
      return decimalLiteral(digits);
  }
}

/** `-` before a literal belongs to it. */
export function negativeLiteral(value: Typed, hasSuffix: boolean): Typed | undefined {
  const { constant, type } = value;
  if (constant === undefined || constant === null || typeof constant === 'boolean' || type.kind === 'string')
    return undefined;
  const sql = value.sql.replace(/^CAST\((')?/, (_all, quote: string | undefined) => `CAST(${quote ?? ''}-`);
  if (String(constant) === '9223372036854775808' && !hasSuffix && type.kind === 'decimal')
    return { sql: 'CAST(-9223372036854775808 AS BIGINT)', type: BIGINT, constant: '-9223372036854775808' };
  if (isIntegral(type) && String(constant) === '2147483648' && !hasSuffix)
    return { sql: 'CAST(-2147483648 AS INTEGER)', type: INT, constant: -2147483648 };
  return { sql, type, constant: typeof constant === 'number' ? -constant : `-${constant}` };
}

function typedLiteral(kind: string, value: string): Typed {
  const type = kind === 'date' ? DATE : kind === 'timestamp_ntz' ? TIMESTAMP_NTZ : TIMESTAMP;
  const parsed = castTo(textLiteral(value), type, 'try');
  const name = kind === 'timestamp_ntz' ? 'TIMESTAMP_NTZ' : kind.toUpperCase();
  const text = `The value ${literal(value)} of the literal type "${name}" is invalid.`;
  return { sql: `coalesce(${parsed.sql}, error(${literal(`[INVALID_TYPED_LITERAL|42604]${text}`)}))`, type };
}

function hexLiteral(digits: string): Typed {
  if (!/^[0-9a-f]*$/i.test(digits)) {
    throw new SqlError('INVALID_TYPED_LITERAL', '42604', `The value '${digits}' of the literal type "X" is invalid.`);
  }
  return { sql: `unhex('${digits.length % 2 === 1 ? '0' : ''}${digits}')`, type: BINARY };
}

export const LITERALS: Readonly<Record<string, Handler>> = {
  literal: (inner, { context }) => {
    const value = String(inner['value']);
    switch (inner['literal_type']) {
      case 'number':
        return numberLiteral(value);
      case 'string':
        return textLiteral(textValue(value, context));
      case 'date':
      case 'timestamp':
        return typedLiteral(String(inner['literal_type']), textValue(value, context));
      case 'hex_string':
        return hexLiteral(textValue(value, context));
      default:
        throw unsupported(`A literal of the type ${String(inner['literal_type'])}`);
    }
  },
  boolean: (inner) => ({
    sql: inner['value'] === true ? 'true' : 'false',
    type: BOOLEAN,
    constant: inner['value'] === true,
  }),
  null: () => ({ sql: 'NULL', type: VOID, constant: null }),
  interval: (inner, place) => intervalLiteral(inner, place),
  parameter: (inner, { context }) => marker(String(inner['name']), context),
};

/** A parameter marker: a hole in the text, which the value fills when the statement runs. */
function marker(name: string, context: Context): Typed {
  const known = context.parameters.indexOf(name);
  const index = known >= 0 ? known : context.parameters.push(name) - 1;
  return { sql: hole(index), type: own(context.environment.parameterTypes, name) ?? VOID };
}

const UNITS = ['day', 'hour', 'minute', 'second'];

/** `INTERVAL '1 02:03' DAY TO MINUTE`, `INTERVAL 3 MONTHS`, `INTERVAL x HOUR`. */
function intervalLiteral(inner: Node, place: Place): Typed {
  const unit = isNode(inner['unit']) ? inner['unit'] : undefined;
  const given = literalOf(inner['this']);
  const value = given ? textValue(given['value'], place.context).trim() : undefined;
  if (!unit) return value === undefined ? refuse('without a unit') : namedUnits(value);
  if (unit['type'] === 'span')
    return spanned(value, String(unit['this']).toLowerCase(), String(unit['expression']).toLowerCase());
  const name = String(unit['unit']).toLowerCase();
  if (value !== undefined) return ofUnit(value, name);
  const amount = compileExpression(inner['this'], place);
  if (amount.constant !== undefined) return ofUnit(String(amount.constant), name);
  return refuse('of something that is no literal');
}

function refuse(what: string): never {
  throw unsupported(`INTERVAL ${what}`);
}

function spanned(value: string | undefined, from: string, to: string): Typed {
  const months = /^([+-]?)(\d+)-(\d+)$/.exec(value ?? '');
  if (from === 'year') {
    if (!months) throw invalidInterval(value);
    const total = Number(months[2]) * 12 + Number(months[3]);
    return yearMonth(months[1] === '-' ? -total : total, 'interval year to month');
  }
  const micros = dayTimeMicros(completed(value ?? '', from, to));
  if (micros === undefined) throw invalidInterval(value);
  return dayTime(micros, `interval ${from} to ${to}`);
}

function invalidInterval(value: string | undefined): SqlError {
  return new SqlError('INVALID_INTERVAL_FORMAT', '22006', `Error parsing '${value ?? ''}' to interval.`);
}

/** `'1 02'` DAY TO HOUR, `'02:03'` HOUR TO MINUTE and so on, as `D HH:MM:SS`. */
function completed(value: string, from: string, to: string): string {
  const sign = /^[+-]/.exec(value)?.[0] ?? '';
  const parts = value.slice(sign.length).split(/[ :]/);
  const first = UNITS.indexOf(from);
  const padded = UNITS.map((_unit, i) => (i < first || i > UNITS.indexOf(to) ? '0' : (parts[i - first] ?? '0')));
  return `${sign}${padded[0]} ${padded.slice(1).join(':')}`;
}

const MICROS: Readonly<Record<string, bigint | undefined>> = {
  week: 604_800_000_000n,
  day: 86_400_000_000n,
  hour: 3_600_000_000n,
  minute: 60_000_000n,
  second: 1_000_000n,
  millisecond: 1000n,
  microsecond: 1n,
};

function ofUnit(value: string, rawUnit: string): Typed {
  const unit = rawUnit.replace(/s$/, '');
  const number = /^([+-]?)\s*(\d+)(?:\.(\d{1,9}))?$/.exec(value);
  if (!number) throw invalidInterval(value);
  if (number[3] !== undefined && unit !== 'second') throw invalidInterval(value);
  const sign = number[1] === '-' ? -1n : 1n;
  const whole = BigInt(number[2] ?? '0');
  if (unit === 'year' || unit === 'month')
    return yearMonth(Number(sign * whole) * (unit === 'year' ? 12 : 1), `interval ${unit}`);
  const size = own(MICROS, unit);
  if (size === undefined) return refuse(`in ${unit.toUpperCase()}S`);
  const fraction = number[3] === undefined ? 0n : (BigInt(number[3].padEnd(9, '0')) * size) / 1_000_000_000n;
  const shown = unit === 'week' ? 'day' : UNITS.includes(unit) ? unit : 'second';
  return dayTime(sign * (whole * size + fraction), `interval ${shown}`);
}

/** `'1 day 2 hours'`: units inside of the text. */
function namedUnits(value: string): Typed {
  const parts = [...value.matchAll(/([+-]?\d+(?:\.\d+)?)\s*([a-z]+)/gi)];
  if (parts.length !== 1) return refuse(`'${value}' with several units in its text`);
  return ofUnit(parts[0]?.[1] ?? '', (parts[0]?.[2] ?? '').toLowerCase());
}
