import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open as openFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal, type JournalOptions } from '../lib/journal/Journal';
import { JournalReader } from '../lib/journal/JournalReader';
import type { JournalPosition } from '../lib/journal/format';
import { segmentFile } from '../lib/journal/segments';
import { statementLog } from './logs';
import { loaded, post, testCollector, until } from './testCollector';

const START: JournalPosition = { segment: 0, offset: 0 };

function entry(name: string): Buffer {
  return Buffer.from(JSON.stringify({ receivedMs: 1, received: 1, rows: [{ eventId: name, timeMs: 1 }] }));
}

describe('the journal', () => {
  let folder: string;
  let committed: JournalPosition;
  let commits: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
    committed = START;
    commits = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (options: Partial<JournalOptions> = {}, position = START): Journal =>
    Journal.open(
      {
        folder,
        maxBytes: 2 ** 20,
        maxPendingBytes: 2 ** 20,
        segmentBytes: 2 ** 16,
        onCommit(at) {
          committed = at;
          commits += 1;
        },
        ...options,
      },
      position,
    );
  const idsFrom = (from: JournalPosition): string[] => {
    const reader = new JournalReader(folder);
    const ids: string[] = [];
    for (let position = from; ;) {
      const { entries, next } = reader.read(position, committed, 10);
      if (entries.length === 0) return ids;
      ids.push(...entries.flatMap(({ rows }) => rows.map(({ eventId }) => eventId)));
      position = next;
    }
  };

  it('gives back what was appended, in order, over segments and restarts', async () => {
    const journal = open({ segmentBytes: 200 });
    for (const name of ['a', 'b', 'c', 'd'])
      expect(await journal.append(entry(name))).to.deep.equal({ kind: 'committed' });
    await journal.close();
    expect(readdirSync(folder).length).to.be.greaterThan(1);
    const again = open();
    await again.append(entry('e'));
    await again.close();
    expect(idsFrom(START)).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
  });

  it('commits together what arrives while a commit runs', async () => {
    const journal = open();
    await Promise.all(Array.from({ length: 50 }, (_, i) => journal.append(entry(String(i)))));
    await journal.close();
    expect(idsFrom(START)).to.have.lengthOf(50);
    expect(commits).to.be.at.most(3);
  });

  it('says that something is committed when it and the name of its file are synchronised, and not before', async () => {
    const handle = await openFile(folder, 'r');
    await handle.close();
    const files = Object.getPrototypeOf(handle) as FileHandle;
    const { sync, datasync } = files;
    const steps: string[] = [];
    files.sync = function (this: FileHandle) {
      return sync.call(this).finally(() => steps.push('name'));
    };
    files.datasync = async function (this: FileHandle) {
      // Long enough for whoever does not wait.
      for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return datasync.call(this).finally(() => steps.push('bytes'));
    };
    try {
      const journal = open();
      expect(await journal.append(entry('a')).finally(() => steps.push('told'))).to.deep.equal({ kind: 'committed' });
      await journal.close();
    } finally {
      Object.assign(files, { sync, datasync });
    }
    expect(steps).to.deep.equal(['name', 'bytes', 'told']);
  });

  it('cuts off a torn tail and nothing before it', async () => {
    const journal = open();
    await journal.append(entry('a'));
    await journal.append(entry('b'));
    await journal.close();
    const file = segmentFile(folder, committed.segment);
    const whole = readFileSync(file);
    for (const length of [1, 7, 9, 30]) {
      writeFileSync(file, whole.subarray(0, whole.length - length));
      committed = START;
      await open().close();
      expect(idsFrom(START)).to.deep.equal(['a']);
    }
  });

  it('passes over an entry whose checksum is wrong, counts it and keeps the segment aside', async () => {
    const journal = open();
    for (const name of ['a', 'b', 'c']) await journal.append(entry(name));
    await journal.close();
    const file = segmentFile(folder, committed.segment);
    const bytes = readFileSync(file);
    const at = bytes.indexOf('"b"');
    bytes.write('"x"', at);
    writeFileSync(file, bytes);
    const reader = new JournalReader(folder);
    const { entries } = reader.read(START, committed, 10);
    expect(entries.flatMap(({ rows }) => rows.map(({ eventId }) => eventId))).to.deep.equal(['a', 'c']);
    expect(reader.damaged).to.equal(1);
    expect(readdirSync(folder).some((name) => name.endsWith('.damaged'))).to.equal(true);
  });

  it('takes no more than its bounds, and again when the store has caught up', async () => {
    const journal = open({ maxBytes: 400, segmentBytes: 300 });
    const results: string[] = [];
    for (let i = 0; i < 6; i += 1) results.push((await journal.append(entry(String(i)))).kind);
    expect(results).to.include('full');
    journal.release(committed);
    expect((await journal.append(entry('later'))).kind).to.equal('committed');
    await journal.close();
  });

  it('holds no more in memory than its bound, and takes more when that is on disk', async () => {
    const journal = open({ maxPendingBytes: 300 });
    const results = await Promise.all(Array.from({ length: 10 }, (_, i) => journal.append(entry(String(i)))));
    const taken = results.filter(({ kind }) => kind === 'committed').length;
    expect(taken).to.equal(Math.floor(300 / (entry('0').length + 8)));
    expect(results.slice(taken).map(({ kind }) => kind)).to.deep.equal(Array(10 - taken).fill('full'));
    expect((await journal.append(entry('later'))).kind).to.equal('committed');
    await journal.close();
    expect(idsFrom(START)).to.have.lengthOf(taken + 1);
  });

  it('deletes segments that the store holds', async () => {
    const journal = open({ segmentBytes: 100 });
    for (let i = 0; i < 5; i += 1) await journal.append(entry(String(i)));
    journal.release(committed);
    expect(readdirSync(folder)).to.have.lengthOf(1);
    expect(journal.bytes).to.equal(0);
    await journal.close();
  });

  it('refuses a segment that a newer release wrote, by name', async () => {
    const journal = open();
    await journal.append(entry('a'));
    await journal.close();
    const file = segmentFile(folder, committed.segment);
    const bytes = readFileSync(file);
    bytes.writeUInt32LE(3, 4);
    writeFileSync(file, bytes);
    expect(() => idsFrom(START)).to.throw('The journal has version 3; this release reads up to 2.');
  });

  it('reads on behind a damaged length or a damaged head of the segment; a cut tail counts as nothing', async () => {
    const journal = open();
    for (const name of ['a', 'b', 'c', 'd']) await journal.append(entry(name));
    await journal.close();
    const file = segmentFile(folder, committed.segment);
    const whole = readFileSync(file);
    const second = whole.indexOf('{"receivedMs"', whole.indexOf('"a"')) - 8;
    const damagedBy = (damage: (bytes: Buffer) => void): string[] => {
      const bytes = Buffer.from(whole);
      damage(bytes);
      writeFileSync(file, bytes);
      return idsFrom(START);
    };
    expect(damagedBy((bytes) => bytes.writeUInt32LE(0xffffffff, second))).to.deep.equal(['a', 'c', 'd']);
    expect(damagedBy((bytes) => bytes.writeUInt32LE(3, second))).to.deep.equal(['a', 'c', 'd']);
    expect(damagedBy((bytes) => bytes.writeUInt32LE(whole.readUInt32LE(second) + 90, second))).to.deep.equal([
      'a',
      'c',
      'd',
    ]);
    expect(damagedBy((bytes) => bytes.fill(0, 0, 8))).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(readdirSync(folder).filter((name) => name.endsWith('.damaged'))).to.have.lengthOf(1);
  });

  it('refuses at its start what a newer release wrote', async () => {
    const journal = open();
    await journal.append(entry('a'));
    await journal.close();
    const file = segmentFile(folder, committed.segment);
    const bytes = readFileSync(file);
    bytes.writeUInt32LE(7, 4);
    writeFileSync(file, bytes);
    expect(() => open()).to.throw('The journal has version 7; this release reads up to 2.');
  });
});

