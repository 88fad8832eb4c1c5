import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DBSQLClient } from '@databricks/sql';
import { expect } from 'chai';
import { startLocalWorkspace, type LocalWorkspaceOptions } from '../lib';
import { version } from '../package.json';
import { quietLogger } from './drivers';

const CLI = join(__dirname, '..', 'lib', 'cli.ts');
const README = join(__dirname, '..', 'README.md');
const OPTIONS = join(__dirname, '..', 'lib', 'options.ts');

/** Runs the command until `seen` holds for what it printed, or until it ends. */
function start(args: string[], seen: (output: string) => boolean) {
  const child = spawn(process.execPath, ['-r', './tools/typescript.cjs', CLI, ...args], { stdio: 'pipe' });
  let output = '';
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
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
  this.timeout(90_000);

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
      customCaCert: readFileSync(value('NODE_EXTRA_CA_CERTS'), 'utf8'),
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

  it('says its address before the rows of --seed demo are there, for which statements wait', async () => {
    const { child, ready, exited } = start(['--seed', 'demo', '--token', 'demo-token'], (text) =>
      text.includes('Ctrl-C'),
    );
    const output = await ready;
    const value = (name: string): string => new RegExp(`export ${name}='?([^'\\n]*)'?`).exec(output)?.[1] ?? '';
    const client = new DBSQLClient({ logger: quietLogger });
    await client.connect({
      host: 'localhost',
      port: Number(value('DATABRICKS_PORT')),
      path: value('DATABRICKS_HTTP_PATH'),
      token: 'demo-token',
      customCaCert: readFileSync(value('NODE_EXTRA_CA_CERTS'), 'utf8'),
      telemetryEnabled: false,
    });
    const session = await client.openSession();
    const operation = await session.executeStatement('SELECT count(*) AS n FROM samples.nyctaxi.trips, (SELECT 1)');
    expect(await operation.fetchAll()).to.deep.equal([{ n: 22_000 }]);
    await client.close();
    child.kill('SIGINT');
    expect(await exited).to.equal(0);
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

  it('tells its version', async () => {
    const { ready, exited } = start(['--version'], () => false);
    expect(await exited).to.equal(0);
    expect((await ready).trim()).to.equal(version);
  });

  it('has the flags of the README and no others', async () => {
    const { ready, exited } = start(['--help'], () => false);
    expect(await exited).to.equal(0);
    const help = (await ready).match(/^ +(?:-\w, )?--[\w-]+/gm)?.map((line) => line.replace(/.*--/, '--')) ?? [];
    const [, table = ''] = readFileSync(README, 'utf8').split('## From the command line');
    const [rows = ''] = table.split('## ');
    const named = [...rows.matchAll(/^\| (`--.*?) +\|/gm)].flatMap(([, cell = '']) => cell.match(/--[\w-]+/g) ?? []);
    expect(named).to.have.members(help.filter((flag) => flag !== '--help'));
  });

  it('says in one sentence why it does not start, and ends with 1', async () => {
    const busy = await startLocalWorkspace();
    const cases: [args: string[], sentence: string][] = [
      [['--port', String(busy.port)], `Port ${busy.port} is in use: choose another one, or 0 for any that is free.`],
      [['--data', '/proc/nope'], 'The folder /proc/nope cannot be used: no such file or directory.'],
      [['--tls-cert', '/no/cert', '--tls-key', '/no/key'], 'The file /no/cert cannot be read.'],
    ];
    try {
      for (const [args, sentence] of cases) {
        const { ready, exited } = start(args, () => false);
        expect(await exited, args.join(' ')).to.equal(1);
        expect((await ready).trim()).to.equal(sentence);
      }
    } finally {
      await busy.close();
    }
  });
});

describe('starting a workspace', () => {
  let folder: string;

  it('takes the options of the README and no others', () => {
    const [, section = ''] = readFileSync(README, 'utf8').split('## Options');
    const [rows = ''] = section.split('## ');
    const named = [...rows.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(?:\w*\.)?(\w+)`/g)].map(([, name]) => name),
    );
    const text = readFileSync(OPTIONS, 'utf8');
    const interfaces = [...text.matchAll(/^export interface (\w+) \{\n([^]*?)^\}/gm)];
    const known = interfaces.flatMap(([, , body = '']) => [...body.matchAll(/^  (\w+)\?:/gm)].map(([, name]) => name));
    const groups = ['cloudFetch', 'limits'];
    expect(named).to.have.members(known.filter((name) => !groups.includes(name ?? '')));
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'local-workspace-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const failure = async (options: LocalWorkspaceOptions): Promise<string> => {
    const error: unknown = await startLocalWorkspace(options).catch((e: unknown) => e);
    if (!(error instanceof Error)) throw new Error('It did start');
    return error.message;
  };

  it('fails with a sentence for an address that is none, a folder that is none and a certificate that is none', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'no folder');
    expect(await failure({ host: '203.0.113.5' })).to.equal('203.0.113.5 is no address of this machine.');
    expect(await failure({ dataDir: file })).to.equal(`The folder ${file} cannot be used: not a directory.`);
    expect(await failure({ tls: { cert: 'x', key: 'y' } })).to.match(/^The certificate and key .*\.$/);
  });

  it('fails with a sentence for a database that is none, or that another process has', async () => {
    mkdirSync(join(folder, 'broken', 'catalogs'), { recursive: true });
    writeFileSync(join(folder, 'broken', 'catalogs', 'main.duckdb'), 'no database');
    expect(await failure({ dataDir: join(folder, 'broken') })).to.match(/^The database in .*broken cannot be opened: /);
    const dataDir = join(folder, 'busy');
    const { child, ready, exited } = start(['--data', dataDir], (text) => text.includes('Ctrl-C'));
    await ready;
    expect(await failure({ dataDir })).to.equal(
      `The database in ${dataDir} is in use by another process (PID ${child.pid}).`,
    );
    child.kill('SIGINT');
    await exited;
  }).timeout(30_000);

  it('leaves a database that it could not serve to the next who opens it', async () => {
    const busy = await startLocalWorkspace();
    const failed: unknown = await startLocalWorkspace({ dataDir: folder, port: busy.port }).catch((e: unknown) => e);
    expect(failed).to.have.property('code', 'EADDRINUSE');
    const next = await startLocalWorkspace({ dataDir: folder });
    await next.close();
    await busy.close();
  });
});
