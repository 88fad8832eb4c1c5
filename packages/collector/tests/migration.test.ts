import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources } from './fromSources';
import { until, testCollector, type TestCollector } from './testCollector';

const KILLS = Number(process.env['COLLECTOR_MIGRATION_KILLS'] ?? 3);
const COLLECTOR = fromSources('tests/.stubs/collectorProcess.ts');
const FOREVER = { retentionDays: 36_500 };

/** Of the store; journals have had version 2 since version 2 of the store. */
const VERSIONS = [1, 2];

/** A data folder as that version of journal and store left it when it was killed. */
function oldData(version: number): string {
  const folder = mkdtempSync(join(tmpdir(), `collector-v${version}-`));
  execFileSync('tar', ['xzf', join(__dirname, 'fixtures', `data-v${version}.tgz`), '-C', folder]);
  return join(folder, `v${version}`);
}

/** Sixty statements: in a Parquet file, in the database and in the journal, twenty each. */
async function holdsAll({ client, data }: TestCollector): Promise<void> {
  await until(
    () => client.health({ from: 0 }),
    ({ stored, journal }) => stored.statements === 60 && journal.bytes === 0,
    30_000,
  );
  const { statements } = await client.statements({ from: 0, limit: 1_000 });
  expect(statements).to.have.lengthOf(60);
  for (const { statementId, latencyMs, filesPresent, filesIterated, firstFileLatencyMs } of statements) {
    expect({ latencyMs, filesPresent, filesIterated, firstFileLatencyMs }, statementId ?? '').to.deep.equal({
      latencyMs: 70,
      filesPresent: 4,
      filesIterated: 3,
      firstFileLatencyMs: 11,
    });
  }
  expect((await client.configuration()).rules).to.have.lengthOf(1);
  expect(
    readdirSync(join(data, 'days'), { recursive: true }).filter((name) => /\.parquet/.test(String(name))),
  ).to.have.lengthOf(1);
}

for (const version of VERSIONS) {
  describe(`a data folder of version ${version}`, function () {
    this.timeout(120_000);

    it('opens with everything in it: database, Parquet, journal and configuration, and stays so', async () => {
      const data = oldData(version);
      let test = await testCollector(FOREVER, data);
      await holdsAll(test);
      test = await test.restart();
      await holdsAll(test);
      await test.end();
      rmSync(join(data, '..'), { recursive: true, force: true });
    });

    it(`loses nothing when its migration is killed (${KILLS} times), and a copy of it is a backup`, async () => {
      const data = oldData(version);
      for (let kill = 0; kill < KILLS; kill += 1) {
        const child = spawn(process.execPath, [...COLLECTOR, data], { stdio: ['ignore', 'pipe', 'inherit'] });
        // Some before the database is open, some in the middle, some behind it.
        await new Promise((resolve) => setTimeout(resolve, 500 + (kill * 3_000) / KILLS));
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      const test = await testCollector(FOREVER, data);
      await holdsAll(test);
      const { folder } = await test.client.backup();
      const copy = mkdtempSync(join(tmpdir(), 'collector-copy-'));
      cpSync(folder, copy, { recursive: true });
      const restored = await testCollector(FOREVER, copy);
      await holdsAll(restored);
      await restored.end();
      await test.end();
      rmSync(join(data, '..'), { recursive: true, force: true });
    });
  });
}
