import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import {
  startLocalWorkspace,
  TELEMETRY_FLAG,
  validateTelemetryLog,
  type LocalWorkspace,
  type LocalWorkspaceOptions,
} from '../lib';
import { request, type Answer } from './request';

const LOG = {
  workspace_id: 12,
  frontend_log_event_id: '0b1f8a6e-94b0-4d9e-9b0a-5f7c9a3f7d11',
  context: { client_context: { timestamp_millis: 1_700_000_000_000, user_agent: 'test' } },
  entry: {
    sql_driver_log: {
      session_id: 's',
      sql_statement_id: 'statement-1',
      operation_latency_ms: 12,
      driver_connection_params: { mode: 'THRIFT', auth_mech: 'PAT', host_info: { host_url: 'h', port: 443 } },
      sql_operation: { statement_type: 'QUERY', execution_result: 'EXTERNAL_LINKS', is_compressed: true },
    },
  },
};

const PATHS = [
  ['/api/2.0/sql/telemetry-ext', true],
  ['/telemetry-ext', true],
  ['/api/2.0/sql/telemetry-unauth', false],
  ['/telemetry-unauth', false],
] as const;

describe('telemetry endpoints', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startLocalWorkspace({
      tokens: [
        { name: 'red', tokens: ['red-token'] },
        { name: 'blue', tokens: ['blue-token'] },
      ],
    });
  });
  after(() => workspace.close());
  afterEach(() => {
    workspace.faults.clear();
    workspace.received.clear();
  });

  const post = (path: string, body: unknown, token?: string): Promise<Answer> =>
    request(workspace, { method: 'POST', path, body: typeof body === 'string' ? body : JSON.stringify(body), token });
  const upload = (...logs: unknown[]): unknown => ({
    uploadTime: Date.now(),
    items: [],
    protoLogs: logs.map((log) => (typeof log === 'string' ? log : JSON.stringify(log))),
  });

  for (const [path, authenticated] of PATHS) {
    it(`${path} takes logs and keeps them decoded`, async () => {
      const answer = await post(path, upload(LOG, LOG), authenticated ? 'blue-token' : undefined);
      expect(answer.status).to.equal(200);
      expect(answer.json()).to.deep.equal({ errors: [], numSuccess: 0, numProtoSuccess: 2, numRealtimeSuccess: 0 });
      const logs = workspace.received.telemetryLogs({ statementId: 'statement-1' });
      expect(logs).to.have.length(2);
      expect(logs[0]).to.include({ path, authenticated, tenant: authenticated ? 'blue' : undefined });
      expect(logs[0]?.log).to.deep.equal(LOG);
    });
  }

  it('refuses the authenticated endpoints without a valid token', async () => {
    for (const path of ['/telemetry-ext', '/api/2.0/sql/telemetry-ext']) {
      expect((await post(path, upload(LOG))).status).to.equal(401);
      expect((await post(path, upload(LOG), 'wrong')).status).to.equal(401);
    }
    expect(workspace.received.telemetryLogs({ accepted: 'any' })).to.deep.equal([]);
  });

  it('answers malformed bodies with a clear 400', async () => {
    for (const body of [
      '',
      '{',
      '[]',
      'null',
      '{"protoLogs":[]}',
      '{"uploadTime":1}',
      '{"uploadTime":"1","protoLogs":[]}',
    ]) {
      expect((await post('/telemetry-unauth', body)).status, body).to.equal(400);
    }
    const notStrings = await post('/telemetry-unauth', { uploadTime: 1, protoLogs: [{}] });
    expect(notStrings.json()).to.deep.include({ message: 'protoLogs must be an array of strings' });
  });

  it('counts a log that is no JSON object as rejected and takes the others', async () => {
    const answer = await post('/telemetry-unauth', upload(LOG, 'not json'));
    expect(answer.json()).to.deep.include({ numProtoSuccess: 1, errors: ['protoLogs[1]: not a JSON object'] });
    expect(workspace.received.telemetryLogs()).to.have.length(1);
    expect(workspace.received.telemetryLogs({ accepted: false })).to.have.length(1);
  });

  it('accepts only as many logs as a fault allows', async () => {
    workspace.faults.add({ route: 'telemetry-ext', acceptLogs: 1, times: 1 });
    expect((await post('/telemetry-ext', upload(LOG, LOG, LOG), 'red-token')).json()).to.deep.include({
      numProtoSuccess: 1,
    });
    expect((await post('/telemetry-ext', upload(LOG, LOG), 'red-token')).json()).to.deep.include({
      numProtoSuccess: 2,
    });
  });

  it('keeps tenants apart', async () => {
    await post('/telemetry-ext', upload(LOG), 'red-token');
    await post('/telemetry-ext', upload(LOG, LOG), 'blue-token');
    expect(workspace.received.telemetryLogs({ tenant: 'red' })).to.have.length(1);
    expect(workspace.received.telemetryLogs({ tenant: 'blue' })).to.have.length(2);
    expect(workspace.received.requests({ tenant: 'red' })).to.have.length(1);
  });

  it('waits for telemetry, and says so when it does not come', async () => {
    const arrived = workspace.received.waitForTelemetry((logs) => logs.length === 1, 2000);
    await post('/telemetry-unauth', upload(LOG));
    expect(await arrived).to.have.length(1);
    const error: unknown = await workspace.received
      .waitForTelemetry((logs) => logs.length > 1, 20)
      .catch((e: unknown) => e);
    expect(error).to.be.an('error').with.property('message', 'Telemetry did not arrive within 20 ms (1 logs received)');
  });
});

