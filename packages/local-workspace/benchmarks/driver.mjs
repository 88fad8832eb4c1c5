// Where the time of a query goes: in the workspace, in the driver, on the wire.
// Run after a build: node benchmarks/driver.mjs [--json]
import { createRequire } from 'node:module';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

const require = createRequire(import.meta.url);

if (!isMainThread) {
  // The workspace has a thread of its own, so that its time is not the driver's.
  const { startLocalWorkspace } = require('../dist/index.js');
  const workspace = await startLocalWorkspace({ seed: 'demo' });
  parentPort.postMessage(workspace.connectionOptions);
  let since = process.cpuUsage();
  parentPort.on('message', async (message) => {
    if (message === 'stop') {
      await workspace.close();
      process.exit(0);
    }
    const requests = workspace.received.requests();
    const servedMs = requests.reduce((sum, request) => sum + (request.durationMs ?? 0), 0);
    const bytes = requests.reduce((sum, request) => sum + request.responseBytes, 0);
    parentPort.postMessage({
      requests: requests.length,
      servedMs,
      bytes,
      eventLoop: performance.eventLoopUtilization(),
    });
    workspace.received.clear();
    since = process.cpuUsage(since);
  });
} else {
  const { DBSQLClient } = require('@databricks/sql');
  const worker = new Worker(new URL(import.meta.url));
  const next = () => new Promise((resolve) => worker.once('message', resolve));
  const options = await next();
  const serverSide = () => {
    const answer = next();
    worker.postMessage('read');
    return answer;
  };
  const client = new DBSQLClient({ logger: { log() {} } });
  await client.connect({ ...options, telemetryEnabled: false });
  const session = await client.openSession();
  const results = [];

  const measure = async (name, work) => {
    const before = await serverSide();
    const loopBefore = performance.eventLoopUtilization();
    const started = performance.now();
    await work();
    const elapsedMs = performance.now() - started;
    const driver = performance.eventLoopUtilization(loopBefore);
    const after = await serverSide();
    const serverActiveMs = after.eventLoop.active - before.eventLoop.active;
    const row = {
      name,
      elapsedMs: Math.round(elapsedMs),
      driverActiveMs: Math.round(driver.active),
      serverActiveMs: Math.round(serverActiveMs),
      serverRequestMs: Math.round(after.servedMs),
      waitingMs: Math.round(Math.max(0, elapsedMs - driver.active)),
      requests: after.requests,
      megabytes: +(after.bytes / 1e6).toFixed(1),
      serverShareOfDriver: +(serverActiveMs / driver.active).toFixed(2),
    };
    results.push(row);
  };
  const fetchAll = async (sql, statementOptions) => {
    const operation = await session.executeStatement(sql, statementOptions);
    let rows = 0;
    do rows += (await operation.fetchChunk({ maxRows: 100_000, disableBuffering: true })).length;
    while (await operation.hasMoreRows());
    await operation.close();
    return rows;
  };
  for (let i = 0; i < 50; i++) await fetchAll('SELECT 1');
  await measure('500 x SELECT 1, one after the other', async () => {
    for (let i = 0; i < 500; i++) await fetchAll('SELECT 1');
  });
  await measure('1M rows x 10 columns, CloudFetch', () => fetchAll('SELECT * FROM main.default.orders'));
  await measure('1M rows x 10 columns, inline Arrow', () =>
    fetchAll('SELECT * FROM main.default.orders', { useCloudFetch: false }),
  );
  await session.close();
  await client.close();
  worker.postMessage('stop');
  if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2));
  else console.table(results);
  const cloudFetch = results[1];
  if (cloudFetch.serverActiveMs >= cloudFetch.driverActiveMs) {
    console.error('The workspace takes more time for a CloudFetch result than the driver.');
    process.exitCode = 1;
  }
}
