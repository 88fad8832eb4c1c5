import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { FaultSpec, LocalWorkspace } from 'databricks-local-workspace';
import type { Finding } from '../../lib/explain/doctor/Finding';
import { checkDriver, checkNode } from '../../lib/explain/doctor/versions';
import { commandLine } from './support/commandLine';
import { DoctoredWorkspace } from './support/DoctoredWorkspace';

/** Of a portal on the way. */
const PAGE = '<!DOCTYPE html><html><title>Log in</title></html>';

describe('databricks-sql-telemetry', function () {
  this.timeout(60_000);
  let doctored: DoctoredWorkspace;
  let workspace: LocalWorkspace;

  before(async () => {
    doctored = await DoctoredWorkspace.start();
    ({ workspace } = doctored);
  });

  afterEach(() => {
    workspace.faults.clear();
    workspace.setFeatureFlag(true);
  });

  after(() => doctored.stop());

  /** The finding of one check, with the exit status. */
  async function examined(
    check: Finding['check'],
    env: NodeJS.ProcessEnv = {},
    args: readonly string[] = [],
  ): Promise<Finding & { status: number | null }> {
    const { status, found } = await doctored.examine(env, args);
    const finding = found[check];
    if (finding === undefined) throw new Error(`the doctor says nothing of ${check}`);
    return { ...finding, status };
  }

  it('says a line each, and ends with 0 where all is well', async () => {
    const { status, output } = await doctored.run(['doctor']);
    expect(status, output).to.equal(0);
    for (const check of [
      'settings',
      'Node.js',
      'driver',
      'environment',
      'DNS',
      'TLS',
      'options',
      'query',
      'feature flag',
    ]) {
      expect(output).to.match(new RegExp(`^ok +${check} `, 'm'));
    }
    expect(output).to.match(
      /^ok +telemetry +Telemetry works: 3 of 3 records were delivered to https:\/\/localhost:\d+\.$/m,
    );
    expect(output).to.not.include(workspace.token);
  });

  it('tells what is missing and how to give it', async () => {
    const { state, says, advice, status } = await examined('settings', { DATABRICKS_HTTP_PATH: '' });
    expect({ state, says, status }).to.deep.equal({ state: 'broken', says: 'No path.', status: 1 });
    expect(advice).to.match(/^Give --path or DATABRICKS_HTTP_PATH\./);
  });

  it('takes settings from flags, and warns of a token on the command line', async () => {
    const { host, port, path: httpPath, token } = workspace;
    const flags = ['--host', `https://${host}/`, '--port', `${port}`, '--path', httpPath, '--token', token];
    const env = { DATABRICKS_HOST: '', DATABRICKS_PORT: '', DATABRICKS_HTTP_PATH: '', DATABRICKS_TOKEN: '' };
    const { state, advice, status } = await examined('settings', env, flags);
    expect({ state, status }).to.deep.equal({ state: 'ok', status: 0 });
    expect(advice).to.include('use DATABRICKS_TOKEN');
  });

  it('tells a port that is none', async () => {
    const { state, says } = await examined('settings', { DATABRICKS_PORT: '70000' });
    expect({ state, says }).to.deep.equal({ state: 'broken', says: 'The port is no port number.' });
  });

  it('tells a host that nobody knows, and tries nothing further', async () => {
    const { state, says } = await examined('DNS', { DATABRICKS_HOST: 'no-such-host.invalid' });
    expect(state).to.equal('broken');
    expect(says).to.match(/^no-such-host\.invalid cannot be looked up \((ENOTFOUND|EAI_AGAIN)\)\.$/);
  });

  it('tells a port on which nothing listens', async () => {
    const server = createServer().listen(0);
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { state, says, advice } = await examined('TLS', { DATABRICKS_PORT: `${port}` });
    expect({ state, says }).to.deep.equal({
      state: 'broken',
      says: `No secure connection to localhost:${port} (ECONNREFUSED).`,
    });
    expect(advice).to.equal('Nothing listens there: check host and port.');
  });

  it('tells a certificate that nobody vouches for', async () => {
    const { state, advice } = await examined('TLS', { NODE_EXTRA_CA_CERTS: '' });
    expect(state).to.equal('broken');
    expect(advice).to.include('NODE_EXTRA_CA_CERTS');
  });

  it('tells something that does not speak TLS', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0);
    const { port } = server.address() as AddressInfo;
    const { state, advice } = await examined('TLS', { DATABRICKS_PORT: `${port}` });
    server.close();
    expect(state).to.equal('broken');
    expect(advice).to.equal('What listens there does not speak TLS: check the port.');
  });

  it('tells a token that the workspace does not accept', async () => {
    const { state, advice } = await examined('query', { DATABRICKS_TOKEN: 'dapi0123456789' });
    expect(state).to.equal('broken');
    expect(advice).to.match(/^The workspace does not accept the token/);
  });

  it('tells a warehouse that does not exist', async () => {
    workspace.faults.add({ route: 'thrift', status: 404 });
    const { state, says, advice } = await examined('query');
    expect({ state, says }).to.deep.equal({ state: 'broken', says: 'SELECT 1 fails (status 404).' });
    expect(advice).to.include('check the HTTP path');
  });

  it('tells who switched telemetry off in the environment, which is not broken', async () => {
    const { state, says, status } = await examined('environment', { DO_NOT_TRACK: '1' });
    expect({ state, says, status }).to.deep.equal({
      state: 'off',
      says: 'DO_NOT_TRACK switches telemetry off.',
      status: 0,
    });
  });

  it('tells an option with an impossible value', async () => {
    const { state, says } = await examined('options', {}, ['--endpoint', 'collector']);
    expect({ state, says }).to.deep.equal({
      state: 'broken',
      says: 'telemetryEndpoint cannot be this string: nothing leaves.',
    });
  });

  it('tells a workspace that wants no telemetry, which is not broken', async () => {
    workspace.setFeatureFlag(false);
    const { state, says, status } = await examined('feature flag');
    expect({ state, status }).to.deep.equal({ state: 'off', status: 0 });
    expect(says).to.match(/^The feature flag of the workspace says no\./);
  });

  it('does not take for a loss what has waited for a flag that says no', async () => {
    workspace.setFeatureFlag(false);
    workspace.faults.add({ route: 'feature-flags', delayMs: 1500 });
    const { state, status } = await examined('feature flag');
    expect({ state, status }).to.deep.equal({ state: 'off', status: 0 });
  });

  const FLAG_FAULTS: ReadonlyArray<readonly [FaultSpec, RegExp]> = [
    [{ route: 'feature-flags', status: 403 }, /is not for these credentials \(status 403\)/],
    [{ route: 'feature-flags', status: 503 }, /could not be asked for \(status 503\)/],
    [{ route: 'feature-flags', action: 'reset' }, /could not be asked for \(ECONNRESET\)/],
    [{ route: 'feature-flags', status: 200, body: PAGE }, /could not be asked for \(status 200 with a body that/],
  ];
  for (const [fault, sentence] of FLAG_FAULTS) {
    it(`tells a feature flag that cannot be had: ${sentence.source}`, async () => {
      workspace.faults.add(fault);
      const { state, says } = await examined('feature flag');
      expect(state).to.equal('broken');
      expect(says).to.match(sentence);
    });
  }

  const ENDPOINT_FAULTS: ReadonlyArray<readonly [FaultSpec, RegExp]> = [
    [{ route: 'telemetry-ext', status: 403 }, /^The endpoint refuses the records \(status 403\)\.$/],
    [{ route: 'telemetry-ext', status: 503 }, /^The last request with records failed \(status 503\)\./],
    [{ route: 'telemetry-ext', status: 302, headers: { location: 'https://portal.test/' } }, /^The endpoint redirects/],
    [{ route: 'telemetry-ext', status: 200, body: PAGE }, /^A web page answers in the place of the endpoint\.$/],
  ];
  for (const [fault, sentence] of ENDPOINT_FAULTS) {
    it(`tells an endpoint that does not take records: ${sentence.source}`, async () => {
      workspace.faults.add(fault);
      const { state, says } = await examined('telemetry');
      expect(state).to.equal('broken');
      expect(says).to.match(sentence);
    });
  }

  it('tells a collector that is not there', async () => {
    const { state, says } = await examined('telemetry', {}, ['--endpoint', 'http://127.0.0.1:9/logs']);
    expect(state).to.equal('broken');
    expect(says).to.match(/^The last request with records failed \(ECONNREFUSED\)\./);
  });

  it('tells versions that are not supported', () => {
    expect(checkNode('v18.20.0')).to.include({ state: 'broken', says: 'v18.20.0 is too old.' });
    expect(checkNode('v22.1.0')).to.include({ state: 'ok' });
    expect(checkNode('v1.2.3', 'Bun')).to.include({ state: 'ok', says: 'Bun v1.2.3' });
    for (const version of ['1.11.0', '3.0.0', '0.9.9'])
      expect(checkDriver(version), version).to.include({ state: 'broken' });
    for (const version of ['1.12.0', '1.17.0', '2.9.1'])
      expect(checkDriver(version), version).to.include({ state: 'ok' });
  });

  it('previews the requests that would be made, without the token, and makes none', async () => {
    const before = workspace.received.requests().filter(({ route }) => route !== 'thrift').length;
    const { status, output } = await doctored.run(['preview']);
    expect(status, output).to.equal(0);
    expect(output).to.match(/^POST https:\/\/localhost:\d+\/api\/2\.0\/sql\/telemetry-ext$/m);
    expect(output).to.include('"sql_statement_id"').and.to.include('<credentials>');
    expect(output).to.not.include(workspace.token);
    expect(workspace.received.requests().filter(({ route }) => route !== 'thrift').length).to.equal(before);
  });

  it('has a version and a help, and answers what it does not know with the help and 1', async () => {
    const { version } = require('../../package.json') as { version: string };
    expect(await commandLine(['--version'], {})).to.deep.equal({ status: 0, output: `${version}\n` });
    expect((await commandLine(['--help'], {})).output).to.match(/^Usage: databricks-sql-telemetry <verb>/);
    for (const args of [[], ['nonsense'], ['doctor', 'surplus'], ['doctor', '--nonsense']]) {
      const { status, output } = await commandLine(args, {});
      expect(status, args.join(' ')).to.equal(1);
      expect(output).to.not.match(/\n {4}at /);
    }
  });
});
