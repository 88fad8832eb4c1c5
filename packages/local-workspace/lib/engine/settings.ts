import type { SqlSession } from '../sql/session';
import { SqlError } from '../sql/SqlError';
import { UTC, zoneOf, type Zone } from '../sql/zones';

const ZONE_NAMES: ReadonlySet<string> = new Set(['timezone', 'spark.sql.session.timezone']);

/** Keeps a setting of a session; the time zone is the one that statements obey. Throws a SqlError for a zone that is none. */
export function configure(session: SqlSession, name: string, value: string): void {
  if (ZONE_NAMES.has(name.toLowerCase())) session.zone = zoneNamed(value);
  session.configuration.set(name, value);
}

/** Forgets a setting, or all. */
export function unconfigure(session: SqlSession, name: string | undefined): void {
  if (name === undefined) session.configuration.clear();
  else session.configuration.delete(name);
  if (name === undefined || ZONE_NAMES.has(name.toLowerCase())) session.zone = UTC;
}

/** The value of a setting as SET shows it. */
export function settingOf(session: SqlSession, name: string): string {
  if (ZONE_NAMES.has(name.toLowerCase())) return session.zone.name;
  return session.configuration.get(name) ?? '<undefined>';
}

function zoneNamed(value: string): Zone {
  const zone = value.toUpperCase() === 'LOCAL' ? UTC : (intervalZone(value) ?? zoneOf(value));
  if (zone) return zone;
  throw new SqlError(
    'INVALID_CONF_VALUE.TIME_ZONE',
    '22022',
    `The value '${value}' in the config "spark.sql.session.timeZone" is invalid. Cannot resolve the given timezone.`,
  );
}

/** `INTERVAL 10 HOURS`, `INTERVAL '05:45' HOUR TO MINUTE`. */
function intervalZone(text: string): Zone | undefined {
  const [, sign = '', hours = '', minutes = '0', seconds = '0'] =
    /^INTERVAL\s+([+-]?)(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?\s+HOURS?(?:\s+TO\s+(?:MINUTE|SECOND))?$/i.exec(text) ?? [];
  const padded = [hours, minutes, seconds].map((part) => part.padStart(2, '0'));
  return hours === '' ? undefined : zoneOf(`${sign || '+'}${padded.slice(0, Number(seconds) > 0 ? 3 : 2).join(':')}`);
}
