import { zone } from '../state/preferences';

const two = (value: number): string => String(value).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly clock: string;
  readonly seconds: string;
}

function momentOf(ms: number): Moment {
  // Shifted so that the UTC fields read as those of the chosen zone.
  const date = new Date(ms + zoneOffsetMs(ms));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    clock: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`,
    seconds: two(date.getUTCSeconds()),
  };
}

/** What the chosen zone is ahead of UTC. */
export const zoneOffsetMs = (ms: number): number =>
  zone.value === 'utc' ? 0 : -new Date(ms).getTimezoneOffset() * 60_000;

/** `14:05` */
export const clock = (ms: number): string => momentOf(ms).clock;

/** `14:05:09` */
export function clockSeconds(ms: number): string {
  const { clock: minutes, seconds } = momentOf(ms);
  return `${minutes}:${seconds}`;
}

/** `26 Nov` */
export function day(ms: number): string {
  const { day: date, month } = momentOf(ms);
  return `${date} ${MONTHS[month] ?? ''}`;
}

/** `26 Nov 14:05`; the day is left out within the last twelve hours. */
export const moment = (ms: number): string => (Date.now() - ms < 43_200_000 ? clock(ms) : `${day(ms)} ${clock(ms)}`);

/** `26 Nov 2026, 14:05:09 UTC` */
export function exactTime(ms: number): string {
  return `${day(ms)} ${momentOf(ms).year}, ${clockSeconds(ms)} ${zoneName(ms)}`;
}

/** `08:30–14:30 UTC`, with days when they differ. */
export function interval(fromMs: number, toMs: number, withZone = true): string {
  const sameDay = day(fromMs) === day(toMs) && toMs - fromMs < 86_400_000;
  const long = sameDay || toMs - fromMs < 43_200_000 ? clock : (ms: number): string => `${day(ms)} ${clock(ms)}`;
  return `${long(fromMs)}–${long(toMs)}${withZone ? ` ${zoneName(toMs)}` : ''}`;
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
