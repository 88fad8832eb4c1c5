import { setTimeout as sleep } from 'node:timers/promises';
import { DBSQLClient, type ConnectionOptions, LogLevel, TelemetryEventType } from 'databricks-sql-telemetry';

type Session = Awaited<ReturnType<DBSQLClient['openSession']>>;
type Operation = Awaited<ReturnType<Session['executeStatement']>>;

/** What the application saw of one statement. */
export interface Seen {
  readonly label: string;
  /** The name the telemetry service has for the call. */
  readonly operation: string;
  readonly statementId: string;
  readonly outcome: 'delivered' | 'failed' | 'cancelled';
  /** Format the result is expected to be read in; undefined where no result was read. */
  readonly format: string | undefined;
  readonly rows: number;
  readonly wallMs: number;
}

type Progress = (line: string) => void;

const ARROW = 'INLINE_ARROW';
const COLUMNS = 'COLUMNAR_INLINE';
const LINKS = 'EXTERNAL_LINKS';

/** Reads a result to its end and notes what came of it. */
async function readAll(operation: Operation): Promise<Pick<Seen, 'outcome' | 'rows'>> {
  let rows = 0;
  try {
    do rows += (await operation.fetchChunk()).length;
    while (await operation.hasMoreRows());
    return { outcome: 'delivered', rows };
  } catch (error) {
    const wasCancelled = error instanceof Error && 'errorCode' in error && error.errorCode === 'CANCELED';
    return { outcome: wasCancelled ? 'cancelled' : 'failed', rows };
  }
}

/** Everyday work on a workspace, through the library as an application would use it. */
export class Application {
  readonly seen: Seen[] = [];
  /** What reached the application and should not have. */
  readonly unexpected: string[] = [];
  /** Telemetry's own lines in the driver's log that were not at debug level. */
  readonly loudLines: string[] = [];
  /** What the library counted, by statement id. */
  readonly counted = new Map<string, { rows: number; bytes: number }>();

  constructor(
    private readonly connection: ConnectionOptions,
    private readonly progress: Progress,
    /** A collector that gets the telemetry in place of the workspace. */
    private readonly telemetryEndpoint?: string,
  ) {}

  /** A connected client whose log is watched instead of printed. */
  async connect(): Promise<DBSQLClient> {
    const logger = {
      log: (level: LogLevel, message: string): void => {
        if (message.startsWith('telemetry:') && level !== LogLevel.debug) this.loudLines.push(message);
      },
    };
    const { telemetryEndpoint } = this;
    const client = new DBSQLClient({ logger, ...(telemetryEndpoint === undefined ? {} : { telemetryEndpoint }) });
    client.telemetryEvents.on(TelemetryEventType.STATEMENT_COMPLETE, ({ statementId, summary }) => {
      if (statementId === undefined || summary === undefined) return;
      this.counted.set(statementId, { rows: summary.rowCount, bytes: summary.byteCount });
    });
    await client.connect({ ...this.connection, telemetryEnabled: true });
    return client;
  }

  /** Runs everything and closes what it opened; returns the last client, for its statistics. */
  async run(): Promise<DBSQLClient> {
    const client = await this.connect();
    const session = await client.openSession();
    await this.smallQueries(session);
    await this.metadataCalls(session);
    await this.longQuery(session);
    await this.largeResults(session);
    await this.failures(session);
    await this.cancelledQuery(session);
    await session.close();
    await this.columnBased();
    await this.manyAtOnce();
    await client.close();
    return client;
  }

  private async smallQueries(session: Session): Promise<void> {
    this.progress('small queries');
    for (const sql of [
      'SELECT 1 AS one',
      "SELECT 'café' AS text, 2.5 AS number",
      'SELECT status, count(*) AS n FROM orders GROUP BY status',
    ]) {
      await this.statement('small query', ARROW, () => session.executeStatement(sql));
    }
    const namedParameters = { id: 42 };
    await this.statement('parameters', ARROW, () => session.executeStatement('SELECT :id AS id', { namedParameters }));
  }

