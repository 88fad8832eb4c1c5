import { BIGINT, DOUBLE, FLOAT, INTEGER, VARCHAR } from '@duckdb/node-api';
import { withoutExponent } from '../../sql/exponent';
import { decimalOperation, roundText } from './decimals';
import { DOUBLE_LAYOUT, FLOAT_LAYOUT, javaDigits, type Layout } from './javaDigits';
import { failure, tooLarge, type ScalarFunction } from './scalar';

const MATH: Readonly<Record<string, ((x: number) => number) | undefined>> = {
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log10: Math.log10,
  log1p: Math.log1p,
  sign: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
};

/** A double, or a float, as Java writes it: a point always, an exponent outside of 10^-3 to 10^7. */
export function javaDouble(value: number, layout: Layout = DOUBLE_LAYOUT): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const { digits, exponent } = javaDigits(Math.abs(value), layout);
  const significant = digits.replace(/(?!^)0+$/, '');
  const sign = value < 0 ? '-' : '';
  if (exponent < -3 || exponent >= 7) return `${sign}${significant[0]}.${significant.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${significant}`;
  const padded = significant.padEnd(exponent + 1, '0');
  return `${sign}${padded.slice(0, exponent + 1)}.${padded.slice(exponent + 1) || '0'}`;
}

/** Java writes no more digits of a double behind the point. */
const MAX_FRACTION = 340;

function formatNumber(text: string, digits: number): string | null {
  if (digits < 0) return null;
  if (digits > 10_000) throw tooLarge();
  const [whole = '', fraction = ''] = roundText(text, digits, 'bround').replace('-', '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${text.startsWith('-') ? '-' : ''}${grouped}${digits > 0 ? `.${fraction}` : ''}`;
}

function formatDouble(value: number, digits: number): string | null {
  if (digits < 0) return null;
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-∞' : '∞';
  // The digits of a double are those that tell it from others, and zeros behind them; rounding looks at all of it.
  const shortest = (Object.is(value, -0) ? '-' : '') + withoutExponent(String(value));
  const fraction = shortest.length - shortest.indexOf('.') - 1;
  return formatNumber(digits >= fraction ? shortest : exactText(value), Math.min(digits, MAX_FRACTION));
}

/** Every digit of a double, which is a fraction of a power of two. */
function exactText(value: number): string {
  buffer.setFloat64(0, value);
  const bits = buffer.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) + (exponent === 0 ? 0n : 1n << 52n);
  const power = Math.max(exponent, 1) - 1075;
  const sign = bits >> 63n === 1n ? '-' : '';
  if (power >= 0) return `${sign}${mantissa << BigInt(power)}`;
  const digits = (mantissa * 5n ** BigInt(-power)).toString().padStart(1 - power, '0');
  return `${sign}${digits.slice(0, power)}.${digits.slice(power)}`;
}

function conv(text: string, from: number, to: number): string | null {
  const base = from;
  if (base < 2 || base > 36 || Math.abs(to) < 2 || Math.abs(to) > 36) return null;
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const negative = trimmed.startsWith('-');
  const limit = 1n << 64n;
  let value = 0n;
  for (const char of trimmed.slice(negative ? 1 : 0)) {
    const digit = parseInt(char, 36);
    if (Number.isNaN(digit) || digit >= base) break;
    value = value * BigInt(base) + BigInt(digit);
    if (value >= limit) throw failure('ARITHMETIC_OVERFLOW', '22003', 'Overflow in function conv().');
  }
  const signed = negative ? (limit - value) % limit : value;
  if (to > 0) return signed.toString(to).toUpperCase();
  if (negative && signed === 0n) return '-0';
  const shown = signed >= limit / 2n ? signed - limit : signed;
  return shown.toString(-to).toUpperCase();
}

/** Math.hypot() is off by a last digit more often than Java's. */
function hypotenuse(a: number, b: number): number {
  const plain = Math.sqrt(a * a + b * b);
  return plain > 1e-140 && plain < 1e140 ? plain : Math.hypot(a, b);
}

const buffer = new DataView(new ArrayBuffer(8));

