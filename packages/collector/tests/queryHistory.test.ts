import { DBSQLClient } from '@databricks/sql';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { startLocalWorkspace } from 'databricks-local-workspace';
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsOf } from '../lib/options';
import { statementLog } from './logs';
import { deliver, loaded, testCollector, until, type TestCollector } from './testCollector';

const CANARY = 'canary-4711-customer@example.com';
const ROWS = 40;
const START = Date.UTC(2026, 0, 15, 10);
/** As `system.query.history` has them; a dialect that DuckDB and Databricks share. */
const SELECT = (ids: readonly string[]): string =>
  ids
    .map(
      (id, i) =>
        `SELECT '${id}' AS statement_id, TIMESTAMP '2026-01-15 10:00:00' AS start_time, TIMESTAMP '2026-01-15 10:00:01' ` +
        `AS end_time, TIMESTAMP '2026-01-15 10:00:02' AS update_time, CAST(${100 + i} AS BIGINT) AS total_duration_ms, ` +
        'CAST(1 AS BIGINT) AS waiting_for_compute_duration_ms, CAST(2 AS BIGINT) AS waiting_at_capacity_duration_ms, ' +
        'CAST(3 AS BIGINT) AS compilation_duration_ms, CAST(50 AS BIGINT) AS execution_duration_ms, ' +
        'CAST(NULL AS BIGINT) AS result_fetch_duration_ms, CAST(9 AS BIGINT) AS total_task_duration_ms, ' +
        'CAST(7000 AS BIGINT) AS read_bytes, CAST(70 AS BIGINT) AS read_rows, CAST(7 AS BIGINT) AS produced_rows, ' +
        `CAST(0 AS BIGINT) AS spilled_local_bytes, false AS from_result_cache, 'FINISHED' AS execution_status, ` +
        `'SELECT' AS statement_type, '${CANARY}' AS statement_text, '${CANARY}' AS executed_by, '${CANARY}' AS error_message`,
    )
    .join(' UNION ALL ');

describe('a query history', function () {
  this.timeout(180_000);
  const ids = Array.from({ length: ROWS }, () => randomUUID());
  let test: TestCollector;
  let folder: string;
  let database: DuckDBConnection;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'query-history-'));
    database = await (await DuckDBInstance.create()).connect();
    await database.run(
      `CREATE TABLE history AS SELECT *, {'type': 'WAREHOUSE', 'warehouse_id': 'abc123'} AS compute FROM (${SELECT(ids)})`,
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    test = await testCollector();
    const logs = ids.map((statementId) => statementLog({ statementId, latencyMs: 500, timeMs: Date.now() }));
    await deliver(test.collector.address, logs);
    await loaded(test.client, ROWS);
  });
  afterEach(() => test.end());

  const upload = (body: Uint8Array, type: string): Promise<Response> =>
    fetch(`${test.collector.address}/api/v1/query-history`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: new Uint8Array(body),
    });
  const file = async (name: string, options: string, rows = 'FROM history'): Promise<Buffer> => {
    await database.run(`COPY (${rows}) TO '${join(folder, name)}' (${options})`);
    return readFileSync(join(folder, name));
  };

  for (const [name, type, options] of [
    ['history.jsonl', 'application/x-ndjson', 'FORMAT json'],
    ['history.json', 'application/json', 'FORMAT json, ARRAY true'],
    ['history.csv', 'text/csv; charset=utf-8', 'FORMAT csv, HEADER'],
    ['snappy.parquet', 'application/vnd.apache.parquet', 'FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048'],
    ['zstd.parquet', 'application/vnd.apache.parquet', 'FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2'],
    ['gzip.parquet', 'application/vnd.apache.parquet', 'FORMAT parquet, COMPRESSION gzip'],
  ] as const) {
    it(`enters as ${name} and keeps the allowed columns alone`, async () => {
      const response = await upload(await file(name, options), type);
      expect(await response.json()).to.deep.equal({ accepted: ROWS, rejected: 0 });
      const { server } = await test.client.statement(ids[5] ?? '');
      expect(server).to.deep.equal({
        startMs: START,
        endMs: START + 1_000,
        totalMs: 105,
        waitingForComputeMs: 1,
        waitingAtCapacityMs: 2,
        compilationMs: 3,
        executionMs: 50,
        resultFetchMs: null,
        readBytes: 7_000,
        readRows: 70,
        producedRows: 7,
        spilledBytes: 0,
        fromResultCache: false,
        executionStatus: 'FINISHED',
      });
      const { joined, withoutPartner } = await test.client.clientServer({ from: 0 });
      expect({ joined, withoutPartner }).to.deep.equal({ joined: ROWS, withoutPartner: 0 });
      await test.collector.close();
      for (const path of readdirSync(test.data, { recursive: true }).map((path) => join(test.data, String(path)))) {
        if (statSync(path).isFile()) expect(readFileSync(path).includes(CANARY), path).to.equal(false);
      }
    });
  }

  it('enters with the mark that some programs put before UTF-8, with line ends of Windows, quotes and line breaks in cells', async () => {
    const [id = ''] = ids;
    const start = new Date(START).toISOString();
    const csv = ['statement_text,statement_id,start_time', `"SELECT ""a"",\r\n1","${id}",${start}`, ''].join('\r\n');
    const json = JSON.stringify({ statement_id: id, start_time: start, statement_text: 'SELECT "a"' });
    for (const [text, type] of [
      [csv, 'text/csv'],
      [json, 'application/x-ndjson'],
      [`[${json}]`, 'application/json'],
    ] as const) {
      const response = await upload(Buffer.from(`\ufeff${text}`), type);
      expect(await response.json(), type).to.deep.equal({ accepted: 1, rejected: 0 });
    }
    expect((await test.client.statement(id)).server).to.include({ startMs: START, totalMs: null });
  });

  it('may be empty, as a file with columns and without', async () => {
    const parquet = await file('empty.parquet', 'FORMAT parquet', 'FROM history LIMIT 0');
    for (const [body, type] of [
      [parquet, 'application/vnd.apache.parquet'],
      [Buffer.from('statement_id,start_time\r\n'), 'text/csv'],
      [Buffer.alloc(0), 'text/csv'],
      [Buffer.from('[]'), 'application/json'],
    ] as const) {
      expect(await (await upload(body, type)).json(), type).to.deep.equal({ accepted: 0, rejected: 0 });
    }
  });

  it('is refused when it is not what its content type says, or lacks the columns without which no row is known', async () => {
    const parquet = await file('whole.parquet', 'FORMAT parquet');
    for (const [body, type] of [
      [Buffer.from('no parquet'), 'application/vnd.apache.parquet'],
      [parquet.subarray(0, parquet.length - 50), 'application/vnd.apache.parquet'],
      [
        Buffer.concat([parquet.subarray(0, 40), Buffer.alloc(400, 255), parquet.subarray(440)]),
        'application/vnd.apache.parquet',
      ],
      [parquet, 'application/x-ndjson'],
      [
        await file('other.parquet', 'FORMAT parquet', 'SELECT 1 AS total_duration_ms'),
        'application/vnd.apache.parquet',
      ],
      [Buffer.from(`statement_id;start_time\n${ids[0] ?? ''};2026-01-15`), 'text/csv'],
      [Buffer.from(`\ufeffstatement_id,start_time\n${ids[0] ?? ''},2026-01-15`, 'utf16le'), 'text/csv'],
      [Buffer.from(`statement_text,statement_id,start_time\n"a \\"b\\"",${ids[0] ?? ''},2026-01-15`), 'text/csv'],
      [Buffer.from(`statement_id,start_time\n${ids[0] ?? ''},"2026-01-15`), 'text/csv'],
    ] as const) {
      const response = await upload(body, type);
      expect(response.status).to.equal(400);
      expect(((await response.json()) as { error: object }).error).to.deep.equal({
        code: 'malformed_body',
        message: 'The body is not what its content type says, or has no columns `statement_id` and `start_time`.',
      });
    }
    expect((await upload(parquet, 'application/octet-stream')).status).to.equal(415);
    expect((await test.client.clientServer({ from: 0 })).withoutPartner).to.equal(ROWS);
  });
});

