/** How a binary floating-point type is made up. */
export interface Layout {
  /** Bits of the significand, the hidden one too. */
  readonly bits: number;
  readonly bias: number;
}

export const DOUBLE_LAYOUT: Layout = { bits: 53, bias: 1023 };
export const FLOAT_LAYOUT: Layout = { bits: 24, bias: 127 };

/** Digits of a number, and the power of ten of the first one. */
export interface Digits {
  readonly digits: string;
  readonly exponent: number;
}

const buffer = new DataView(new ArrayBuffer(8));

/** Significand and exponent of a positive number: it is `significand * 2 ** (exponent - bits + 1)`. */
function parts(value: number, { bits, bias }: Layout): { significand: bigint; exponent: number; precision: number } {
  buffer.setFloat64(0, value);
  const raw = buffer.getBigUint64(0);
  const field = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  const exponent = field === 0 ? fraction.toString(2).length - 1075 : field - 1023;
  const whole = field === 0 ? fraction << BigInt(52 - fraction.toString(2).length + 1) : fraction + (1n << 52n);
  const precision = Math.min(bits, bits + exponent + bias - 1);
  return { significand: whole >> BigInt(53 - bits), exponent, precision };
}

/**
 * The digits that Java 17 writes of a positive number: those that tell it from its neighbours, mostly as few as that takes.
 * Integers beyond its precision, powers of two and the smallest numbers have more.
 */
export function javaDigits(value: number, layout: Layout): Digits {
  const short = layout === DOUBLE_LAYOUT && value >= 1e-3 && value < 1e7 ? shortest(String(value)) : undefined;
  if (short) return short;
  const { significand, exponent, precision } = parts(value, layout);
  const shift = exponent - layout.bits + 1;
  const isInteger = shift >= 0 || significand % (1n << BigInt(Math.min(-shift, layout.bits))) === 0n;
  if (isInteger && exponent >= 0 && exponent <= 62) return ofInteger(significand, shift, exponent - precision);
  return generated(significand, shift, exponent, precision);
}

/** The digits of a text such as `0.25`, when they are so few that there is no question. */
function shortest(text: string): Digits | undefined {
  if (text.length > 16) return undefined;
  const [whole = '', fraction = ''] = text.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  return { digits, exponent: whole === '0' ? digits.length - 1 - fraction.length : whole.length - 1 };
}

function ofInteger(significand: bigint, shift: number, excess: number): Digits {
  let whole = shift >= 0 ? significand << BigInt(shift) : significand >> BigInt(-shift);
  const dropped = excess > 0 ? insignificantDigits(excess - 1) : 0;
  if (dropped > 0) {
    const unit = 10n ** BigInt(dropped);
    const rest = whole % unit;
    whole = whole / unit + (rest >= unit / 2n ? 1n : 0n);
  }
  const digits = whole.toString();
  return { digits: digits.replace(/(?!^)0+$/, ''), exponent: digits.length - 1 + dropped };
}

/** Decimal digits of an integer that its precision does not cover, by the bits that it has more. */
const INSIGNIFICANT = [
  0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 11,
  11,
];

function insignificantDigits(power: number): number {
  return INSIGNIFICANT[power] ?? 0;
}

/** Digit by digit, until what is left is less than half of the distance to a neighbour. */
function generated(significand: bigint, shift: number, exponent: number, precision: number): Digits {
  const isPower = (significand & (significand - 1n)) === 0n;
  let decimal = Math.floor(estimate(significand, exponent));
  // Everything as a multiple of 2 ** -unit, so that halves of a distance are whole.
  const halfPower = exponent - precision - (isPower ? 1 : 0);
  const unit = Math.min(shift, halfPower);
  let rest = significand << BigInt(shift - unit);
  let half = 1n << BigInt(halfPower - unit);
  let scale = unit < 0 ? 1n << BigInt(-unit) : 1n;
  if (unit > 0) [rest, half] = [rest << BigInt(unit), half << BigInt(unit)];
  if (decimal >= 0) scale *= 10n ** BigInt(decimal);
  else [rest, half] = [rest * 10n ** BigInt(-decimal), half * 10n ** BigInt(-decimal)];
  const tens = scale * 10n;
  const digits: number[] = [];
  let low = false;
  let high = false;
  const step = (): number => {
    const quotient = rest / scale;
    rest = (rest % scale) * 10n;
    half *= 10n;
    low = rest < half;
    high = rest + half > tens;
    return Number(quotient);
  };
  const first = step();
  if (first === 0 && !high) decimal -= 1;
  else digits.push(first);
  if (decimal < -3 || decimal >= 8) low = high = false;
  while (!low && !high) digits.push(step());
  const twice = rest * 2n - tens;
  const isUp = high && (!low || twice > 0n || (twice === 0n && (digits.at(-1) ?? 0) % 2 === 1));
  return isUp ? roundedUp(digits, decimal) : { digits: digits.join(''), exponent: decimal };
}

function estimate(significand: bigint, exponent: number): number {
  const bits = significand.toString(2).length;
  const mantissa = Number(significand) / 2 ** (bits - 1);
  return (mantissa - 1.5) * 0.289529654 + 0.176091259 + exponent * 0.301029995663981;
}

function roundedUp(digits: readonly number[], exponent: number): Digits {
  const up = (BigInt(digits.join('')) + 1n).toString().padStart(digits.length, '0');
  return up.length > digits.length ? { digits: '1', exponent: exponent + 1 } : { digits: up, exponent };
}
