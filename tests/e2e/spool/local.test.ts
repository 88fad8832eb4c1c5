import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { TelemetryStats } from 'databricks-sql-telemetry';
import { run } from '../process/run';
import { HttpCollector } from '../support/HttpCollector';
import { startFreshWorkspace } from '../support/workspace';

const SPOOLING = path.join(__dirname, 'spooling.ts');

interface SentLog {
  readonly frontend_log_event_id: string;
  readonly entry: { readonly local?: Readonly<Record<string, unknown>> };
}

describe('what a killed process had for a collector of one’s own', function suite() {
  this.timeout(120_000);
  let workspace: LocalWorkspace;
  let collector: HttpCollector;
  let directory: string;

  beforeEach(async () => {
    workspace = await startFreshWorkspace();
    collector = await HttpCollector.start();
    directory = mkdtempSync(path.join(tmpdir(), 'spool-local-'));
  });
  afterEach(async () => {
    rmSync(directory, { recursive: true });
    await collector.close();
    await workspace.close();
  });

  const start = (scenario: string, onLine?: Parameters<typeof run>[2]): ReturnType<typeof run> => {
    const telemetry = { telemetryEndpoint: collector.base, telemetrySpoolDirectory: directory };
    return run({ connectionOptions: { ...workspace.connectionOptions, ...telemetry } }, scenario, onLine, SPOOLING);
  };
  const spooled = (): string => readdirSync(directory).map((name) => readFileSync(path.join(directory, name), 'utf8')).join(''); // prettier-ignore
  const idsIn = (text: string): string[] => [...text.matchAll(/"id":"([\da-f-]{36})"/g)].map(([, id]) => String(id));
  const sent = (): SentLog[] => collector.logs.map((log) => JSON.parse(log) as SentLog);

  /** Runs a process that cannot send until all that it has is on disk, and kills it. Returns the ids of what it had. */
  async function killed(): Promise<string[]> {
    collector.logStatus = 503;
    const report = await start('work until killed', ({ what, detail }, child) => {
      if (what !== 'stats') return;
      const { pending } = detail as TelemetryStats;
      if (pending === 6 && idsIn(spooled()).length === pending) child.kill('SIGKILL');
    });
    expect(report.signal).to.equal('SIGKILL');
    collector.logStatus = undefined;
    return idsIn(spooled());
  }

  it('leaves with its local fields where the collector reads them', async () => {
    collector.configuration = { enabled: true, local: 1 };
    const lost = await killed();
    await start('work and close 9');
    const late = sent().filter(({ frontend_log_event_id: id }) => lost.includes(id));
    expect(late).to.have.lengthOf(6);
    for (const { entry } of late) expect(entry.local).to.include({ version: 1 });
    expect(late.filter(({ entry }) => entry.local?.['outcome'] === 'delivered')).to.have.lengthOf(2);
    expect(readdirSync(directory)).to.deep.equal([]);
  });

  it('leaves without them where it reads another version of them, or none', async () => {
    for (const local of [undefined, 2]) {
      collector.configuration = { enabled: true, ...(local === undefined ? {} : { local }) };
      const lost = await killed();
      collector.requests.length = 0;
      await start('work and close 9');
      const late = sent().filter(({ frontend_log_event_id: id }) => lost.includes(id));
      expect(late).to.have.lengthOf(6);
      for (const { entry } of late) expect(entry).to.have.all.keys('sql_driver_log');
    }
  });
});
