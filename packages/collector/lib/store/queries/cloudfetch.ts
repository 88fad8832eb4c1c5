import { bucketOf, condition, type Selection } from '../Selection';
import { countingOf, type Sampled } from './counting';
import { totalOf } from './figures';
import { grouped } from './grouped';
import { bucketStart, byName, numberOf, numberOrNull, textOrNull, type AnswerRow, type Query } from './Query';
import { quantilesOfCounts, type Quantiles } from './quantiles';
import { summariesSql, summaryOf, type StatementSummary } from './summary';

export interface CloudFetch {
  /** Statements whose result came as files. */
  readonly statements: number;
  readonly filesPresent: number | null;
  readonly filesIterated: number | null;
  readonly filesDownloaded: number | null;
  readonly filesUnread: number | null;
  readonly filesRetried: number | null;
  readonly filesFailed: number | null;
  readonly filesExpired: number | null;
  readonly bytes: number | null;
  /** Sum of all downloads in milliseconds; they overlap. */
  readonly downloadMs: number | null;
  /** Bytes a second of one download, over the statements that know both. */
  readonly bytesPerSecond: number | null;
  readonly slowestFile: Quantiles;
  readonly firstFile: Quantiles;
  readonly formats: readonly {
    readonly format: string | null;
    readonly compressed: boolean | null;
    readonly statements: number;
    readonly bytes: number | null;
  }[];
  readonly bucketMs: number;
  readonly series: readonly {
    readonly timeMs: number;
    readonly statements: number;
    readonly files: number | null;
    readonly bytes: number | null;
    readonly bytesPerSecond: number | null;
    readonly slowestFileMs: number | null;
  }[];
  readonly slowest: readonly StatementSummary[];
  /** Null when no statement of the window stands for others. */
  readonly sampled: Sampled | null;
}

const FILES = '("filesPresent" > 0 OR "executionResult" = \'EXTERNAL_LINKS\')';
const COUNTS = {
  filesPresent: 'filesPresent',
  filesIterated: 'filesIterated',
  filesDownloaded: 'filesDownloaded',
  filesUnread: 'filesUnread',
  filesRetried: 'filesRetried',
  filesFailed: 'filesFailed',
  filesExpired: 'filesExpired',
  bytes: 'byteCount',
  downloadMs: 'sumFileLatencyMs',
} as const;

/** Bytes and milliseconds of the statements that know both. */
const speedSql = (times: string): string =>
  `sum(CAST("byteCount" AS DOUBLE)${times}) FILTER (WHERE "sumFileLatencyMs" > 0) AS "speedBytes", ` +
  `sum(CAST("sumFileLatencyMs" AS DOUBLE)${times}) FILTER (WHERE "byteCount" IS NOT NULL) AS "speedMs"`;

export const cloudfetch: Query<{ readonly selection: Selection }, CloudFetch> = {
  async run(database, { selection }) {
    const bucketMs = bucketOf(selection, 130);
    const { rows, times, sampled } = await countingOf(database, selection);
    const sums = Object.entries(COUNTS).map(
      ([name, column]) => `sum(CAST("${column}" AS DOUBLE)${times}) AS "${name}"`,
    );
    const counts = (column: string): Promise<AnswerRow[]> =>
      database.sums({
        columns: `"${column}" AS v, ${rows} AS n`,
        groups: 1,
        selection,
        where: `${FILES} AND "${column}" IS NOT NULL`,
      });
    const [parts, slowestFile, firstFile, formats, slowest] = await Promise.all([
      database.sums({
        columns:
          `${bucketStart('"timeMs"', bucketMs)} AS "timeMs", ${rows} AS statements, ${sums.join(', ')}, ` +
          `${speedSql(times)}, max("slowestFileLatencyMs") AS slowest`,
        groups: 1,
        selection,
        where: FILES,
      }),
      counts('slowestFileLatencyMs'),
      counts('firstFileLatencyMs'),
      database.sums({
        columns: `"executionResult" AS format, compressed, ${rows} AS statements, sum(CAST("byteCount" AS DOUBLE)${times}) AS bytes`,
        groups: 2,
        selection,
      }),
      database.rows(
        summariesSql(
          `SELECT * FROM all_statements WHERE ${condition(selection)} AND ${FILES} AND "slowestFileLatencyMs" IS NOT NULL ` +
            'ORDER BY "slowestFileLatencyMs" DESC LIMIT 20',
        ) + ' ORDER BY s."slowestFileLatencyMs" DESC',
      ),
    ]);
    const totals = Object.fromEntries(Object.keys(COUNTS).map((name) => [name, totalOf(parts, name)]));
    return {
      ...(totals as Record<keyof typeof COUNTS, number | null>),
      statements: totalOf(parts, 'statements') ?? 0,
      bytesPerSecond: speedOf(parts),
      slowestFile: quantilesIn(slowestFile),
      firstFile: quantilesIn(firstFile),
      formats: formatsOf(formats),
      bucketMs,
      series: [...grouped(parts, (part) => numberOf(part['timeMs']))]
        .sort(([a], [b]) => a - b)
        .map(([timeMs, group]) => ({
          timeMs,
          statements: totalOf(group, 'statements') ?? 0,
          files: totalOf(group, 'filesPresent'),
          bytes: totalOf(group, 'bytes'),
          bytesPerSecond: speedOf(group),
          slowestFileMs: largestOf(group, 'slowest'),
        })),
      slowest: slowest.map(summaryOf),
      sampled,
    };
  },
};

const quantilesIn = (rows: readonly AnswerRow[]): Quantiles =>
  quantilesOfCounts([{ values: rows.map(({ v }) => numberOf(v)), counts: rows.map(({ n }) => numberOf(n)) }]);

function speedOf(parts: readonly AnswerRow[]): number | null {
  const [bytes, ms] = [totalOf(parts, 'speedBytes'), totalOf(parts, 'speedMs')];
  return bytes === null || ms === null || ms === 0 ? null : (bytes * 1000) / ms;
}

function largestOf(rows: readonly AnswerRow[], name: string): number | null {
  const values = rows.flatMap((row) => numberOrNull(row[name]) ?? []);
  return values.length === 0 ? null : Math.max(...values);
}

/** The most frequent first. */
function formatsOf(rows: readonly AnswerRow[]): CloudFetch['formats'] {
  return [...grouped(rows, ({ format, compressed }) => JSON.stringify([format, compressed])).values()]
    .map((group) => ({
      format: textOrNull(group[0]?.['format']),
      compressed: typeof group[0]?.['compressed'] === 'boolean' ? group[0]['compressed'] : null,
      statements: totalOf(group, 'statements') ?? 0,
      bytes: totalOf(group, 'bytes'),
    }))
    .sort(
      (a, b) =>
        b.statements - a.statements ||
        byName(a.format, b.format) ||
        byName(a.compressed?.toString() ?? null, b.compressed?.toString() ?? null),
    );
}
