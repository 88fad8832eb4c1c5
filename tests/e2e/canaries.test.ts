import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startConnectProxy, type LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions } from 'databricks-sql-telemetry';
import { KeepingLogger } from './support/application';
import { Canaries } from './support/Canaries';
import { HttpCollector } from './support/HttpCollector';
import { HostileApplication } from './support/hostileApplication';
import { receivedBytes } from './support/receivedBytes';
import { startFreshWorkspace } from './support/workspace';

const ORGANISATION = '1234567890123456';

describe('canaries: no data of the application is in what telemetry sends', () => {
  const environment = { ...process.env };
  const { title, argv } = process;
  let workspace: LocalWorkspace;
  let canaries: Canaries;
  let robot: { clientId: string; clientSecret: string };

  beforeEach(async () => {
    canaries = new Canaries();
    robot = { clientId: canaries.plant('OAuth client'), clientSecret: canaries.plant('OAuth secret') };
    const folder = `/home/${canaries.plant('home directory')}`;
    Object.assign(process.env, {
      HOME: folder,
      USER: canaries.plant('user name'),
      LOGNAME: canaries.plant('login name'),
      LANG: canaries.plant('locale'),
      [`APP_${canaries.plant('name of a variable')}`]: canaries.plant('value of a variable'),
      DATABRICKS_TOKEN: canaries.plant('token in the environment'),
    });
    process.title = canaries.plant('process title');
    process.argv = [argv[0] ?? 'node', `${folder}/report.js`, `--password=${canaries.plant('command line')}`];
    workspace = await startFreshWorkspace({
      orgId: ORGANISATION,
      tokens: [
        { name: 'tenant', tokens: [`dapi${canaries.plant('token')}`], user: canaries.plant('user') },
        { name: 'robot', ...robot },
      ],
      cloudFetch: { maxRowsPerFile: 10_000, thresholdBytes: 1 << 18 },
    });
  });

  afterEach(async () => {
    await workspace.close();
    for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, environment);
    Object.assign(process, { title, argv });
  });

  async function run(options: Partial<ConnectionOptions>): Promise<KeepingLogger> {
    const logger = new KeepingLogger();
    const hostile = {
      path: `${workspace.path}&note=${canaries.plant('query of the HTTP path')}#${canaries.plant('fragment of the path')}`,
      userAgentEntry: `report dapi${canaries.plant('token in the name of the application')}`,
      telemetryAnonymousErrors: true,
      customHeaders: { 'x-gateway': canaries.plant('header') },
      ...options,
    } as Partial<ConnectionOptions>;
    const client = await new HostileApplication(workspace, canaries, hostile, logger).run();
    const stats = client.getTelemetryStats();
    expect(stats?.collected, 'everything was collected').to.be.greaterThan(40);
    expect(stats?.delivered, 'and delivered').to.equal(stats?.collected);
    const told = JSON.stringify([stats, client.explainTelemetry()]);
    expect(canaries.foundIn(told), 'in statistics and explanation').to.deep.equal([]);
    const lines = logger.telemetry.map(({ message }) => message).join('\n');
    expect(canaries.foundIn(lines), 'in the log lines of telemetry').to.deep.equal([]);
    return logger;
  }

  for (const telemetryAuthenticatedExport of [true, false]) {
    const mode = telemetryAuthenticatedExport ? 'with credentials' : 'without credentials';

    it(`exported ${mode}`, async () => {
      await run({ telemetryAuthenticatedExport });
      const isAnonymous = workspace.received.telemetryRequests().map(({ authenticated }) => !authenticated);
      expect(isAnonymous).to.include(!telemetryAuthenticatedExport);
      const bytes = receivedBytes(workspace, ['authorization', 'x-gateway']);
      expect(canaries.foundIn(bytes)).to.deep.equal([]);
      // A name that is too short may be part of an id by chance.
      const machine = [hostname(), homedir(), process.cwd()].filter(
        (name) => name.length > 8 && name !== workspace.host,
      );
      for (const name of machine) expect(bytes.includes(name), name).to.equal(false);
    });

    it(`exported ${mode} through a proxy that asks for a password`, async () => {
      const auth = { username: canaries.plant('user of the proxy'), password: canaries.plant('password of the proxy') };
      const proxy = await startConnectProxy({ auth });
      try {
        // Behind a proxy the driver does not use the CA that it is given.
        process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
        await run({
          telemetryAuthenticatedExport,
          proxy: { protocol: 'http', host: proxy.host, port: proxy.port, auth },
        } as Partial<ConnectionOptions>);
      } finally {
        await proxy.close();
      }
      expect(canaries.foundIn(receivedBytes(workspace, ['authorization', 'x-gateway']))).to.deep.equal([]);
    });
  }

  it('exported with a token that OAuth gave, which names its client', async () => {
    // The driver knows the OAuth endpoints of a cloud host only.
    const proxy = await startConnectProxy({ resolve: () => ({ host: '127.0.0.1', port: workspace.port }) });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      await run({
        host: 'local.cloud.databricks.com',
        port: 443,
        authType: 'databricks-oauth',
        oauthClientId: robot.clientId,
        oauthClientSecret: robot.clientSecret,
        proxy: { protocol: 'http', host: proxy.host, port: proxy.port },
      } as Partial<ConnectionOptions>);
    } finally {
      await proxy.close();
    }
    const authTypes = JSON.stringify(workspace.received.telemetryLogs());
    expect(authTypes).to.contain('oauth-m2m');
    expect(canaries.foundIn(receivedBytes(workspace, ['authorization', 'x-gateway']))).to.deep.equal([]);
  });

  it('sent to a collector of one’s own that asks for local fields, but for its own token', async () => {
    const collector = await HttpCollector.start();
    collector.configuration = { enabled: true, local: 1 };
    const telemetryEndpointToken = canaries.plant('token of the collector');
    try {
      await run({ telemetryEndpoint: collector.base, telemetryEndpointToken, ...{ telemetryServiceName: 'report' } });
    } finally {
      await collector.close();
    }
    expect(collector.logs.every((log) => log.includes('"local":{"version":1,"service":"report"'))).to.equal(true);
    const requests = [...collector.questions, ...collector.requests];
    expect(collector.questions.length, 'questions').to.be.greaterThan(0);
    for (const { headers } of requests) {
      expect(headers.authorization).to.equal(`Bearer ${telemetryEndpointToken}`);
      expect(headers).to.not.have.any.keys('x-gateway', 'x-databricks-org-id');
      delete headers.authorization;
    }
    expect(canaries.foundIn(JSON.stringify(requests))).to.deep.equal([]);
    const toWorkspace = workspace.received.requests().filter(({ path }) => /telemetry|feature-flags/.test(path));
    expect(toWorkspace, 'requests of telemetry to the workspace').to.deep.equal([]);
  });

  it('kept in a spool directory while the endpoint is down', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spool-'));
    const down = { route: 'telemetry-ext', status: 503 } as const;
    const clear = (): void => {
      workspace.faults.clear();
      workspace.faults.add(down);
    };
    clear();
    const unreachable = { ...workspace, faults: { ...workspace.faults, clear } };
    const options = {
      customHeaders: { 'x-gateway': canaries.plant('header') },
      telemetrySpoolDirectory: folder,
      telemetryMaxRetries: 0,
      telemetryCloseTimeoutMs: 500,
    } as Partial<ConnectionOptions>;
    const logger = new KeepingLogger();
    const client = await new HostileApplication(unreachable, canaries, options, logger).run();
    expect(client.getTelemetryStats()?.delivered, 'delivered').to.equal(0);
    const names = await readdir(folder);
    const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    const kept = files.join('');
    expect(kept.split('frontend_log_event_id').length, 'records in the files').to.be.greaterThan(40);
    expect(canaries.foundIn(names.join(' ') + kept)).to.deep.equal([]);
    for (const name of names) expect((await stat(join(folder, name))).mode & 0o077, name).to.equal(0);
    await rm(folder, { recursive: true });
  });

  it('what is sent without credentials carries no header of the connection', async () => {
    await run({ telemetryAuthenticatedExport: false });
    for (const { request } of workspace.received.telemetryRequests()) {
      expect(Object.keys(request.headers).sort()).to.deep.equal([
        'connection',
        'content-length',
        'content-type',
        'host',
        'user-agent',
      ]);
      expect(request.headers['user-agent']).to.match(/^NodejsDatabricksSqlConnector\/[\d.]+$/);
    }
  });

  it('the canaries would be found: the workspace did receive them with the queries', async () => {
    await run({});
    const asked = JSON.stringify([workspace.received.statements(), workspace.received.requests()]);
    expect(canaries.foundIn(asked).length).to.be.greaterThan(20);
    const word = canaries.plant('searched');
    for (const encoding of ['utf8', 'hex', 'base64', 'base64url'] as const) {
      for (const text of [word, `a${word}b`, `bc${word}d`, `${word.toUpperCase()}`].slice(
        0,
        encoding === 'utf8' ? 4 : 3,
      )) {
        expect(canaries.foundIn(Buffer.from(text).toString(encoding)), `${text} in ${encoding}`).to.include('searched');
      }
    }
  });
});