describe('telemetry with Content-Encoding', () => {
  const body = JSON.stringify({ uploadTime: 1, items: [], protoLogs: [JSON.stringify(LOG)] });
  const GZIP = { 'content-encoding': 'gzip' };

  /** Status and logs taken when a workspace with `options` gets one request. */
  async function taken(
    options: LocalWorkspaceOptions,
    call: { body: string | Buffer; headers: Record<string, string> },
  ): Promise<{ status: number; accepts: unknown; logs: unknown[] }> {
    const workspace = await startLocalWorkspace(options);
    const { status, headers } = await request(workspace, { method: 'POST', path: '/telemetry-unauth', ...call });
    const logs = workspace.received.telemetryLogs().map(({ log }) => log);
    await workspace.close();
    return { status, accepts: headers['accept-encoding'], logs };
  }

  it('is refused with 415 by default', async () => {
    const call = { body: gzipSync(body), headers: GZIP };
    expect(await taken({}, call)).to.deep.equal({ status: 415, accepts: 'identity', logs: [] });
  });

  it('is taken with telemetryGzip when it is gzip', async () => {
    const call = { body: gzipSync(body), headers: GZIP };
    expect(await taken({ telemetryGzip: true }, call)).to.deep.equal({ status: 200, accepts: undefined, logs: [LOG] });
    const other = { body, headers: { 'content-encoding': 'br' } };
    expect(await taken({ telemetryGzip: true }, other)).to.deep.equal({ status: 415, accepts: 'gzip', logs: [] });
  });

  it('is answered with 400 when it is no gzip, or too large once unpacked', async () => {
    expect(await taken({ telemetryGzip: true }, { body, headers: GZIP })).to.include({ status: 400 });
    const bomb = { body: gzipSync(' '.repeat(100_000)), headers: GZIP };
    expect(await taken({ telemetryGzip: true, maxBodyBytes: 50_000 }, bomb)).to.include({ status: 400 });
  });
});

describe('feature flag', () => {
  let workspace: LocalWorkspace;
  const PATH = '/api/2.0/connector-service/feature-flags/NODEJS/2.1.0';

  before(async () => {
    workspace = await startLocalWorkspace({ featureFlagTtlSeconds: 7 });
  });
  after(() => workspace.close());

  const flags = async (): Promise<unknown> =>
    (await request(workspace, { method: 'GET', path: PATH, token: workspace.token })).json();

  it('is on by default and follows setFeatureFlag', async () => {
    expect(await flags()).to.deep.equal({ flags: [{ name: TELEMETRY_FLAG, value: 'true' }], ttl_seconds: 7 });
    workspace.setFeatureFlag(false);
    expect(await flags()).to.deep.include({ flags: [{ name: TELEMETRY_FLAG, value: 'false' }] });
    workspace.setFeatureFlag(undefined);
    expect(await flags()).to.deep.equal({ flags: [], ttl_seconds: 7 });
  });

  for (const [client, driver] of [
    ['PYTHON/4.9.0', 'ForPythonDriver'],
    ['OSS_JDBC/3.4.5', 'ForJdbc'],
    ['GOLANG/1.11.0', 'ForGoDriver'],
  ]) {
    it(`answers ${client} with the name that this driver knows`, async () => {
      workspace.setFeatureFlag(true);
      const path = `/api/2.0/connector-service/feature-flags/${client}`;
      const answer = await request(workspace, { method: 'GET', path, token: workspace.token });
      expect(answer.json()['flags']).to.deep.equal([
        { name: `databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetry${driver}`, value: 'true' },
      ]);
    });
  }

  it('needs a token', async () => {
    expect((await request(workspace, { method: 'GET', path: PATH })).status).to.equal(401);
  });
});

describe('telemetry validator', () => {
  it('finds nothing to object to in a good log', () => {
    expect(validateTelemetryLog(LOG)).to.deep.equal([]);
  });

  it('knows the settings that the drivers for Java and Python add', () => {
    const log = structuredClone(LOG);
    Object.assign(log.entry.sql_driver_log.driver_connection_params, {
      use_system_proxy: false,
      http_connection_pool_size: 100,
      non_proxy_hosts: [''],
      allowed_volume_ingestion_paths: '/tmp',
    });
    expect(validateTelemetryLog(log)).to.deep.equal([]);
    Object.assign(log.entry.sql_driver_log.driver_connection_params, { non_proxy_hosts: [1] });
    expect(validateTelemetryLog(log).map(({ message }) => message)).to.deep.equal([
      'entry.sql_driver_log.driver_connection_params.non_proxy_hosts must be an array of strings, not an array',
    ]);
  });

  it('names unknown fields, wrong types, unknown enum values and missing fields by path', () => {
    const bad = structuredClone(LOG) as unknown as {
      [key: string]: unknown;
      entry: { sql_driver_log: Record<string, unknown> };
    };
    bad['sql'] = 'SELECT 1';
    delete bad['context'];
    bad.entry.sql_driver_log['operation_latency_ms'] = 1.5;
    bad.entry.sql_driver_log['sql_operation'] = { statement_type: 'select', chunk_details: [] };
    expect(validateTelemetryLog(bad).map(({ path, problem }) => `${problem} ${path}`)).to.have.members([
      'unknown-field sql',
      'missing context.client_context.timestamp_millis',
      'wrong-type entry.sql_driver_log.operation_latency_ms',
      'unknown-enum-value entry.sql_driver_log.sql_operation.statement_type',
      'wrong-type entry.sql_driver_log.sql_operation.chunk_details',
    ]);
  });

  it('is total', () => {
    for (const value of [null, 1, 'x', [], undefined, { entry: null }])
      expect(validateTelemetryLog(value)).to.not.be.empty;
  });
});
