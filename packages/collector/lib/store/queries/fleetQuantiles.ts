import { condition, type Selection } from '../Selection';
import type { Counting } from './counting';
import { keyOf, KINDS, NO_CONNECTION, numbered } from './fleetGroups';
import { grouped } from './grouped';
import type { AnswerRow, Database } from './Query';
import { quantilesOf, quantilesOfCounts, RANKED, type Quantiles } from './quantiles';
import { quantilesOfGroups } from './quantilesOfGroups';

/** Of so many statements at most the values are held in memory, 8 bytes each. */
const MAX_HELD = 20_000_000;

/** Quantiles by the keys of `groups`, which hold `statements` together. */
export async function quantilesOfFleet(
  database: Database,
  selection: Selection,
  counting: Counting,
  statements: number,
  groups: ReadonlyMap<string, readonly AnswerRow[]>,
): Promise<Map<string, Quantiles>> {
  if (database.exactQuantiles !== undefined && counting.sampled === null && statements <= MAX_HELD) {
    return quantilesByKind(database, selection, counting, groups);
  }
  const rows = await database.rows(countedQuantiles(selection, counting));
  return new Map(rows.map((row) => [keyOf(row), quantilesOf(row)]));
}

/** Counted once by connection and value; groups are numbered, so that no text is compared from there on. */
function countedQuantiles(selection: Selection, { rows }: Counting): string {
  const { measure } = selection;
  return (
    `WITH g AS MATERIALIZED (${numbered()}), ` +
    `h AS (SELECT coalesce(dim, ${NO_CONNECTION}) AS dim, "${measure}" AS v, ${rows} AS n FROM all_statements ` +
    `WHERE ${condition(selection)} AND "${measure}" IS NOT NULL GROUP BY 1, 2), ` +
    'v AS (SELECT gid, v, sum(n) AS n FROM h JOIN g ON g.dim = h.dim GROUP BY 1, 2), ' +
    'c AS (SELECT gid, v, sum(n) OVER (PARTITION BY gid ORDER BY v) AS upTo, sum(n) OVER (PARTITION BY gid) AS known FROM v), ' +
    `q AS (SELECT gid, ${RANKED} FROM c GROUP BY gid) ` +
    'SELECT k.kind AS kind, k.name AS name, k.version AS version, q.count AS count, q.p50 AS p50, q.p95 AS p95, ' +
    'q.p99 AS p99, q.max AS max FROM q JOIN (SELECT DISTINCT gid, kind, name, version FROM g) k ON k.gid = q.gid'
  );
}

/** One kind after the other: each holds the values of all statements. What is alone of its kind is all of them. */
async function quantilesByKind(
  database: Database,
  selection: Selection,
  counting: Counting,
  groups: ReadonlyMap<string, readonly AnswerRow[]>,
): Promise<Map<string, Quantiles>> {
  const { measure: column } = selection;
  const all = quantilesOfCounts(await database.counts({ column, rows: counting.rows, selection }));
  const kinds = grouped([...groups], ([, [member]]) => member?.['kind']);
  const latency = new Map<string, Quantiles>();
  for (const kind of Object.keys(KINDS)) {
    const own = kinds.get(kind) ?? [];
    if (own.length === 1) for (const [key] of own) latency.set(key, all);
    if (own.length <= 1) continue;
    const source =
      `SELECT gid, v, weight FROM (SELECT coalesce(dim, ${NO_CONNECTION}) AS dim, "${column}" AS v, weight FROM all_statements ` +
      `WHERE ${condition(selection)}) s JOIN g ON g.dim = s.dim`;
    const question = { source, groups: ['gid'], quantiles: { p50: 0.5, p95: 0.95, p99: 0.99 } };
    const rows = await database.rows(
      `WITH g AS (${numbered(kind)}) SELECT kind, name, version, count, p50, p95, p99, max ` +
        `FROM (${quantilesOfGroups(database, counting, question)}) q JOIN (SELECT DISTINCT gid, kind, name, version FROM g) k ON k.gid = q.gid`,
    );
    for (const row of rows) latency.set(keyOf(row), quantilesOf(row));
  }
  return latency;
}
