/*
 * A Fastify route that runs a query; the trace of each request holds the statement.
 *
 *   node -r ./tools/typescript.cjs examples/fastify/server.ts     then: curl http://127.0.0.1:3000/squares/3
 *
 * Needs DATABRICKS_HOST, DATABRICKS_HTTP_PATH and DATABRICKS_TOKEN. Optional: DATABRICKS_PORT, PORT, and those of
 * examples/tracing.ts. Nothing but the query goes to the workspace: its telemetry is off by default.
 */
import { stopTracing } from '../tracing';
import { DBSQLClient } from 'databricks-sql-telemetry';
import { fastify } from 'fastify';

const {
  DATABRICKS_HOST: host = '',
  DATABRICKS_HTTP_PATH: path = '',
  DATABRICKS_TOKEN: token = '',
  DATABRICKS_PORT: databricksPort = '443',
  PORT: port = '3000',
} = process.env;

const client = new DBSQLClient();

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

const app = fastify();
const params = { type: 'object', properties: { count: { type: 'integer' } } };
app.get<{ Params: { count: number } }>('/squares/:count', { schema: { params } }, (request) =>
  squares(request.params.count),
);
app.addHook('onReady', () => client.connect({ host, path, token, port: Number(databricksPort) }).then(() => undefined));
// Requests under way are answered first; their spans leave last.
app.addHook('onClose', () => client.close().then(stopTracing));
process.once('SIGTERM', () => void app.close());

void app.listen({ port: Number(port), host: '127.0.0.1' }).then((address) => console.log(address));
