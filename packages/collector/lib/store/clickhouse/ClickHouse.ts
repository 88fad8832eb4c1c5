import type * as ClickHouseModule from '@clickhouse/client';
import { randomUUID } from 'node:crypto';
import { requirePeer } from '../peer';
import type { AnswerRow } from '../queries/Query';
import type { Row } from '../Row';
import { spoken, type Dialect } from '../shared/dialect';
import type { SharedColumn, SharedMerge, SharedTable, SharedType } from '../shared/tables';
import type { Warehouse } from '../shared/Warehouse';

export interface ClickHouseSettings {
  readonly url: string;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
}

const DIALECT: Dialect = { nameQuote: '"', words: { MATERIALIZED: '' } };

/** With these its answers are those of standard SQL: unknown is NULL, names are those of columns first. */
const STANDARD = {
  join_use_nulls: 1,
  cast_keep_nullable: 1,
  aggregate_functions_null_for_empty: 1,
  prefer_column_name_to_alias: 1,
  output_format_json_quote_64bit_integers: 0,
  max_query_size: '16777216',
} as const;

const TYPES: Readonly<Record<SharedType, string>> = {
  INTEGER: 'Int32',
  BIGINT: 'Int64',
  VARCHAR: 'String',
  BOOLEAN: 'Bool',
  DOUBLE: 'Float64',
};
const MERGES: Readonly<Record<SharedMerge, string>> = { max: 'max', min: 'min', first: 'any', last: 'anyLast' };
const INTEGER_MAX = 2_147_483_647;
const DAY_MS = 86_400_000;

/** ClickHouse over HTTP. Tables merge rows of one key in the background, and read as if they had. */
export class ClickHouse implements Warehouse {
  readonly title = 'ClickHouse';
  private readonly module: typeof ClickHouseModule;
  private readonly client: ClickHouseModule.ClickHouseClient;

  /** `timeoutMs`: how long the server may say nothing, while it works as well. */
  constructor({ url, database, user, password }: ClickHouseSettings, timeoutMs: number) {
    this.module = requirePeer('@clickhouse/client', 'clickhouse') as typeof ClickHouseModule;
    this.client = this.module.createClient({
      url,
      database,
      username: user,
      ...(password === undefined ? {} : { password }),
      application: 'databricks-telemetry-collector',
      request_timeout: timeoutMs,
      log: { level: this.module.ClickHouseLogLevel.OFF },
      clickhouse_settings: STANDARD,
    });
  }

  async rows(sql: string, signal?: AbortSignal): Promise<AnswerRow[]> {
    const rows: AnswerRow[] = [];
    for await (const page of this.pages(sql, signal)) rows.push(...page);
    return rows;
  }

  /** A question that is given up is ended at the server. */
  async *pages(sql: string, signal?: AbortSignal): AsyncIterable<AnswerRow[]> {
    const id = randomUUID();
    const kill = (): void => void this.run(`KILL QUERY WHERE query_id = '${id}' ASYNC`).catch(() => undefined);
    signal?.addEventListener('abort', kill);
    try {
      const result = await this.client.query({
        query: spoken(sql, DIALECT),
        query_id: id,
        format: 'JSONEachRow',
        ...(signal === undefined ? {} : { abort_signal: signal }),
      });
      for await (const rows of result.stream<AnswerRow>()) yield rows.map((row) => row.json<AnswerRow>());
    } finally {
      signal?.removeEventListener('abort', kill);
    }
  }

  async createTable({ name, key, columns }: SharedTable): Promise<void> {
    const declared = [`"${key.name}" ${TYPES[key.type]}`, ...columns.map(declaration)];
    if (columns.some(isTime)) {
      declared.push('INDEX by_time "timeMs" TYPE minmax', 'INDEX by_id "statementUuid" TYPE bloom_filter');
    }
    const partition = columns.some(isTime) ? ` PARTITION BY intDiv("timeMs", ${DAY_MS})` : '';
    await this.run(
      `CREATE TABLE IF NOT EXISTS "${name}" (${declared.join(', ')}) ENGINE = AggregatingMergeTree${partition} ` +
        `ORDER BY "${key.name}"`,
    );
  }

  async addColumn({ name }: SharedTable, column: SharedColumn): Promise<void> {
    await this.run(`ALTER TABLE "${name}" ADD COLUMN IF NOT EXISTS ${declaration(column)}`);
  }

  async createView(name: string, sql: string): Promise<void> {
    await this.run(`CREATE OR REPLACE VIEW "${name}" AS ${sql}`);
  }

  merged({ name }: SharedTable): string {
    return `SELECT * FROM "${name}" FINAL`;
  }

  async append({ name, key, columns }: SharedTable, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    await this.client.insert({
      table: name,
      format: 'JSONEachRow',
      values: rows.map((row) =>
        Object.fromEntries([key, ...columns].map((column) => [column.name, valueOf(column, row)])),
      ),
      // Many collectors with small loads make few parts; each waits until its rows are stored.
      clickhouse_settings: { async_insert: 1, wait_for_async_insert: 1 },
    });
  }

  /** Rewrites what holds such rows, and returns when that is done: their space is given back. */
  async remove({ name }: SharedTable, condition: string): Promise<void> {
    await this.run(`ALTER TABLE "${name}" DELETE WHERE ${condition}`, { mutations_sync: '1' });
  }

  isAway(error: unknown): boolean {
    return !(error instanceof this.module.ClickHouseError || error instanceof TypeError);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private async run(sql: string, settings: ClickHouseModule.ClickHouseSettings = {}): Promise<void> {
    await this.client.command({ query: spoken(sql, DIALECT), clickhouse_settings: settings });
  }
}

const isTime = ({ name }: SharedColumn): boolean => name === 'timeMs';

function declaration(column: SharedColumn): string {
  // What tables are divided by is always known.
  const type = isTime(column) ? TYPES[column.type] : `Nullable(${TYPES[column.type]})`;
  return `"${column.name}" SimpleAggregateFunction(${MERGES[column.merge]}, ${type})`;
}

function valueOf({ name, type }: SharedColumn, row: Row): string | number | boolean | null {
  const cell = row[name];
  if (cell === null || cell === undefined) return null;
  if (type === 'INTEGER') return Math.min(Number(cell), INTEGER_MAX);
  return typeof cell === 'bigint' ? Number(cell) : cell;
}
