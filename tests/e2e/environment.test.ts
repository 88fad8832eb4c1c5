import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, LogLevel, type TelemetryOptions, type TelemetryStats } from 'databricks-sql-telemetry';
import { KeepingLogger, query } from './support/application';
import { HttpCollector } from './support/HttpCollector';
import { timesApart } from './support/time';
import { startFreshWorkspace } from './support/workspace';

const ENABLED = 'DATABRICKS_TELEMETRY_ENABLED';
const ENDPOINT = 'DATABRICKS_TELEMETRY_ENDPOINT';
const TOKEN = 'DATABRICKS_TELEMETRY_ENDPOINT_TOKEN';
const SERVICE = 'DATABRICKS_TELEMETRY_SERVICE_NAME';
const RATE = 'DATABRICKS_TELEMETRY_SAMPLE_RATE';
const LEVEL = 'DATABRICKS_TELEMETRY_LOG_LEVEL';
const DRY_RUN = 'DATABRICKS_TELEMETRY_DRY_RUN';
const FILE = 'DATABRICKS_TELEMETRY_FILE';
const SLOW = 'DATABRICKS_TELEMETRY_SLOW_STATEMENT_MS';

describe('an application that knows nothing of telemetry', () => {
  // The log of slow statements writes few lines a minute.
  timesApart(60_000);
  let workspace: LocalWorkspace;
  let collector: HttpCollector;
  beforeEach(async () => {
    [workspace, collector] = await Promise.all([startFreshWorkspace(), HttpCollector.start()]);
  });
  afterEach(async () => {
    const names = Object.keys(process.env).filter((name) => name.startsWith('DATABRICKS_TELEMETRY_'));
    for (const name of names) Reflect.deleteProperty(process.env, name);
    await Promise.all([workspace.close(), collector.close()]);
  });

  const run = async (environment: Readonly<Record<string, string>>): Promise<TelemetryStats | undefined> =>
    (await work(environment)).client.getTelemetryStats();

  async function work(environment: Readonly<Record<string, string>>, options: TelemetryOptions = {}) {
    Object.assign(process.env, environment);
    const logger = new KeepingLogger();
    const client = new DBSQLClient({ logger });
    await client.connect({ ...workspace.connectionOptions, ...options });
    const session = await client.openSession();
    await query(session);
    await session.close();
    await client.close();
    return { client, warnings: logger.lines.filter(({ level }) => level === LogLevel.warn) };
  }

  it('has its statements in the file that its environment names, with nothing sent to anybody', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'environment-'));
    const file = join(folder, 'logs', 'statements-%p.jsonl');
    const { client } = await work({ [FILE]: file });
    const lines = (await readFile(file.replace('%p', String(process.pid)), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).to.have.members([
      'connection',
      'statement',
      'connection',
    ]);
    expect(new Set(workspace.received.requests().map(({ route }) => route))).to.deep.equal(new Set(['thrift']));
    const { options, exporters } = client.explainTelemetry();
    expect(options).to.deep.equal({ telemetryFile: { value: null, setBy: 'environment' } });
    expect(exporters).to.have.length(1);
    expect(exporters[0]).to.deep.include({
      name: 'telemetryFile',
      setBy: 'environment',
      collected: 3,
      delivered: 3,
      pending: 0,
      lastError: undefined,
    });
    await rm(folder, { recursive: true });
  });

  it('has slow statements in its log from the time on that its environment names', async () => {
    workspace.faults.add({ rpc: 'ExecuteStatement', delayMs: 150, times: 1 });
    const { client, warnings } = await work({ [SLOW]: '100' });
    expect(warnings.map(({ message }) => message).join('\n')).to.match(/slow statement: \S+ delivered in /);
    expect(client.explainTelemetry().options).to.deep.equal({
      telemetrySlowStatementMs: { value: 100, setBy: 'environment' },
    });
  });

  it('says who has decided: code over environment, but the stricter of two', async () => {
    const { client } = await work(
      { [RATE]: '0.25', [SLOW]: '100' },
      { telemetrySampleRate: 0.5, telemetrySlowStatementMs: 9000 },
    );
    expect(client.explainTelemetry().options).to.deep.equal({
      telemetrySlowStatementMs: { value: 9000, setBy: 'connect' },
      telemetrySampleRate: { value: 0.25, setBy: 'environment' },
    });
  });

  it('connects although its file cannot be written, and explains that', async () => {
    const { client } = await work({ [FILE]: '/dev/null/statements.jsonl' });
    const { reasons, exporters } = client.explainTelemetry();
    expect(exporters[0]).to.deep.include({ delivered: 0, lastError: { name: 'Error (ENOTDIR)' } });
    expect(reasons.map(({ sentence }) => sentence).join('\n')).to.match(
      /The exporter telemetryFile has failed \(the last: Error \(ENOTDIR\)\); records delivered: 0, waiting: \d, dropped: \d\./,
    );
  });

  it('reports to the collector that its environment names, which learns who has set what', async () => {
    collector.configuration = { enabled: true, local: 1 };
    const stats = await run({ [ENABLED]: 'true', [ENDPOINT]: collector.base });
    expect(stats).to.include({ collected: 3, delivered: 3, pending: 0 });
    expect(collector.logs).to.have.lengthOf(3);
    const [question] = collector.questions;
    const { options } = JSON.parse(question?.body ?? '') as { options: Record<string, unknown> };
    expect(options['telemetryEnabled']).to.deep.equal({ value: true, setBy: 'environment' });
    expect(options['telemetryEndpoint']).to.deep.equal({ value: null, setBy: 'environment' });
    expect(options['telemetrySampleRate']).to.deep.equal({ value: 1, setBy: 'default' });
  });

  it('reports with the token of its environment, under the name of its environment, and shows the token nobody', async () => {
    collector.token = 'secret-of-the-collector';
    collector.configuration = { enabled: true, local: 1 };
    const { client } = await work({
      ...{ [ENABLED]: 'true', [ENDPOINT]: collector.base },
      ...{ [TOKEN]: collector.token, [SERVICE]: 'reports' },
    });
    expect(client.getTelemetryStats()).to.include({ collected: 3, delivered: 3 });
    expect(collector.logs.every((log) => log.includes('"service":"reports"'))).to.equal(true);
    const { options } = client.explainTelemetry();
    expect(options['telemetryEndpointToken']).to.deep.equal({ value: null, setBy: 'environment' });
    const told = [client.explainTelemetry(), client.getTelemetryStats(), collector.questions[0]?.body, collector.logs];
    expect(JSON.stringify(told)).to.not.include(collector.token);
  });

  it('has the token of its environment sent to no server that code names beside the one of the environment', async () => {
    const other = await HttpCollector.start();
    const environment = { [ENABLED]: 'true', [ENDPOINT]: collector.base, [TOKEN]: 'secret-of-the-collector' };
    const { client } = await work(environment, { telemetryEndpoint: other.base });
    await other.close();
    expect(client.getTelemetryStats()).to.include({ delivered: 3 });
    const requests = [...other.questions, ...other.requests];
    expect(requests.length).to.be.greaterThan(1);
    for (const { headers } of requests) expect(headers).to.not.have.property('authorization');
    expect(collector.questions).to.have.length(0);
  });

  it('reports trouble alone, or a share of its sessions, where its environment says so', async () => {
    expect(await run({ [ENABLED]: 'true', [LEVEL]: 'warn' })).to.include({ collected: 0, delivered: 0 });
    expect(workspace.received.telemetryLogs()).to.have.length(0);
    Reflect.deleteProperty(process.env, LEVEL);
    expect(await run({ [ENABLED]: 'true', [RATE]: '0' })).to.include({ collected: 3, sampled: 3, delivered: 0 });
    expect(workspace.received.telemetryLogs()).to.have.length(0);
  });

  it('has what it would send in the file that its environment names for a dry run, and nothing is sent', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'environment-'));
    const file = join(folder, 'preview.jsonl');
    const { client } = await work({ [ENABLED]: 'true', [DRY_RUN]: file });
    const [line = ''] = (await readFile(file, 'utf8')).split('\n');
    expect((JSON.parse(line) as { body: { protoLogs: unknown[] } }).body.protoLogs).to.have.length(3);
    expect(new Set(workspace.received.requests().map(({ route }) => route))).to.deep.equal(new Set(['thrift']));
    expect(client.explainTelemetry().options['telemetryDryRun']).to.deep.equal({ value: null, setBy: 'environment' });
    await rm(folder, { recursive: true });
  });

  it('reports nothing, and says which variable is why, when one of them cannot be read', async () => {
    const stats = await run({ [ENABLED]: 'true', [ENDPOINT]: collector.base, [RATE]: 'some' });
    expect(collector.questions.length + collector.logs.length).to.equal(0);
    expect(stats?.problems).to.deep.equal([
      { option: 'telemetrySampleRate', given: 'string', done: 'nothing leaves', variable: RATE },
    ]);
  });

  it('reports nothing without them', async () => {
    expect(await run({})).to.equal(undefined);
  });
});
