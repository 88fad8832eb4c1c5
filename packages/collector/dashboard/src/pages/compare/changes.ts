import type { Difference } from '../../../../lib/store/statistics/intervals';
import { duration, factor } from '../../format/numbers';

/** How B stands to A. `unknown`: without an interval; `chance`: the difference may be none. */
export type Change =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'chance' }
  | { readonly kind: 'more' | 'less'; readonly words: string };

/** `6×`, `+25%`, `−63%` */
function ratio(a: number, b: number): string {
  if (a === 0) return 'new';
  const times = b / a;
  if (times >= 1.995) return factor(times);
  const per = Math.round((times - 1) * 100);
  return per >= 0 ? `+${per}%` : `−${-per}%`;
}

/** Of the API's difference, whose `a` is B of the page. */
export function changeOf({ a: later, b: earlier, difference, low, significant }: Difference): Change {
  if (later === null || earlier === null || difference === null || low === null) return { kind: 'unknown' };
  if (!significant || difference === 0) return { kind: 'chance' };
  return { kind: difference > 0 ? 'more' : 'less', words: ratio(earlier, later) };
}

/** Without an interval: what changed, and no word on chance. */
export function plainChange(a: number | null, b: number | null): string {
  if (a === null || b === null) return 'unknown';
  if (a === b || Math.abs(b - a) < 0.005 * Math.max(a, b)) return 'same';
  return ratio(a, b);
}

/** With its sign, unless it is as good as nothing. */
const signed = (value: number, format: (size: number) => string): string =>
  `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`.replace(/.<0.1/, '≈0');

/** `+2.61 s to +2.92 s`; nothing where there is none. */
export function intervalOf({ low, high }: Difference, format: (size: number) => string = duration): string {
  return low === null || high === null ? '–' : `${signed(low, format)} to ${signed(high, format)}`;
}
