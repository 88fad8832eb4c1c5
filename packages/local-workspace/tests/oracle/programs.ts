import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Harness, Session } from '../drivers';
import { fromDriver, fromOracle, readShape, same } from './compare';
import type { Verdict } from './replay';

/** Statements in a schema `p` of their own, and what Spark with Delta Lake answers to the last of them. */
export type Program =
  | readonly [statements: readonly string[], names: readonly string[], types: readonly string[], rows: unknown[][]]
  | readonly [statements: readonly string[], names: null, condition: string, sqlState: string];

const FILE = join(__dirname, '..', '..', 'oracle', 'programs.jsonl');

export function programs(): Program[] {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Program);
}

type Outcome = { names: string[]; rows: unknown[][] } | { sqlState: string; message: string };

async function outcome(session: Session, sql: string): Promise<Outcome> {
  try {
    const operation = await session.executeStatement(sql);
    const schema = await operation.getSchema();
    const rows = (await operation.fetchAll()) as Record<string, unknown>[];
    await operation.close();
    const names = schema?.columns.map((column) => column.columnName) ?? [];
    return { names, rows: rows.map((row) => names.map((name) => row[name])) };
  } catch (error) {
    const { message, response } = error as { message: string; response?: { sqlState?: string } };
    return { message, sqlState: response?.sqlState ?? /SQLSTATE: (\w{5})/.exec(message)?.[1] ?? '' };
  }
}

const FIRST = ['USE main.default', 'DROP SCHEMA IF EXISTS p CASCADE', 'CREATE SCHEMA p', 'USE p'];

/** What the workspace makes of a program. */
export async function replayProgram(it: Harness, program: Program): Promise<Verdict> {
  const [statements] = program;
  const session = await it.client.openSession();
  try {
    for (const sql of [...FIRST, ...statements.slice(0, -1)]) {
      const made = await outcome(session, sql);
      if ('message' in made) return failedBefore(sql, made);
    }
    return judged(program, await outcome(session, statements.at(-1) ?? ''));
  } finally {
    await session.close();
  }
}

const refused = (message: string): Verdict => ({ kind: 'refused', name: message.slice(0, 150) });

function failedBefore(sql: string, { sqlState, message }: { sqlState: string; message: string }): Verdict {
  if (sqlState === '0A000') return refused(message);
  return { kind: 'differs', how: `${sql} fails with ${sqlState} ${message.slice(0, 200)}` };
}

function judged(program: Program, made: Outcome): Verdict {
  const [, names] = program;
  if ('message' in made) {
    if (names === null && made.sqlState === program[3]) return { kind: 'agrees' };
    if (made.sqlState === '0A000') return refused(made.message);
    const wanted = names === null ? `${program[2]} ${program[3]}` : JSON.stringify(program[3]);
    return { kind: 'differs', how: `fails with ${made.sqlState} ${made.message.slice(0, 200)}, Spark: ${wanted}` };
  }
  const { rows } = made;
  if (names === null)
    return { kind: 'differs', how: `answers ${shown(made.rows)}, Spark fails with ${program[2]} ${program[3]}` };
  if (names.join() !== made.names.join())
    return { kind: 'differs', how: `has the columns ${made.names.join()}, Spark: ${names.join()}` };
  const shapes = program[2].map((type) => readShape(type));
  const a = rows.map((row) => row.map((item, i) => fromDriver(item, shapes[i] ?? { kind: 'string' })));
  const b = program[3].map((row) => row.map((item, i) => fromOracle(item, shapes[i] ?? { kind: 'string' })));
  return same(a, b) ? { kind: 'agrees' } : { kind: 'differs', how: `is ${shown(a)}, Spark: ${shown(b)}` };
}

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 400);
