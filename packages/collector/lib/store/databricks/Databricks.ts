import type * as DriverModule from '@databricks/sql';
import { join } from 'node:path';
import { requirePeer } from '../peer';
import type { AnswerRow } from '../queries/Query';
import type { Row } from '../Row';
import { spoken, type Dialect } from '../shared/dialect';
import type { SharedColumn, SharedMerge, SharedTable, SharedType } from '../shared/tables';
import type { Warehouse } from '../shared/Warehouse';
import { parquetFile } from './parquetFile';

export interface DatabricksSettings {
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string;
  readonly token: string;
  /** Authorities to trust beside the usual ones (PEM). */
  readonly ca: string | undefined;
  readonly catalog: string;
  readonly schema: string;
  /** Where files wait until they are copied: `/Volumes/<catalog>/<schema>/<volume>`. */
  readonly volume: string;
}

const DIALECT: Dialect = { nameQuote: '`', words: { MATERIALIZED: '', VARCHAR: 'STRING' } };
const TYPES: Readonly<Record<SharedType, string>> = {
  INTEGER: 'INT',
  BIGINT: 'BIGINT',
  VARCHAR: 'STRING',
  BOOLEAN: 'BOOLEAN',
  DOUBLE: 'DOUBLE',
};
const PAGE_ROWS = 10_000;
/** How the driver's retries end, and by which status a warehouse or what is before it puts off. */
const IN_VAIN: ReadonlySet<unknown> = new Set(['ATTEMPTS_EXCEEDED', 'TIMEOUT_EXCEEDED']);
const PUTS_OFF: ReadonlySet<unknown> = new Set([429, 502, 503, 504]);
/** Retries that end in vain, a session that has ended, a call without an answer: classes that tell nothing else. */
const ON_THE_WAY: ReadonlySet<string> = new Set(['HiveDriverError', 'TApplicationException']);
/** A load is tried again by the loader, and who asks is told to come back: neither waits for a warehouse that is away. */
const ATTEMPTS = 3;

type Session = Awaited<ReturnType<InstanceType<typeof DriverModule.DBSQLClient>['openSession']>>;
type Operation = Awaited<ReturnType<Session['executeStatement']>>;
type StatementOptions = Parameters<Session['executeStatement']>[1];

/** A Databricks SQL warehouse by the official driver. Rows come as Parquet files; reading makes one of each key. */
export class Databricks implements Warehouse {
  readonly title = 'Databricks';
  private readonly client: InstanceType<typeof DriverModule.DBSQLClient>;
  private opened: Promise<Session> | undefined;

  /** `folder`: where files are made before they leave; `timeoutMs`: how long one call may say nothing. */
  constructor(
    private readonly settings: DatabricksSettings,
    private readonly own: { readonly folder: string; readonly timeoutMs: number },
  ) {
    const { DBSQLClient } = requirePeer('@databricks/sql', 'databricks') as typeof DriverModule;
    this.client = new DBSQLClient({ logger: { log: () => undefined } });
  }

  async rows(sql: string, signal?: AbortSignal): Promise<AnswerRow[]> {
    const rows: AnswerRow[] = [];
    for await (const page of this.pages(sql, signal)) rows.push(...page);
    return rows;
  }

