import { failure } from './scalar';

interface Exact {
  unscaled: bigint;
  scale: number;
}

function exact(text: string): Exact {
  const [mantissa = '0', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const value = {
    unscaled: BigInt(whole.replace(/^\+/, '') + fraction || '0'),
    scale: fraction.length - Number(power),
  };
  return value.scale < 0 ? { unscaled: value.unscaled * 10n ** BigInt(-value.scale), scale: 0 } : value;
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

type Mode = 'round' | 'bround' | 'ceil' | 'floor' | 'trunc';

/** a / b as a whole number. */
function divided(a: bigint, b: bigint, mode: Mode): bigint {
  const quotient = a / b;
  const rest = a % b;
  if (rest === 0n) return quotient;
  const up = a < 0n === b < 0n ? 1n : -1n;
  const twice = absolute(rest) * 2n - absolute(b);
  switch (mode) {
    case 'trunc':
      return quotient;
    case 'ceil':
      return up > 0n ? quotient + 1n : quotient;
    case 'floor':
      return up > 0n ? quotient : quotient - 1n;
    case 'bround':
      return twice > 0n || (twice === 0n && quotient % 2n !== 0n) ? quotient + up : quotient;
    case 'round':
      return twice >= 0n ? quotient + up : quotient;
  }
}

function rescaled(value: Exact, scale: number, mode: Mode): bigint {
  if (scale >= value.scale) return value.unscaled * 10n ** BigInt(scale - value.scale);
  return divided(value.unscaled, 10n ** BigInt(value.scale - scale), mode);
}

function text(unscaled: bigint, scale: number): string {
  const digits = absolute(unscaled)
    .toString()
    .padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** A number as text, rounded to a number of digits behind the point, or before it when negative. */
export function roundText(value: string, digits: number, mode: string): string {
  const given = exact(value);
  if (digits >= 0) return text(rescaled(given, digits, mode as Mode), digits);
  return text(rescaled(given, digits, mode as Mode) * 10n ** BigInt(-digits), 0);
}

/**
 * An operation on two decimals as text, exact and then rounded half up to `scale`. With `try ` before it, NULL for what
 * does not fit into `precision` digits or divides by zero.
 */
export function decimalOperation(
  operation: string,
  left: string,
  right: string,
  precision: number,
  scale: number,
): string | null {
  const tries = operation.startsWith('try ');
  const operator = tries ? operation.slice(4) : operation;
  const [a, b] = [exact(left), exact(right)];
  if ('/%div'.includes(operator) && b.unscaled === 0n) {
    if (tries) return null;
    throw operator === '%'
      ? failure('REMAINDER_BY_ZERO', '22012', 'Remainder by zero.')
      : failure(
          'DIVIDE_BY_ZERO',
          '22012',
          'Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.',
        );
  }
  const result = compute(operator, a, b, scale);
  if (absolute(result) < 10n ** BigInt(precision)) return text(result, scale);
  if (tries) return null;
  throw failure(
    'NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION',
    '22003',
    `The value cannot be represented as Decimal(${precision}, ${scale}).`,
  );
}

/** Of a number that changes its sign, no more than 34 digits are kept: half even. */
function shortened(unscaled: bigint): bigint {
  const excess = absolute(unscaled).toString().length - 34;
  if (excess <= 0) return unscaled;
  const unit = 10n ** BigInt(excess);
  return divided(unscaled, unit, 'bround') * unit;
}

function compute(operator: string, a: Exact, b: Exact, scale: number): bigint {
  const common = Math.max(a.scale, b.scale);
  const [x, y] = [rescaled(a, common, 'round'), rescaled(b, common, 'round')];
  switch (operator) {
    case '+':
      return rescaled({ unscaled: x + y, scale: common }, scale, 'round');
    case '-':
      return rescaled({ unscaled: x - y, scale: common }, scale, 'round');
    case '*':
      return rescaled({ unscaled: a.unscaled * b.unscaled, scale: a.scale + b.scale }, scale, 'round');
    case '/':
      return divided(x * 10n ** BigInt(scale), y, 'round');
    case 'div':
      return x / y;
    case '%':
      return rescaled({ unscaled: x % y, scale: common }, scale, 'round');
    case 'neg':
      return -shortened(a.unscaled);
    case 'abs':
      return a.unscaled < 0n ? -shortened(a.unscaled) : a.unscaled;
    default: {
      // Rounding: the second operand is the number of digits.
      const digits = Math.min(Math.max(Number(b.unscaled), -40), 40);
      const rounded = rescaled(a, digits, operator as Mode);
      return digits >= 0
        ? rescaled({ unscaled: rounded, scale: digits }, scale, 'round')
        : rounded * 10n ** BigInt(-digits + scale);
    }
  }
}
