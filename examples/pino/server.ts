/*
 * A service whose log, made by pino, tells of its statements too: each at debug, one that failed as a warning with its error
 * after it, a slow one as a warning, and what the driver says at the driver's own level. One JSON object a line.
 *
 *   LOG_LEVEL=debug node -r ./tools/typescript.cjs examples/pino/server.ts     then: curl http://127.0.0.1:3000/squares/3
 *
 * Needs DATABRICKS_HOST, DATABRICKS_HTTP_PATH and DATABRICKS_TOKEN. Optional: DATABRICKS_PORT, PORT, LOG_LEVEL (default:
 * info), and DATABRICKS_TELEMETRY_SLOW_STATEMENT_MS (default: 10 s). Nothing but the query goes to the workspace.
 */
import { CallbackExporter, DBSQLClient, type ExportedRecord } from 'databricks-sql-telemetry';
import { fastify } from 'fastify';
import { pino } from 'pino';

const {
  DATABRICKS_HOST: host = '',
  DATABRICKS_HTTP_PATH: path = '',
  DATABRICKS_TOKEN: token = '',
  DATABRICKS_PORT: databricksPort = '443',
  PORT: port = '3000',
  LOG_LEVEL: level = 'info',
} = process.env;

const logger = pino({ level });
// Not `name`: errors have one.
const statements = logger.child({ component: 'databricks-sql' });

function logRecord(record: ExportedRecord): void {
  const { level: severity, ...fields } = record;
  const text = record.kind === 'statement' ? String(record) : record.kind;
  if (severity === 'INFO') statements.debug(fields, text);
  else if (severity === 'WARN') statements.warn(fields, text);
  else statements.error(fields, text);
}

const client = new DBSQLClient({
  logger: { log: (of, message) => statements[of](message) },
  telemetryExporters: [new CallbackExporter(logRecord)],
  onSlowStatement: (summary, { warehouseId }) =>
    statements.warn({ ...summary, warehouseId }, `slow: ${String(summary)}`),
});

async function squares(count: number): Promise<object[]> {
  const session = await client.openSession();
  try {
    const operation = await session.executeStatement(
      'SELECT id, id * id AS square FROM range(1000) WHERE id < :count',
      {
        namedParameters: { count },
      },
    );
    return await operation.fetchAll();
  } finally {
    await session.close();
  }
}

// Fastify logs with pino: requests and statements are in one stream.
const app = fastify({ loggerInstance: logger });
const params = { type: 'object', properties: { count: { type: 'integer' } } };
app.get<{ Params: { count: number } }>('/squares/:count', { schema: { params } }, (request) =>
  squares(request.params.count),
);
app.addHook('onReady', () => client.connect({ host, path, token, port: Number(databricksPort) }).then(() => undefined));
// Requests under way are answered first; closing hands the last records to the log.
app.addHook('onClose', () => client.close());
process.once('SIGTERM', () => void app.close());

void app.listen({ port: Number(port), host: '127.0.0.1' });
