import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { TelemetryStats } from 'databricks-sql-telemetry';
import { run, type Report } from '../process/run';
import { arrivedIds, droppedOf, expectAccounted } from '../support/accounts';
import { startFreshWorkspace } from '../support/workspace';

const SPOOLING = path.join(__dirname, 'spooling.ts');

describe('the spool directory', function suite() {
  this.timeout(120_000);
  let workspace: LocalWorkspace;
  let parent: string;
  let directory: string;

  beforeEach(async () => {
    workspace = await startFreshWorkspace({ tokens: ['token-one', 'token-two'] });
    parent = mkdtempSync(path.join(tmpdir(), 'spool-'));
    directory = path.join(parent, 'spool');
  });
  afterEach(async () => {
    rmSync(parent, { recursive: true });
    await workspace.close();
  });

  const files = (): string[] => (existsSync(directory) ? readdirSync(directory) : []);
  const contents = (): string =>
    files()
      .map((name) => readFileSync(path.join(directory, name), 'utf8'))
      .join('');
  /** Event ids of the logs on disk. */
  const spooledIds = (): string[] =>
    [...contents().matchAll(/"id":"([\da-f-]{36})"/g)].map(([, id]) => String(id)).sort();
  const refuse = (): void => void workspace.faults.add({ route: 'telemetry-ext', status: 503 });

  function start(
    scenario: string,
    { token = 'token-one', telemetrySpoolDirectory = directory } = {},
    onLine?: Parameters<typeof run>[2],
  ): Promise<Report> {
    const connectionOptions = { ...workspace.connectionOptions, token, telemetrySpoolDirectory };
    return run({ connectionOptions }, scenario, onLine, SPOOLING);
  }

  function expectGood(report: Report): TelemetryStats {
    expect([report.unhandled, report.noise, report.code]).to.deep.equal([[], '', 0]);
    expectAccounted(report.stats);
    return report.stats;
  }

  /** Runs a process that cannot send and is killed when everything it collected is on disk. Returns the ids there. */
  async function killed(token = 'token-one'): Promise<string[]> {
    refuse();
    const before = spooledIds().length;
    const report = await start('work until killed', { token }, ({ what, detail }, child) => {
      if (what !== 'stats') return;
      const { pending } = detail as TelemetryStats;
      if (pending === 6 && spooledIds().length === before + pending) child.kill('SIGKILL');
    });
    expect(report.signal).to.equal('SIGKILL');
    expect(arrivedIds(workspace)).to.deep.equal([]);
    workspace.faults.clear();
    return spooledIds();
  }

  it('what a killed process had on disk is sent by the next process with its token, once, and the disk is empty', async () => {
    const lost = await killed();
    expect(lost.length).to.equal(6);
    const stats = expectGood(await start('work and close 9'));
    const arrived = arrivedIds(workspace);
    expect(arrived.filter((id) => lost.includes(id)).sort()).to.deep.equal(lost);
    expect(new Set(arrived).size).to.equal(arrived.length);
    expect([stats.collected, stats.delivered]).to.deep.equal([9, 9]);
    expect(files()).to.deep.equal([]);
  });

  it('a process with another token sends none of it and leaves it to its owner', async () => {
    const lost = await killed('token-one');
    const other = expectGood(await start('work and close', { token: 'token-two' }));
    expect([other.collected, other.delivered]).to.deep.equal([3, 3]);
    expect(arrivedIds(workspace).some((id) => lost.includes(id))).to.equal(false);
    expect(spooledIds()).to.deep.equal(lost);
    expectGood(await start('work and close 9', { token: 'token-one' }));
    expect(arrivedIds(workspace)).to.include.members(lost);
    expect(files()).to.deep.equal([]);
  });

  it('processes that share the directory at the same time send everything once', async () => {
    const lost = [...new Set([...(await killed()), ...(await killed('token-two'))])];
    expect(lost.length).to.equal(12);
    const reports = await Promise.all([
      start('work beside others and close'),
      start('work beside others and close'),
      start('work beside others and close', { token: 'token-two' }),
    ]);
    const collected = reports.map(expectGood).reduce((sum, stats) => sum + stats.collected, 0);
    expect(collected).to.equal(12 + 3 * 3);
    const arrived = arrivedIds(workspace);
    expect(arrived).to.include.members(lost);
    expect(new Set(arrived).size).to.equal(arrived.length);
    expect(arrived.length).to.equal(collected);
    expect(files()).to.deep.equal([]);
  });

  it('what cannot be sent at close stays, counts as pending, and is sent by the next process', async () => {
    refuse();
    const first = expectGood(await start('work and close'));
    expect([first.collected, first.pending, droppedOf(first)]).to.deep.equal([3, 3, 0]);
    const left = spooledIds();
    expect(left.length).to.equal(3);
    workspace.faults.clear();
    const second = expectGood(await start('work and close 6'));
    expect([second.collected, second.delivered]).to.deep.equal([6, 6]);
    expect(arrivedIds(workspace)).to.include.members(left);
    expect(files()).to.deep.equal([]);
  });

  it('what was collected while the flag had no answer stays too', async () => {
    workspace.faults.add({ route: 'feature-flags', status: 503 });
    const first = expectGood(await start('work and close'));
    expect([first.flagState, first.pending]).to.deep.equal(['unknown', 3]);
    workspace.faults.clear();
    const second = expectGood(await start('work and close 6'));
    expect(second.delivered).to.equal(6);
  });

  it('a process that ends by itself leaves nothing behind when everything was delivered', async () => {
    const report = await start('work and end');
    expect([report.unhandled, report.noise, report.code]).to.deep.equal([[], '', 0]);
    expect(arrivedIds(workspace).length).to.equal(3);
    expect(files()).to.deep.equal([]);
  });

  it('names no token, and is for the eyes of its user only', async () => {
    await killed();
    expect(statSync(directory).mode & 0o777).to.equal(0o700);
    for (const name of files()) expect(statSync(path.join(directory, name)).mode & 0o777).to.equal(0o600);
    expect(contents() + files().join()).to.not.contain('token-one');
    expect(contents()).to.not.contain('SELECT');
  });

  it('without the option nothing is created', async () => {
    const stats = expectGood(await start('work and close', { telemetrySpoolDirectory: '' }));
    expect(stats.delivered).to.equal(3);
    expect(readdirSync(parent)).to.deep.equal([]);
  });

  it('torn, corrupt and foreign files hold nothing up', async () => {
    const lost = await killed();
    const [name = ''] = files();
    const whole = readFileSync(path.join(directory, name), 'utf8');
    writeFileSync(path.join(directory, name), `${whole}\n{"id":"torn","queuedAt`);
    writeFileSync(
      path.join(directory, name.replace(/-\d+\.spool$/, '-77.spool')),
      '\0\n{}\n[]\nnull\n"x"\n{"settled":1}',
    );
    writeFileSync(path.join(directory, 'notes.txt'), 'foreign');
    expectGood(await start('work and close 9'));
    expect(arrivedIds(workspace)).to.include.members(lost);
    expect(arrivedIds(workspace).length).to.equal(9);
    expect(files()).to.deep.equal(['notes.txt']);
  });

  it('a directory that cannot be written is as good as none', async () => {
    writeFileSync(path.join(parent, 'file'), '');
    const nowhere = path.join(parent, 'file', 'spool');
    expect(expectGood(await start('work and close', { telemetrySpoolDirectory: nowhere })).delivered).to.equal(3);
    const readOnly = mkdtempSync(path.join(parent, 'read-only-'));
    chmodSync(readOnly, 0o500);
    expect(expectGood(await start('work and close', { telemetrySpoolDirectory: readOnly })).delivered).to.equal(3);
    expect(readdirSync(readOnly)).to.deep.equal([]);
  });
});
