import { own } from '../own';
import type { SqlSession } from '../sql/session';
import { SqlError, unsupported } from '../sql/SqlError';
import { UTC, zoneOf, type Zone } from '../sql/zones';

const ZONE_NAMES: ReadonlySet<string> = new Set(['timezone', 'spark.sql.session.timezone']);

/** The parameters of Databricks SQL and what they are about: their names have no case. */
const PARAMETERS: ReadonlyMap<string, string> = new Map([
  ['ansi_mode', 'Whether expressions follow ANSI SQL; here they always do.'],
  ['autocommit', 'Whether each statement is a transaction; here it always is.'],
  ['enable_photon', 'Kept and shown.'],
  ['legacy_time_parser_policy', 'Kept and shown.'],
  ['max_file_partition_bytes', 'Kept and shown.'],
  ['query_tags', 'Labels of statements, kept and shown.'],
  ['read_only_external_metastore', 'Kept and shown.'],
  ['statement_timeout', 'The seconds after which a statement is ended.'],
  ['timezone', 'The time zone of the session.'],
  ['use_cached_result', 'Kept and shown.'],
]);
/** What holds before anyone sets it. */
const DEFAULTS: Readonly<Record<string, string | undefined>> = { ansi_mode: 'true', autocommit: 'true' };

/**
 * Keeps a setting of a session; the time zone is the one that statements obey. Throws a SqlError for a zone that is none,
 * and for transactions of several statements, which are not there.
 */
export function configure(session: SqlSession, name: string, value: string): void {
  const lower = name.toLowerCase();
  if (ZONE_NAMES.has(lower)) session.zone = zoneNamed(value);
  if (lower === 'autocommit' && !/^true$/i.test(value)) throw unsupported(`SET AUTOCOMMIT = ${value.toUpperCase()}`);
  session.configuration.set(nameIn(session, name), value);
}

/** The name under which it is kept: of a parameter the way it was written first. */
function nameIn({ configuration }: SqlSession, name: string): string {
  const lower = name.toLowerCase();
  if (!PARAMETERS.has(lower)) return name;
  return [...configuration.keys()].find((known) => known.toLowerCase() === lower) ?? name;
}

/** Forgets a setting, or all. */
export function unconfigure(session: SqlSession, name: string | undefined): void {
  if (name === undefined) session.configuration.clear();
  else session.configuration.delete(nameIn(session, name));
  if (name === undefined || ZONE_NAMES.has(name.toLowerCase())) session.zone = UTC;
}

/** The value of a setting as SET shows it. */
export function settingOf(session: SqlSession, name: string): string {
  if (ZONE_NAMES.has(name.toLowerCase())) return session.zone.name;
  return session.configuration.get(nameIn(session, name)) ?? own(DEFAULTS, name.toLowerCase()) ?? '<undefined>';
}

/** All settings that there are, in order: name, value and what they are about. */
export function knownSettings(session: SqlSession): (string | null)[][] {
  const others = [...session.configuration.keys()].filter((name) => !PARAMETERS.has(name.toLowerCase()));
  const names = [...[...PARAMETERS.keys()].map((name) => name.toUpperCase()), ...others];
  return names.sort().map((name) => [name, settingOf(session, name), PARAMETERS.get(name.toLowerCase()) ?? null, null]);
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
