import { BIGINT, BOOLEAN, DOUBLE, INTEGER, VARCHAR } from '@duckdb/node-api';
import { distanceAtLocal } from '../../sql/zoneClock';
import { zoneOf, type Zone } from '../../sql/zones';
import { formatMoment, parseMoment } from './datePatterns';
import { failure, type ScalarFunction } from './scalar';

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

const DATE = /^([+-]?\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T].*)?)?)?$/s;

/** A text that Spark takes for a date, as `YYYY-MM-DD`; NULL for any other. */
function dateText(text: string): string | null {
  const match = DATE.exec(trimmed(text));
  return match ? day(match[1] ?? '', match[2], match[3]) : null;
}

function trimmed(text: string): string {
  return text.replace(/^[\0-\x20\x7f]+|[\0-\x20\x7f]+$/g, '');
}

function day(year: string, month = '1', date = '1'): string | null {
  const [y, m, d] = [Number(year), Number(month), Number(date)];
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1];
  if (days === undefined || d < 1 || d > days) return null;
  if (y <= 0) return `${pad(1 - y, 4)}-${pad(m)}-${pad(d)} (BC)`;
  return `${pad(y, 4)}-${pad(m)}-${pad(d)}`;
}

const TIMESTAMP =
  /^([+-]?\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d*))? *(\S.*)?)?)?)?)?)?$/;

/** The time of a day alone, which is one of today. */
const TIME = /^T?\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d*)?)?(?: *[A-Za-z+-].*)?$/;

/** A text that Spark takes for a timestamp, as DuckDB reads it, with its zone when it names one; NULL for any other. */
function timestampText(text: string, keepZone: boolean): string | null {
  const match = TIMESTAMP.exec(trimmed(text));
  if (!match && keepZone && TIME.test(trimmed(text))) {
    throw failure(
      'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
      '0A000',
      'A time of day as a TIMESTAMP is not supported by the local workspace.',
    );
  }
  if (!match) return null;
  const [, year = '', month, date, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const start = day(year, month, date);
  if (start === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const micros = fraction === '' ? '' : `.${fraction.slice(0, 6).padEnd(6, '0')}`;
  const moment = `${start} ${pad(Number(hour))}:${pad(Number(minute))}:${pad(Number(second))}${micros}`;
  if (zone === undefined) return moment;
  const found = zoneOf(zone);
  if (!found) return null;
  if (!keepZone) return moment;
  // The database reads no seconds of a distance.
  if (found.kind !== 'offset' || found.seconds % 60 === 0) return `${moment}${distanceText(found, moment)}`;
  const odd = found.seconds % 60;
  return `${earlier(moment, odd)}${distanceText({ ...found, seconds: found.seconds - odd }, moment)}`;
}

function earlier(moment: string, seconds: number): string {
  const ms = Date.parse(`${moment.slice(0, 19).replace(' ', 'T')}Z`) - seconds * 1000;
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ') + moment.slice(19);
}

/** What follows a text for the distance of its zone from UTC. */
function distanceText(zone: Zone, moment: string): string {
  const local = zone.kind === 'region' ? Date.parse(`${moment.slice(0, 19).replace(' ', 'T')}Z`) : 0;
  if (zone.kind === 'region' && !Number.isFinite(local)) return ` ${zone.id}`;
  const seconds = zone.kind === 'offset' ? zone.seconds : distanceAtLocal(zone.id, BigInt(local) * 1000n);
  // The database reads no seconds there.
  if (seconds % 60 !== 0) return zone.kind === 'region' ? ` ${zone.id}` : '';
  const minutes = Math.abs(seconds) / 60;
  return `${seconds < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const WEEKDAY_NAMES = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

function weekday(text: string): number {
  const name = text.toUpperCase();
  const index = WEEKDAY_NAMES.findIndex(
    (full, i) => name === full || name === full.slice(0, 3) || name === WEEKDAYS[i],
  );
  if (index >= 0) return index + 1;
  throw failure('ILLEGAL_DAY_OF_WEEK', '22009', `Illegal input for day of week: ${text}.`);
}

const DAY_MICROS = 86_400_000_000n;

function monthsBetween(a: bigint, b: bigint, rounds: boolean): number {
  const [x, y] = [parts(a), parts(b)];
  const months = (x.year - y.year) * 12 + x.month - y.month;
  if (x.day === y.day || (x.day === x.last && y.day === y.last)) return months;
  const seconds = (x.day - y.day) * 86_400 + x.second - y.second;
  const result = months + seconds / (31 * 86_400);
  return rounds ? Number((Math.sign(result) * Math.round(Math.abs(result) * 1e8)) / 1e8) : result;
}

function parts(micros: bigint): { year: number; month: number; day: number; last: number; second: number } {
  const days = (micros - (((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS)) / DAY_MICROS;
  const date = new Date(Number(days) * 86_400_000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const last = new Date(Date.UTC(2000 + (year % 400), month + 1, 0)).getUTCDate();
  return { year, month, day: date.getUTCDate(), last, second: Number((micros - days * DAY_MICROS) / 1_000_000n) };
}

/** Whole months from one moment to another, toward zero: of days, of which the last is left out when its time is short. */
function monthsApart(start: bigint, end: bigint): bigint {
  const time = (micros: bigint): bigint => ((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS;
  const short =
    end > start && time(end) < time(start) ? -DAY_MICROS : end < start && time(end) > time(start) ? DAY_MICROS : 0n;
  const [a, b] = [parts(start), parts(end + short)];
  const packed = (part: { year: number; month: number; day: number }): number =>
    (part.year * 12 + part.month) * 32 + part.day;
  return BigInt(Math.trunc((packed(b) - packed(a)) / 32));
}

export const MOMENT_FUNCTIONS: readonly ScalarFunction[] = [
  { name: '__date_text', parameters: [VARCHAR], returns: VARCHAR, compute: dateText },
  {
    name: '__timestamp_text',
    parameters: [VARCHAR],
    returns: VARCHAR,
    compute: (text: string) => timestampText(text, true),
  },
  {
    name: '__timestamp_ntz_text',
    parameters: [VARCHAR],
    returns: VARCHAR,
    compute: (text: string) => timestampText(text, false),
  },
  { name: '__weekday_number', parameters: [VARCHAR], returns: INTEGER, compute: weekday },
  { name: '__months_between', parameters: [BIGINT, BIGINT, BOOLEAN], returns: DOUBLE, compute: monthsBetween },
  { name: '__months_apart_us', parameters: [BIGINT, BIGINT], returns: BIGINT, compute: monthsApart },
  { name: '__format_moment', parameters: [BIGINT, VARCHAR], returns: VARCHAR, compute: formatMoment },
  { name: '__parse_moment', parameters: [VARCHAR, VARCHAR, BOOLEAN], returns: VARCHAR, compute: parseMoment },
];
