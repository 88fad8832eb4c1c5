import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DBSQLClient } from '@databricks/sql';
import { expect } from 'chai';
import { quietLogger } from './drivers';

const CLI = join(__dirname, '..', 'lib', 'cli.ts');

/** Runs the command until `seen` holds for what it printed, or until it ends. */
function start(args: string[], seen: (output: string) => boolean) {
  const child = spawn(process.execPath, ['-r', require.resolve('@swc-node/register'), CLI, ...args], { stdio: 'pipe' });
  let output = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const ready = new Promise<string>((resolve) => {
    const collect = (part: Buffer): void => {
      output += part.toString();
      if (seen(output)) resolve(output);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    void exited.then(() => resolve(output));
  });
  return { child, ready, exited };
}

describe('command line', function () {
  this.timeout(30_000);

  it('prints settings that work, serves, and ends on Ctrl-C', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'local-workspace-test-'));
    const { child, ready, exited } = start(['--token', 'cli-token', '--data', folder, '--verbose'], (text) =>
      text.includes('Ctrl-C'),
    );
    const output = await ready;
    const value = (name: string): string => new RegExp(`export ${name}='?([^'\\n]*)'?`).exec(output)?.[1] ?? '';
    expect(output).to.contain('await client.connect({');
    expect(value('DATABRICKS_TOKEN')).to.equal('cli-token');
    const client = new DBSQLClient({ logger: quietLogger });
    await client.connect({
      host: value('DATABRICKS_SERVER_HOSTNAME'),
      port: Number(value('DATABRICKS_PORT')),
      path: value('DATABRICKS_HTTP_PATH'),
      token: value('DATABRICKS_TOKEN'),
      customCaCert: (await import('node:fs')).readFileSync(value('NODE_EXTRA_CA_CERTS'), 'utf8'),
      telemetryEnabled: false,
    });
    const session = await client.openSession();
    const operation = await session.executeStatement('SELECT 1 AS x');
    expect(await operation.fetchAll()).to.deep.equal([{ x: 1 }]);
    await client.close();
    child.kill('SIGINT');
    expect(await exited).to.equal(0);
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses flags that make no sense', async () => {
    const nonsense = [['--port', 'x'], ['--seed', 'none-such'], ['--tls-cert', 'a.pem'], ['--unknown']];
    await Promise.all(
      nonsense.map(async (args) => {
        const { ready, exited } = start(args, () => false);
        expect(await exited, args.join(' ')).to.equal(1);
        expect(await ready).to.match(/error|belong together/i);
      }),
    );
  });
});
