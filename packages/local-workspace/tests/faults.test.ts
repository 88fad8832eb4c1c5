import { expect } from 'chai';
import { RPC_NAMES, startLocalWorkspace, type FaultSpec, type LocalWorkspace, type RpcName } from '../lib';
import { harness, type Harness } from './drivers';
import { request } from './request';

const FLAG_PATH = '/api/2.0/connector-service/feature-flags/NODEJS/2.1.0';

async function outcome(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'ok',
    (error: unknown) => (error as Error).message,
  );
}

describe('faults on a route', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startLocalWorkspace({ adminToken: 'admin' });
  });
  after(() => workspace.close());
  afterEach(() => workspace.faults.clear());

  const flag = (timeoutMs?: number) =>
    request(workspace, {
      method: 'GET',
      path: FLAG_PATH,
      token: workspace.token,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });

  it('answers a status with headers and body, so many times', async () => {
    const fault = workspace.faults.add({
      route: 'feature-flags',
      status: 429,
      headers: { 'retry-after': '3' },
      body: 'slow down',
      times: 2,
    });
    for (let i = 0; i < 2; i++) {
      const answer = await flag();
      expect([answer.status, answer.headers['retry-after'], answer.body.toString()]).to.deep.equal([
        429,
        '3',
        'slow down',
      ]);
    }
    expect((await flag()).status).to.equal(200);
    expect(fault.hits).to.equal(2);
    expect(workspace.received.requests({ route: 'feature-flags' }).map(({ faulted }) => faulted)).to.deep.equal([
      true,
      true,
      false,
    ]);
  });

  it('skips requests first, and stops when removed', async () => {
    const fault = workspace.faults.add({ route: 'feature-flags', status: 503, skip: 1 });
    expect((await flag()).status).to.equal(200);
    expect((await flag()).status).to.equal(503);
    fault.remove();
    expect((await flag()).status).to.equal(200);
  });

  it('delays', async () => {
    workspace.faults.add({ route: 'feature-flags', delayMs: 120 });
    const started = Date.now();
    expect((await flag()).status).to.equal(200);
    expect(Date.now() - started).to.be.at.least(115);
  });

  it('hangs', async () => {
    workspace.faults.add({ route: 'feature-flags', action: 'hang' });
    expect(await outcome(flag(100))).to.equal('timeout');
  });

  for (const action of ['reset', 'refuse', 'reset-mid-body'] as const) {
    it(`breaks the connection: ${action}`, async () => {
      workspace.faults.add({ route: 'feature-flags', action });
      expect(await outcome(flag())).to.match(/hang up|ECONNRESET|aborted/);
    });
  }

  it('truncates, corrupts and malforms a body', async () => {
    const good = (await flag()).body;
    workspace.faults.add({ route: 'feature-flags', action: 'truncate', times: 1 });
    workspace.faults.add({ route: 'feature-flags', action: 'corrupt', times: 1 });
    workspace.faults.add({ route: 'feature-flags', action: 'malformed', times: 1 });
    expect((await flag()).body).to.deep.equal(good.subarray(0, Math.floor(good.length / 2)));
    const corrupt = (await flag()).body;
    expect(corrupt).to.have.length(good.length);
    expect(corrupt.equals(good)).to.equal(false);
    expect((await flag()).body.toString('latin1')).to.match(/^<!malformed>/);
  });

  it('sends slowly', async () => {
    workspace.faults.add({ route: 'feature-flags', bytesPerSecond: 1000 });
    const started = Date.now();
    const answer = await flag();
    expect(Date.now() - started).to.be.at.least((answer.body.length / 1000) * 1000 * 0.7);
  });

  it('refuses connections on the port until it accepts them again', async () => {
    await workspace.faults.refuseConnections();
    expect(await outcome(flag())).to.contain('ECONNREFUSED');
    await workspace.faults.acceptConnections();
    expect((await flag()).status).to.equal(200);
  });

  it('destroys open connections', async () => {
    const fault = workspace.faults.add({ route: 'feature-flags', action: 'hang', times: 1 });
    const waiting = outcome(flag());
    while (fault.hits === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    workspace.faults.closeConnections();
    expect(await waiting).to.match(/hang up|ECONNRESET|aborted/);
  });

  describe('over the admin route', () => {
    const admin = (method: string, path: string, body?: unknown, token = 'admin') =>
      request(workspace, {
        method,
        path: `/admin/${path}`,
        token,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });

    it('needs the admin token, not a client token', async () => {
      expect((await admin('GET', 'faults', undefined, workspace.token)).status).to.equal(403);
    });

    it('adds, lists and removes faults, and flips the flag', async () => {
      const { id } = (await admin('POST', 'faults', { route: 'feature-flags', status: 500 })).json();
      expect((await flag()).status).to.equal(500);
      expect((await admin('GET', 'faults')).json()).to.deep.equal({ faults: [{ id, hits: 1 }] });
      await admin('DELETE', `faults/${String(id)}`);
      expect((await flag()).status).to.equal(200);
      await admin('PUT', 'feature-flag', { value: false });
      expect((await flag()).body.toString()).to.contain('"false"');
      await admin('PUT', 'feature-flag', { value: true });
    });

    it('refuses a fault that is none', async () => {
      for (const bad of [{ route: 'nowhere' }, { status: 'x' }, { nonsense: 1 }, []]) {
        expect((await admin('POST', 'faults', bad)).status).to.equal(400);
      }
    });

    it('shows what was received', async () => {
      const answer = await admin('GET', 'received/requests');
      expect(JSON.parse(answer.body.toString())).to.be.an('array').that.is.not.empty;
    });
  });

  it('has no admin route unless it is enabled', async () => {
    const plain = await startLocalWorkspace();
    const answer = await request(plain, { method: 'GET', path: '/admin/faults', token: plain.token });
    expect(answer.status).to.equal(404);
    await plain.close();
  });
});

