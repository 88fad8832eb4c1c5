import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'chai';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StatementSummary } from 'databricks-telemetry-collector';
import { sessionLog, statementLog, type StatementFacts } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const KEPT = { retentionDays: 365, recentDays: 2 };
const ALL = { from: 0, to: Date.now() + DAY_MS };
/** In the middle of a day that has long been a file, and of the day after it. */
const THEN_MS = Math.floor(Date.now() / DAY_MS - 9) * DAY_MS + DAY_MS / 2;
const LATER_MS = THEN_MS + DAY_MS;
const UUIDS = ['0a0a0a0a-0000-4000-8000-000000000001', '0a0a0a0a-0000-4000-8000-000000000002'];
const IDS = [...UUIDS, 'text-1', 'Text-2'];

describe('a log that comes when its statement is in a file already', function () {
  this.timeout(180_000);
  let test: TestCollector;
  let logs: number;
  const { now } = Date;

  beforeEach(async () => {
    test = await testCollector(KEPT, mkdtempSync(join(tmpdir(), 'collector-late-')));
    logs = 0;
    await send([
      sessionLog({ sessionId: 's', service: 'checkout', host: 'old.test', timeMs: THEN_MS }),
      ...IDS.map((statementId) =>
        statementLog({ statementId, sessionId: 's', timeMs: THEN_MS, latencyMs: 40, local: { rowCount: 7 } }),
      ),
      ...[1, 2, 3].map((i) => statementLog({ statementId: `other-${i}`, sessionId: 's', timeMs: LATER_MS })),
    ]);
    await test.client.expire(false);
    expect(files()).to.have.lengthOf(2);
  });
  afterEach(async () => {
    Date.now = now;
    await test.end();
  });

  const files = (): string[] =>
    readdirSync(join(test.data, 'days'), { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.parquet'));
  const send = async (batch: readonly object[]): Promise<void> => {
    await deliver(test.collector.address, batch);
    await loaded(test.client, (logs += batch.length));
  };
  const late = (statementId: string, facts: StatementFacts = {}): object =>
    statementLog({ statementId, sessionId: 's', timeMs: THEN_MS + 5, operationType: 'CLOSE_STATEMENT', ...facts });
  const all = async (): Promise<readonly StatementSummary[]> =>
    (await test.client.statements({ ...ALL, limit: 1_000 })).statements;
  /** Moves older days as if an hour had passed. */
  const anHourLater = async (): Promise<void> => {
    Date.now = () => now() + HOUR_MS + 1_000;
    await test.client.expire(false);
    Date.now = now;
  };
  /** Statements that stand in the database itself, once the collector has ended. */
  const inTable = async (): Promise<number> => {
    await test.collector.close();
    const instance = await DuckDBInstance.create(join(test.data, 'telemetry.duckdb'));
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll('SELECT count(*) FROM statements');
    connection.closeSync();
    instance.closeSync();
    return Number(reader.getRows()[0]?.[0]);
  };

  it('adds to its one row, at once, after a restart and when the file is written anew', async () => {
    const before = await all();
    await test.client.expire(false);
    await send(IDS.map((id, i) => late(id, { latencyMs: i + 1 })));
    const holds = async (): Promise<void> => {
      const statements = await all();
      expect(statements.map(({ statementId }) => statementId)).to.have.members([
        ...IDS,
        'other-1',
        'other-2',
        'other-3',
      ]);
      for (const [i, id] of IDS.entries()) {
        const { statement } = await test.client.statement(id);
        expect(statement).to.deep.equal({
          ...before.find(({ statementId }) => statementId === id),
          closeLatencyMs: i + 1,
        });
      }
      expect((await test.client.overview(ALL)).current.statements).to.equal(IDS.length + 3);
    };
    await holds();
    test = await test.restart();
    await holds();
    await test.client.expire(false);
    await anHourLater();
    await holds();
    expect(files()).to.have.lengthOf(2);
    expect(await inTable()).to.equal(0);
    test = await testCollector(KEPT, test.data);
    await holds();
  });

  it('adds to it also when it says another day than the statement, or comes as an error or the rest of it', async () => {
    const [closed = '', failed = '', told = '', early = ''] = IDS;
    await send([
      late(closed, { timeMs: now(), latencyMs: 3 }),
      late(failed, { operationType: 'EXECUTE_STATEMENT', error: { error_name: 'HiveDriverError' } }),
      late(told, { operationType: 'EXECUTE_STATEMENT', local: { outcome: 'delivered', byteCount: 99 } }),
      late(early, { timeMs: THEN_MS - DAY_MS, latencyMs: 4 }),
    ]);
    const holds = async (): Promise<void> => {
      expect(await all()).to.have.lengthOf(IDS.length + 3);
      const [one, two, three, four] = await Promise.all(IDS.map((id) => test.client.statement(id)));
      expect(one?.statement).to.include({ timeMs: THEN_MS, closeLatencyMs: 3, rowCount: 7 });
      expect(two?.statement).to.include({ outcome: 'failed', errorName: 'HiveDriverError', rowCount: 7 });
      expect(two?.errors).to.have.lengthOf(1);
      expect(three?.statement).to.include({ outcome: 'delivered', byteCount: 99, rowCount: 7 });
      expect(four?.statement).to.include({ timeMs: THEN_MS - DAY_MS, closeLatencyMs: 4, rowCount: 7 });
    };
    await holds();
    await test.client.expire(false);
    await anHourLater();
    await holds();
    expect(await inTable()).to.equal(0);
    test = await testCollector(KEPT, test.data);
    await holds();
  });

  it('a statement of such a day that no file tells of is one more, in the one file of its day', async () => {
    await send([statementLog({ statementId: 'new', sessionId: 's', timeMs: THEN_MS, latencyMs: 1 })]);
    expect(await all()).to.have.lengthOf(IDS.length + 4);
    await test.client.expire(false);
    expect(files()).to.have.lengthOf(2);
    await anHourLater();
    expect(files()).to.have.lengthOf(2);
    expect(await all()).to.have.lengthOf(IDS.length + 4);
  });

  it('is forgotten with its statement, and its time passes with it', async () => {
    const [first = ''] = IDS;
    await send([late(first, { timeMs: THEN_MS - DAY_MS, latencyMs: 3 })]);
    // Retention takes the statement, by the time that it has now, and nothing of the file comes back.
    test = await test.restart({ ...KEPT, retentionDays: (now() - THEN_MS + HOUR_MS) / DAY_MS });
    expect((await test.client.expire(false)).statements).to.equal(1);
    expect((await all()).map(({ statementId }) => statementId)).to.not.include(first);
    await send([late(IDS[2] ?? '', { latencyMs: 3 })]);
    expect(await test.client.remove({ host: 'old.test' })).to.deep.equal({ removed: IDS.length + 2 });
    expect(await all()).to.deep.equal([]);
    test = await test.restart();
    expect(await all()).to.deep.equal([]);
  });
});
