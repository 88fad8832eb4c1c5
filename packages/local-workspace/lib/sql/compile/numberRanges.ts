import { SqlError } from '../SqlError';
import type { Typed } from './Typed';

const LARGEST = { DOUBLE: Number.MAX_VALUE, FLOAT: 3.4028234663852886e38 };

/** A literal with an exponent, or the suffix D or F. Throws for what its type does not hold. */
export function floating(digits: string, name: 'DOUBLE' | 'FLOAT', type: Typed['type']): Typed {
  const constant = Number(digits);
  if (Math.abs(constant) > LARGEST[name]) throw outsideOfRange(digits, name);
  return { sql: `CAST('${digits}' AS ${name})`, type, constant };
}

function outsideOfRange(digits: string, name: string): SqlError {
  return new SqlError(
    'INVALID_NUMERIC_LITERAL_RANGE',
    '22003',
    `Numeric literal ${digits} is outside the valid range for ${name}.`,
  );
}

/** One more than the largest is allowed: a minus before it makes it the smallest. */
export function ranged(digits: string, name: string, type: Typed['type'], bits: bigint): Typed {
  if (!/^\d+$/.test(digits) || BigInt(digits) > 2n ** bits) {
    throw outsideOfRange(digits, name);
  }
  return { sql: `CAST(${digits} AS ${name})`, type, constant: digits };
}
