import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CollectorError, type CollectorClient } from 'databricks-telemetry-collector';
import { fromSources } from './fromSources';
import { statementLog } from './logs';
import { SmallDisk, waysHere } from './smallDisk';
import { deliver, loaded, post, testCollector, until } from './testCollector';

const DAY_MS = 86_400_000;
const ALL = { from: 0, to: Date.now() + DAY_MS };
const DAYS = 6;
const PER_DAY = 1_000;

/** What `ask` is refused with. */
async function refusal(ask: Promise<unknown>): Promise<string> {
  const error: unknown = await ask.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof CollectorError ? `${error.status} ${error.code}` : String(error);
}

const count = async (client: CollectorClient): Promise<number> => (await client.overview(ALL)).current.statements;

/** The count as soon as there is an answer: a database that was given up is opened again. */
const untilCounted = (client: CollectorClient): Promise<number> =>
  until(
    () => count(client).catch(() => 0),
    (value) => value > 0,
  );

/** Statements of six days; how many. */
async function bring(address: string, client: CollectorClient): Promise<number> {
  for (let day = 0; day < DAYS; day += 1) {
    for (let i = 0; i < PER_DAY; i += 200) {
      const timeMs = Date.now() - day * DAY_MS;
      await deliver(
        address,
        Array.from({ length: 200 }, (_, k) => statementLog({ latencyMs: k, timeMs: timeMs - k })),
      );
    }
  }
  await loaded(client, DAYS * PER_DAY);
  return DAYS * PER_DAY;
}

/** More logs than the last block of a file has room for. */
const postTwenty = (address: string): Promise<Response> =>
  post(
    address,
    Array.from({ length: 20 }, () => statementLog()),
  );

/** Posts until it is refused: how many were taken, and the refusal. */
async function postUntilRefused(address: string): Promise<{ taken: number; refused: Response }> {
  for (let taken = 0; taken < 1_000; taken += 1) {
    const response = await postTwenty(address);
    if (response.status !== 200) return { taken: taken * 20, refused: response };
  }
  throw new Error('Nothing was refused.');
}

