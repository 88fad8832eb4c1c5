/** What stands where nothing is known. */
export const UNKNOWN = 'unknown';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Three significant digits. */
function three(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

/** A figure and its unit, apart, so that the unit can be set smaller. */
export type Figure = readonly [figure: string, unit: string];

export function durationParts(ms: number): Figure {
  if (ms < 999.5) return [ms >= 99.5 || Number.isInteger(ms) ? ms.toFixed(0) : three(ms), 'ms'];
  if (ms < 59_995) return [three(ms / 1000), 's'];
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return [`${Math.floor(seconds / 60)} m ${two(seconds % 60)}`, 's'];
  const minutes = Math.round(seconds / 60);
  return [`${whole.format(Math.floor(minutes / 60))} h ${two(minutes % 60)}`, 'm'];
}

export function duration(ms: number | null | undefined): string {
  return ms == null ? UNKNOWN : durationParts(ms).join(' ');
}

/** A round duration: `20 s`. */
export const tickLabel = (ms: number): string =>
  duration(ms).replace(/\.?0+(?= )/, (zeros) => (zeros.startsWith('.') ? '' : zeros));

/** `5 min`: lengths of windows and bars, to the whole unit. */
export function lengthOf(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return `${ms / 1000} s`;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

export function bytesParts(bytes: number): Figure {
  let [value, step] = [bytes, 0];
  while (value >= 999.5 && step < SIZES.length - 1) [value, step] = [value / 1000, step + 1];
  return [step === 0 ? value.toFixed(0) : three(value), SIZES[step] ?? 'B'];
}

export function bytes(value: number | null | undefined): string {
  return value == null ? UNKNOWN : bytesParts(value).join(' ');
}

export function count(value: number | null | undefined): string {
  return value == null ? UNKNOWN : whole.format(value);
}

/** Zero recedes in tables. */
export function countOrDash(value: number | null | undefined): string {
  return value === 0 ? '–' : count(value);
}

/** `15.7k`: for large figures and little room. */
export function short(value: number | null | undefined): string {
  if (value == null) return UNKNOWN;
  for (const [size, suffix] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ] as const) {
    if (value >= size * 0.9995) return `${three(value / (suffix === 'k' ? 1e3 : size))}${suffix}`;
  }
  return whole.format(value);
}

/** A share of 1: `1.6%`. */
export function percent(share: number | null | undefined): string {
  if (share == null) return UNKNOWN;
  const value = share * 100;
  if (value === 0) return '0%';
  if (value < 0.1) return '<0.1%';
  // Almost all is not all.
  const almost = value >= 99.5 && value < 100;
  return `${value >= 9.95 && !almost ? value.toFixed(0) : value.toFixed(1)}%`;
}

/** `6×` for factors that say more than per cent. */
export function factor(value: number): string {
  return `${value >= 9.95 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '')}×`;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Adds up what is known, of each item by `of`. */
export function sumOf(items: Iterable<number | null>): number;
export function sumOf<T>(items: Iterable<T>, of: (item: T) => number | null): number;
export function sumOf<T>(items: Iterable<T>, of: (item: T) => unknown = (item) => item): number {
  let sum = 0;
  for (const item of items) sum += Number(of(item));
  return sum;
}