describe('a collector whose journal cannot be written', () => {
  it('answers 503 with Retry-After, loses nothing, and works again when it can', async () => {
    const test = await testCollector();
    const { address } = test.collector;
    const journal = join(test.data, 'journal');
    renameSync(journal, `${journal}.away`);
    const logs = [statementLog({ statementId: 'first' })];
    const refused = await post(address, logs);
    expect(refused.status).to.equal(503);
    expect(Number(refused.headers.get('retry-after'))).to.be.greaterThan(0);
    expect(((await refused.json()) as { error: { code: string } }).error.code).to.equal('journal_failed');
    expect((await fetch(`${address}/readyz`)).status).to.equal(503);
    renameSync(`${journal}.away`, journal);
    expect((await post(address, logs)).status).to.equal(200);
    expect((await fetch(`${address}/readyz`)).status).to.equal(200);
    await loaded(test.client, 1);
    expect((await test.client.statements()).statements).to.have.lengthOf(1);
    await test.end();
  });

  it('answers 429 with Retry-After when the store is too far behind', async () => {
    const test = await testCollector({ journalMaxBytes: 2_048 });
    const { address } = test.collector;
    const logs = Array.from({ length: 20 }, () => statementLog());
    const response = await post(address, logs);
    expect(response.status).to.equal(429);
    expect(Number(response.headers.get('retry-after'))).to.be.greaterThan(0);
    await until(
      async () => (await post(address, [statementLog()])).status,
      (status) => status === 200,
    );
    await test.end();
  });
});
