import { nowMs } from '../state/clock';
import { zone } from '../state/preferences';

/** In the chosen zone, its UTC reads as its clock. */
const shifted = (ms: number): Date => new Date(ms + zoneOffsetMs(ms));

/** `"2026-11-26T14:05:09` in the chosen zone. An address may name times that are none; they give `null`, and no error. */
const stampOf = (ms: number): string => JSON.stringify(shifted(ms));

/** What the chosen zone is ahead of UTC. */
export const zoneOffsetMs = (ms: number): number =>
  zone.value === 'utc' ? 0 : -new Date(ms).getTimezoneOffset() * 60_000;

/** `14:05` */
export const clock = (ms: number): string => stampOf(ms).slice(12, 17);

/** `14:05:09` */
export const clockSeconds = (ms: number): string => stampOf(ms).slice(12, 20);

const year = (ms: number): string => stampOf(ms).slice(1, 5);

/** `26 Nov`, with the year when it is not this one. */
export const day = (ms: number, always = false): string =>
  dayOfYear(ms) + (always || year(ms) !== year(nowMs()) ? ` ${year(ms)}` : '');

/** `Thu, 26 Nov 2026 …` → `26 Nov` */
const dayOfYear = (ms: number): string => shifted(ms).toUTCString().slice(5, 11).replace(/^0/, '');

/** The day is left out of what is not longer ago. */
const RECENT_MS = 43_200_000;
/** Stretches under this are told to the second. */
const SHORT_MS = 120_000;

const isRecent = (ms: number): boolean => Math.abs(nowMs() - ms) < RECENT_MS;

/** `26 Nov 14:05` */
export const moment = (ms: number, of = clock): string => `${isRecent(ms) ? '' : `${day(ms)} `}${of(ms)}`;

/** `26 Nov 2026, 14:05:09 UTC` */
export const exactTime = (ms: number): string => `${day(ms, true)}, ${clockSeconds(ms)} ${zoneName(ms)}`;

/** `08:30–14:30 UTC`, `26 Nov 08:30–14:30 UTC`, `26 Nov 08:30–27 Nov 14:30 UTC` */
export function interval(fromMs: number, toMs: number, withZone = true): string {
  const time = toMs - fromMs < SHORT_MS ? clockSeconds : clock;
  const from = moment(fromMs, time);
  const to = isRecent(fromMs) || day(fromMs) === day(toMs) ? time(toMs) : `${day(toMs)} ${time(toMs)}`;
  if (!withZone) return `${from}–${to}`;
  // Two offsets, two names: between 02:00 CEST and 02:00 CET lies an hour.
  const [zone, zoneAfter] = [zoneName(fromMs), zoneName(toMs)];
  return `${from}${zone === zoneAfter ? '' : ` ${zone}`}–${to} ${zoneAfter}`;
}

export function zoneName(ms = nowMs()): string {
  if (zone.value === 'utc') return 'UTC';
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(ms);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'local time';
}

/** `2 s ago` */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round((nowMs() - ms) / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}
