import { own } from '../own';
import { literal } from './quote';
import { SqlError } from './SqlError';

/** A time zone: a region with rules, or a fixed distance from UTC. `name` is how it was written. */
export type Zone =
  | { readonly kind: 'region'; readonly name: string; readonly id: string }
  | { readonly kind: 'offset'; readonly name: string; readonly seconds: number };

export const UTC: Zone = { kind: 'offset', name: 'UTC', seconds: 0 };

/** Three letters that Java knows as zones. */
const SHORT: Readonly<Record<string, string | undefined>> = {
  ACT: 'Australia/Darwin',
  AET: 'Australia/Sydney',
  AGT: 'America/Argentina/Buenos_Aires',
  ART: 'Africa/Cairo',
  AST: 'America/Anchorage',
  BET: 'America/Sao_Paulo',
  BST: 'Asia/Dhaka',
  CAT: 'Africa/Harare',
  CNT: 'America/St_Johns',
  CST: 'America/Chicago',
  CTT: 'Asia/Shanghai',
  EAT: 'Africa/Addis_Ababa',
  ECT: 'Europe/Paris',
  EST: '-05:00',
  HST: '-10:00',
  IET: 'America/Indiana/Indianapolis',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  MIT: 'Pacific/Apia',
  MST: '-07:00',
  NET: 'Asia/Yerevan',
  NST: 'Pacific/Auckland',
  PLT: 'Asia/Karachi',
  PNT: 'America/Phoenix',
  PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles',
  SST: 'Pacific/Guadalcanal',
  VST: 'Asia/Ho_Chi_Minh',
};

const OFFSET = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{1,2}))?(?::?(\d{2}))?$/;
const LARGEST_SECONDS = 18 * 3600;

/** The zone of that name, as Spark reads names; undefined for what is none. */
export function zoneOf(name: string): Zone | undefined {
  if (/^(?:Z|UTC|GMT|UT|Etc\/UTC|Etc\/GMT)$/.test(name)) return { kind: 'offset', name, seconds: 0 };
  const offset = OFFSET.exec(name);
  if (offset) {
    const [, sign, ...parts] = offset;
    const [hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
    const total = (hours * 60 + minutes) * 60 + seconds;
    if (minutes > 59 || seconds > 59 || total > LARGEST_SECONDS) return undefined;
    return { kind: 'offset', name, seconds: sign === '-' ? -total : total };
  }
  const short = own(SHORT, name);
  const known = short === undefined ? undefined : zoneOf(short);
  if (known) return { ...known, name };
  return /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/.test(name) ? region(name) : undefined;
}

function region(name: string): Zone | undefined {
  try {
    return { kind: 'region', name, id: new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone };
  } catch {
    return undefined;
  }
}

export function invalidZone(name: string): SqlError {
  return new SqlError('INVALID_TIMEZONE', '22009', `The timezone: ${name} is invalid.`);
}

/** An instant (TIMESTAMPTZ) as the clock of `zone` shows it (TIMESTAMP), in DuckDB's dialect. */
export function localIn(zone: Zone, instant: string): string {
  if (zone.kind === 'region') return `timezone(${literal(zone.id)}, ${instant})`;
  const utc = `CAST(${instant} AS TIMESTAMP)`;
  return zone.seconds === 0 ? utc : `(${utc} + to_seconds(${zone.seconds}))`;
}

/**
 * The instant at which the clock of `zone` shows `local`: the earlier of two, and when the clock never shows it, as
 * late as it would have been without the jump. With `near`, of two the one whose distance from UTC is that of `near`.
 */
export function instantIn(zone: Zone, local: string, near?: string): string {
  if (zone.kind === 'offset')
    return `CAST(${zone.seconds === 0 ? local : `(${local} - to_seconds(${zone.seconds}))`} AS TIMESTAMPTZ)`;
  const id = literal(zone.id);
  const values = `struct_pack(l := ${local}${near === undefined ? '' : `, n := ${near}`})`;
  const distance = (instant: string): string => `(timezone(${id}, ${instant}) - CAST(${instant} AS TIMESTAMP))`;
  const at = (instant: string): string => `CAST(__w.l - ${distance(instant)} AS TIMESTAMPTZ)`;
  const late = `timezone(${id}, __w.l)`;
  const fits = (instant: string): string => `timezone(${id}, ${instant}) = __w.l`;
  const early = at(`(${late} - INTERVAL 36 HOURS)`);
  const first = `CASE WHEN ${early} < ${late} AND ${fits(early)} THEN ${early} ELSE ${late} END`;
  const chosen = near === undefined ? first : `CASE WHEN ${fits(at('__w.n'))} THEN ${at('__w.n')} ELSE ${first} END`;
  return `list_transform([${values}], lambda __w: ${chosen})[1]`;
}
