import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { arrivedIds, expectAccounted } from '../support/accounts';
import { statementRows } from '../support/telemetry';
import { startFreshWorkspace } from '../support/workspace';
import { run, type Report } from './run';

const SCRIPT = path.join(__dirname, 'fixtures', 'writers.ts');
const LIMIT_MS = 50_000;

function isWhole(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

describe('files of telemetry', function () {
  this.timeout(240_000);
  let workspace: LocalWorkspace;
  let folder: string;
  let file: string;
  beforeEach(async () => {
    workspace = await startFreshWorkspace();
    folder = mkdtempSync(path.join(tmpdir(), 'writers-'));
    file = path.join(folder, 'statements.jsonl');
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await workspace.close();
  });

  const spool = (): string => path.join(folder, 'spool');
  const lines = (): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
  const start = (scenario: string, onLine?: Parameters<typeof run>[2]): Promise<Report> => {
    const files = { telemetryFile: file, telemetrySpoolDirectory: spool() };
    return run({ connectionOptions: { ...workspace.connectionOptions, ...files } }, scenario, onLine, SCRIPT, LIMIT_MS);
  };

  /** The process ended well, and of the lines of all that wrote `torn` are half at most. */
  function expectGood(report: Report, torn = 0): void {
    expect([report.code, report.unhandled, report.noise]).to.deep.equal([0, [], '']);
    expect(lines().filter((line) => !isWhole(line)).length, 'half lines').to.be.at.most(torn);
  }

  /** One more process writes its three lines, and sends what the others have left. */
  async function expectNextGood(torn: number): Promise<void> {
    const before = lines().length;
    const report = await start('work');
    expectGood(report, torn);
    expectAccounted(report.stats);
    expect(report.stats.exporters[0]).to.include({ collected: 3, delivered: 3 });
    expect(lines().length).to.equal(before + 3);
    expect(readdirSync(spool())).to.deep.equal([]);
  }

  it('of processes that are killed while they write have one half line each at most, and the next one goes on', async () => {
    const KILLED = 3;
    for (let round = 0; round < KILLED; round += 1) {
      let statements = 0;
      const report = await start('write', ({ what }, child) => {
        if (what === 'statement' && (statements += 1) === 8) child.kill('SIGKILL');
      });
      expect([report.signal, report.noise]).to.deep.equal(['SIGKILL', '']);
    }
    await expectNextGood(KILLED);
  });

  it('of a worker thread that is terminated while it writes have one half line at most, and its process goes on', async () => {
    const report = await start('a worker that writes');
    expectGood(report, 1);
    expect(report.line('terminated')?.detail).to.equal(1);
    expect(report.stats?.exporters[0]).to.include({ collected: 3, delivered: 3 });
    await expectNextGood(1);
  });

  for (const [what, left] of [
    ['closes', 0],
    ['forgets its clients', undefined],
  ] as const) {
    it(`of code that is loaded anew in one process and ${what} have every record once, as the workspace does`, async () => {
      const report = await start(`code that is loaded anew and ${what}`);
      expectGood(report);
      if (left !== undefined) expect(report.line('reloaded')?.detail, 'listeners that are left').to.equal(left);
      expect(statementRows(workspace)).to.have.length(8);
      const ids = arrivedIds(workspace);
      expect([ids.length, new Set(ids).size]).to.deep.equal([24, 24]);
      expect(readdirSync(spool())).to.deep.equal([]);
      expect(lines()).to.have.length(24);
    });
  }
});
