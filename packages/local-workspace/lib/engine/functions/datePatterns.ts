import { failure } from './scalar';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

type Part = { kind: 'text'; text: string } | { kind: 'field'; letter: string; length: number };

const known = new Map<string, readonly Part[]>();

/** A date pattern of Spark's as its parts. */
function partsOf(pattern: string): readonly Part[] {
  const found = known.get(pattern);
  if (found) return found;
  const parts: Part[] = [];
  for (const [all, quoted, letters] of pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']/g)) {
    if (letters !== undefined) parts.push({ kind: 'field', letter: letters, length: all.length });
    else
      parts.push({
        kind: 'text',
        text: quoted === undefined ? all : quoted === '' ? "'" : quoted.replaceAll("''", "'"),
      });
  }
  if (known.size > 1000) known.clear();
  known.set(pattern, parts);
  return parts;
}

const DAY_MICROS = 86_400_000_000n;

/** Microseconds of local time by a pattern. */
export function formatMoment(micros: bigint, pattern: string): string {
  const inDay = ((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS;
  const date = new Date(Number((micros - inDay) / 1000n));
  if (Number.isNaN(date.getTime()))
    throw failure(
      'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
      '0A000',
      'The text of a year beyond 275760 is not supported by the local workspace.',
    );
  return partsOf(pattern)
    .map((part) => (part.kind === 'text' ? part.text : field(part.letter, part.length, date, inDay)))
    .join('');
}

function field(letter: string, length: number, date: Date, inDay: bigint): string {
  const number = (value: number): string => String(value).padStart(length, '0');
  const year = date.getUTCFullYear();
  const hour = Number(inDay / 3_600_000_000n);
  switch (letter) {
    case 'y':
    case 'u':
      if (length === 2) return String(Math.abs(year) % 100).padStart(2, '0');
      if (year > 9999 && length === 4) return `+${year}`;
      return (year < 0 ? '-' : '') + String(Math.abs(year)).padStart(length, '0');
    case 'M':
    case 'L': {
      const name = MONTHS[date.getUTCMonth()] ?? '';
      return length === 3 ? name.slice(0, 3) : length === 4 ? name : number(date.getUTCMonth() + 1);
    }
    case 'd':
      return number(date.getUTCDate());
    case 'D':
      return number(dayOfYear(date));
    case 'E': {
      const name = DAYS[date.getUTCDay()] ?? '';
      return length === 4 ? name : name.slice(0, 3);
    }
    case 'F':
      return number(Math.floor((date.getUTCDate() - 1) % 7) + 1);
    case 'Q':
    case 'q': {
      const quarter = Math.floor(date.getUTCMonth() / 3) + 1;
      return length === 3
        ? `Q${quarter}`
        : length === 4
          ? `${quarter}${['st', 'nd', 'rd', 'th'][quarter - 1]} quarter`
          : number(quarter);
    }
    case 'H':
      return number(hour);
    case 'h':
      return number(hour % 12 || 12);
    case 'k':
      return number(hour || 24);
    case 'K':
      return number(hour % 12);
    case 'm':
      return number(Number((inDay / 60_000_000n) % 60n));
    case 's':
      return number(Number((inDay / 1_000_000n) % 60n));
    case 'S':
      return (inDay % 1_000_000n).toString().padStart(6, '0').padEnd(9, '0').slice(0, length);
    default:
      return hour < 12 ? 'AM' : 'PM';
  }
}

function dayOfYear(date: Date): number {
  const first = new Date(date);
  first.setUTCMonth(0, 1);
  return Math.round((date.getTime() - first.getTime()) / 86_400_000) + 1;
}

interface Fields {
  [letter: string]: number | undefined;
}

/** A text read by a pattern, as `YYYY-MM-DD HH:MM:SS.ffffff`. NULL with `tries` for a text that does not fit. */
export function parseMoment(text: string, pattern: string, tries: boolean): string | null {
  const fields = readFields(text, partsOf(pattern));
  const moment = fields && momentOf(fields);
  if (moment !== undefined) return moment;
  if (tries) return null;
  throw failure(
    'CANNOT_PARSE_TIMESTAMP',
    '22007',
    `Text '${text}' could not be parsed by the pattern ${pattern}. Use \`try_to_timestamp\` to tolerate invalid input string and return NULL instead.`,
  );
}

function readFields(text: string, parts: readonly Part[]): Fields | undefined {
  const fields: Fields = {};
  let at = 0;
  for (const [i, part] of parts.entries()) {
    if (part.kind === 'text') {
      if (!text.startsWith(part.text, at)) return undefined;
      at += part.text.length;
      continue;
    }
    const next = parts[i + 1];
    const read = readField(
      text.slice(at),
      part.letter,
      part.length,
      next?.kind === 'field' && /[yMdHhmsSkKD]/.test(next.letter),
    );
    if (!read) return undefined;
    fields[part.letter] = read.value;
    at += read.used;
  }
  return at === text.length ? fields : undefined;
}

function readField(
  text: string,
  letter: string,
  length: number,
  adjacent: boolean,
): { value: number; used: number } | undefined {
  if ((letter === 'M' || letter === 'L') && length >= 3)
    return readName(text, length === 3 ? MONTHS.map((name) => name.slice(0, 3)) : MONTHS, 1);
  if (letter === 'E') return readName(text, length === 4 ? DAYS : DAYS.map((name) => name.slice(0, 3)), 0);
  if (letter === 'a') return readName(text, ['AM', 'PM'], 0);
  if (letter === 'S') {
    const digits = new RegExp(`^\\d{${length}}`).exec(text)?.[0];
    return digits === undefined ? undefined : { value: Number(digits.padEnd(9, '0').slice(0, 6)), used: digits.length };
  }
  const isYear = letter === 'y' || letter === 'u';
  const most = isYear ? (length === 2 ? 2 : length) : length;
  const range =
    length === 1 && !adjacent
      ? '{1,10}'
      : isYear && length === 4 && !adjacent
        ? '{4,6}'
        : `{${length},${Math.max(most, length)}}`;
  const digits = new RegExp(`^\\d${range}`).exec(text)?.[0];
  if (digits === undefined || (isYear && length === 4 && digits.length > 4)) return undefined;
  return { value: isYear && length === 2 ? 2000 + Number(digits) : Number(digits), used: digits.length };
}

function readName(text: string, names: readonly string[], base: number): { value: number; used: number } | undefined {
  const start = text.slice(0, 10).toLowerCase();
  const index = names.findIndex((name) => start.startsWith(name.toLowerCase()));
  return index < 0 ? undefined : { value: index + base, used: names[index]?.length ?? 0 };
}

function momentOf(fields: Fields): string | undefined {
  const year = fields['y'] ?? fields['u'] ?? 1970;
  const month = fields['M'] ?? fields['L'] ?? 1;
  const date = fields['d'] ?? 1;
  const half = fields['a'];
  const twelve = fields['h'] === undefined ? fields['K'] : fields['h'] % 12;
  if ((fields['h'] ?? 1) > 12 || fields['h'] === 0 || (twelve !== undefined && half === undefined)) return undefined;
  const hour =
    fields['H'] ?? (fields['k'] === undefined ? undefined : fields['k'] % 24) ?? (twelve ?? 0) + (half === 1 ? 12 : 0);
  const [minute, second, micros] = [fields['m'] ?? 0, fields['s'] ?? 0, fields['S'] ?? 0];
  const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (month < 1 || month > 12 || date < 1 || date > last || hour > 23 || minute > 59 || second > 59) return undefined;
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
  return `${pad(year, 4)}-${pad(month)}-${pad(date)} ${pad(hour)}:${pad(minute)}:${pad(second)}.${pad(micros, 6)}`;
}
