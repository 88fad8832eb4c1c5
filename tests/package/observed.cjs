/*
 * Run by tools/check-package.mjs with each driver and runtime: does a little of everything, and prints as JSON which of
 * it the library's events show. `node observed.cjs [kernel]`.
 */
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { DBSQLClient, TelemetryEventType } = require('databricks-sql-telemetry');
const { connectionOptions } = require('./query.cjs');

const { DATABRICKS_ADMIN_TOKEN } = process.env;
const isKernel = process.argv.includes('kernel');
const folder = mkdtempSync(join(tmpdir(), 'observed-'));
const quiet = { log: () => undefined };

/** Makes the workspace answer as `fault` says. The queries' own certificate check does not matter for that. */
function addFault(fault) {
  const { host, port, customCaCert: ca } = connectionOptions;
  const headers = { authorization: `Bearer ${DATABRICKS_ADMIN_TOKEN}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const options = { host, port, ca, method: 'POST', path: '/admin/faults', headers };
    const request = require('node:https').request(options, (response) => response.resume().on('end', resolve));
    request.on('error', reject).end(JSON.stringify(fault));
  });
}

async function rowsOf(session, sql, options) {
  const operation = await session.executeStatement(sql, options);
  const rows = await operation.fetchAll();
  await operation.close();
  return rows.length;
}

/** Each fact: what makes it happen, and how the statement's summary or an event shows it. */
const FACTS = [
  ['sessions', async () => undefined, ({ opened, closed }) => opened > 0 && closed > 0],
  [
    'statements: id, outcome, rows',
    (s) => rowsOf(s, 'SELECT 1 AS one'),
    ({ last }) => last.statementId && last.outcome === 'delivered' && last.rowCount === 1,
  ],
  [
    'time of the backend, time to the first row',
    (s) => rowsOf(s, 'SELECT sleep(0.2)'),
    ({ last }) => last.latencyMs >= 200 && last.firstRowLatencyMs >= 200,
  ],
  ['status requests', (s) => rowsOf(s, 'SELECT sleep(0.4)', { maxRows: null }), ({ last }) => last.pollCount > 0],
  ['result format', (s) => rowsOf(s, 'SELECT 1 AS one'), ({ last }) => last.executionResult === 'INLINE_ARROW'],
  [
    'CloudFetch files and their times',
    (s) => rowsOf(s, 'SELECT id, repeat(uuid(), 20) AS text FROM range(60000)', { useCloudFetch: true }),
    ({ last }) => last.filesDownloaded > 0 && last.sumFileLatencyMs > 0,
  ],
  [
    'retries and their causes',
    async (s) => {
      await addFault({ rpc: 'GetOperationStatus', status: 503, headers: { 'retry-after': '1' }, times: 1 });
      await rowsOf(s, 'SELECT sleep(0.4)', { maxRows: null });
    },
    ({ last }) => last.retryCount === 1 && last.retryCauses === '503:1',
  ],
  [
    'failures and their SQLSTATE',
    (s) => rowsOf(s, 'SELECT * FROM no_such_table').catch(() => 0),
    ({ last, error }) => last.outcome === 'failed' && error?.error.sqlState === '42P01',
  ],
  [
    'cancelled statements',
    async (s) => {
      const operation = await s.executeStatement('SELECT sleep(5)', { maxRows: null });
      await operation.cancel();
    },
    ({ last }) => last.outcome === 'cancelled',
  ],
  [
    'metadata calls',
    async (s) => {
      const operation = await s.getTables({ catalogName: 'main' });
      await operation.fetchAll();
      await operation.close();
    },
    ({ last }) => last.operationType === 'LIST_TABLES' && last.outcome === 'delivered',
  ],
  [
    'volume transfers and their size',
    async (s) => {
      const file = join(folder, 'some.txt');
      writeFileSync(file, 'some text');
      const operation = await s.executeStatement(
        `PUT '${file}' INTO '/Volumes/main/default/files/some.txt' OVERWRITE`,
        {
          stagingAllowedLocalPath: [folder],
        },
      );
      await operation.close();
    },
    ({ last }) => last.volumeOperation === 'PUT' && last.volumeBytes === 9,
  ],
];

async function main() {
  const seen = { opened: 0, closed: 0, last: {}, error: undefined };
  const client = new DBSQLClient({ logger: quiet, telemetryEnabled: true, telemetryDryRun: () => undefined });
  client.telemetryEvents.on(TelemetryEventType.CONNECTION_OPEN, () => (seen.opened += 1));
  client.telemetryEvents.on(TelemetryEventType.CONNECTION_CLOSE, () => (seen.closed += 1));
  client.telemetryEvents.on(TelemetryEventType.STATEMENT_COMPLETE, ({ summary }) => (seen.last = summary ?? {}));
  client.telemetryEvents.on(TelemetryEventType.ERROR, (event) => (seen.error = event));
  const { host, port } = connectionOptions;
  const kernelOptions = { host: `${host}:${port}`, port: undefined, useKernel: true };
  await client.connect({ ...connectionOptions, ...(isKernel ? kernelOptions : {}) });
  const session = await client.openSession();
  await rowsOf(session, 'CREATE VOLUME IF NOT EXISTS main.default.files').catch(() => 0);
  const results = [];
  for (const [name, happen, shows] of FACTS) {
    seen.last = {};
    seen.error = undefined;
    const problem = await happen(session).then(
      () => undefined,
      (thrown) => String(thrown?.message ?? thrown),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    results.push({ name, shows, seen: { ...seen }, problem });
  }
  await session.close();
  await client.close();
  const facts = results.map(({ name, shows, seen: then, problem }) => {
    const state = name === 'sessions' ? seen : then;
    return [name, problem === undefined && Boolean(shows(state)), problem ?? state];
  });
  if (process.env.OBSERVED_DEBUG) console.error(JSON.stringify(facts, undefined, 1));
  console.log(JSON.stringify(Object.fromEntries(facts.map(([name, isSeen]) => [name, isSeen]))));
}

main().finally(() => rmSync(folder, { recursive: true, force: true }));
