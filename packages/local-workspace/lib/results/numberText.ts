/** A DOUBLE as text, as a warehouse (and Java) writes it: `1.0`, `1.0E10`, `NaN`. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return javaText(value, value.toExponential());
}

/** A FLOAT as text, with no more digits than tell it from its neighbours. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return javaText(value, shortestFloat(value));
}

/** The number that a FLOAT's shortest text spells: 1.1, not 1.100000023841858. */
export function floatNumber(value: number): number {
  return Number.isFinite(value) ? Number(shortestFloat(value)) : value;
}

function shortestFloat(value: number): string {
  for (let digits = 0; digits < 8; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === Math.fround(value)) return text;
  }
  return value.toExponential(8);
}

function javaText(value: number, exponential: string): string {
  const [mantissa = '0', exponent = '0'] = exponential.split('e');
  const size = Math.abs(value);
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (size < 1e-3 || size >= 1e7) return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
  const decimals = Math.max(1, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
  return Number(exponential).toFixed(decimals);
}
