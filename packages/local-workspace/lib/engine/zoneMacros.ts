import { instantIn, localIn, type Zone } from '../sql/zones';

/** A text with a zone of its own, as `__timestamp_text` leaves it. */
const ZONED = `'([+-][0-9]{2}:[0-9]{2}| [A-Za-z][A-Za-z0-9_+/-]*)$'`;

/** A value that is used several times, computed once. */
function once(value: string, use: (name: string) => string): string {
  return `list_transform([${value}], lambda __v: ${use('__v')})[1]`;
}

/**
 * What depends on the time zone of a session. The database's own zone is always UTC; sessions elsewhere have these
 * macros on their connections, in front of those for UTC.
 */
export function zoneMacros(zone: Zone): readonly string[] {
  const isUtc = zone.kind === 'offset' && zone.seconds === 0;
  const local = (instant: string): string => localIn(zone, instant);
  const text = 'TRY_CAST(__timestamp_text(s) AS TIMESTAMPTZ)';
  const own = (t: string): string => instantIn(zone, `TRY_CAST(${t} AS TIMESTAMP)`);
  const truncated = (near: boolean): string =>
    once('t', (t) => instantIn(zone, `date_trunc(u, ${local(t)})`, near ? t : undefined));
  return [
    // An instant as the clock shows it, and back.
    `__local(t) AS ${local('t')}`,
    `__instant(l) AS ${instantIn(zone, 'l')}`,
    `__instant_of_text(s) AS ${isUtc ? text : `CASE WHEN regexp_matches(__timestamp_text(s), ${ZONED}) THEN ${text} ELSE ${own('__timestamp_text(s)')} END`}`,
    // Moved by days or months of the calendar and by microseconds of the clock after that.
    `__moved(t, c, us) AS ${isUtc ? 't + c' : once('t', (t) => instantIn(zone, `(${local(t)} + c)`, t))} + to_microseconds(us)`,
    `__trunc_days(u, t) AS ${isUtc ? 'date_trunc(u, t)' : truncated(false)}`,
    `__trunc_clock(u, t) AS ${isUtc ? 'date_trunc(u, t)' : truncated(true)}`,
  ];
}

/** A statement that puts those of `zone` on a connection. */
export function temporaryMacros(zone: Zone): string {
  return zoneMacros(zone)
    .map((macro) => `CREATE OR REPLACE TEMPORARY MACRO ${macro}`)
    .join('; ');
}
