/** A type of Spark's as its text says it. */
export type Shape =
  | { kind: 'array'; element: Shape }
  | { kind: 'map'; key: Shape; value: Shape }
  | { kind: 'struct'; fields: { name: string; shape: Shape }[] }
  | { kind: string; zone?: string };

/** Reads `map<string,array<struct<a:int>>>`; `zone`: that in which a result may spell instants. */
export function readShape(text: string, zone = 'UTC'): Shape {
  const open = text.indexOf('<');
  if (open < 0) return { kind: text.replace(/\(.*/, ''), zone };
  const inner = splitTop(text.slice(open + 1, -1));
  switch (text.slice(0, open)) {
    case 'array':
      return { kind: 'array', element: readShape(inner.join(','), zone) };
    case 'map':
      return { kind: 'map', key: readShape(inner[0] ?? '', zone), value: readShape(inner.slice(1).join(','), zone) };
    default:
      return {
        kind: 'struct',
        fields: inner.map((field) => ({
          name: field.slice(0, field.indexOf(':')),
          shape: readShape(field.slice(field.indexOf(':') + 1), zone),
        })),
      };
  }
}

function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if ('<('.includes(text[i] ?? '')) depth += 1;
    if ('>)'.includes(text[i] ?? '')) depth -= 1;
    if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/**
 * A value of the table as the driver can give it at its best: numbers as doubles, moments as milliseconds. A FLOAT is
 * rounded to one, since column-based results spell it with its own few digits.
 */
export function fromOracle(value: unknown, shape: Shape): unknown {
  if (value === null) return null;
  if ('element' in shape) return (value as unknown[]).map((item) => fromOracle(item, shape.element));
  if ('key' in shape)
    return sorted(
      (value as [unknown, unknown][]).map(([key, item]) => [
        keyText(fromOracle(key, shape.key)),
        fromOracle(item, shape.value),
      ]),
    );
  if ('fields' in shape)
    return (value as unknown[]).map((item, i) => fromOracle(item, shape.fields[i]?.shape ?? { kind: 'string' }));
  switch (shape.kind) {
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'double':
    case 'decimal':
      return number(value);
    case 'float':
      return Math.fround(number(value));
    case 'timestamp':
    case 'timestamp_ntz':
      return { ms: Math.floor(Number(value) / 1000) };
    case 'variant':
      return json(value);
    default:
      return shape.kind.startsWith('interval') && typeof value === 'string' ? intervalText(value) : value;
  }
}

/** `INTERVAL '1 02:03:04.5' DAY TO SECOND` as a warehouse puts it into a result: `1 02:03:04.500000000`. */
function intervalText(text: string): string {
  const match = /^INTERVAL '(-?)([^']*)' (\w+)(?: TO (\w+))?$/.exec(text);
  if (!match) return text;
  const [, sign = '', body = '', from = '', to = from] = match;
  if (from === 'YEAR' || from === 'MONTH') {
    const parts = body.split('-').map(Number);
    const months = from === 'MONTH' ? (parts[0] ?? 0) : (parts[0] ?? 0) * 12 + (parts[1] ?? 0);
    return `${sign}${Math.floor(months / 12)}-${months % 12}`;
  }
  const units = ['DAY', 'HOUR', 'MINUTE', 'SECOND'];
  const given = body.split(/[ :]/).map(Number);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = units.map((_unit, i) =>
    i < units.indexOf(from) || i > units.indexOf(to) ? 0 : (given[i - units.indexOf(from)] ?? 0),
  );
  const micros = Math.round(((days * 24 + hours) * 60 + minutes) * 60e6 + seconds * 1e6);
  const pad = (n: number, length = 2): string => String(n).padStart(length, '0');
  const rest = micros % 86_400e6;
  return `${sign}${Math.floor(micros / 86_400e6)} ${pad(Math.floor(rest / 3600e6))}:${pad(Math.floor(rest / 60e6) % 60)}:${pad(Math.floor(rest / 1e6) % 60)}.${pad(rest % 1e6, 6)}000`;
}

/** A value of the driver's, in the same form. */
export function fromDriver(given: unknown, shape: Shape): unknown {
  if (given === null || given === undefined) return null;
  const value = typeof given === 'string' && 'element' in shape ? json(given) : given;
  if ('element' in shape)
    return Array.isArray(value) ? value.map((item: unknown) => fromDriver(item, shape.element)) : value;
  const object = typeof value === 'string' && ('key' in shape || 'fields' in shape) ? json(value) : value;
  if ('key' in shape)
    return sorted(Object.entries(object as object).map(([key, item]) => [key, fromDriver(item, shape.value)]));
  if ('fields' in shape)
    return Object.values(object as object).map((item: unknown, i) =>
      fromDriver(item, shape.fields[i]?.shape ?? { kind: 'string' }),
    );
  switch (shape.kind) {
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'double':
    case 'decimal':
      return number(value);
    case 'float':
      return Math.fround(number(value));
    case 'binary':
      return Buffer.isBuffer(value) || value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
    case 'date':
      return value instanceof Date ? value.toISOString().slice(0, 10) : value;
    case 'timestamp':
      return value instanceof Date ? { ms: value.getTime() } : { ms: textMs(value), shownIn: shape.zone ?? 'UTC' };
    case 'timestamp_ntz':
      return { ms: value instanceof Date ? value.getTime() : textMs(value) };
    case 'variant':
      return json(value);
    default:
      return value;
  }
}

function textMs(value: unknown): number {
  const text = String(value)
    .replace(' ', 'T')
    .replace(/(\.\d{3})\d*/, '$1');
  return Date.parse(`${text}Z`);
}

/** What a clock in `zone` shows at a moment. */
function shownMs(ms: number, zone: string): number {
  const offset = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::(\d{2}))?$/.exec(zone);
  if (offset) return ms + (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3] ?? 0)) * 60_000;
  const format = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return Date.parse(`${format.format(ms).padStart(19, '0').replace(' ', 'T')}Z`) + (((ms % 1000) + 1000) % 1000);
}

function number(value: unknown): number {
  return value === 'nan' ? Number.NaN : value === 'inf' ? Infinity : value === '-inf' ? -Infinity : Number(value);
}

function keyText(key: unknown): string {
  return String(key);
}

function sorted(entries: [string, unknown][]): [string, unknown][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

function json(value: unknown): unknown {
  try {
    return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  } catch {
    return value;
  }
}

/** A moment; with `shownIn`, what a clock there shows. */
interface Moment {
  ms: number;
  shownIn?: string;
}

function isMoment(value: unknown): value is Moment {
  return typeof value === 'object' && value !== null && 'ms' in value;
}

/** Whether two values are one. A driver rounds moments to milliseconds in its own way. Doubles may differ in their last digits, which no two mathematical libraries share. */
export function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
    return a === b || Math.abs(a - b) <= 1e-13 * Math.max(Math.abs(a), Math.abs(b));
  }
  if (isMoment(a) && isMoment(b))
    return Math.abs(a.ms - (a.shownIn === undefined ? b.ms : shownMs(b.ms, a.shownIn))) <= 1;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (
    typeof a === 'object' &&
    typeof b === 'object' &&
    a !== null &&
    b !== null &&
    !Array.isArray(a) &&
    !Array.isArray(b)
  ) {
    const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
    const keys = Object.keys(x);
    return keys.length === Object.keys(y).length && keys.every((key) => same(x[key], y[key]));
  }
  return a === b;
}
