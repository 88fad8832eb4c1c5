/*
 * An Express route that runs a query; the trace of each request holds the statement.
 *
 *   node -r ./tools/typescript.cjs examples/express/server.ts     then: curl http://127.0.0.1:3000/squares/3
 *
 * Needs DATABRICKS_HOST, DATABRICKS_HTTP_PATH and DATABRICKS_TOKEN. Optional: DATABRICKS_PORT, PORT, and those of
 * examples/tracing.ts. Nothing but the query goes to the workspace: its telemetry is off by default.
 */
import { stopTracing } from '../tracing';
import type { AddressInfo } from 'node:net';
import { DBSQLClient } from 'databricks-sql-telemetry';
import express from 'express';

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

async function main(): Promise<void> {
  await client.connect({ host, path, token, port: Number(databricksPort) });
  const app = express();
  app.get('/squares/:count', async (request, response) => {
    const count = Number(request.params.count);
    if (!Number.isInteger(count)) response.sendStatus(400);
    else response.json(await squares(count));
  });
  const server = app.listen(Number(port), '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  process.once('SIGTERM', () => {
    // Requests under way are answered first; their spans leave last.
    server.close(() => void client.close().then(stopTracing));
  });
}

void main();
