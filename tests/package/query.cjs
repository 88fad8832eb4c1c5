// One query with telemetry, against the workspace that the environment names. In every application of this folder.
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');

const {
  DATABRICKS_SERVER_HOSTNAME: host,
  DATABRICKS_PORT: port,
  DATABRICKS_HTTP_PATH: path,
  DATABRICKS_TOKEN: token,
  NODE_EXTRA_CA_CERTS: ca,
} = process.env;

/** Options for `connect()`. */
exports.connectionOptions = { host, port: Number(port), path, token, customCaCert: readFileSync(ca, 'utf8') };

/** Queries with a client of `DBSQLClient`; throws unless the rows are right and every record was delivered. */
exports.query = async function query(DBSQLClient) {
  const client = new DBSQLClient({ telemetryEnabled: true });
  await client.connect(exports.connectionOptions);
  const session = await client.openSession();
  const operation = await session.executeStatement('SELECT 1 AS one');
  const rows = await operation.fetchAll();
  await operation.close();
  await session.close();
  await client.close();
  assert.deepEqual(rows, [{ one: 1 }]);
  const { collected, delivered } = client.getTelemetryStats();
  assert.deepEqual({ collected, delivered }, { collected: 3, delivered: 3 });
};
