import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CollectorOptions } from 'databricks-telemetry-collector';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

const DAY_MS = 86_400_000;
const TABLES = ['statements', 'errors', 'sessions', 'dims', 'history', 'intake', 'intake_names'];
const HISTORY = { headers: { 'content-type': 'application/json' }, method: 'POST' };

/** Sends what leaves something in each table, from a clock that is `daysAgo` behind. */
async function sendAll({ collector, client }: TestCollector, daysAgo: number): Promise<void> {
  const { now } = Date;
  Date.now = () => now() - daysAgo * DAY_MS;
  try {
    const error = { error_name: 'OperationStateError', stack_trace: 'stage=execute code=ERROR sqlstate=42P01' };
    await deliver(collector.address, [
      sessionLog({ sessionId: 'S', service: 'checkout', host: 'one.test' }),
      statementLog({ sessionId: 'S', statementId: 'failed', error }),
      statementLog({ sessionId: 'S', statementId: 'known', operation: { brand_new_field: 1 } }),
    ]);
    const time = new Date(Date.now()).toISOString();
    const row = { statement_id: 'known', start_time: time, update_time: time, total_duration_ms: 5 };
    const body = JSON.stringify([row]);
    const answer = await fetch(`${collector.address}/api/v1/query-history`, { ...HISTORY, body });
    expect(await answer.json()).to.deep.equal({ accepted: 1, rejected: 0 });
    await loaded(client, 3);
  } finally {
    Date.now = now;
  }
}

/** Rows of each table of the database in `data`, which nobody has open. */
async function rowsOf(data: string): Promise<Record<string, number>> {
  const instance = await DuckDBInstance.create(join(data, 'telemetry.duckdb'));
  const connection = await instance.connect();
  const counts: [string, number][] = [];
  for (const table of TABLES) {
    const [[count] = []] = (await connection.runAndReadAll(`SELECT count(*) FROM ${table}`)).getRows();
    counts.push([table, Number(count)]);
  }
  connection.closeSync();
  instance.closeSync();
  return Object.fromEntries(counts);
}

describe('of what is to be forgotten', () => {
  const EMPTY = Object.fromEntries(TABLES.map((table) => [table, 0]));

  it('nothing is left in any table when its time is over', async () => {
    let test = await testCollector({ retentionDays: 365, recentDays: 90 });
    await sendAll(test, 20);
    await test.collector.close();
    for (const [table, rows] of Object.entries(await rowsOf(test.data))) expect(rows, table).to.be.greaterThan(0);
    test = await testCollector({ retentionDays: 10, recentDays: 90 }, test.data);
    expect((await test.client.expire(false)).statements).to.equal(2);
    await test.collector.close();
    expect(await rowsOf(test.data)).to.deep.equal(EMPTY);
    rmSync(test.data, { recursive: true });
  });

  const away: CollectorOptions = { store: 'clickhouse', clickhouse: { url: 'http://127.0.0.1:1' } };
  for (const options of [{}, away]) {
    it(`no export and no file on its way outlives the process that made it (${options.store ?? 'duckdb'})`, async () => {
      const data = mkdtempSync(join(tmpdir(), 'collector-left-'));
      mkdirSync(join(data, 'tmp'));
      for (const name of ['export-1.csv', 'export-2.csv.duckdb', `${randomUUID()}.parquet`]) {
        writeFileSync(join(data, 'tmp', name), 'telemetry');
      }
      const test = await testCollector(options, data);
      expect(readdirSync(join(data, 'tmp'))).to.deep.equal([]);
      await test.end();
    });
  }

  for (const whose of [{ host: 'HTTPS://One.test:443' }, { application: 'checkout' }, { session: 'S' }]) {
    it(`nothing is left in any table but counts when all of one ${Object.keys(whose).join('')} is removed`, async () => {
      const test = await testCollector();
      await sendAll(test, 0);
      expect(await test.client.remove(whose)).to.deep.equal({ removed: 2 });
      await test.collector.close();
      const { intake: _intake, intake_names: _names, dims, ...left } = await rowsOf(test.data);
      // A session has its connection in common with others.
      expect([left, dims]).to.deep.equal([
        { statements: 0, errors: 0, sessions: 0, history: 0 },
        'session' in whose ? 1 : 0,
      ]);
      rmSync(test.data, { recursive: true });
    });
  }
});
