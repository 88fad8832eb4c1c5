import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions, TelemetryExplanation, TelemetryStats } from 'databricks-sql-telemetry';
import { arrivedIds, expectAccounted } from '../support/accounts';
import { startFreshWorkspace } from '../support/workspace';

const ROOT = path.resolve(__dirname, '../../..');
const SCRIPT = path.join(__dirname, 'fixtures', 'fullDisk.ts');
/** A limit on the size of files stands in for a disk with so little room: less than fifteen queries leave. */
const ROOM_KIB = 16;

const LAZY = { telemetryEnabled: true, telemetryFlushIntervalMs: 3_600_000, telemetryCloseTimeoutMs: 20_000 } as const;

/** Throws unless `text` is whole lines of JSON. */
function linesOf(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

describe('a disk that is full', function () {
  this.timeout(120_000);
  let workspace: LocalWorkspace;
  let folder: string;
  beforeEach(async () => {
    workspace = await startFreshWorkspace();
    folder = mkdtempSync(path.join(tmpdir(), 'full-disk-'));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await workspace.close();
  });

  /** Works in a process whose files may not grow; gives what it said of itself, and nothing else may it have said. */
  async function work(options: Partial<ConnectionOptions>): Promise<[TelemetryStats, TelemetryExplanation]> {
    const node = [process.execPath, '-r', './tools/use-driver.cjs', '-r', './tools/typescript.cjs', SCRIPT];
    const { stdout, stderr } = await promisify(execFile)(
      'bash',
      ['-c', `ulimit -f ${ROOM_KIB}; exec "$@"`, 'bash', ...node, JSON.stringify({ ...LAZY, ...options })],
      { cwd: ROOT, env: { ...process.env, CONNECTION: JSON.stringify(workspace.connectionOptions) } },
    );
    expect(stderr).to.equal('');
    const [closed, explained, ...more] = linesOf(stdout) as Array<{ what: string; detail: never }>;
    expect([closed?.what, explained?.what, more]).to.deep.equal(['closed', 'explained', []]);
    return [(closed as { detail: never }).detail, (explained as { detail: never }).detail];
  }

  it('costs lines of a file, which are accounted for, and nothing that is sent', async () => {
    const telemetryFile = path.join(folder, 'statements.jsonl');
    const [stats, { exporters, reasons }] = await work({ telemetryFile, telemetryFlushIntervalMs: 100 });
    expect(stats).to.include({ collected: 45, delivered: 45, pending: 0 });
    const [file] = exporters;
    expect(file?.lastError).to.deep.equal({ name: 'Error (EFBIG)' });
    expect(reasons.map(({ code }) => code)).to.include('exporter_failed');
    const lines = linesOf(readFileSync(telemetryFile, 'utf8'));
    expect(lines).to.have.length(file?.delivered ?? -1);
    expect(lines.length).to.be.within(1, 44);
  });

  it('costs copies in the spool directory, which holds no half of one, and nothing that is sent', async () => {
    const telemetrySpoolDirectory = path.join(folder, 'spool');
    workspace.faults.add({ route: 'telemetry-ext', status: 503 });
    const [stats] = await work({ telemetrySpoolDirectory, telemetryCloseTimeoutMs: 1000 });
    expectAccounted(stats);
    // Those that are left on disk are pending still.
    expect(stats).to.include({ collected: 45, delivered: 0 });
    expect(stats.pending).to.be.within(1, 44);
    const texts = readdirSync(telemetrySpoolDirectory).map((name) =>
      readFileSync(path.join(telemetrySpoolDirectory, name), 'utf8'),
    );
    expect(texts.flatMap(linesOf), 'copies').to.have.length(stats.pending);
    workspace.faults.clear();
    const [next] = await work({ telemetrySpoolDirectory });
    expect(next.delivered, 'with those of the next process').to.equal(45 + stats.pending);
    expect(new Set(arrivedIds(workspace)).size).to.equal(45 + stats.pending);
  });

  it('costs lines of a dry run, whose records count as invalid', async () => {
    const telemetryDryRun = path.join(folder, 'preview.jsonl');
    const [stats] = await work({ telemetryDryRun, telemetryBatchSize: 1 });
    expectAccounted(stats);
    expect(stats.dropped.invalid).to.be.greaterThan(0);
    expect(stats.delivered).to.be.greaterThan(0);
    const lines = existsSync(telemetryDryRun) ? linesOf(readFileSync(telemetryDryRun, 'utf8')) : [];
    expect(lines).to.have.length(stats.delivered);
  });
});
