// Data folders with many statements, made in seconds.
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { DuckStore } from '../dist/store/duckdb/DuckStore.js';

/** Fills a data folder with statements of the last `days` days, random ids and all. */
export async function fill(folder, statements, days) {
  const store = await DuckStore.open({ folder, memoryMb: 1024, threads: 2, recentDays: 2 });
  await store.close();
  const instance = await DuckDBInstance.create(join(folder, 'telemetry.duckdb'));
  const connection = await instance.connect();
  const now = Date.now();
  await connection.run(
    `INSERT INTO dims BY NAME SELECT i AS dim, 'service-' || (i % 200) AS service, 'workspace.test' AS host, 'wh' || (i % 8) AS warehouse, 'nodejs-sql-driver' AS driver, '2.' || (i % 4) || '.0' AS "driverVersion", 'Node.js' AS runtime, 'v20' AS "runtimeVersion", ${now - days * 864e5} AS "firstMs" FROM range(400) t(i)`,
  );
  await connection.run(
    `INSERT INTO sessions BY NAME SELECT i AS session, uuid()::VARCHAR AS "sessionId", i % 400 AS dim, true AS resolved, ${now} AS "startMs" FROM range(${Math.ceil(statements / 20)}) t(i)`,
  );
  await connection.run(
    `INSERT INTO statements BY NAME SELECT (${now} - ${days * 864e5} + i * ${(days * 864e5) / statements})::BIGINT AS "timeMs", (${now} - ${days * 864e5} + i * ${(days * 864e5) / statements})::BIGINT AS "receivedMs", uuid() AS "statementUuid", (i // 20)::INTEGER AS session, ((i // 20) % 400)::INTEGER AS dim, 'EXECUTE_STATEMENT' AS "operationType", 'QUERY' AS "statementType", 'INLINE_ARROW' AS "executionResult", CASE WHEN hash(i) % 100 = 0 THEN 'failed' ELSE 'delivered' END AS outcome, least(600000, exp(3 + (hash(i * 3) % 1000) / 130.0))::INTEGER AS "latencyMs", (hash(i * 5) % 50)::INTEGER AS "resultConsumptionLatencyMs", 1 AS "pollCount", (hash(i * 7) % 20)::INTEGER AS "pollLatencyMs", (hash(i * 9) % 50 = 0)::INTEGER AS "retryCount", (hash(i * 11) % 10000)::BIGINT AS "rowCount" FROM range(${statements}) t(i)`,
  );
  await connection.run(
    `INSERT INTO event_keys SELECT (hash(i) // 2)::BIGINT, (hash(-i) // 2)::BIGINT, ${now} FROM range(${statements}) t(i)`,
  );
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
}
