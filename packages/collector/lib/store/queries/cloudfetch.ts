import { bucketOf, condition, type Selection } from '../Selection';
import { countingWhere, type Sampled } from './counting';
import { bucketStart, numberOf, numberOrNull, textOrNull, type Query } from './Query';
import { quantilesOf, quantilesSql, type Quantiles } from './quantiles';
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
const speedSql = (times: string): string =>
  `CAST(sum("byteCount"${times}) FILTER (WHERE "sumFileLatencyMs" > 0) AS DOUBLE) * 1000 / ` +
  `nullif(sum("sumFileLatencyMs"${times}) FILTER (WHERE "byteCount" IS NOT NULL), 0)`;
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

export const cloudfetch: Query<{ readonly selection: Selection }, CloudFetch> = {
  async run(database, { selection }) {
    const all = condition(selection);
    const source = `all_statements WHERE ${all} AND ${FILES}`;
    const bucketMs = bucketOf(selection, 130);
    const { rows, times, sampled } = await countingWhere(database, all);
    const statements = `${rows} AS statements`;
    const speed = `${speedSql(times)} AS speed`;
    const [totals, slowestFile, firstFile, formats, series, slowest] = await Promise.all([
      database.rows(
        `SELECT ${statements}, ${Object.entries(COUNTS)
          .map(([name, column]) => `CAST(sum("${column}"${times}) AS DOUBLE) AS "${name}"`)
          .join(', ')}, ${speed} FROM ${source}`,
      ),
      database.rows(quantilesSql('"slowestFileLatencyMs"', source, rows)),
      database.rows(quantilesSql('"firstFileLatencyMs"', source, rows)),
      database.rows(
        `SELECT "executionResult" AS format, compressed, ${statements}, CAST(sum("byteCount"${times}) AS DOUBLE) AS bytes ` +
          `FROM all_statements WHERE ${all} GROUP BY 1, 2 ORDER BY 3 DESC, 1 NULLS LAST, 2 NULLS LAST`,
      ),
      database.rows(
        `SELECT ${bucketStart('"timeMs"', bucketMs)} AS "timeMs", ${statements}, ` +
          `sum("filesPresent"${times}) AS files, CAST(sum("byteCount"${times}) AS DOUBLE) AS bytes, ${speed}, ` +
          `max("slowestFileLatencyMs") AS slowest FROM ${source} GROUP BY 1 ORDER BY 1`,
      ),
      database.rows(
        summariesSql(
          `SELECT * FROM ${source} AND "slowestFileLatencyMs" IS NOT NULL ` +
            'ORDER BY "slowestFileLatencyMs" DESC LIMIT 20',
        ) + ' ORDER BY s."slowestFileLatencyMs" DESC',
      ),
    ]);
    const row = totals[0] ?? {};
    const sums = Object.fromEntries(Object.keys(COUNTS).map((name) => [name, rounded(numberOrNull(row[name]))]));
    return {
      ...(sums as Record<keyof typeof COUNTS, number | null>),
      statements: Math.round(numberOf(row['statements'])),
      bytesPerSecond: numberOrNull(row['speed']),
      slowestFile: quantilesOf(slowestFile[0]),
      firstFile: quantilesOf(firstFile[0]),
      formats: formats.map((format) => ({
        format: textOrNull(format['format']),
        compressed: typeof format['compressed'] === 'boolean' ? format['compressed'] : null,
        statements: Math.round(numberOf(format['statements'])),
        bytes: rounded(numberOrNull(format['bytes'])),
      })),
      bucketMs,
      series: series.map((point) => ({
        timeMs: numberOf(point['timeMs']),
        statements: Math.round(numberOf(point['statements'])),
        files: rounded(numberOrNull(point['files'])),
        bytes: rounded(numberOrNull(point['bytes'])),
        bytesPerSecond: numberOrNull(point['speed']),
        slowestFileMs: numberOrNull(point['slowest']),
      })),
      slowest: slowest.map(summaryOf),
      sampled,
    };
  },
};

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));