  async *pages(sql: string, signal?: AbortSignal): AsyncIterable<AnswerRow[]> {
    signal?.throwIfAborted();
    const operation = await this.execute(spoken(sql, DIALECT), { maxRows: PAGE_ROWS });
    // A statement that has ended meanwhile refuses.
    const cancel = (): void => void operation.cancel().catch(() => undefined);
    // Nobody may wait for it by now.
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel);
    try {
      do {
        signal?.throwIfAborted();
        const page = await operation.fetchChunk({ maxRows: PAGE_ROWS });
        yield page.map((row) => plain(row as AnswerRow));
      } while (await operation.hasMoreRows());
    } finally {
      signal?.removeEventListener('abort', cancel);
      await operation.close();
    }
  }

  async createTable({ name, key, columns }: SharedTable): Promise<void> {
    const declared = [key, ...columns].map((column) => `"${column.name}" ${TYPES[column.type]}`).join(', ');
    await this.rows(`CREATE TABLE IF NOT EXISTS ${name} (${declared})`);
  }

  async addColumn({ name }: SharedTable, column: SharedColumn): Promise<void> {
    const there = await this.rows(`DESCRIBE TABLE ${name}`);
    if (there.some((row) => row['col_name'] === column.name)) return;
    await this.rows(`ALTER TABLE ${name} ADD COLUMNS ("${column.name}" ${TYPES[column.type]})`);
  }

  async createView(name: string, sql: string): Promise<void> {
    await this.rows(`CREATE OR REPLACE VIEW ${name} AS ${sql}`);
  }

  merged({ name, key, columns, order }: SharedTable): string {
    const merges: Readonly<Record<SharedMerge, (column: string) => string>> = {
      max: (column) => `max(${column})`,
      min: (column) => `min(${column})`,
      first: (column) => `min_by(${column}, "${order}") FILTER (WHERE ${column} IS NOT NULL)`,
      last: (column) => `max_by(${column}, "${order}") FILTER (WHERE ${column} IS NOT NULL)`,
    };
    const one = columns.map((column) => `${merges[column.merge](`"${column.name}"`)} AS "${column.name}"`);
    return `SELECT "${key.name}", ${one.join(', ')} FROM ${name} GROUP BY "${key.name}"`;
  }

  /** `COPY INTO` takes a file of one name once: a load that is tried again brings nothing twice. */
  async append(table: SharedTable, rows: readonly Row[], name: string): Promise<void> {
    if (rows.length === 0) return;
    const { volume } = this.settings;
    const target = `${volume}/${table.name}/${name}.parquet`;
    const { folder } = this.own;
    await parquetFile(folder, table, rows, async (file) => {
      const operation = await this.execute(`PUT '${file}' INTO '${target}' OVERWRITE`, {
        stagingAllowedLocalPath: [join(folder, 'tmp')],
      });
      await operation.close();
    });
    await this.rows(`COPY INTO ${table.name} FROM '${target}' FILEFORMAT = PARQUET`);
    await this.rows(`REMOVE '${target}'`);
  }

  async remove({ name }: SharedTable, condition: string): Promise<void> {
    await this.rows(`DELETE FROM ${name} WHERE ${condition}`);
  }

  /** What the warehouse refuses has a SQLSTATE or a status of its own; what failed on the way has neither. */
  isAway(error: unknown): boolean {
    const { code, statusCode, errorCode, constructor } = (error ?? {}) as Record<string, unknown>;
    if (statusCode !== undefined) return PUTS_OFF.has(statusCode);
    if (errorCode !== undefined) return IN_VAIN.has(errorCode);
    if (code !== undefined) return typeof code === 'string';
    return typeof constructor === 'function' && ON_THE_WAY.has(constructor.name);
  }

  async close(): Promise<void> {
    const session = await this.opened?.catch(() => undefined);
    await session?.close().catch(() => undefined);
    // A warehouse that is away ends its sessions by itself.
    await this.client.close().catch(() => undefined);
  }

  private async execute(sql: string, options: StatementOptions): Promise<Operation> {
    const mayHaveEnded = this.opened !== undefined;
    try {
      return await (await this.session()).executeStatement(sql, options);
    } catch (error) {
      this.opened = undefined;
      if (!mayHaveEnded || !isRefusedCall(error)) throw error;
      // All that is run here may run twice.
      return (await this.session()).executeStatement(sql, options);
    }
  }

  private session(): Promise<Session> {
    this.opened ??= this.open().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  private async open(): Promise<Session> {
    const { host, port, path, token, ca, catalog, schema } = this.settings;
    await this.client.connect({
      host,
      path,
      token,
      userAgentEntry: 'databricks-telemetry-collector',
      // What it does is no statement of the applications that it is about.
      telemetryEnabled: false,
      retryMaxAttempts: ATTEMPTS,
      socketTimeout: this.own.timeoutMs,
      ...(port === undefined ? {} : { port }),
      ...(ca === undefined ? {} : { customCaCert: ca }),
    });
    return this.client.openSession({ initialCatalog: catalog, initialSchema: schema });
  }
}

/** The warehouse refused the call, as it does when the session has ended; a statement that fails has a SQLSTATE instead. */
const isRefusedCall = (error: unknown): boolean => typeof (error as { code?: unknown } | null)?.code === 'number';

function plain(row: AnswerRow): AnswerRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : (value ?? null)]),
  );
}
