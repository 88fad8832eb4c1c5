import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DBSQLClient } from '@databricks/sql';
import { expect } from 'chai';
import { startConnectProxy, startLocalWorkspace, type LocalWorkspace } from '../lib';
import { connect, quietLogger } from './drivers';
import { request } from './request';

const run = promisify(execFile);

async function failureOf(work: Promise<unknown>): Promise<{ statusCode?: number; message: string }> {
  const error: unknown = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (error === undefined) throw new Error('Expected a failure');
  return error as { statusCode?: number; message: string };
}

describe('access tokens', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startLocalWorkspace({
      tokens: [{ name: 'red', tokens: ['red-token'], user: 'red@corp.test' }, 'blue-token'],
    });
  });
  after(() => workspace.close());

  const openWith = async (token: string) => {
    const client = new DBSQLClient({ logger: quietLogger });
    await client.connect({ ...workspace.connectionOptions, token, telemetryEnabled: false });
    return { client, session: await client.openSession() };
  };

  it('lets in who has a valid token, each as its own tenant', async () => {
    for (const [token, tenant, user] of [
      ['red-token', 'red', 'red@corp.test'],
      ['blue-token', 'tenant-2', 'tenant-2@example.com'],
    ] as const) {
      const { client, session } = await openWith(token);
      const operation = await session.executeStatement('SELECT current_user() AS u');
      expect(await operation.fetchAll()).to.deep.equal([{ u: user }]);
      expect(workspace.received.statements({ tenant }).at(-1)?.sessionId).to.equal(session.id);
      await client.close();
    }
  });

  it('answers 401 to an unknown, a revoked and an expired token', async () => {
    const revoked = workspace.issueToken();
    const expired = workspace.issueToken({ ttlMs: 1 });
    workspace.revokeToken(revoked);
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const token of ['unknown', revoked, expired]) {
      expect((await failureOf(openWith(token))).statusCode, token).to.equal(401);
    }
  });

  it('locks out a session whose token is revoked', async () => {
    const token = workspace.issueToken({ tenant: 'red' });
    const { client, session } = await openWith(token);
    workspace.revokeToken(token);
    expect((await failureOf(session.executeStatement('SELECT 1'))).statusCode).to.equal(401);
    await client.close().catch(() => undefined);
  });

  it('does not serve the handles of another tenant', async () => {
    const red = await openWith('red-token');
    const blue = await openWith('blue-token');
    Object.assign(blue.session, { backend: Reflect.get(red.session, 'backend') as unknown });
    const driver = await red.client.getDriver();
    expect(driver).to.be.an('object');
    Object.assign(Reflect.get(blue.session, 'backend') as object, { context: blue.client });
    expect((await failureOf(blue.session.executeStatement('SELECT 1'))).message).to.contain('Invalid SessionHandle');
    await red.client.close().catch(() => undefined);
    await blue.client.close().catch(() => undefined);
  });

  it('answers 404 for another warehouse', async () => {
    const answer = await request(workspace, {
      method: 'POST',
      path: '/sql/1.0/warehouses/other',
      token: 'red-token',
      body: 'x',
    });
    expect(answer.status).to.equal(404);
  });
});