for (const way of waysHere()) {
  describe(`a collector whose disk is full (${way})`, function () {
    this.timeout(180_000);
    let disk: SmallDisk;
    beforeEach(async () => (disk = await SmallDisk.start(way)));
    afterEach(async () => {
      await disk.stop();
      disk.remove();
    });

    it('refuses with 503 and Retry-After, keeps what it acknowledged, and takes more when there is room', async () => {
      const { address, client } = disk;
      await deliver(address, [statementLog()]);
      await disk.fill(100_000);
      const { taken, refused } = await postUntilRefused(address);
      expect(refused.status).to.equal(503);
      expect(Number(refused.headers.get('retry-after'))).to.be.greaterThan(0);
      expect(await refused.text()).to.match(/"journal_failed".*\((?:ENOSPC|EFBIG)\)/);
      expect((await fetch(`${address}/readyz`)).status).to.equal(503);
      const segments = disk.files.filter((name) => name.endsWith('.journal')).length;
      // What was cut off again has left some room, and a last block may hold a log or two.
      await disk.fill();
      for (let i = 0; i < 5; i += 1) expect((await postTwenty(address)).status).to.equal(503);
      expect(disk.files.filter((name) => name.endsWith('.journal'))).to.have.lengthOf.at.most(segments);
      await disk.free();
      await deliver(address, [statementLog()]);
      await loaded(client, taken + 2);
      expect(await count(client)).to.equal(taken + 2);
      expect((await fetch(`${address}/readyz`)).status).to.equal(200);
    });

    it('refuses to move, copy and export what has no room, leaves nothing half done, and can later', async () => {
      const { address, client } = disk;
      const statements = await bring(address, client);
      await disk.fill(40_000);
      expect(await refusal(client.backup())).to.equal('503 no_room');
      expect(await refusal(client.backup())).to.equal('503 no_room');
      expect(await refusal(client.expire(false))).to.equal('503 no_room');
      expect(await refusal(client.export({ ...ALL, format: 'csv' }))).to.equal('503 no_room');
      expect(disk.files.filter((name) => /\.tmp$|export-|backups\//.test(name))).to.deep.equal([]);
      await disk.free();
      expect(await untilCounted(client)).to.equal(statements);
      expect((await client.expire(false)).dryRun).to.equal(false);
      expect(disk.files.filter((name) => name.endsWith('.parquet')).length).to.be.greaterThan(3);
      expect((await client.backup()).folder).to.match(/backups/);
      expect((await (await client.export({ ...ALL, format: 'csv' })).text()).split('\n')).to.have.lengthOf(
        statements + 2,
      );
      expect(await count(client)).to.equal(statements);
    });

    it('goes on with its database, whatever it was asked to change without room, without a restart', async () => {
      const { address, client } = disk;
      const statements = await bring(address, client);
      await client.expire(false);
      const host = (await client.statements({ ...ALL, limit: 1 })).statements[0]?.host ?? '';
      // Room for the files that are written anew, and none for a checkpoint after them. Two that fail would be its end.
      for (const left of [600_000, 300_000, 150_000]) {
        await disk.fill(left);
        await refusal(client.remove({ host: `${host}-of-nobody` }));
        await refusal(client.expire(false));
        await disk.free();
      }
      expect(await untilCounted(client)).to.equal(statements);
      await deliver(address, [statementLog({ statementId: 'afterwards' })]);
      await loaded(client, statements + 1);
      expect((await client.statement('afterwards')).statement.statementId).to.equal('afterwards');
    });

    it('stops in good order', async () => {
      const { address, client } = disk;
      await bring(address, client);
      await disk.fill();
      expect(await disk.stop()).to.equal(0);
      if (way === 'file system') disk = await SmallDisk.start(way);
      else {
        disk = await disk.again();
        expect(await count(disk.client)).to.equal(DAYS * PER_DAY);
      }
    });

    if (way === 'file size limit') {
      it('outlives checkpoints that fail although there seemed to be room, and then makes its database anew', async () => {
        const { address, client } = disk;
        let statements = await bring(address, client);
        await client.expire(false);
        for (let round = 0; round < 3; round += 1) {
          await deliver(
            address,
            Array.from({ length: 500 }, () => statementLog({ latencyMs: round })),
          );
          await loaded(client, (statements += 500));
          disk.limitFiles(500_000);
          const refused = await refusal(client.remove({ host: 'of-nobody.test' }));
          // Only the first is tried: its mark is there from then on. The database opens again, also without room.
          expect(refused).to.equal(round === 0 ? '503 no_room' : 'undefined');
          expect(await untilCounted(client)).to.equal(statements);
          expect(disk.files).to.include('checkpoint-under-way');
          await disk.free();
        }
        expect(await disk.stop()).to.equal(0);
        disk = await disk.again();
        expect(await count(disk.client)).to.equal(statements);
        expect(disk.files).to.not.include('checkpoint-under-way');
        await deliver(disk.address, [statementLog({ statementId: 'afterwards' })]);
        await loaded(disk.client, statements + 1);
        expect((await disk.client.statement('afterwards')).statement.statementId).to.equal('afterwards');
      });
    }

    if (way !== 'file system') return;

    it('refuses what a read-only folder would have to take, and takes it when it is writable again', async () => {
      const { address, client } = disk;
      await disk.protect('journal', true);
      const refused = await post(address, [statementLog()]);
      expect([refused.status, await refused.text()]).to.satisfy(
        ([status, text]: [number, string]) => status === 503 && text.includes('EROFS'),
      );
      await disk.protect('journal', false);
      const statements = await bring(address, client);
      await disk.protect('days', true);
      expect(await refusal(client.expire(false))).to.equal('503 not_writable');
      expect(await count(client)).to.equal(statements);
      await disk.protect('days', false);
      await client.expire(false);
      expect(await count(client)).to.equal(statements);
      expect(disk.files.filter((name) => name.endsWith('.parquet')).length).to.be.greaterThan(3);
    });
  });
}

if (waysHere().includes('file size limit')) {
  describe('a data folder that there is no room for', function () {
    this.timeout(120_000);

    it('is named with the reason, and opens when there is room: nothing half made stands in the way', async () => {
      const data = mkdtempSync(join(tmpdir(), 'collector-room-'));
      const databases = (): string[] => readdirSync(data).filter((name) => name.includes('.duckdb'));
      for (const [bytes, left] of [
        [1, []],
        [4_096, []],
        [4_096, ['lock.duckdb']],
      ] as const) {
        const node = [process.execPath, ...fromSources('lib/cli.ts'), '--port', '0', '--data', data];
        const ended = spawnSync('prlimit', [`--fsize=${bytes}`, ...node], { encoding: 'utf8', timeout: 60_000 });
        expect([ended.status, ended.stderr]).to.deep.equal([1, `${data} cannot be used: file too large.\n`]);
        expect(databases(), String(bytes)).to.deep.equal(left);
        const test = await testCollector({}, data);
        await deliver(test.collector.address, [statementLog()]);
        await loaded(test.client, 1);
        await test.collector.close();
        // What was there before there was a lock, and a lock without a database.
        for (const name of databases().filter((one) => bytes === 1 || one !== 'lock.duckdb')) rmSync(join(data, name));
      }
      rmSync(data, { recursive: true });
    });

    it('opens also where a lock was half made', async () => {
      const data = mkdtempSync(join(tmpdir(), 'collector-lock-'));
      for (const half of ['', 'x'.repeat(4_096)]) {
        writeFileSync(join(data, 'lock.duckdb'), half);
        await (await testCollector({}, data)).collector.close();
      }
      rmSync(data, { recursive: true });
    });
  });
}
