import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { LogLine } from '../lib/options';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, testCollector, until, type TestCollector } from './testCollector';
import { withFaults } from './withFaults';

describe('a collector whose store cannot load', function () {
  this.timeout(180_000);
  let faults: string;
  let test: TestCollector;
  let thread: Worker;
  let lines: LogLine[];
  let restore: () => void;

  beforeEach(async () => {
    faults = mkdtempSync(join(tmpdir(), 'collector-faults-'));
    lines = [];
    restore = withFaults(faults, (started) => (thread = started));
    test = await testCollector({ log: (line) => lines.push(line) });
  });
  afterEach(async () => {
    restore();
    await test.end();
    rmSync(faults, { recursive: true, force: true });
  });

  const begin = (fault: string): void => writeFileSync(join(faults, fault), '');
  const end = (fault: string): void => rmSync(join(faults, fault));
  const statusOf = async (path: string): Promise<number> => (await fetch(test.collector.address + path)).status;
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${test.collector.address}/metrics`)).text();
    return Number(new RegExp(`^databricks_telemetry_collector_${name} (\\S+)$`, 'm').exec(text)?.[1]);
  };
  const events = (name: string): LogLine[] => lines.filter(({ event }) => event === name);

  it('shows it in /readyz, /metrics, health and its log, tries again at a bounded pace, and loses nothing', async () => {
    const { address } = test.collector;
    await deliver(address, [statementLog({ statementId: 'before' })]);
    await loaded(test.client, 1);
    expect([await metric('store_failing'), await metric('store_failures_total')]).to.deep.equal([0, 0]);
    const startMs = performance.now();
    begin('load');
    await deliver(address, [statementLog({ statementId: 'meanwhile' })]);
    const { store } = await until(
      () => test.client.health(),
      (health) => health.store.failures >= 2,
    );
    expect(store.failure).to.equal('Binder Error: Ambiguous reference to column name');
    expect(await statusOf('/readyz')).to.equal(503);
    expect(await statusOf('/healthz')).to.equal(200);
    expect(await metric('store_failing')).to.equal(1);
    expect(await metric('store_failures_total')).to.be.at.least(2);
    expect(await metric('journal_bytes')).to.be.greaterThan(0);
    await deliver(address, [statementLog({ statementId: 'still' })]);
    expect((await test.client.statements()).statements).to.have.lengthOf(1);
    end('load');
    await loaded(test.client, 3);
    expect((await test.client.health()).store.failure).to.equal(null);
    expect([await statusOf('/readyz'), await metric('store_failing')]).to.deep.equal([200, 0]);
    // A second, then longer and longer.
    expect(events('load_failed').length).to.be.within(2, 2 + (performance.now() - startMs) / 1_000);
    expect(JSON.stringify(lines)).to.not.match(/secret|SELECT/);
    const ids = (await test.client.statements()).statements.map(({ statementId }) => statementId);
    expect(ids).to.have.members(['before', 'meanwhile', 'still']);
  });

  it('opens its database anew when loads fail again and again, without a restart', async () => {
    begin('connection');
    await deliver(test.collector.address, [statementLog({ statementId: 'first' })]);
    await until(
      () => test.client.health(),
      (health) => health.store.failures >= 1,
    );
    end('connection');
    await loaded(test.client, 1);
    expect(events('load_failed')).to.have.lengthOf(3);
    expect((await test.client.statement('first')).statement.statementId).to.equal('first');
  });

  it('starts its thread again when that has ended; what was acknowledged meanwhile is loaded', async () => {
    const { address } = test.collector;
    await deliver(address, [sessionLog({ service: 'checkout' }), statementLog({ statementId: 'before' })]);
    await loaded(test.client, 2);
    await thread.terminate();
    const refused = await fetch(`${address}/api/v1/overview`);
    expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '5']);
    expect(await refused.json()).to.deep.equal({
      error: { code: 'store_reopening', message: 'The store is being opened again.' },
    });
    expect([await statusOf('/readyz'), await metric('store_failing')]).to.deep.equal([503, 1]);
    await deliver(address, [statementLog({ statementId: 'meanwhile' })]);
    await until(
      () => statusOf('/readyz'),
      (status) => status === 200,
    );
    await loaded(test.client, 3);
    expect((await test.client.statements({ service: ['checkout'] })).statements).to.have.lengthOf(2);
    expect(lines.map(({ event }) => event)).to.include.members(['store_died', 'store_reopened']);
  });

  it('puts a row aside that it cannot take in, tells which file it is in, and goes on with all others', async () => {
    begin('row');
    const { address } = test.collector;
    const ids = Array.from({ length: 20 }, (_, i) => (i === 7 ? 'poison' : `good-${i}`));
    await deliver(address, ids.map((statementId) => statementLog({ statementId }))); // prettier-ignore
    await deliver(address, [statementLog({ statementId: 'behind' })]);
    const { journal, store } = await until(
      () => test.client.health(),
      ({ stored }) => stored.statements === 20,
    );
    expect([journal.putAside, store.failure]).to.deep.equal([1, null]);
    const { received, accepted, rejected, rejectedBy } = await test.client.health();
    expect({ received, accepted, rejected }).to.deep.equal({ received: 21, accepted: 20, rejected: 1 });
    expect(rejectedBy).to.deep.equal([{ name: 'not_storable', count: 1 }]);
    const stored = (await test.client.statements()).statements.map(({ statementId }) => statementId);
    expect(stored).to.have.members([...ids.filter((id) => id !== 'poison'), 'behind']);
    const [aside] = events('rows_put_aside');
    expect(aside).to.include({ rows: 1, message: 'Conversion Error: Could not cast' });
    const { rows } = JSON.parse(readFileSync(String(aside?.['file']), 'utf8')) as { rows: { statementId: string }[] };
    expect(rows.map(({ statementId }) => statementId)).to.deep.equal(['poison']);
    expect([await metric('rows_put_aside_total'), await statusOf('/readyz')]).to.deep.equal([1, 200]);
    expect(JSON.stringify(lines)).to.not.include('secret');
    // It is telemetry like any other: retention lets go of it as well.
    const long = (Date.now() - 40 * 86_400_000) / 1_000;
    utimesSync(String(aside?.['file']), long, long);
    expect((await test.client.expire(false)).files).to.have.lengthOf(1);
    expect(existsSync(String(aside?.['file']))).to.equal(false);
  });

  it('logs of a question that fails neither SQL nor the values of its filters', async () => {
    begin('question');
    const response = await fetch(`${test.collector.address}/api/v1/statements?service=secret&minMs=4711`);
    expect(response.status).to.equal(500);
    expect(await response.text()).to.not.match(/secret|SELECT|4711/);
    const [failed] = events('request_failed');
    expect(failed?.['message']).to.equal('Conversion Error: Could not convert string');
    expect(JSON.stringify(lines)).to.not.match(/secret|SELECT|4711/);
    end('question');
  });
});

describe('the embedded store', () => {
  it('a later log that closes or cancels a statement that is stored already updates it, and the loader goes on', async () => {
    const test = await testCollector();
    const { address } = test.collector;
    const ids = ['0f0f0f0f-0000-4000-8000-000000000000', 'No-UUID'];
    await deliver(
      address,
      ids.map((statementId) => statementLog({ statementId, latencyMs: 40 })),
    );
    await loaded(test.client, 2);
    for (const [i, operationType] of ['CLOSE_STATEMENT', 'CANCEL_STATEMENT'].entries()) {
      await deliver(
        address,
        ids.map((statementId) => statementLog({ statementId, operationType, latencyMs: 7 + i })),
      );
      await loaded(test.client, 4 + 2 * i);
    }
    for (const id of ids) {
      const { statement } = await test.client.statement(id);
      expect(statement).to.include({ latencyMs: 40, closeLatencyMs: 7, outcome: 'cancelled' });
      expect(statement.operationType).to.equal('EXECUTE_STATEMENT');
    }
    await deliver(address, [statementLog({ statementId: 'afterwards' })]);
    await loaded(test.client, 7);
    expect((await test.client.overview()).current.statements).to.equal(3);
    expect((await test.client.health()).store).to.include({ failure: null, failures: 0 });
    await test.end();
  });
});