  private async metadataCalls(session: Session): Promise<void> {
    this.progress('metadata calls');
    await this.metadata('LIST_CATALOGS', () => session.getCatalogs());
    await this.metadata('LIST_SCHEMAS', () => session.getSchemas());
    await this.metadata('LIST_TABLES', () => session.getTables({ tableName: '%' }));
    await this.metadata('LIST_COLUMNS', () => session.getColumns({ tableName: 'orders' }));
    await this.metadata('LIST_TABLE_TYPES', () => session.getTableTypes());
    await this.metadata('LIST_TYPE_INFO', () => session.getTypeInfo());
  }

  private async longQuery(session: Session): Promise<void> {
    this.progress('a long query that is polled');
    const sql = 'SELECT count(*) AS n FROM orders o JOIN customers c ON o.order_id % 211 = c.customer_id % 211';
    await this.statement('long query', ARROW, () => session.executeStatement(sql, { maxRows: null }));
  }

  private async largeResults(session: Session): Promise<void> {
    this.progress('inline Arrow, 150,000 rows');
    const inline = { useCloudFetch: false };
    await this.statement('inline Arrow', ARROW, () =>
      session.executeStatement('SELECT * FROM orders LIMIT 150000', inline),
    );
    this.progress('CloudFetch, the whole table');
    await this.statement('CloudFetch', LINKS, () =>
      session.executeStatement('SELECT * FROM orders', { useCloudFetch: true }),
    );
  }

  private async failures(session: Session): Promise<void> {
    this.progress('queries that fail');
    await this.statement('syntax error', 'failed', () => session.executeStatement('SELEC 1'));
    await this.statement('unknown table', 'failed', () => session.executeStatement('SELECT * FROM no_such_table'));
    const late =
      "SELECT max(CASE WHEN order_id < 900000 THEN order_id ELSE raise_error('too far') END) AS n FROM orders";
    await this.statement('run-time error', 'failed', () => session.executeStatement(late));
  }

  private async cancelledQuery(session: Session): Promise<void> {
    this.progress('a query that is cancelled');
    const endless = 'SELECT count(*) AS n FROM orders a JOIN orders b ON a.order_id * b.order_id % 9973 = 1';
    let cancelling: Promise<unknown> | undefined;
    await this.statement('cancelled query', 'cancelled', async () => {
      const operation = await session.executeStatement(endless);
      cancelling = sleep(400).then(() => operation.cancel());
      return operation;
    });
    await cancelling;
  }

  private async columnBased(): Promise<void> {
    this.progress('column-based results');
    const client = await this.connect();
    client.getConfig().arrowEnabled = false;
    const session = await client.openSession();
    const options = { useCloudFetch: false };
    await this.statement('column-based', COLUMNS, () =>
      session.executeStatement('SELECT * FROM orders LIMIT 5000', options),
    );
    await client.close();
  }

  private async manyAtOnce(): Promise<void> {
    this.progress('three clients with two sessions each, at once');
    const clients = await Promise.all([this.connect(), this.connect(), this.connect()]);
    await Promise.all(
      clients.flatMap((client) => [1, 2].map(async () => this.sessionOfQueries(await client.openSession()))),
    );
    await Promise.all(clients.map((client) => client.close()));
  }

  private async sessionOfQueries(session: Session): Promise<void> {
    for (let query = 0; query < 3; query += 1) {
      const sql = `SELECT order_id, quantity * ${query} AS n FROM orders LIMIT 2000`;
      await this.statement('concurrent', ARROW, () => session.executeStatement(sql));
    }
    await session.close();
  }

  private metadata(operation: string, submit: () => Promise<Operation>): Promise<void> {
    return this.statement('metadata', COLUMNS, submit, operation);
  }

  private async statement(
    label: string,
    expected: typeof ARROW | typeof COLUMNS | typeof LINKS | 'failed' | 'cancelled',
    submit: () => Promise<Operation>,
    operationType = 'EXECUTE_STATEMENT',
  ): Promise<void> {
    const startedAtMs = performance.now();
    try {
      const operation = await submit();
      const statementId = operation.id;
      const { outcome, rows } = await readAll(operation);
      const wallMs = performance.now() - startedAtMs;
      await operation.close();
      const format = expected === 'failed' || expected === 'cancelled' ? undefined : expected;
      if (outcome !== (format === undefined ? expected : 'delivered')) this.unexpected.push(`${label}: ${outcome}`);
      this.seen.push({ label, operation: operationType, statementId, outcome, format, rows, wallMs });
    } catch (error) {
      this.unexpected.push(`${label}: ${String(error)}`);
    }
  }
}
