import { zone } from '../state/preferences';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * `"2026-11-26T14:05:09` in the chosen zone: shifted, so that UTC reads as its clock. An address may name times that
 * are none; they give `null`, and no error.
 */
const stampOf = (ms: number): string => JSON.stringify(new Date(ms + zoneOffsetMs(ms)));

/** What the chosen zone is ahead of UTC. */
export const zoneOffsetMs = (ms: number): number =>
  zone.value === 'utc' ? 0 : -new Date(ms).getTimezoneOffset() * 60_000;

/** `14:05` */
export const clock = (ms: number): string => stampOf(ms).slice(12, 17);

/** `14:05:09` */
export const clockSeconds = (ms: number): string => stampOf(ms).slice(12, 20);

/** `26 Nov` */
export function day(ms: number): string {
  const stamp = stampOf(ms);
  return `${Number(stamp.slice(9, 11))} ${MONTHS[Number(stamp.slice(6, 8)) - 1] ?? ''}`;
}

/** `26 Nov 14:05`; the day is left out within the last twelve hours. */
export const moment = (ms: number, of = clock): string =>
  `${Date.now() - ms < 43_200_000 ? '' : `${day(ms)} `}${of(ms)}`;

/** `26 Nov 2026, 14:05:09 UTC` */
export function exactTime(ms: number): string {
  return `${day(ms)} ${stampOf(ms).slice(1, 5)}, ${clockSeconds(ms)} ${zoneName(ms)}`;
}

/** `08:30–14:30 UTC`, with days when they differ. */
export function interval(fromMs: number, toMs: number, withZone = true): string {
  const sameDay = day(fromMs) === day(toMs) && toMs - fromMs < 86_400_000;
  const long = sameDay || toMs - fromMs < 43_200_000 ? clock : (ms: number): string => `${day(ms)} ${clock(ms)}`;
  if (!withZone) return `${long(fromMs)}–${long(toMs)}`;
  // Two offsets, two names: between 02:00 CEST and 02:00 CET lies an hour.
  const [from, to] = [zoneName(fromMs), zoneName(toMs)];
  return `${long(fromMs)}${from === to ? '' : ` ${from}`}–${long(toMs)} ${to}`;
}

export function zoneName(ms = Date.now()): string {
  if (zone.value === 'utc') return 'UTC';
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(ms);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'local time';
}

/** `2 s ago` */
export function ago(ms: number, nowMs = Date.now()): string {
  const seconds = Math.max(0, Math.round((nowMs - ms) / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}
