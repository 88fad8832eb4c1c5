const ZERO = 0x30;
const BLANK = 0x20;
/** What is left of a number after its last six digits fits into 32 bits up to `Number.MAX_SAFE_INTEGER`. */
const SPLIT = 1_000_000;
const SPLIT_DIGITS = 6;
const MAX_INT32 = 0x7fff_ffff;

/**
 * Writes a whole number, not negative, right-aligned into `width` bytes from `at`, blanks before it. Returns false, with
 * the bytes in any state, when it has more digits.
 */
export function writeDigits(bytes: Uint8Array, at: number, width: number, value: number): boolean {
  if (value <= MAX_INT32) return writeInt32(bytes, at, width, value | 0, false);
  if (width < SPLIT_DIGITS) return false;
  const high = Math.floor(value / SPLIT);
  const headWidth = width - SPLIT_DIGITS;
  return (
    writeDigits(bytes, at, headWidth, high) && writeInt32(bytes, at + headWidth, SPLIT_DIGITS, value % SPLIT, true)
  );
}

function writeInt32(bytes: Uint8Array, at: number, width: number, value: number, isPadded: boolean): boolean {
  let rest = value;
  let place = at + width;
  do {
    if (place === at) return false;
    const tenth = (rest / 10) | 0;
    place -= 1;
    bytes[place] = ZERO + rest - tenth * 10;
    rest = tenth;
  } while (rest > 0);
  const filler = isPadded ? ZERO : BLANK;
  while (place > at) {
    place -= 1;
    bytes[place] = filler;
  }
  return true;
}
