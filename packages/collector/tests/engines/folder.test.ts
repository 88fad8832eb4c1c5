import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startLocalWorkspace } from 'databricks-local-workspace';
import { expect } from 'chai';
import type { CollectorOptions } from 'databricks-telemetry-collector';
import { statementLog } from '../logs';
import { deliver, loaded, testCollector } from '../testCollector';

describe('a data folder whose statements are in a warehouse', function () {
  this.timeout(120_000);

  it('has one process: another one is refused, and nothing of its journal is lost', async () => {
    const workspace = await startLocalWorkspace();
    const { host, port, path, token, customCaCert } = workspace.connectionOptions;
    const databricks = { host, port, path, token, ca: customCaCert, schema: 'main.default' };
    const options: CollectorOptions = { store: 'databricks', databricks };
    let test = await testCollector(options);
    const stub = join(__dirname, '..', '.stubs', 'collectorProcess.ts');
    const args = ['-r', '@swc-node/register', stub, test.data, JSON.stringify(options)];
    const other = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    other.stderr.on('data', (part: Buffer) => (said += part.toString()));
    const [code] = (await once(other, 'close')) as [number];
    expect(code).to.equal(1);
    expect(said).to.match(/The data folder is in use by another process/);
    await deliver(test.collector.address, [statementLog({ statementId: 'kept' })]);
    await loaded(test.client, 1);
    // What held the folder ends with its collector.
    test = await test.restart();
    expect((await test.client.statement('kept')).statement.statementId).to.equal('kept');
    await test.end();
    await workspace.close();
  });
});
