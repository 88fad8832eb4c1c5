import { numberOf } from '../queries/Query';
import { literal } from '../Selection';
import type { ExpireReport, Removal } from '../Store';
import { DEDUPLICATED_FOR_MS } from '../rows/eventKey';
import { inChunks } from './chunks';
import { TABLES, type SharedTable } from './tables';
import type { Warehouse } from './Warehouse';

const DAY_MS = 86_400_000;

/** Rows of `table` whose key has a row that `condition` holds for: no part of a statement outlives another. */
const wholly = ({ name, key }: SharedTable, condition: string): string =>
  `"${key.name}" IN (SELECT "${key.name}" FROM ${name} WHERE ${condition})`;

/** Deletes what is older than `beforeMs`. Only tables that hold something of it are touched. */
export async function expire(warehouse: Warehouse, beforeMs: number, dryRun: boolean): Promise<ExpireReport> {
  const keysBeforeMs = Math.min(beforeMs, Date.now() - DEDUPLICATED_FOR_MS);
  const old: readonly (readonly [SharedTable, string])[] = [
    [TABLES.statements, `"timeMs" < ${beforeMs}`],
    [TABLES.errors, `"timeMs" < ${beforeMs}`],
    [TABLES.sessions, `coalesce("endMs", "startMs", "lastMs") < ${beforeMs - DAY_MS}`],
    [TABLES.history, `"startMs" < ${beforeMs}`],
    [TABLES.intake, `"minuteMs" < ${beforeMs}`],
    [TABLES.intakeNames, `"minuteMs" < ${beforeMs}`],
    [TABLES.eventKeys, `"receivedMs" < ${keysBeforeMs}`],
  ];
  const counts = await warehouse.rows(
    old
      .map(
        ([{ name, key }, condition]) =>
          `SELECT '${name}' AS name, count(DISTINCT "${key.name}") AS n FROM ${name} WHERE ${condition}`,
      )
      .join(' UNION ALL '),
  );
  const countOf = ({ name }: SharedTable): number => numberOf(counts.find((row) => row['name'] === name)?.['n']);
  const report: ExpireReport = { statements: countOf(TABLES.statements), files: [], bytes: 0 };
  if (dryRun) return report;
  for (const [table, condition] of old) {
    if (countOf(table) > 0) await warehouse.remove(table, wholly(table, condition));
  }
  return report;
}

/** Deletes the names of connections of which nothing is left that came since a day before `beforeMs`. */
export async function forgetNames(warehouse: Warehouse, beforeMs: number): Promise<void> {
  const { dims, sessions, statements, errors } = TABLES;
  const isIn = ({ name }: SharedTable, column: string): string =>
    `"dim" IN (SELECT "${column}" FROM ${name} WHERE "${column}" IS NOT NULL)`;
  const used = [isIn(sessions, 'described'), isIn(sessions, 'guessed'), isIn(statements, 'dim'), isIn(errors, 'dim')];
  const unused = [`"firstMs" < ${beforeMs - DAY_MS}`, ...used.map((condition) => `NOT ${condition}`)].join(' AND ');
  const [row] = await warehouse.rows(`SELECT count(*) AS n FROM ${dims.name} WHERE ${unused}`);
  if (numberOf(row?.['n']) > 0) await warehouse.remove(dims, wholly(dims, unused));
}

/** Deletes all that came from one host, session or application; returns how many statements those were. */
export async function remove(warehouse: Warehouse, removal: Removal): Promise<number> {
  const dims = removal.kind === 'session' ? [] : await dimsOf(warehouse, removal);
  const sessions = removal.kind === 'session' ? [removal.sessionId] : await sessionsOf(warehouse, dims);
  const parts = [
    ...inChunks(sessions).map((chunk) => `"session" IN (${chunk.map(literal).join(', ')})`),
    ...inChunks(dims).map((chunk) => `("session" IS NULL AND "dim" IN (${chunk.join(', ')}))`),
  ];
  let removed = 0;
  for (const part of parts) {
    const [row] = await warehouse.rows(`SELECT count(*) AS n FROM all_statements WHERE ${part}`);
    removed += numberOf(row?.['n']);
    const ofStatements = `SELECT "key" FROM ${TABLES.statements.name} WHERE ${part}`;
    await warehouse.remove(TABLES.history, `"statementId" IN (${ofStatements})`);
    await warehouse.remove(TABLES.errors, wholly(TABLES.errors, part));
    await warehouse.remove(TABLES.statements, wholly(TABLES.statements, part));
  }
  for (const chunk of inChunks(sessions)) {
    await warehouse.remove(TABLES.sessions, `"session" IN (${chunk.map(literal).join(', ')})`);
  }
  for (const chunk of inChunks(dims)) await warehouse.remove(TABLES.dims, `"dim" IN (${chunk.join(', ')})`);
  return removed;
}

async function dimsOf(warehouse: Warehouse, removal: Exclude<Removal, { kind: 'session' }>): Promise<number[]> {
  const value = removal.kind === 'host' ? removal.host : removal.application;
  const columns = removal.kind === 'host' ? ['host'] : ['service', 'clientAppName', 'processName'];
  const rows = await warehouse.rows(
    `SELECT "dim" FROM dims WHERE ${columns.map((column) => `"${column}" = ${literal(value)}`).join(' OR ')}`,
  );
  return rows.map((row) => numberOf(row['dim']));
}

async function sessionsOf(warehouse: Warehouse, dims: readonly number[]): Promise<string[]> {
  const sessions: string[] = [];
  for (const chunk of inChunks(dims)) {
    const rows = await warehouse.rows(`SELECT "session" FROM sessions WHERE "dim" IN (${chunk.join(', ')})`);
    sessions.push(...rows.map((row) => String(row['session'])));
  }
  return sessions;
}
