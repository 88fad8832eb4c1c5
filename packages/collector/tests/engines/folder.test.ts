import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startLocalWorkspace } from 'databricks-local-workspace';
import { expect } from 'chai';
import type { CollectorOptions } from 'databricks-telemetry-collector';
import { fromSources } from '../fromSources';
import { statementLog } from '../logs';
import { deliver, loaded, testCollector } from '../testCollector';

/** What a collector of another process says that cannot have the folder; it must not start. */
async function refusalOf(data: string, options: CollectorOptions): Promise<string> {
  const args = [...fromSources('tests/.stubs/collectorProcess.ts'), data, JSON.stringify(options)];
  const other = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  other.stdout.once('data', () => other.kill());
  let said = '';
  other.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await once(other, 'close')) as [number];
  expect(code).to.equal(1);
  return said;
}

const IN_USE = /The data folder is in use by another process/;

describe('a data folder', function () {
  this.timeout(120_000);
  const nowhere: CollectorOptions = { store: 'clickhouse', clickhouse: { url: 'http://127.0.0.1:9' } };

  for (const [holder, other] of [
    [{}, nowhere],
    [nowhere, {}],
  ] as const) {
    it(`of ${holder.store ?? 'duckdb'} has one process, whichever engine another one is told to use`, async () => {
      const test = await testCollector(holder);
      await deliver(test.collector.address, [statementLog()]);
      expect(await refusalOf(test.data, other)).to.match(IN_USE);
      await test.end();
    });
  }
});

describe('a data folder whose statements are in a warehouse', function () {
  this.timeout(120_000);

  it('has one process: another one is refused, and nothing of its journal is lost', async () => {
    const workspace = await startLocalWorkspace();
    const { host, port, path, token, customCaCert } = workspace.connectionOptions;
    const databricks = { host, port, path, token, ca: customCaCert, schema: 'main.default' };
    const options: CollectorOptions = { store: 'databricks', databricks };
    let test = await testCollector(options);
    expect(await refusalOf(test.data, options)).to.match(IN_USE);
    await deliver(test.collector.address, [statementLog({ statementId: 'kept' })]);
    await loaded(test.client, 1);
    // What held the folder ends with its collector.
    test = await test.restart();
    expect((await test.client.statement('kept')).statement.statementId).to.equal('kept');
    await test.end();
    await workspace.close();
  });
});
