import { distanceAtLocal, localMicros } from '../zoneClock';
import { zoneOf, type Zone } from '../zones';

const MOMENT =
  /^\s*([+-]?\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](?:(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?\s*(\S+)?)?)?)?)?\s*$/;

/**
 * `2024-1-2 3:04:05.600` as `2024-01-02 03:04:05.6`; with `zone`, as a clock there shows it, if a zone is behind it.
 * Undefined for what is no moment.
 */
export function momentName(text: string, zone?: Zone): string | undefined {
  const match = MOMENT.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const local = BigInt(date.getTime()) * 1000n + BigInt((match[7] ?? '').padEnd(6, '0').slice(0, 6));
  const own = match[8] === undefined ? undefined : zoneOf(match[8]);
  return shown(own && zone ? localMicros(instantOf(local, own), zone) : local);
}

function instantOf(local: bigint, zone: Zone): bigint {
  const seconds = zone.kind === 'offset' ? zone.seconds : distanceAtLocal(zone.id, local);
  return local - BigInt(seconds) * 1_000_000n;
}

function shown(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const date = new Date(Number((micros - rest) / 1000n));
  const year = date.getUTCFullYear();
  const sign = year < 0 ? '-' : year > 9999 ? '+' : '';
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
  const clock = date
    .toISOString()
    .replace(/^[+-]?\d+-/, '')
    .replace('T', ' ')
    .slice(0, 14);
  return `${sign}${String(Math.abs(year)).padStart(4, '0')}-${clock}${fraction}`;
}
