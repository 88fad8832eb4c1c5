import { mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { SpoolLimits } from '../../../../lib/telemetry/spool/Spool';
import { formatSpoolFileName, parseSpoolFileName } from '../../../../lib/telemetry/spool/spoolFileName';
import type { ConnectionInfo, TelemetryRecord } from '../../../../lib/telemetry/types';
import { systemClock } from '../../../../lib/util/clock';
import { until } from '../../../e2e/support/waiting';
import { connectionRecord } from '../../.stubs/telemetryRecords';
import { write } from '../wire/randomRecords';
import { DEAD_PID, HOUR_MS, TemporaryDirectory, Tenure, tenant } from './harness';

const ONE = tenant('one');
const TWO = tenant('two');

describe('Spool', () => {
  let directory: TemporaryDirectory;
  beforeEach(() => {
    directory = new TemporaryDirectory();
  });
  afterEach(() => directory.remove());

  const begin = (limits: Partial<SpoolLimits> = {}, pid = process.pid): Tenure =>
    new Tenure(directory.path, pid, limits);

  function record(connection: ConnectionInfo = ONE, ageMs = 0): TelemetryRecord {
    return connectionRecord({ connection, queuedAtMs: systemClock.now() - ageMs });
  }

  async function spooled(tenure: Tenure, ...records: TelemetryRecord[]): Promise<TelemetryRecord[]> {
    for (const each of records) tenure.spool.add(each);
    await tenure.spool.flush();
    return records;
  }

  /** A process that is dead when this returns, with `records` on disk. */
  async function deadWith(...records: TelemetryRecord[]): Promise<string[]> {
    await spooled(begin({}, DEAD_PID), ...records);
    return records.map(({ eventId }) => String(eventId));
  }

  /** A process that produces a record of `connection`. Returns it and the ids of what it took in. */
  async function heir(connection = ONE, limits: Partial<SpoolLimits> = {}, room = 1000): Promise<[Tenure, string[]]> {
    const tenure = begin(limits);
    tenure.room = room;
    const [own = record()] = await spooled(tenure, record(connection));
    tenure.spool.settle([own]);
    await tenure.spool.flush();
    return [tenure, tenure.takenIn.map(({ eventId }) => String(eventId))];
  }

  describe('of one process', () => {
    it('does no disk work before the first record', async () => {
      await begin().spool.close();
      expect(() => directory.files).to.throw('ENOENT');
    });

    it('has a record on disk soon after it was queued, and off it when it is settled', async () => {
      const { spool } = begin();
      const one = record();
      spool.add(one);
      await until('the record is on disk', () => spool.kept === 1);
      expect(directory.files.length).to.equal(1);
      spool.settle([one]);
      await spool.flush();
      expect([spool.kept, directory.files]).to.deep.equal([0, []]);
    });

    it('has no warning of Node.js printed, however many connections it keeps records of', async () => {
      const warnings: string[] = [];
      const note = ({ name }: Error): void => void warnings.push(name);
      process.on('warning', note);
      await spooled(begin(), ...Array.from({ length: 20 }, (_, index) => record(tenant(`tenant ${index}`))));
      await new Promise((resolve) => setImmediate(resolve));
      process.removeListener('warning', note);
      expect(warnings).to.deep.equal([]);
    });

    it('writes exactly what would be sent', async () => {
      const [one = record()] = await spooled(begin(), record());
      const [line = ''] = directory.read(directory.files[0] ?? '').split('\n');
      const { log, id } = JSON.parse(line) as { log: string; id: string };
      expect(log).to.equal(write(one));
      expect(id).to.equal(one.eventId);
    });

    it('forgets a record that is settled while it is being written', async () => {
      const { spool } = begin();
      const one = record();
      spool.add(one);
      const writing = spool.flush();
      await new Promise((resolve) => setImmediate(resolve));
      spool.settle([one]);
      await writing;
      await spool.flush();
      expect([spool.kept, directory.files]).to.deep.equal([0, []]);
    });

    it('forgets everything at once', async () => {
      const { spool } = begin();
      await spooled({ spool } as Tenure, record(), record());
      spool.settleAll();
      await spool.flush();
      expect([spool.kept, directory.files]).to.deep.equal([0, []]);
    });

    it('keeps no record whose credentials cannot be had', async () => {
      const tenure = begin();
      await spooled(tenure, record(tenant(undefined)));
      expect(tenure.spool.kept).to.equal(0);
    });

    it('says in one line that the disk fails, and does nothing more for a while', async () => {
      writeFileSync(directory.path, 'a file where the directory should be');
      const tenure = begin();
      for (let i = 0; i < 3; i += 1) await spooled(tenure, record());
      expect(tenure.lines).to.deep.equal(['spool: disk failed with Error (EEXIST)']);
      await tenure.spool.close();
      expect([tenure.spool.kept, tenure.spool.crowdedOut]).to.deep.equal([0, 0]);
      rmSync(directory.path);
    });

    it('keeps nothing in a directory that has vanished', async () => {
      const tenure = begin();
      await spooled(tenure, record());
      rmSync(directory.path, { recursive: true });
      await tenure.spool.close();
      expect(tenure.spool.kept).to.equal(0);
    });

    it('takes nothing any more when it is closed', async () => {
      const { spool } = begin();
      await spool.close();
      spool.add(record());
      await spool.flush();
      expect(() => directory.files).to.throw('ENOENT');
    });
  });

  describe('after a process that has ended', () => {
    it('takes in what was not settled, with its id, its log and its age', async () => {
      const dead = begin({}, DEAD_PID);
      const [first = record(), second = record()] = await spooled(dead, record(ONE, 60_000), record(ONE, 50_000));
      dead.spool.settle([first]);
      await dead.spool.flush();
      const [tenure, ids] = await heir();
      expect(ids).to.deep.equal([second.eventId]);
      const [found] = tenure.takenIn;
      expect(found?.connection).to.equal(ONE);
      expect(found?.log).to.equal(write(second));
      expect(systemClock.now() - (found?.queuedAtMs ?? 0)).to.be.within(50_000, 55_000);
      tenure.spool.settle(tenure.takenIn);
      await tenure.spool.flush();
      expect(directory.files).to.deep.equal([]);
    });

    it('takes in what was left at close, at once', async () => {
      const first = begin();
      const [one] = await spooled(first, record());
      await first.spool.close();
      expect(first.spool.kept).to.equal(1);
      expect((await heir())[1]).to.deep.equal([one?.eventId]);
    });

    it('leaves alone what belongs to a process that lives', async () => {
      await spooled(begin(), record());
      expect((await heir())[1]).to.deep.equal([]);
    });

    it('takes over from a process that has not touched its files for long, whatever its pid', async () => {
      const [one] = await spooled(begin(), record());
      const longAgo = new Date(Date.now() - 121_000);
      utimesSync(path.join(directory.path, directory.files[0] ?? ''), longAgo, longAgo);
      expect((await heir())[1]).to.deep.equal([one?.eventId]);
    });

    it('asks for no pid of another machine', async () => {
      await deadWith(record());
      const [name = ''] = directory.files;
      const parsed = parseSpoolFileName(name);
      if (parsed === undefined) throw new Error(name);
      const elsewhere = formatSpoolFileName({ ...parsed, machine: '00000000' });
      writeFileSync(path.join(directory.path, elsewhere), directory.read(name), { mode: 0o600 });
      rmSync(path.join(directory.path, name));
      expect((await heir())[1]).to.deep.equal([]);
      expect(directory.files).to.deep.equal([elsewhere]);
    });

    it('one of several takes it in', async () => {
      const ids = await deadWith(record(), record());
      const heirs = await Promise.all([heir(), heir(), heir(), heir()]);
      expect(heirs.flatMap(([, taken]) => taken).sort()).to.deep.equal(ids.sort());
    });

    it('leaves what has another identity, or is for another host', async () => {
      const ids = await deadWith(record(ONE));
      const [, taken] = await heir(TWO);
      expect(taken).to.deep.equal([]);
      const elsewhere = new Tenure(directory.path, process.pid, {}, 'b.test');
      await spooled(elsewhere, record(ONE));
      expect(elsewhere.takenIn).to.deep.equal([]);
      expect((await heir(ONE))[1]).to.deep.equal(ids);
    });

    it('takes its own part of a file and leaves the others theirs', async () => {
      const [one, two] = await deadWith(record(ONE), record(TWO));
      expect((await heir(ONE))[1]).to.deep.equal([one]);
      expect((await heir(TWO))[1]).to.deep.equal([two]);
    });

    it('takes no more than there is room for', async () => {
      const ids = await deadWith(record(), record(), record());
      const [, first] = await heir(ONE, {}, 2);
      const [, none] = await heir(ONE, {}, 0);
      const [, second] = await heir(ONE);
      expect([first.length, none.length]).to.deep.equal([2, 0]);
      expect([...first, ...second].sort()).to.deep.equal(ids.sort());
    });

    it('gives up what is too old, whoever it belongs to', async () => {
      const [, , young] = await deadWith(record(ONE, HOUR_MS + 1), record(TWO, HOUR_MS + 1), record(TWO));
      const [tenure, taken] = await heir(ONE);
      expect([taken, tenure.lost]).to.deep.equal([[], [['expired', 2]]]);
      expect((await heir(TWO))[1]).to.deep.equal([young]);
    });

    it('survives every torn, corrupt and foreign file', async () => {
      const ids = await deadWith(record());
      const [name = ''] = directory.files;
      const put = (sequence: number, text: string): void =>
        writeFileSync(path.join(directory.path, name.replace(/-\d+\.spool$/, `-${sequence}.spool`)), text);
      writeFileSync(path.join(directory.path, name), `${directory.read(name)}\n{"id":"torn","que`);
      put(70, '');
      put(71, '\0\0\n[]\nnull\n7\n{"settled":[1]}\n{"id":1}\n{"settled":"x"}');
      mkdirSync(path.join(directory.path, name.replace(/-\d+\.spool$/, '-72.spool')));
      symlinkSync('/etc/hostname', path.join(directory.path, name.replace(/-\d+\.spool$/, '-73.spool')));
      put(74, ' '.repeat(5 * 1024 * 1024));
      writeFileSync(path.join(directory.path, 'notes.txt'), 'foreign');
      const [tenure, taken] = await heir();
      expect([taken, tenure.lines]).to.deep.equal([ids, []]);
      expect(directory.files.filter((file) => /-7\d\.spool$|notes/.test(file)).length).to.equal(4);
    });
  });

  describe('with a full directory', () => {
    const maxBytes = 64 * 1024;
    const many = (count: number): TelemetryRecord[] => Array.from({ length: count }, () => record());
    const size = (): number =>
      directory.files.reduce((sum, name) => sum + statSync(path.join(directory.path, name)).size, 0);

    it('lets its own oldest give way', async () => {
      const tenure = begin({ maxBytes });
      for (let i = 0; i < 20; i += 1) await spooled(tenure, ...many(5));
      const { kept, crowdedOut } = tenure.spool;
      expect(kept + crowdedOut).to.equal(100);
      expect(crowdedOut).to.be.greaterThan(0);
      expect(kept).to.be.greaterThan(10);
      expect(size()).to.be.at.most(maxBytes);
    });

    it('lets what ended processes left give way before its own', async () => {
      await spooled(begin({ maxBytes }, DEAD_PID), ...many(30));
      const tenure = begin({ maxBytes });
      tenure.room = 0;
      for (let i = 0; i < 5; i += 1) await spooled(tenure, ...many(5));
      expect(tenure.spool.crowdedOut).to.equal(0);
      expect(tenure.lost.length).to.be.greaterThan(0);
      expect(tenure.lost.every(([reason]) => reason === 'queue_full')).to.equal(true);
      expect(size()).to.be.at.most(maxBytes);
    });

    it('does not touch what processes that live have', async () => {
      const other = begin({ maxBytes });
      await spooled(other, ...many(30));
      const tenure = begin({ maxBytes });
      for (let i = 0; i < 10; i += 1) await spooled(tenure, ...many(5));
      expect(other.spool.kept).to.equal(30);
      await other.spool.close();
      expect(other.spool.kept).to.equal(30);
      expect(tenure.spool.kept + tenure.spool.crowdedOut).to.equal(50);
      expect(tenure.spool.crowdedOut).to.be.greaterThan(0);
      expect(size()).to.be.at.most(maxBytes);
    });

    it('forgets that a record had to give way when it is settled', async () => {
      const tenure = begin({ maxBytes });
      const records = many(100);
      for (let i = 0; i < 100; i += 5) await spooled(tenure, ...records.slice(i, i + 5));
      tenure.spool.settle(records);
      await tenure.spool.flush();
      expect([tenure.spool.kept, tenure.spool.crowdedOut, directory.files]).to.deep.equal([0, 0, []]);
    });
  });
});
