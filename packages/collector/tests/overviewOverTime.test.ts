import { expect } from 'chai';
import type { StatementSummary } from 'databricks-telemetry-collector';
import * as counting from './counting';
import { Random } from './fleet/Random';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

const STEPS = Number(process.env['COLLECTOR_OVERVIEW_STEPS'] ?? 20);
const HOUR_MS = 3_600_000;
const TO = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
const FROM = TO - 100 * HOUR_MS;
const SESSIONS = 12;
const SERVICES = ['checkout', 'pricing', 'search'];

type Window = {
  readonly from: number;
  readonly to: number;
  readonly minMs?: number;
};

async function rowsOf({ client }: TestCollector, question: object): Promise<StatementSummary[]> {
  const text = await (await client.export({ ...question, format: 'jsonl' })).text();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as StatementSummary);
}

describe('answers that are asked for again and again while statements come, change and go', function () {
  this.timeout(300_000);
  const random = new Random(7);
  const sent: { id: string; session: number; timeMs: number }[] = [];
  let logs = 0;
  let test: TestCollector;
  before(async () => {
    test = await testCollector({ retentionDays: 3_650 });
  });
  after(() => test.end());

  async function send(batch: readonly object[]): Promise<void> {
    await deliver(test.collector.address, batch);
    await loaded(test.client, (logs += batch.length));
  }

  const arriving = (count: number, fromMs: number, toMs: number): object[] =>
    Array.from({ length: count }, () => {
      const facts = {
        id: `statement-${sent.length}`,
        session: random.whole(0, SESSIONS - 1),
        timeMs: random.whole(fromMs, toMs - 1),
      };
      sent.push(facts);
      const { id: statementId, session, timeMs } = facts;
      const local = { outcome: random.chance(0.2) ? 'failed' : 'delivered' };
      return statementLog({ statementId, sessionId: `s${session}`, timeMs, latencyMs: random.around(100, 1), local });
    });

  /** Closes a statement that is stored already; its log may say that it began earlier, in another hour. */
  const closing = (): object => {
    const { id: statementId, session, timeMs } = random.pick(sent as [(typeof sent)[0]]);
    const earlier = timeMs - random.pick([0, 2 * HOUR_MS]);
    const operation = { statementId, sessionId: `s${session}`, timeMs: earlier, latencyMs: 3 };
    return statementLog({ ...operation, operationType: 'CLOSE_STATEMENT' });
  };

  /** Describes a session whose statements may be stored already: they get another service. */
  const describing = (session: number): object =>
    sessionLog({ sessionId: `s${session}`, service: SERVICES[session % 3] ?? '', timeMs: FROM });

  /** The other questions that are answered from what is kept. */
  async function others(question: Window, rows: readonly StatementSummary[], name: string): Promise<void> {
    const { client } = test;
    const fleet = await client.fleet(question);
    expect(counting.saidFleet(fleet), name).to.deep.equal(counting.countedFleet(rows, fleet));
    // Why these? is asked of the whole window, however slow.
    if (question.minMs === undefined) {
      const explanation = await client.explain({ ...question, selectedMinMs: 90 });
      expect(counting.saidExplanation(explanation), name).to.deep.equal(counting.countedExplanation(rows, 90));
    }
    const split = Math.round((question.from + question.to) / 2);
    const comparison = await client.compare({ ...question, split, by: 'service' });
    expect(counting.saidComparison(comparison), name).to.deep.equal(counting.countedComparison(rows, split));
  }

  it(`gives at each of ${STEPS} steps what its statements add up to when they are counted one by one`, async () => {
    const filters = [{}, { service: ['checkout'] }, { outcome: ['failed'] }, { minMs: 100 }];
    let found: number[] = [];
    await send(arriving(300, FROM, TO));
    for (let step = 0; step < STEPS; step += 1) {
      if (step % 4 === 0) await send(arriving(20, TO - HOUR_MS, TO));
      if (step % 4 === 1) await send([closing(), closing(), closing()]);
      if (step % 4 === 2) await send(arriving(3, FROM, TO));
      if (step % 4 === 3 && step < 4 * SESSIONS) await send([describing(Math.floor(step / 4))]);
      if (step === 18) await test.client.remove({ session: 's5' });
      // Also windows whose ends are in the middle of an hour.
      const window = { from: FROM + random.pick([0, 1_234_567]), to: TO - random.pick([0, 7_654_321]) };
      found = [];
      for (const question of filters.map((filter) => ({ ...window, ...filter }))) {
        const overview = await test.client.overview(question);
        const rows = await rowsOf(test, question);
        const name = `step ${step} ${JSON.stringify(question)}`;
        expect(counting.saidOverview(overview), name).to.deep.equal(counting.countedOverview(rows, overview));
        const heatmap = await test.client.heatmap(question);
        expect(counting.saidHeatmap(heatmap), name).to.deep.equal(counting.countedHeatmap(rows, heatmap));
        // Of every kind of step, one.
        if (step % 5 === 0) await others(question, rows, name);
        found.push(rows.length);
      }
    }
    expect(Math.min(...found)).to.be.greaterThan(0);
  });

  it('says the same after a restart, which forgets what was added up', async () => {
    const window = { from: FROM, to: TO };
    const before = await test.client.overview(window);
    test = await test.restart();
    expect(await test.client.overview(window)).to.deep.equal(before);
  });

  it('says what its statements add up to when logs come late for those in files, and when files are written anew', async () => {
    const { now } = Date;
    const window = { from: FROM, to: TO };
    const distinct = (rows: readonly StatementSummary[]): number => new Set(rows.map((row) => row.statementId)).size;
    await test.client.expire(false);
    const { length } = await rowsOf(test, window);
    for (let step = 0; step < STEPS / 5; step += 1) {
      await send([closing(), closing(), ...arriving(1, FROM, TO - 80 * HOUR_MS)]);
      Date.now = () => now() + step * HOUR_MS;
      await test.client.expire(false);
      Date.now = now;
      for (const question of [window, { ...window, service: ['checkout'] }]) {
        const overview = await test.client.overview(question);
        const rows = await rowsOf(test, question);
        expect(counting.saidOverview(overview), `step ${step}`).to.deep.equal(counting.countedOverview(rows, overview));
        if (step % 3 === 0) await others(question, rows, `step ${step}`);
        expect(distinct(rows)).to.equal(rows.length);
      }
    }
    expect(await rowsOf(test, window)).to.have.length.greaterThan(length);
  });

  it('says the same when older days have become files, and what is left when they are past their time', async () => {
    const window = { from: FROM, to: TO };
    const before = await test.client.overview(window);
    await test.client.expire(false);
    expect(await test.client.overview(window)).to.deep.equal(before);
    test = await test.restart({ retentionDays: 3 });
    const all = (await test.client.overview({ ...window, from: 0 })).current.statements;
    const { statements } = await test.client.expire(false);
    expect(statements).to.be.greaterThan(0);
    const left = await test.client.overview(window);
    expect((await test.client.overview({ ...window, from: 0 })).current.statements).to.equal(all - statements);
    expect(counting.saidOverview(left)).to.deep.equal(counting.countedOverview(await rowsOf(test, window), left));
  });
});
