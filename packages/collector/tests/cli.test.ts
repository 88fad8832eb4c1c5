import { expect } from 'chai';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CollectorClient } from 'databricks-telemetry-collector';
import { ready, run, start, type Ended } from './commandLine';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, post, until } from './testCollector';

/** The optional packages are found nowhere, as in a folder where nobody installed them. */
const WITHOUT_PEERS = `
  const Module = require('node:module');
  const { _resolveFilename } = Module;
  Module._resolveFilename = function (name, ...rest) {
    if (name !== '@clickhouse/client' && name !== '@databricks/sql') return _resolveFilename.call(this, name, ...rest);
    throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
  };`;

describe('the command line', function () {
  this.timeout(180_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'collector-cli-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('serves, says what to set in an application, and answers its own verbs; SIGTERM loses nothing', async () => {
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o755 });
    const child = start(['--port', '0', '--data', data]);
    let log = '';
    child.stderr?.on('data', (part: Buffer) => (log += part.toString()));
    const { address, out } = await ready(child);
    expect((await run(['--port', '0', '--data', data])).err).to.equal(
      `The data folder is in use by another process (PID ${child.pid}).\n`,
    );
    expect(out.split('\n')[0]).to.equal(`Telemetry collector ready at ${address}`);
    expect(out).to.include(`telemetryEndpoint: '${address}'`);
    const client = new CollectorClient(address);
    await deliver(address, [
      sessionLog({ service: 'checkout' }),
      statementLog({ statementId: 'first', latencyMs: 7, operation: { execution_result: 'INLINE_ARROW' } }),
    ]);
    await loaded(client, 2);

    const url = ['--url', address];
    const status = await run(['status', ...url]);
    expect([status.code, status.err]).to.deep.equal([0, '']);
    expect(status.out)
      .to.match(/received +2 logs, 0 rejected/)
      .and.match(/stored +1 statements/);

    const csv = join(folder, 'out.csv');
    const exported = await run(['export', ...url, '--output', csv, '--filter', 'service=checkout']);
    expect(exported.err).to.equal('');
    expect(readFileSync(csv, 'utf8')).to.match(/^statementId,.*\nfirst,/);

    const lines = join(folder, 'out.jsonl');
    const chosen = ['service=pricing', 'service=checkout', 'format=INLINE_ARROW', 'format=EXTERNAL_LINKS'];
    await run(['export', ...url, '--output', lines, '--filter', ...chosen]);
    expect(JSON.parse(readFileSync(lines, 'utf8'))).to.include({ statementId: 'first' });
    const timed = await run(['export', ...url, '--output', lines, '--filter', 'from=0']);
    expect([timed.code, timed.err]).to.deep.equal([1, '--from says the time.\n']);

    const dry = await run(['expire', ...url, '--dry-run']);
    expect(dry.out).to.equal('0 statements would be deleted; 0 files, 0 kB\n');

    const nobody = await run(['remove', ...url, '--by-application', 'nobody']);
    expect(nobody.out).to.equal('0 statements removed\n');
    for (const whose of [[], ['--by-application', 'checkout', '--by-session', 'other']]) {
      const refused = await run(['remove', ...url, ...whose]);
      expect([refused.code, refused.err]).to.deep.equal([
        1,
        'Give one of --by-host, --by-session and --by-application.\n',
      ]);
    }

    const saved = join(folder, 'backup');
    expect((await run(['backup', ...url, '--output', saved])).code).to.equal(0);
    // The collector keeps no second one, and two do not become one.
    expect(readdirSync(join(data, 'backups'))).to.deep.equal([]);
    expect((await run(['backup', ...url, '--output', saved])).err).to.match(/holds data already/);
    expect(readdirSync(join(data, 'backups'))).to.deep.equal([]);

    await deliver(address, [statementLog({ statementId: 'last' })]);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).to.equal(0);
    expect(
      log
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
    ).to.deep.equal(['listening', 'stopped']);

    // Also in a folder that others may enter.
    const open = [data, saved].flatMap((root) =>
      readdirSync(root, { recursive: true }).filter((name) => (statSync(join(root, String(name))).mode & 0o077) !== 0),
    );
    expect(open).to.deep.equal([]);

    const restoredTo = join(folder, 'restored');
    expect((await run(['restore', saved, '--data', restoredTo])).out).to.equal(`restored to ${restoredTo}\n`);
    expect((await run(['restore', saved, '--data', data])).err).to.match(/holds data already/);
    // Whatever runs on a data folder may be between two writes.
    const refused = await run(['restore', data, '--data', join(folder, 'of-data')]);
    expect([refused.code, refused.err]).to.deep.equal([1, `${data} is a data folder: restore what \`backup\` made.\n`]);

    const again = start([], { TELEMETRY_COLLECTOR_PORT: '0', TELEMETRY_COLLECTOR_DATA: data });
    const next = new CollectorClient((await ready(again)).address);
    expect((await next.statement('last')).statement.statementId).to.equal('last');
    again.kill('SIGKILL');
    await once(again, 'exit');
    expect(existsSync(join(restoredTo, 'telemetry.duckdb'))).to.equal(true);
  });

  it('checks a configuration without starting: flags beat the environment, the environment beats the file', async () => {
    const file = join(folder, 'collector.yaml');
    const check = (args: string[], env = {}): Promise<Ended> => run(['--check', '--config', file, ...args], env);
    writeFileSync(file, 'port: 70000\nretentionDays: 3\n');
    expect((await check([])).err).to.match(/port must be a port number/);
    expect((await check(['--port', '1'])).out).to.equal('The configuration is good.\n');
    expect((await check([], { TELEMETRY_COLLECTOR_PORT: '1' })).code).to.equal(0);
    writeFileSync(file, '{"prot": 1}');
    expect((await check([])).err).to.match(/there is no option prot/);
    writeFileSync(file, 'host: 0.0.0.0\n');
    expect((await check([])).err).to.match(/loopback only/);
    const tokens = { TELEMETRY_COLLECTOR_SEND_TOKEN: 'send-token-1', TELEMETRY_COLLECTOR_READ_TOKEN: 'read-token-1' };
    expect((await check([], tokens)).code).to.equal(0);
    const headers = (text: string): Record<string, string> => ({ ...tokens, TELEMETRY_COLLECTOR_OTLP_HEADERS: text });
    expect((await check([], headers('api-key=a b, x-team = data'))).code).to.equal(0);
    expect((await check([], headers('api-key: secret'))).err).to.equal('OTLP headers are name=value.\n');
  });

  it('checks the options of an engine on the command line, and says which package it needs when that is not there', async () => {
    const check = (args: string[], env = {}): Promise<Ended> => run(['--check', ...args], env);
    const clickhouse = ['--store', 'clickhouse', '--clickhouse-url', 'https://clickhouse.example.com:8443'];
    const databricks = ['--store', 'databricks', '--databricks-host', 'example.cloud.databricks.com'];
    const warehouse = ['--databricks-path', '/sql/1.0/warehouses/a', '--databricks-schema', 'main.telemetry'];
    const token = { TELEMETRY_COLLECTOR_DATABRICKS_TOKEN: 'dapi-secret' };
    const named = ['--clickhouse-database', 'telemetry', '--clickhouse-user', 'collector'];
    expect((await check([...clickhouse, ...named])).out).to.equal('The configuration is good.\n');
    expect((await check([...databricks, ...warehouse], token)).out).to.equal('The configuration is good.\n');
    expect((await check(['--store', 'clickhouse'])).err).to.match(/needs its address/);
    expect((await check(databricks, token)).err).to.match(/needs databricks.host and databricks.path/);
    expect((await check([...databricks, ...warehouse])).err).to.match(/needs a token/);
    expect((await check([...clickhouse, '--clickhouse-user'])).code).to.equal(1);

    const hook = join(folder, 'withoutPeers.cjs');
    writeFileSync(hook, WITHOUT_PEERS);
    const without = { ...token, NODE_OPTIONS: `--require ${hook}` };
    for (const [args, name] of [
      [clickhouse, '@clickhouse/client'],
      [[...databricks, ...warehouse], '@databricks/sql'],
    ] as const) {
      const missing = await check([...args], without);
      expect(missing).to.include({ code: 1, out: '' });
      expect(missing.err).to.match(new RegExp(`needs a package that is not here: npm install ${name}\n$`));
    }
    expect((await check([], without)).code).to.equal(0);
  });

  it('stands in front of a workspace as a gateway, with a collector of its own or another one', async () => {
    const workspace = createServer((message, response) => response.end(`workspace ${message.url ?? ''}`));
    workspace.listen(0, '127.0.0.1');
    await once(workspace, 'listening');
    const upstream = `http://127.0.0.1:${(workspace.address() as AddressInfo).port}`;
    const common = ['gateway', '--upstream', upstream, '--port', '0'];
    const first = start([...common, '--collector-port', '0', '--data', join(folder, 'data')]);
    const { address, out } = await ready(first);
    expect(out)
      .to.match(/^Telemetry gateway ready at http:\/\/127\.0\.0\.1:\d+ in front of 127/)
      .and.match(/stays here/);
    const collector = /Look at it at (\S+)\/\./.exec(out)?.[1] ?? '';
    const second = start([...common, '--collector', collector, '--telemetry', 'copy']);
    const copying = await ready(second);
    expect(copying.out).to.match(/a copy of it stays here/);
    expect(await (await fetch(`${address}/sql/1.0/x`)).text()).to.equal('workspace /sql/1.0/x');
    await deliver(address, [statementLog({ statementId: 'through-the-gateway' })]);
    const copied = await post(copying.address, [statementLog({ statementId: 'as-a-copy' })]);
    expect(await copied.text()).to.equal('workspace /telemetry-ext');
    const client = new CollectorClient(collector);
    await loaded(client, 2);
    expect((await client.statements()).statements.map(({ statementId }) => statementId)).to.have.members([
      'through-the-gateway',
      'as-a-copy',
    ]);
    for (const child of [second, first]) {
      child.kill('SIGTERM');
      const [code] = (await once(child, 'close')) as [number | null];
      expect(code).to.equal(0);
    }
    workspace.close();
  });

  it('checks what a gateway is given, in flags, environment and file', async () => {
    const check = (args: string[], env = {}): Promise<Ended> => run(['gateway', '--check', ...args], env);
    expect((await check([])).err).to.match(/upstream must be an address/);
    expect((await check(['--upstream', 'https://example.cloud.databricks.com'])).code).to.equal(0);
    const inEnvironment = { TELEMETRY_GATEWAY_UPSTREAM: 'https://example.cloud.databricks.com' };
    expect((await check([], inEnvironment)).code).to.equal(0);
    expect((await check(['--host', '0.0.0.0'], inEnvironment)).err).to.match(/give a certificate/);
    expect((await check(['--tls-cert', 'x'], inEnvironment)).err).to.match(/belong together/);
    const elsewhere = ['--collector', 'https://collector.example.com'];
    expect((await check(elsewhere, inEnvironment)).code).to.equal(0);
    expect((await check([...elsewhere, '--data', 'x'], inEnvironment)).err).to.match(/data is for a collector/);
    const file = join(folder, 'gateway.yaml');
    writeFileSync(file, 'upstream: https://example.cloud.databricks.com\ntelemetry: everywhere\n');
    expect((await check(['--config', file])).err).to.match(/telemetry must be/);
    expect((await check(['--config', file, '--telemetry', 'copy'])).code).to.equal(0);
  });

  it('takes no token from the command line, and names its version', async () => {
    expect((await run(['--send-token', 'abcdefgh'])).code).to.equal(1);
    const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };
    expect((await run(['--version'])).out).to.equal(`${version}\n`);
  });

  it('serves on when nobody reads what it says any more', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const child = start(['--port', String(port), '--data', join(folder, 'data')]);
    child.stdout?.destroy();
    child.stderr?.destroy();
    const address = `http://127.0.0.1:${port}`;
    await until(
      () => fetch(`${address}/readyz`).then(({ status }) => status, () => 0), // prettier-ignore
      (status) => status === 200 || child.exitCode !== null,
    );
    await deliver(address, [statementLog()]);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });

  it('a signal that comes twice, from the terminal and from who started it, ends it in good order', async () => {
    const child = start(['--port', '0', '--data', join(folder, 'data')]);
    const { address } = await ready(child);
    // It is not through at once: a request is under way.
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    const head = 'POST /telemetry-ext HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
    socket.write(`${head}expect: 100-continue\r\ncontent-length: 9\r\n\r\n`);
    await once(socket, 'data');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
    socket.destroy();
  });

  it('reads a file of tokens as the collector does, and repeats none that cannot be one', async () => {
    const file = join(folder, 'token');
    const child = start(['--port', '0', '--data', join(folder, 'data')], {
      TELEMETRY_COLLECTOR_READ_TOKEN: 'read-token-1',
    });
    const url = ['--url', (await ready(child)).address];
    for (const [content, code] of [
      ['\ufeff# mine\r\nread-token-1 # the first\r\nother-token\r\n', 0],
      ['# none\n', 1],
      ['canary token\n', 1],
    ] as const) {
      // prettier-ignore
      writeFileSync(file, content);
      const ended = await run(['status', ...url, '--token-file', file]);
      expect(ended.code, ended.err).to.equal(code);
      expect(ended.out + ended.err).to.not.include('canary');
    }
    const given = await run(['status', ...url], { TELEMETRY_COLLECTOR_TOKEN: 'canary token' });
    expect([given.code, given.err]).to.deep.equal([1, 'A token must be of printable ASCII, without spaces.\n']);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('says in one sentence what is in the way, and ends with 1', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'no folder');
    const busy = createServer().listen(0, '127.0.0.1');
    busy.on('connection', (socket) => socket.destroy());
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    const upstream = ['--upstream', 'https://example.cloud.databricks.com'];
    const inUse = `Port ${port} is in use: choose another one, or 0 for any that is free.\n`;
    const cases: [args: string[], err: string | RegExp][] = [
      [['--port', String(port)], inUse],
      [['gateway', ...upstream, '--port', String(port), '--collector-port', '0', '--data', join(folder, 'a')], inUse],
      [['gateway', ...upstream, '--port', '0', '--collector-port', String(port), '--data', join(folder, 'b')], inUse],
      [['--data', join(file, 'below')], `${join(file, 'below')} cannot be used: not a directory.\n`],
      [['--tls-cert', file, '--tls-key', file], /^The certificate and key .*\(PEM\)\.\n$/],
      [['status', '--url', `http://127.0.0.1:${port}`], /^The collector does not answer: .+\.\n$/],
      [['nonsense'], "error: there is no verb 'nonsense'; --help lists them\n"],
      [['status', '--url', 'nonsense'], '--url must be an address such as http://127.0.0.1:4300.\n'],
      [['status', '--token-file', join(folder, 'none')], /none cannot be used: no such file or directory\.\n$/],
    ];
    await Promise.all(
      cases.map(async ([args, err], index) => {
        const ended = await run(args, { TELEMETRY_COLLECTOR_DATA: join(folder, String(index)) });
        const said = ended.err.replace(/^\{.*\}\n/gm, '');
        expect(ended.code, args.join(' ')).to.equal(1);
        if (typeof err === 'string') expect(said, args.join(' ')).to.equal(err);
        else expect(said, args.join(' ')).to.match(err);
      }),
    );
    busy.close();
  });
});
