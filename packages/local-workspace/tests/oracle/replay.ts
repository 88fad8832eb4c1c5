import type { Harness } from '../drivers';
import { fromDriver, fromOracle, readShape, same } from './compare';

/** A line of the table: kind, expression, and what Spark answers. */
export type Entry =
  | readonly [kind: string, text: string, type: string | readonly string[], value: unknown]
  | readonly [kind: string, text: string, type: null, condition: string, sqlState: string];

export type Verdict = { kind: 'agrees' } | { kind: 'refused'; name: string } | { kind: 'differs'; how: string };

const BATCH = 60;

/** Whether the rows of the table `t` are asked; a value of such an entry is a list. */
function isOverRows([kind, text]: Entry): boolean {
  return kind === 'r' || (kind.startsWith('z:') && OVER_ROWS.test(text));
}

const OVER_ROWS = /\b(?:cts|cday|cntz|ck|cl|ci)\b/;

export function queryOf(kind: string, texts: readonly string[]): string {
  if (kind.startsWith('z:')) return queryOf(OVER_ROWS.test(texts[0] ?? '') ? 'r' : 'c', texts);
  if (kind === 'q') return texts[0] ?? '';
  const listed = texts.map((text, i) => `${text} AS c${i}`).join(', ');
  return kind === 'c'
    ? `SELECT ${listed}`
    : kind === 'a'
      ? `SELECT ${listed} FROM t`
      : `SELECT ${listed} FROM t ORDER BY id`;
}

type Failure = { message: string; sqlState: string };

/** Rows as lists, in the order of the columns. */
async function rowsOf(it: Harness, sql: string): Promise<unknown[][] | Failure> {
  try {
    const operation = await it.session.executeStatement(sql);
    const schema = await operation.getSchema();
    const rows = (await operation.fetchAll()) as Record<string, unknown>[];
    await operation.close();
    const names = schema?.columns.map((column) => column.columnName) ?? [];
    return rows.map((row) => names.map((name) => row[name]));
  } catch (error) {
    const { message, response } = error as { message: string; response?: { sqlState?: string } };
    const state = response?.sqlState ?? /SQLSTATE: (\w{5})/.exec(message)?.[1] ?? '';
    return { message, sqlState: state };
  }
}

/** What the workspace makes of entries of one kind. */
export async function replay(it: Harness, entries: readonly Entry[], checkTypes: boolean): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (let at = 0; at < entries.length; at += BATCH)
    verdicts.push(...(await batch(it, entries.slice(at, at + BATCH), checkTypes)));
  return verdicts;
}

async function batch(it: Harness, entries: readonly Entry[], checkTypes: boolean): Promise<Verdict[]> {
  const [first] = entries;
  if (!first) return [];
  if (entries.length === 1) return [await one(it, first, checkTypes)];
  const kind = first[0];
  const overRows = isOverRows(first);
  const good =
    kind !== 'q' && entries.every((entry) => entry[0] === kind && entry[2] !== null && isOverRows(entry) === overRows);
  if (good) {
    const texts = entries.map((entry) => entry[1]);
    const rows = await rowsOf(it, queryOf(kind, texts));
    const wanted = overRows ? (first[3] as unknown[]).length : 1;
    if (Array.isArray(rows) && rows.length === wanted) {
      const types = checkTypes ? await typesOf(it, queryOf(kind, texts)) : undefined;
      return entries.map((entry, i) => judged(entry, overRows ? rows.map((row) => row[i]) : rows[0]?.[i], types?.[i]));
    }
  }
  const middle = Math.ceil(entries.length / 2);
  return [
    ...(await batch(it, entries.slice(0, middle), checkTypes)),
    ...(await batch(it, entries.slice(middle), checkTypes)),
  ];
}

async function typesOf(it: Harness, sql: string): Promise<string[] | undefined> {
  if (/^\s*(?:\(|FROM|TABLE)/i.test(sql)) return undefined;
  const rows = await rowsOf(it, `DESCRIBE QUERY ${sql}`);
  return Array.isArray(rows) ? rows.map((row) => String(row[1])) : undefined;
}

async function one(it: Harness, entry: Entry, checkTypes: boolean): Promise<Verdict> {
  const [kind, text] = entry;
  const sql = queryOf(kind, [text]);
  const rows = await rowsOf(it, sql);
  if (!Array.isArray(rows)) return failed(entry, rows);
  if (entry[2] === null)
    return {
      kind: 'differs',
      how: `answers ${JSON.stringify(rows).slice(0, 100)}, Spark fails with ${entry[3]} ${entry[4]}`,
    };
  const types = checkTypes ? await typesOf(it, sql) : undefined;
  if (kind === 'q') return judgedRows(entry, rows, types);
  return judged(entry, isOverRows(entry) ? rows.map((row) => row[0]) : rows[0]?.[0], types?.[0]);
}

function failed(entry: Entry, { message, sqlState }: Failure): Verdict {
  if (sqlState === '0A000')
    return { kind: 'refused', name: /\] (.*?) (?:is|are) not supported/s.exec(message)?.[1] ?? message.slice(0, 100) };
  if (entry[2] === null && sqlState === entry[4]) return { kind: 'agrees' };
  const expected = entry[2] === null ? `${entry[3]} ${String(entry[4])}` : JSON.stringify(entry[3]);
  return { kind: 'differs', how: `fails with ${sqlState} ${message.slice(0, 160)}, Spark: ${expected}` };
}

function judged(entry: Entry, value: unknown, type: string | undefined): Verdict {
  const [, , expectedType, expected] = entry;
  const shape = readShape(String(expectedType), entry[0].startsWith('z:') ? entry[0].slice(2) : 'UTC');
  if (type !== undefined && plainType(type) !== plainType(String(expectedType)))
    return { kind: 'differs', how: `is of the type ${type}, Spark: ${String(expectedType)}` };
  const [a, b] = isOverRows(entry)
    ? [
        (value as unknown[]).map((item) => fromDriver(item, shape)),
        (expected as unknown[]).map((item) => fromOracle(item, shape)),
      ]
    : [fromDriver(value, shape), fromOracle(expected, shape)];
  if (same(a, b)) return { kind: 'agrees' };
  return { kind: 'differs', how: `is ${shown(a)}, Spark: ${shown(b)}` };
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? String(item) : item,
  );
}

function plainType(type: string): string {
  return type.replaceAll(/ not null/gi, '').toLowerCase();
}

function judgedRows(entry: Entry, rows: unknown[][], types: string[] | undefined): Verdict {
  const expectedTypes = entry[2] as readonly string[];
  const shapes = expectedTypes.map((type) => readShape(type));
  if (types && types.map(plainType).join() !== expectedTypes.map(plainType).join())
    return { kind: 'differs', how: `is of the types ${types.join()}, Spark: ${expectedTypes.join()}` };
  const a = rows.map((row) => row.map((item, i) => fromDriver(item, shapes[i] ?? { kind: 'string' })));
  const b = (entry[3] as unknown[][]).map((row) =>
    row.map((item, i) => fromOracle(item, shapes[i] ?? { kind: 'string' })),
  );
  return same(a, b)
    ? { kind: 'agrees' }
    : { kind: 'differs', how: `is ${JSON.stringify(a).slice(0, 300)}, Spark: ${JSON.stringify(b).slice(0, 300)}` };
}