describe('a query history that is asked for', function () {
  this.timeout(120_000);

  it('is pulled from a warehouse, again after every interval, and nothing but its columns is asked for', async () => {
    const ids = Array.from({ length: 5 }, () => randomUUID());
    const workspace = await startLocalWorkspace();
    const { host, port, path, token, customCaCert } = workspace.connectionOptions;
    const client = new DBSQLClient({ logger: { log: () => undefined } });
    await client.connect({ ...workspace.connectionOptions, telemetryEnabled: false });
    const session = await client.openSession();
    const run = async (sql: string): Promise<void> => {
      const operation = await session.executeStatement(sql);
      await operation.fetchAll();
      await operation.close();
    };
    const view = (known: readonly string[]): Promise<void> =>
      run(
        `CREATE OR REPLACE VIEW query_history AS SELECT *, named_struct('type', 'WAREHOUSE', 'warehouse_id', 'abc123') ` +
          `AS compute FROM (${SELECT(known).replaceAll("TIMESTAMP '2026-01-15 10:00:02'", 'current_timestamp()')})`,
      );
    await view(ids.slice(0, 3));
    const lines: string[] = [];
    const history = { host, port, path, token, ca: customCaCert, table: 'query_history', intervalMinutes: 0.02 };
    const test = await testCollector({ history, log: (line) => lines.push(JSON.stringify(line)) });
    await deliver(
      test.collector.address,
      ids.map((statementId) => statementLog({ statementId, latencyMs: 500 })),
    );
    await loaded(test.client, ids.length);
    const joined = async (): Promise<number> => (await test.client.clientServer({ from: 0 })).joined;
    await until(joined, (count) => count === 3, 30_000);
    expect((await test.client.statement(ids[1] ?? '')).server?.totalMs).to.equal(101);
    await view(ids);
    await until(joined, (count) => count === 5, 30_000);
    await session.close();
    await client.close();
    await workspace.close();
    await until(
      () => Promise.resolve(lines),
      (all) => all.some((line) => line.includes('history_pull_failed')),
      30_000,
    );
    expect(lines.filter((line) => line.includes(token))).to.deep.equal([]);
    expect(JSON.parse(readFileSync(join(test.data, 'history-pull.json'), 'utf8'))).to.include({ version: 1 });
    await test.end();
  });

  it('needs a host, a path and a token, and a name for its table', () => {
    const whole = { host: 'example.cloud.databricks.com', path: '/sql/1.0/warehouses/abc', token: 'dapi-token' };
    expect(settingsOf({ history: whole }).history).to.equal(whole);
    expect(() => settingsOf({ history: { ...whole, token: '' } })).to.throw('history needs its token.');
    expect(() => settingsOf({ history: { ...whole, host: 'https://x' } })).to.throw('must be a name');
    expect(() => settingsOf({ history: { ...whole, table: 'a; DROP TABLE b' } })).to.throw('must be a name');
    expect(() => settingsOf({ history: { ...whole, intervalMinutes: 0 } })).to.throw('from 0.01 to 35791');
  });
});
