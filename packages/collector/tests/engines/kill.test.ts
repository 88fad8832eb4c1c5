import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalWorkspace } from 'databricks-local-workspace';
import { expect } from 'chai';
import type { CollectorOptions } from 'databricks-telemetry-collector';
import { statementLog } from '../logs';
import { post, testCollector, until } from '../testCollector';

const LOGS = 20;
const BATCHES = 6;

interface Running {
  readonly child: ChildProcess;
  readonly address: string;
}

async function started(data: string, options: CollectorOptions): Promise<Running> {
  const stub = join(__dirname, '..', '.stubs', 'collectorProcess.ts');
  const args = ['-r', '@swc-node/register', stub, data, JSON.stringify(options)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, address: line.toString().trim() };
}

describe('two collectors on one warehouse, one of which is killed', function () {
  this.timeout(180_000);

  it('lose nothing that either acknowledged, and answer alike', async () => {
    const workspace = await startLocalWorkspace();
    const { host, port, path, token, customCaCert } = workspace.connectionOptions;
    const databricks = { host, port, path, token, ca: customCaCert, schema: 'main.default' };
    const options: CollectorOptions = { store: 'databricks', databricks };
    const data = mkdtempSync(join(tmpdir(), 'collector-kill-'));
    const survivor = await testCollector(options);
    const dying = await started(data, options);
    const acknowledged: string[] = [];
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const ids = Array.from({ length: LOGS }, (_, i) => `statement-${batch}-${i}`);
      const logs = ids.map((id) => statementLog({ statementId: id, eventId: id, latencyMs: 5 }));
      // Every second batch goes to the other one as well, as from a sender whose connection broke.
      expect((await post(dying.address, logs)).status).to.equal(200);
      if (batch % 2 === 0) expect((await post(survivor.collector.address, logs)).status).to.equal(200);
      acknowledged.push(...ids);
    }
    dying.child.kill('SIGKILL');
    await once(dying.child, 'exit');
    const stored = async (): Promise<string[]> => {
      const { statements } = await survivor.client.statements({ limit: 1_000 });
      return statements.map(({ statementId }) => String(statementId)).sort();
    };
    await until(stored, (ids) => ids.length >= (LOGS * BATCHES) / 2);

    const again = await testCollector(options, data);
    await until(
      () => again.client.health(),
      ({ journal }) => journal.bytes === 0,
    );
    expect(await stored()).to.deep.equal(acknowledged.sort());
    const [one, other] = await Promise.all([survivor.client.overview(), again.client.overview()]);
    expect(one.current.statements).to.equal(LOGS * BATCHES);
    expect(other.current.statements).to.equal(one.current.statements);
    await again.end();
    await survivor.end();
    await workspace.close();
    rmSync(data, { recursive: true, force: true });
  });
});
