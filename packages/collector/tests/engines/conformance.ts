import { expect } from 'chai';
import type { CollectorClient, CollectorOptions } from 'databricks-telemetry-collector';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector, until, type TestCollector } from '../testCollector';
import { comparable, questions } from './questions';
import { END_MS, FROM_MS, history, workload } from './workload';

const DAY_MS = 86_400_000;
const WINDOW = { from: FROM_MS, to: END_MS };
const LATE = statementLog({ timeMs: END_MS - 1_000, eventId: 'late', statementId: 'late', sessionId: 'session-0' });

/** Sends the workload in turns to `collectors`, which share a store, and waits until it can be asked for. */
async function send(collectors: readonly TestCollector[]): Promise<void> {
  let sent = 0;
  for (const [i, batch] of workload().entries()) {
    const { collector, client } = collectors[i % collectors.length] as TestCollector;
    await deliver(collector.address, batch);
    sent += batch.length;
    await loaded(client, sent);
  }
  const { address } = (collectors[0] as TestCollector).collector;
  const rows = history();
  for (const part of [rows.slice(0, 60), rows.slice(60)]) {
    const body = part.map((row) => JSON.stringify(row)).join('\n');
    const headers = { 'content-type': 'application/x-ndjson' };
    const response = await fetch(`${address}/api/v1/query-history`, { method: 'POST', headers, body });
    expect(response.status).to.equal(200);
  }
}

async function exported(client: CollectorClient, format: string): Promise<string> {
  return (await client.export({ ...WINDOW, format })).text();
}

const withoutArrival = (lines: string): unknown =>
  lines
    .trim()
    .split('\n')
    .map((line) => JSON.stringify(comparable(JSON.parse(line))))
    .sort();

/**
 * What every engine must do as DuckDB does it, which the tests of the questions hold against figures counted by hand:
 * same logs, same questions, same answers. `engine` gives options for a store that is empty the first time.
 */
export function conformsWith(engine: () => Promise<CollectorOptions>, both: boolean): void {
  let reference: TestCollector;
  let first: TestCollector;
  let second: TestCollector | undefined;
  let options: CollectorOptions;

  before(async function () {
    this.timeout(400_000);
    reference = await testCollector();
    options = await engine();
    // Nothing is past its time until a test says so.
    const keeping = { ...options, retentionDays: 365 };
    first = await testCollector(keeping);
    second = both ? await testCollector(keeping) : undefined;
    await Promise.all([send([reference]), send(second === undefined ? [first] : [first, second])]);
  });
  after(async function () {
    this.timeout(180_000);
    await first.end();
    await second?.end();
    await reference.end();
  });

  const others = (): TestCollector[] => (second === undefined ? [first] : [first, second]);

  for (const name of Object.keys(questions({} as CollectorClient))) {
    it(`answers as the embedded store does: ${name}`, async () => {
      const wanted = comparable(await questions(reference.client)[name]?.());
      expect(JSON.stringify(wanted)).to.have.length.greaterThan(10);
      for (const { client } of others()) {
        expect(comparable(await questions(client)[name]?.())).to.deep.equal(wanted);
      }
    }).timeout(180_000);
  }

  it('exports the same statements', async () => {
    const wanted = await exported(reference.client, 'jsonl');
    const given = await exported(first.client, 'jsonl');
    expect(withoutArrival(given)).to.deep.equal(withoutArrival(wanted));
    const [header] = (await exported(reference.client, 'csv')).split('\n');
    expect((await exported(first.client, 'csv')).split('\n')[0]).to.equal(header);
    expect((await exported(first.client, 'parquet')).slice(0, 4)).to.equal('PAR1');
  }).timeout(180_000);

  it('a collector that starts again goes on where it was, and counts nothing twice', async () => {
    const before = await first.client.overview(WINDOW);
    first = await first.restart();
    expect(comparable(await first.client.overview(WINDOW))).to.deep.equal(comparable(before));
    for (const { collector, client } of [first, reference]) {
      await deliver(collector.address, [LATE]);
      await until(
        () => client.overview(WINDOW),
        ({ current }) => current.statements === before.current.statements + 1,
      );
    }
    await first.client.remove({ session: 'session-1' });
    await reference.client.remove({ session: 'session-1' });
  }).timeout(120_000);

  it('forgets a session, a host and an application, and what is past its time', async () => {
    const left = async ({ client }: TestCollector): Promise<unknown> => ({
      statements: (await client.overview(WINDOW)).current.statements,
      errors: (await client.errors(WINDOW)).errors,
      names: await client.names(),
    });
    expect(await left(first)).to.deep.equal(await left(reference));
    for (const whose of [{ host: 'host-2.test' }, { application: 'checkout' }]) {
      expect(await first.client.remove(whose)).to.deep.equal(await reference.client.remove(whose));
      expect(await left(first)).to.deep.equal(await left(reference));
    }
    const old = { sessionId: 'old', service: 'old-service', timeMs: Date.now() - 40 * DAY_MS };
    await deliver(first.collector.address, [sessionLog(old), statementLog({ ...old, statementId: 'old' })]);
    await until(
      () => first.client.names(),
      ({ services }) => services.includes(old.service),
    );
    await second?.collector.close();
    first = await first.restart(options);
    expect((await first.client.expire(true)).statements).to.equal(1);
    expect((await first.client.expire(false)).statements).to.equal(1);
    expect((await first.client.expire(true)).statements).to.equal(0);
    expect(await left(first)).to.deep.equal(await left(reference));
  }).timeout(120_000);
}
