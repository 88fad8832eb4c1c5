import type { DimensionName } from './columns';

/** Filters on what a connection is known by. */
export const DIMENSION_FILTERS = [
  'service',
  'host',
  'warehouse',
  'driver',
  'driverVersion',
  'runtime',
  'runtimeVersion',
] as const satisfies readonly DimensionName[];

/** Filters on the statement itself, and the columns that they ask. */
export const STATEMENT_FILTERS = {
  outcome: 'outcome',
  operation: 'operationType',
  format: 'executionResult',
  errorClass: 'errorClass',
  sqlState: 'sqlState',
} as const;

/** Durations that a view can be about. */
export const MEASURES = [
  'latencyMs',
  'totalLatencyMs',
  'submitLatencyMs',
  'resultReadyLatencyMs',
  'firstRowLatencyMs',
  'resultConsumptionLatencyMs',
  'slowestFileLatencyMs',
] as const;

export type Measure = (typeof MEASURES)[number];

type FilterName = (typeof DIMENSION_FILTERS)[number] | keyof typeof STATEMENT_FILTERS;

/** As a value of a filter: what is not known. */
export const UNKNOWN = '(unknown)';

/** Which statements a question is about. Times in milliseconds since the epoch, `toMs` excluded. */
export interface Selection {
  readonly fromMs: number;
  readonly toMs: number;
  /** Any of the values; UNKNOWN for those that do not say. */
  readonly filters: Readonly<Partial<Record<FilterName, readonly string[]>>>;
  readonly measure: Measure;
  readonly minMs?: number | undefined;
  readonly maxMs?: number | undefined;
}

/** A string literal of standard SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll('\0', '')}'`;
}

/** The selection as a condition on `all_statements`. */
export function condition({ fromMs, toMs, filters, measure, minMs, maxMs }: Selection): string {
  const parts = [`"timeMs" >= ${fromMs} AND "timeMs" < ${toMs}`, ...filterConditions(filters)];
  if (minMs !== undefined) parts.push(`"${measure}" >= ${minMs}`);
  if (maxMs !== undefined) parts.push(`"${measure}" < ${maxMs}`);
  return parts.join(' AND ');
}

/** The filters alone. */
export function filterConditions(filters: Selection['filters']): string[] {
  const parts: string[] = [];
  const connection = DIMENSION_FILTERS.flatMap((name) => oneOf(name, filters[name]));
  if (connection.length > 0) {
    const unknownFits = DIMENSION_FILTERS.every((name) => filters[name]?.includes(UNKNOWN) ?? true);
    const known = `dim IN (SELECT dim FROM dims WHERE ${connection.join(' AND ')})`;
    parts.push(unknownFits ? `(dim IS NULL OR ${known})` : known);
  }
  for (const [name, column] of Object.entries(STATEMENT_FILTERS)) {
    parts.push(...oneOf(column, filters[name as keyof typeof STATEMENT_FILTERS]));
  }
  return parts;
}

function oneOf(column: string, values: readonly string[] | undefined): string[] {
  if (values === undefined || values.length === 0) return [];
  const known = values.filter((value) => value !== UNKNOWN).map(literal);
  const parts = known.length > 0 ? [`"${column}" IN (${known.join(', ')})`] : [];
  if (values.includes(UNKNOWN)) parts.push(`"${column}" IS NULL`);
  return [`(${parts.join(' OR ')})`];
}

const ROUND_MS = [
  1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 180_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
];

/** A round length that divides the window into at most `most` buckets. */
export function bucketOf({ fromMs, toMs }: Selection, most: number): number {
  const wanted = (toMs - fromMs) / most;
  return ROUND_MS.find((ms) => ms >= wanted) ?? Math.ceil(wanted / 86_400_000) * 86_400_000;
}