export const NUMBER_FUNCTIONS: readonly ScalarFunction[] = [
  {
    name: '__math',
    parameters: [VARCHAR, DOUBLE],
    returns: DOUBLE,
    compute: (name: string, x: number) => MATH[name]?.(x) ?? Number.NaN,
  },
  {
    name: '__wrapped',
    parameters: [VARCHAR],
    returns: BIGINT,
    compute: (text: string) => BigInt.asIntN(64, BigInt(text)),
  },
  {
    name: '__micros_of_seconds',
    parameters: [BIGINT],
    returns: BIGINT,
    compute: (seconds: bigint) => BigInt.asIntN(64, seconds * 1_000_000n),
  },
  { name: '__pow', parameters: [DOUBLE, DOUBLE], returns: DOUBLE, compute: (a: number, b: number) => a ** b },
  {
    name: '__hypot',
    parameters: [DOUBLE, DOUBLE],
    returns: DOUBLE,
    compute: hypotenuse,
  },
  { name: '__without_exponent', parameters: [VARCHAR], returns: VARCHAR, compute: withoutExponent },
  { name: '__double_text', parameters: [DOUBLE], returns: VARCHAR, compute: (value: number) => javaDouble(value) },
  {
    name: '__float_text',
    parameters: [FLOAT],
    returns: VARCHAR,
    compute: (value: number) => javaDouble(value, FLOAT_LAYOUT),
  },
  {
    name: '__round',
    parameters: [VARCHAR, DOUBLE, INTEGER],
    returns: DOUBLE,
    compute: (mode: string, value: number, digits: number) =>
      Number.isFinite(value) ? Number(roundText(String(value), Math.min(Math.max(digits, -400), 400), mode)) : value,
  },
  {
    name: '__decimal',
    parameters: [VARCHAR, VARCHAR, VARCHAR, INTEGER, INTEGER],
    returns: VARCHAR,
    compute: decimalOperation,
  },
  { name: '__format_number', parameters: [VARCHAR, INTEGER], returns: VARCHAR, compute: formatNumber },
  { name: '__format_double', parameters: [DOUBLE, INTEGER], returns: VARCHAR, compute: formatDouble },
  { name: '__conv', parameters: [VARCHAR, INTEGER, INTEGER], returns: VARCHAR, compute: conv },
  {
    name: '__hex_number',
    parameters: [BIGINT],
    returns: VARCHAR,
    compute: (value: bigint) => BigInt.asUintN(64, value).toString(16).toUpperCase(),
  },
  {
    name: '__shift_left_int',
    parameters: [INTEGER, INTEGER],
    returns: INTEGER,
    compute: (value: number, by: number) => value << by,
  },
  {
    name: '__shift_left_long',
    parameters: [BIGINT, INTEGER],
    returns: BIGINT,
    compute: (value: bigint, by: number) => BigInt.asIntN(64, value << BigInt(by & 63)),
  },
  {
    name: '__shift_right_unsigned_int',
    parameters: [INTEGER, INTEGER],
    returns: INTEGER,
    compute: (value: number, by: number) => (value >>> by) | 0,
  },
  {
    name: '__shift_right_unsigned_long',
    parameters: [BIGINT, INTEGER],
    returns: BIGINT,
    compute: (value: bigint, by: number) => BigInt.asIntN(64, BigInt.asUintN(64, value) >> BigInt(by & 63)),
  },
  {
    name: '__double_bits',
    parameters: [DOUBLE],
    returns: BIGINT,
    compute: (value: number): bigint => {
      buffer.setFloat64(0, value === 0 ? 0 : value);
      return buffer.getBigInt64(0);
    },
  },
  {
    name: '__float_bits',
    parameters: [FLOAT],
    returns: INTEGER,
    compute: (value: number): number => {
      buffer.setFloat32(0, value === 0 ? 0 : value);
      return buffer.getInt32(0);
    },
  },
  {
    name: '__rint',
    parameters: [DOUBLE],
    returns: DOUBLE,
    compute: (value: number) =>
      Number.isFinite(value) && Math.abs(value) < 2 ** 52 ? Number(roundText(String(value), 0, 'bround')) : value,
  },
];
