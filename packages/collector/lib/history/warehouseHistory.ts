import type * as DriverModule from '@databricks/sql';
import { OptionError } from '../options';
import type { HistoryRow } from '../store/Store';
import { HISTORY_COLUMNS, historyRows, type HistoryRecord } from './historyRows';
import type { HistoryOptions } from './options';

/** Where a query history can be asked for. */
export interface HistorySource {
  /** Rows that were updated at `fromMs` or later, part by part. Rejects when the warehouse cannot be asked. */
  since(fromMs: number): AsyncIterable<readonly HistoryRow[]>;
  close(): Promise<void>;
}

const ROWS_PER_PART = 2_000;
/** A warehouse that does not answer a call by then is asked again at the next interval. */
const TIMEOUT_MS = 300_000;
const SELECTED = HISTORY_COLUMNS.map((name) =>
  name === 'compute' ? '`compute`.`warehouse_id` AS `compute.warehouse_id`' : `\`${name}\``,
).join(', ');

/** Throws an OptionError that says what to install when the driver, an optional peer, is not there. */
function driver(): typeof DriverModule {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- not installed by those who pull nothing
    return require('@databricks/sql') as typeof DriverModule;
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== 'MODULE_NOT_FOUND') throw error;
    throw new OptionError('Pulling the query history needs a package that is not here: npm install @databricks/sql');
  }
}

/** The query history of a warehouse, by the official driver: a connection for each question. */
export function warehouseHistory(options: HistoryOptions): HistorySource {
  const { DBSQLClient } = driver();
  const { host, port, path, token, ca, table = 'system.query.history' } = options;
  const name = table
    .split('.')
    .map((part) => `\`${part}\``)
    .join('.');
  let open: InstanceType<typeof DBSQLClient> | undefined;

  async function* since(fromMs: number): AsyncGenerator<readonly HistoryRow[]> {
    const client = (open = new DBSQLClient({ logger: { log: () => undefined } }));
    try {
      await client.connect({
        host,
        path,
        token,
        userAgentEntry: 'databricks-telemetry-collector',
        // What it asks is no statement of the applications that it is about.
        telemetryEnabled: false,
        socketTimeout: TIMEOUT_MS,
        ...(port === undefined ? {} : { port }),
        ...(ca === undefined ? {} : { customCaCert: ca }),
      });
      const session = await client.openSession();
      const from = new Date(fromMs).toISOString().replace('T', ' ').replace('Z', '');
      const operation = await session.executeStatement(
        `SELECT ${SELECTED} FROM ${name} WHERE \`update_time\` >= TIMESTAMP '${from}'`,
        { maxRows: ROWS_PER_PART },
      );
      do {
        const records = (await operation.fetchChunk({ maxRows: ROWS_PER_PART })) as HistoryRecord[];
        yield historyRows(records).rows;
      } while (await operation.hasMoreRows());
      await operation.close();
      await session.close();
    } finally {
      open = undefined;
      await client.close();
    }
  }
  return { since, close: async () => open?.close() };
}