describe('faults on a Thrift call', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness({
      config: { retryDelayMin: 10, retryDelayMax: 20 },
      cloudFetch: { thresholdBytes: 0, maxRowsPerFile: 1000 },
    });
  });
  after(() => it_.close());
  afterEach(() => it_.workspace.faults.clear());

  const metadataCalls: Partial<Record<RpcName, () => Promise<unknown>>> = {
    GetTypeInfo: () => it_.session.getTypeInfo(),
    GetCatalogs: () => it_.session.getCatalogs(),
    GetSchemas: () => it_.session.getSchemas({}),
    GetTables: () => it_.session.getTables({}),
    GetTableTypes: () => it_.session.getTableTypes(),
    GetColumns: () => it_.session.getColumns({}),
    GetFunctions: () => it_.session.getFunctions({ functionName: '%' }),
    GetPrimaryKeys: () => it_.session.getPrimaryKeys({ schemaName: 'default', tableName: 't' }),
    GetCrossReference: () =>
      it_.session.getCrossReference({
        parentCatalogName: '',
        parentSchemaName: '',
        parentTableName: '',
        foreignCatalogName: '',
        foreignSchemaName: '',
        foreignTableName: '',
      }),
  };
  const statement = () => it_.session.executeStatement('SELECT 1', { maxRows: null });
  const calls: Record<RpcName, () => Promise<unknown>> = {
    ...(metadataCalls as Record<RpcName, () => Promise<unknown>>),
    OpenSession: () => it_.client.openSession(),
    CloseSession: async () => (await it_.client.openSession()).close(),
    GetInfo: () => it_.session.getInfo(17),
    ExecuteStatement: () => it_.session.executeStatement('SELECT 1'),
    GetOperationStatus: async () => (await statement()).finished(),
    CancelOperation: async () => (await statement()).cancel(),
    CloseOperation: async () => (await statement()).close(),
    GetResultSetMetadata: async () => (await statement()).getSchema(),
    FetchResults: async () => (await statement()).fetchAll(),
  };

  for (const rpc of RPC_NAMES) {
    it(`${rpc} can answer an error, a status and nonsense`, async () => {
      it_.workspace.faults.add({ rpc, error: { message: 'made up', sqlState: '58000' }, times: 1 });
      expect(await outcome(calls[rpc]())).to.equal('made up');
      it_.workspace.faults.add({ rpc, status: 400, times: 1 });
      expect(await outcome(calls[rpc]())).to.contain('400');
      it_.workspace.faults.add({ rpc, action: 'truncate', times: 1 });
      expect(
        await outcome(
          Promise.race([calls[rpc](), new Promise((_r, reject) => setTimeout(reject, 300, new Error('hung')))]),
        ),
      ).to.not.equal('ok');
    });
  }

  it('survives a storm of 503 with the retries of the driver', async () => {
    const fault = it_.workspace.faults.add({ rpc: 'GetOperationStatus', status: 503, times: 3 });
    await (await it_.session.executeStatement('SELECT sleep(0.5)')).fetchAll();
    expect(fault.hits).to.equal(3);
  });

  const downloads: [string, FaultSpec, 'ok' | 'fails'][] = [
    ['retries a 503', { status: 503, times: 2 }, 'ok'],
    ['retries a reset', { action: 'reset', times: 1 }, 'ok'],
    ['retries a reset in the middle of the body', { action: 'reset-mid-body', chunked: true, times: 1 }, 'ok'],
    ['waits for a slow link', { bytesPerSecond: 200_000 }, 'ok'],
    ['fails on 403', { status: 403 }, 'fails'],
    ['fails on a corrupted file', { action: 'corrupt' }, 'fails'],
  ];
  for (const [title, spec, expected] of downloads) {
    it(`a CloudFetch download ${title}`, async () => {
      it_.workspace.faults.add({ route: 'cloudfetch', ...spec });
      const result = await outcome(it_.rows('SELECT id FROM range(2500)'));
      expect(result === 'ok' ? 'ok' : 'fails').to.equal(expected);
    });
  }

  it('hands out links that have expired', async () => {
    it_.workspace.faults.add({ rpc: 'ExecuteStatement', expireLinks: true, times: 1 });
    expect(await outcome(it_.rows('SELECT id FROM range(100)'))).to.equal('CloudFetch link has expired');
  });

  it('hits one tenant only', async () => {
    const fault = it_.workspace.faults.add({ rpc: 'ExecuteStatement', tenant: 'somebody-else', status: 500 });
    expect(await outcome(it_.rows('SELECT 1'))).to.equal('ok');
    expect(fault.hits).to.equal(0);
  });
});
