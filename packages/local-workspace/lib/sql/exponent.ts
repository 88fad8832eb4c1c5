/** More digits than a DOUBLE has, before the point or behind it. */
const FAR = 400;

/** A decimal number as text without its exponent: the database rounds texts with a negative one wrongly. Never throws. */
export function withoutExponent(value: string): string {
  const [mantissa = '', power = '0'] = value.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const far = mantissa.length + FAR;
  const point = whole.length + Math.min(Math.max(Number(power), -far), far);
  const digits = '0'.repeat(Math.max(-point, 0)) + (whole + fraction).padEnd(point, '0');
  const sign = mantissa.startsWith('-') ? '-' : '';
  return `${sign}${digits.slice(0, Math.max(point, 0)) || '0'}.${digits.slice(Math.max(point, 0))}`;
}
