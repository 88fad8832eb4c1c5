import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpSync } from 'node:fs';
import { CollectorClient, startCollector } from 'databricks-telemetry-collector';
import { sessionLog, statementLog } from './logs';
import { deliver, filesWith, loaded, testCollector, type TestCollector } from './testCollector';

const DAY_MS = 86_400_000;
const PER_DAY = 50;
const DAYS = 8;
const ALL = { from: 0, to: Date.now() + DAY_MS };

/** Statements of eight days, from two services on two hosts. */
function logs(): object[] {
  const now = Date.now();
  return Array.from({ length: DAYS }, (_, day) =>
    ['checkout', 'pricing'].flatMap((service) => {
      const sessionId = `${service}-${day}`;
      const timeMs = now - day * DAY_MS;
      return [
        sessionLog({ sessionId, service, host: `${service}.test`, timeMs }),
        ...Array.from({ length: PER_DAY / 2 }, (_, i) =>
          statementLog({ sessionId, statementId: `${sessionId}-${i}`, timeMs: timeMs - i, latencyMs: day * 100 + i }),
        ),
      ];
    }),
  ).flat();
}

const files = (data: string): string[] =>
  readdirSync(join(data, 'days'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.parquet'));

describe('retention, export and removal', () => {
  let test: TestCollector;
  beforeEach(async () => {
    test = await testCollector({ retentionDays: 365, recentDays: 2 });
    const all = logs();
    await deliver(test.collector.address, all);
    await loaded(test.client, all.length);
  });
  afterEach(() => test.end());

  const count = async (client: CollectorClient, question: object = {}): Promise<number> =>
    (await client.overview({ ...ALL, ...question })).current.statements;

  it('older days become files, and every answer stays the same', async () => {
    const before = await test.client.overview(ALL);
    const one = await test.client.statement(`checkout-${DAYS - 1}-3`);
    await test.client.expire(false);
    expect(files(test.data).length).to.be.within(DAYS - 3, DAYS - 1);
    expect(await test.client.overview(ALL)).to.deep.equal(before);
    expect(await test.client.statement(`checkout-${DAYS - 1}-3`)).to.deep.equal(one);
    test = await test.restart();
    expect(await test.client.overview(ALL)).to.deep.equal(before);
  });

  it('deletes what has expired; a dry run only says what would be deleted', async () => {
    await test.client.expire(false);
    test = await test.restart({ retentionDays: 4.5, recentDays: 2 });
    const dry = await test.client.expire(true);
    expect(dry.statements).to.be.within(2 * PER_DAY, 3 * PER_DAY);
    expect(await count(test.client)).to.equal(DAYS * PER_DAY);
    const gone = await test.client.expire(false);
    expect({ ...gone, dryRun: true }).to.deep.equal(dry);
    expect(await count(test.client)).to.equal(DAYS * PER_DAY - gone.statements);
    for (const file of gone.files) expect(existsSync(join(test.data, file))).to.equal(false);
    expect((await test.client.expire(true)).statements).to.equal(0);
  });

  it('deletes the names of services and hosts with the last that came from them, and those of nobody else', async () => {
    const timeMs = Date.now() - 20 * DAY_MS;
    const gone = { sessionId: 'gone', service: 'gone-service', host: 'gone.test', timeMs };
    await deliver(test.collector.address, [sessionLog(gone), statementLog({ sessionId: 'gone', timeMs })]);
    await loaded(test.client, logs().length + 2);
    expect((await test.client.names()).services).to.deep.equal(['checkout', 'gone-service', 'pricing']);
    test = await test.restart({ retentionDays: 15, recentDays: 2 });
    expect((await test.client.expire(false)).statements).to.equal(1);
    const { services, hosts } = await test.client.names();
    expect([services, hosts]).to.deep.equal([['checkout', 'pricing'], ['checkout.test', 'pricing.test']]); // prettier-ignore
    expect(await count(test.client, { service: 'checkout' })).to.equal((DAYS * PER_DAY) / 2);
    // Who comes back is known again.
    const back = { ...gone, sessionId: 'back', timeMs: Date.now() };
    await deliver(test.collector.address, [sessionLog(back), statementLog({ sessionId: 'back' })]);
    await loaded(test.client, logs().length + 4);
    expect(await count(test.client, { service: 'gone-service' })).to.equal(1);
    await test.collector.close();
    expect(filesWith(test.data, 'gone.test').filter((file) => !/journal|duckdb/.test(file))).to.deep.equal([]);
  });

  it('shows no more of a day what is past its time, before all of the day is', async () => {
    const day = Math.floor(Date.now() / DAY_MS) * DAY_MS - 20 * DAY_MS;
    const at = (hour: number): object[] =>
      [1, 2, 3].map((i) => statementLog({ statementId: `${hour}-${i}`, timeMs: day + hour * 3_600_000 + i }));
    await deliver(test.collector.address, [...at(2), ...at(22)]);
    await loaded(test.client, logs().length + 6);
    const question = { from: day, to: day + DAY_MS };
    const shown = async (): Promise<(string | null)[]> =>
      (await test.client.statements(question)).statements.map(({ statementId }) => statementId).sort();
    await test.client.expire(false);
    expect(await shown()).to.have.lengthOf(6);
    expect(await count(test.client, question)).to.equal(6);
    const retentionDays = (Date.now() - day - DAY_MS / 2) / DAY_MS;
    test = await test.restart({ retentionDays, recentDays: 2 });
    expect(await count(test.client, question)).to.equal(6);
    const before = files(test.data);
    expect(await test.client.expire(true)).to.deep.include({ statements: 3, files: [] });
    expect(await test.client.expire(false)).to.deep.include({ statements: 3, files: [] });
    expect(files(test.data)).to.deep.equal(before);
    expect((await test.client.expire(false)).statements).to.equal(0);
    expect([await count(test.client, question), await shown()]).to.deep.equal([3, ['22-1', '22-2', '22-3']]);
    // Gone is gone, also when more is kept from now on.
    test = await test.restart({ retentionDays: 365, recentDays: 2 });
    expect(await shown()).to.have.lengthOf(3);
  });

  it('keeps older days within their bytes: the oldest go first', async () => {
    await test.client.expire(false);
    const before = files(test.data).length;
    test = await test.restart({ retentionDays: 365, recentDays: 2, retentionBytes: 20_000 });
    await test.client.expire(false);
    expect(files(test.data).length).to.be.below(before);
    expect(await count(test.client, { service: 'checkout', minMs: 0, maxMs: 100 })).to.equal(PER_DAY / 2);
    expect((await test.client.health({ from: 0 })).stored.oldestMs).to.be.greaterThan(Date.now() - DAYS * DAY_MS);
  });

  for (const [whose, removed, left] of [
    [{ host: 'checkout.test' }, (DAYS * PER_DAY) / 2, (DAYS * PER_DAY) / 2],
    [{ application: 'pricing' }, (DAYS * PER_DAY) / 2, (DAYS * PER_DAY) / 2],
    [{ session: `checkout-${DAYS - 1}` }, PER_DAY / 2, DAYS * PER_DAY - PER_DAY / 2],
  ] as const) {
    it(`deletes all that came from one ${Object.keys(whose)[0] ?? ''}, from older files too`, async () => {
      await test.client.expire(false);
      expect(await test.client.remove(whose)).to.deep.equal({ removed });
      expect(await count(test.client)).to.equal(left);
      test = await test.restart();
      expect(await count(test.client)).to.equal(left);
      const { statements } = await test.client.statements({ ...ALL, limit: 1000 });
      const [[name, value] = []] = Object.entries(whose);
      const column = { host: 'host', application: 'service', session: 'sessionId' }[name ?? ''] ?? '';
      expect(statements.filter((row) => row[column as 'host'] === value)).to.deep.equal([]);
    });
  }

  it('exports a selection as CSV, JSON lines and Parquet with the same rows', async () => {
    await test.client.expire(false);
    const question = { ...ALL, service: 'checkout' };
    const rows = (DAYS * PER_DAY) / 2;
    const csv = await (await test.client.export({ ...question, format: 'csv' })).text();
    expect(csv.trim().split('\n')).to.have.lengthOf(rows + 1);
    const jsonl = await (await test.client.export({ ...question, format: 'jsonl' })).text();
    const parsed = jsonl
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(parsed).to.have.lengthOf(rows);
    expect(parsed.every(({ service }) => service === 'checkout')).to.equal(true);
    const file = join(test.data, 'out.parquet');
    const parquet = await test.client.export({ ...question, format: 'parquet' });
    writeFileSync(file, new Uint8Array(await parquet.arrayBuffer()));
    const database = await (await DuckDBInstance.create()).connect();
    const reader = await database.runAndReadAll(`SELECT count(*), sum("latencyMs") FROM '${file}'`);
    const sum = parsed.reduce((all, { latencyMs }) => all + Number(latencyMs), 0);
    expect(reader.getRows().map((row) => row.map(Number))).to.deep.equal([[rows, sum]]);
    for (const path of [file, join(test.data, 'days', files(test.data)[0] ?? '')]) {
      const marks = await database.runAndReadAll(
        `SELECT decode(key), decode(value) FROM parquet_kv_metadata('${path}')`,
      );
      expect(marks.getRows(), path).to.deep.include(['databricks_telemetry_version', '3']);
    }
    expect(readdirSync(join(test.data, 'tmp')).filter((name) => name.startsWith('export'))).to.deep.equal([]);
  });

  it('exports nothing that a table program would run: such texts get a quote in CSV, and stay as they are elsewhere', async () => {
    const service = '=HYPERLINK("http://evil.example";"x")';
    const sessionId = '=1+1';
    await deliver(test.collector.address, [
      sessionLog({ sessionId, service }),
      ...['+1', '-1', 'plain', '=2'].map((statementId) => statementLog({ sessionId, statementId, latencyMs: 3 })),
    ]);
    await loaded(test.client, logs().length + 5);
    const question = { ...ALL, service };
    const csv = await (await test.client.export({ ...question, format: 'csv' })).text();
    const cells = csv.split('\n').map((line) => line.split(',').slice(0, 2));
    expect(cells.slice(1, 5).map(([id]) => id)).to.have.members(["'+1", "'-1", 'plain', "'=2"]);
    expect(cells.slice(1, 5).map(([, session]) => session)).to.deep.equal(Array(4).fill("'=1+1"));
    expect(csv)
      .to.include(`"'=HYPERLINK(""http://evil.example"";""x"")"`)
      .and.not.match(/(?:^|,)"?[=+@-]\D/m);
    const jsonl = await (await test.client.export({ ...question, format: 'jsonl' })).text();
    const rows = jsonl.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
    expect(rows.map(({ statementId }) => statementId)).to.have.members(['+1', '-1', 'plain', '=2']);
    expect(rows.every((row) => row['service'] === service && row['sessionId'] === sessionId)).to.equal(true);
  });

  it('a backup that was made while it runs opens as a collector with the same answers', async () => {
    await test.client.expire(false);
    await test.client.setRule({ scope: 'all', level: 'WARN' });
    const expected = await test.client.overview(ALL);
    const { folder } = await test.client.backup();
    const data = mkdtempSync(join(tmpdir(), 'collector-restored-'));
    cpSync(folder, data, { recursive: true });
    const restored = await startCollector({ port: 0, data });
    const client = new CollectorClient(restored.address);
    expect(await client.overview(ALL)).to.deep.equal(expected);
    expect((await client.configuration()).rules).to.have.lengthOf(1);
    await deliver(restored.address, [statementLog({ statementId: 'after' })]);
    await loaded(client, logs().length + 1);
    expect((await client.statement('after')).statement.statementId).to.equal('after');
    await restored.close();
    rmSync(data, { recursive: true, force: true });
  });

  it('refuses a data folder that is in use, and one that a newer release wrote', async () => {
    const inUse: unknown = await startCollector({ port: 0, data: test.data }).catch((error: unknown) => error);
    expect((inUse as Error).message).to.match(/in use/i);
    await test.collector.close();
    const instance = await DuckDBInstance.create(join(test.data, 'telemetry.duckdb'));
    const connection = await instance.connect();
    await connection.run("UPDATE meta SET value = '99' WHERE name = 'store version'");
    connection.closeSync();
    instance.closeSync();
    const newer: unknown = await startCollector({ port: 0, data: test.data }).catch((error: unknown) => error);
    expect((newer as Error).message).to.equal(
      'The store has version 99; this release reads up to 3. Use a newer release of the collector.',
    );
  });
});