describe('OAuth for machines', () => {
  const tokens = [{ name: 'robot', tokens: ['pat'], clientId: 'client-id', clientSecret: 'client secret' }];
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startLocalWorkspace({ tokens });
  });
  after(() => workspace.close());

  const token = (body: string, headers: Record<string, string> = {}, at = workspace) =>
    request(at, { method: 'POST', path: '/oidc/v1/token', body, headers });

  it('is discoverable under the name the client used', async () => {
    const answer = await request(workspace, {
      method: 'GET',
      path: '/oidc/.well-known/oauth-authorization-server',
      headers: { host: 'workspace.test:8443' },
    });
    expect(answer.json()).to.include({
      issuer: 'https://workspace.test:8443/oidc',
      token_endpoint: 'https://workspace.test:8443/oidc/v1/token',
    });
  });

  it('is found by SDKs that ask the host for its configuration', async () => {
    const answer = await request(workspace, { method: 'GET', path: '/.well-known/databricks-config' });
    expect(answer.json()).to.deep.equal({ oidc_endpoint: `https://localhost:${workspace.port}/oidc` });
  });

  it('issues tokens that are signed JWTs with the time of their end', async () => {
    const answer = await token('grant_type=client_credentials&client_id=client-id&client_secret=client+secret');
    const [header = '', claims = '', signature = ''] = String(answer.json()['access_token']).split('.');
    const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    expect(decoded(header)).to.deep.equal({ alg: 'HS256', typ: 'at+jwt' });
    expect(decoded(claims)).to.include({ sub: 'client-id' }).and.to.have.property('exp').that.is.a('number');
    expect(Buffer.from(signature, 'base64url')).to.have.length(32);
  });

  it('exchanges client credentials for a token that expires', async () => {
    const brief = await startLocalWorkspace({ tokens, oauthTokenTtlSeconds: 2 });
    try {
      const basic = `Basic ${Buffer.from('client-id:client+secret').toString('base64')}`;
      const answer = await token('grant_type=client_credentials&scope=all-apis', { authorization: basic }, brief);
      expect(answer.json()).to.include({ token_type: 'Bearer', expires_in: 2, scope: 'all-apis' });
      const path = '/api/2.0/connector-service/feature-flags/NODEJS/1.0.0';
      const bearer = String(answer.json()['access_token']);
      const probe = () => request(brief, { method: 'GET', path, token: bearer });
      expect((await probe()).status).to.equal(200);
      await new Promise((resolve) => setTimeout(resolve, 2050));
      expect((await probe()).status).to.equal(401);
    } finally {
      await brief.close();
    }
  }).retries(2); // Its token lives two seconds.

  it('refuses wrong credentials and other grants', async () => {
    const wrong = await token('grant_type=client_credentials&client_id=client-id&client_secret=no');
    expect([wrong.status, wrong.json()['error']]).to.deep.equal([401, 'invalid_client']);
    const grant = await token('grant_type=password');
    expect([grant.status, grant.json()['error']]).to.deep.equal([400, 'unsupported_grant_type']);
  });

  it('works with the OAuth flow of the driver, through a CONNECT proxy that maps a cloud host name here', async () => {
    const proxy = await startConnectProxy({ resolve: () => ({ host: '127.0.0.1', port: workspace.port }) });
    const folder = mkdtempSync(join(tmpdir(), 'local-workspace-test-'));
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, workspace.ca);
    const script = `
      const { DBSQLClient } = require(${JSON.stringify(require.resolve('@databricks/sql'))});
      (async () => {
        const client = new DBSQLClient({ logger: { log() {} } });
        await client.connect({
          host: 'local.cloud.databricks.com', path: ${JSON.stringify(workspace.path)}, telemetryEnabled: false,
          authType: 'databricks-oauth', oauthClientId: 'client-id', oauthClientSecret: 'client secret',
          proxy: { protocol: 'http', host: '127.0.0.1', port: ${proxy.port} },
        });
        const session = await client.openSession();
        const operation = await session.executeStatement('SELECT current_user() AS u, id FROM range(200000)');
        console.log(JSON.stringify((await operation.fetchAll()).length));
        await client.close();
      })();`;
    try {
      const { stdout } = await run(process.execPath, ['-e', script], {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: ca },
      });
      expect(stdout.trim()).to.equal('200000');
      expect(proxy.tunnels.map(({ target }) => target)).to.include('local.cloud.databricks.com:443');
      expect(workspace.received.statements().at(-1)).to.include({ tenant: 'robot', resultFormat: 'cloudfetch' });
    } finally {
      await proxy.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('CONNECT proxy', () => {
  it('asks for credentials when it has some', async () => {
    const workspace = await startLocalWorkspace();
    const proxy = await startConnectProxy({ auth: { username: 'u', password: 'p' } });
    const open = async (auth: { username: string; password: string }) => {
      const client = new DBSQLClient({ logger: quietLogger });
      await client.connect({
        ...workspace.connectionOptions,
        checkServerCertificate: false,
        proxy: { protocol: 'http', host: proxy.host, port: proxy.port, auth },
        telemetryEnabled: false,
      });
      return client.openSession().finally(() => client.close());
    };
    try {
      await failureOf(open({ username: 'u', password: 'wrong' }));
      expect(proxy.tunnels.map(({ authorized }) => authorized)).to.deep.equal([false]);
    } finally {
      await proxy.close();
      await workspace.close();
    }
  });
});

describe('mutual TLS', () => {
  it('serves who shows a certificate of its authority, nobody else', async () => {
    const workspace = await startLocalWorkspace({ mutualTls: true });
    try {
      await failureOf(connect(workspace).then((client) => client.openSession()));
      const { cert, key } = await workspace.issueClientCertificate('me');
      const client = new DBSQLClient({ logger: quietLogger });
      await client.connect({
        ...workspace.connectionOptions,
        clientCert: Buffer.from(cert),
        clientKey: Buffer.from(key),
        telemetryEnabled: false,
      });
      const session = await client.openSession();
      const operation = await session.executeStatement('SELECT 1 AS x');
      expect(await operation.fetchAll()).to.deep.equal([{ x: 1 }]);
      await client.close();
    } finally {
      await workspace.close();
    }
  });
});
