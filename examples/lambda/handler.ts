/*
 * A Lambda handler that reports its statements to the workspace before it returns.
 *
 *   node -r ./tools/typescript.cjs -e "require('./examples/lambda/handler.ts').handler({ count: 3 }).then(console.log)"
 *
 * Needs DATABRICKS_HOST, DATABRICKS_HTTP_PATH and DATABRICKS_TOKEN. Optional: DATABRICKS_PORT.
 */
import { DBSQLClient } from 'databricks-sql-telemetry';

const {
  DATABRICKS_HOST: host = '',
  DATABRICKS_HTTP_PATH: path = '',
  DATABRICKS_TOKEN: token = '',
  DATABRICKS_PORT: port = '443',
} = process.env;

// Once for all invocations of an instance. One that cannot connect fails as it starts, and another takes its place.
const client = new DBSQLClient({ telemetryEnabled: true });
const connected = client.connect({ host, path, token, port: Number(port) });

export async function handler({ count }: { count: number }): Promise<{ statusCode: number; body: string }> {
  await connected;
  const session = await client.openSession();
  try {
    const operation = await session.executeStatement(
      'SELECT id, id * id AS square FROM range(1000) WHERE id < :count',
      {
        namedParameters: { count },
      },
    );
    return { statusCode: 200, body: JSON.stringify(await operation.fetchAll()) };
  } finally {
    await session.close();
    // The instance may be frozen as soon as the handler returns. Never rejects, and takes half a second at most.
    await client.flushTelemetry({ deadlineMs: 500 });
  }
}
