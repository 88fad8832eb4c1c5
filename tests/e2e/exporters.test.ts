import { channel } from 'node:diagnostics_channel';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  CallbackExporter,
  DBSQLClient,
  TELEMETRY_CHANNELS,
  type ConnectionOptions,
  type FieldScope,
  type HealthReport,
} from 'databricks-sql-telemetry';
import { KeepingLogger, query, type Session } from './support/application';
import { Canaries } from './support/Canaries';
import { accountOf, FAST, KeepingExporter, workWith } from './support/KeepingExporter';
import { statementRows } from './support/telemetry';
import { startFreshWorkspace } from './support/workspace';

describe("the application's exporters", () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace({ orgId: '1234567890123456' });
  });
  beforeEach(() => workspace.received.clear());
  afterEach(() => workspace.faults.clear());
  after(() => workspace.close());

  const routes = (): string[] => [...new Set(workspace.received.requests().map(({ route }) => String(route)))];
  it('get sessions, statements and errors with telemetry off, and the workspace no request but the driver’s', async () => {
    const exporter = new KeepingExporter();
    const client = await workWith(workspace, [exporter], {}, ['SELECT 1 AS one', 'SELECT * FROM no_such_table']);
    expect(exporter.records.map(({ kind }) => kind)).to.have.members([
      'connection',
      'statement',
      'statement',
      'error',
      'connection',
    ]);
    const [good, bad] = exporter.of('statement');
    expect(good).to.include({ outcome: 'delivered', rowCount: 1, level: 'INFO', workspaceId: '1234567890123456' });
    expect(good?.statementId).to.equal(workspace.received.statements()[0]?.statementId);
    expect(bad).to.include({ outcome: 'failed', level: 'WARN' });
    const [error] = exporter.of('error');
    expect(error).to.include({
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      sqlState: '42P01',
      statementId: bad?.statementId,
    });
    expect(error).to.not.have.property('message');
    const [opened] = exporter.of('connection');
    expect(opened).to.include({ operation: 'CREATE_SESSION' });
    expect(opened?.configuration).to.include({ mode: 'THRIFT', driverName: 'nodejs-sql-driver' });
    expect(routes()).to.deep.equal(['thrift']);
    expect(accountOf(client)).to.include({ name: 'KeepingExporter', collected: 5, delivered: 5, pending: 0 });
    expect(exporter.closed).to.equal(1);
  });

  it('get plain data: frozen, serialisable, and read as one line', async () => {
    const exporter = new KeepingExporter();
    await workWith(workspace, [exporter]);
    for (const record of exporter.records) {
      expect(Object.isFrozen(record)).to.equal(true);
      expect(JSON.parse(JSON.stringify(record))).to.deep.equal(JSON.parse(JSON.stringify({ ...record })));
      expect(structuredClone(record)).to.deep.equal({ ...record });
    }
    expect(exporter.of('statement')[0]?.toString()).to.match(
      /^[\da-f-]{36} delivered in [\d.,]+ ms: submit [\d.]+, wait [\d.]+, first row after [\d.]+, consume [\d.]+.*, 1 rows/,
    );
  });

  it('have accounts that whoever asks on the channel of health is told, and those alone with telemetry off', async () => {
    const client = await workWith(workspace, [new CallbackExporter(() => undefined, { name: 'healthy' })]);
    const reports = (): HealthReport[] => {
      const all: HealthReport[] = [];
      channel(TELEMETRY_CHANNELS.health).publish({ report: (health: HealthReport) => all.push(health) });
      return all;
    };
    const own = (): HealthReport[] => reports().filter(({ receiver }) => receiver === 'healthy');
    const account = { collected: 3, delivered: 3, rejected: 0, sampled: 0, pending: 0 };
    expect(own().map(({ dropped: _, ...rest }) => rest)).to.deep.equal([{ receiver: 'healthy', ...account }]);
    expect(reports().map(({ receiver }) => receiver)).to.not.include(client.getTelemetryStats()?.host);
    await workWith(workspace, [new CallbackExporter(() => undefined, { name: 'healthy' })]);
    expect(own(), 'of both connections, one after the other').to.have.length(1);
    expect(own()[0]).to.include({ collected: 6, delivered: 6, pending: 0 });
  });

  it('are told apart where they have one name, in statistics, explanations and health, while both run', async () => {
    const exporters = [1, 2].map(() => new CallbackExporter(() => undefined, { name: 'twin' }));
    const own = ['twin', 'twin 2'];
    for (let turn = 0; turn < 2; turn += 1) {
      const client = await workWith(workspace, exporters);
      const receivers = new Set<string>();
      channel(TELEMETRY_CHANNELS.health).publish({ report: ({ receiver }: HealthReport) => receivers.add(receiver) });
      expect(client.getTelemetryStats()?.exporters.map(({ name }) => name)).to.deep.equal(own);
      expect(client.explainTelemetry().exporters.map(({ name }) => name)).to.deep.equal(own);
      expect([...receivers]).to.include.members(own);
    }
  });

  it('of the constructor and of connect() add up, each once, beside Databricks', async () => {
    const [ofClient, ofConnection] = [new KeepingExporter(), new KeepingExporter()];
    const both = { telemetryExporters: [ofConnection, ofClient], telemetryEnabled: true };
    const client = await workWith(workspace, [ofClient], both);
    expect([ofClient, ofConnection].map(({ records }) => records.length)).to.deep.equal([3, 3]);
    for (const { exporters } of [client.explainTelemetry(), client.getTelemetryStats()!]) {
      expect(exporters.map(({ setBy }) => setBy)).to.deep.equal(['constructor', 'connect']);
    }
    expect(statementRows(workspace)).to.have.length(1);
    expect(client.getTelemetryStats()).to.include({ delivered: 3 });
    expect(client.getTelemetryStats()?.exporters).to.have.length(2);
  });

  it('are told what is kept from Databricks, and nothing of what is hidden', async () => {
    const exporter = new KeepingExporter();
    const client = new DBSQLClient({ logger: new KeepingLogger(), telemetryExporters: [exporter] });
    const enabled = { ...workspace.connectionOptions, ...FAST, telemetryEnabled: true } as ConnectionOptions;
    await client.connect(enabled);
    const session = (await client.openSession()) as Session;
    const run = async (options: object): Promise<void> => {
      const operation = await session.executeStatement('SELECT 1', options);
      await operation.fetchAll();
      await operation.close();
    };
    await run({ telemetryEnabled: false });
    await run({ telemetryObserve: false });
    await client.flushTelemetry();
    expect(exporter.of('statement')).to.have.length(1);
    await client.close();
    expect(statementRows(workspace)).to.deep.equal([]);
  });

  it('are not cut by the log level, which is about sending', async () => {
    const exporter = new KeepingExporter();
    await workWith(workspace, [exporter], { telemetryLogLevel: 'ERROR' });
    expect(exporter.of('statement')).to.have.length(1);
  });

  describe('scope', () => {
    const keysOf = (records: readonly object[]): string[] => [
      ...new Set(records.flatMap((record) => Object.keys(record))),
    ];

    it('Databricks leaves out what Databricks does not get, and Local has it', async () => {
      const [local, databricks, all] = (['Local', 'Databricks', 'All'] as const).map(
        (scope) => new KeepingExporter(scope),
      );
      await workWith(workspace, [local!, databricks!, all!], {}, ['SELECT 1 AS one', 'SELECT * FROM no_such_table']);
      const beyond = [
        'outcome',
        'rowCount',
        'byteCount',
        'submitLatencyMs',
        'totalLatencyMs',
        'level',
        'stage',
        'sqlState',
      ];
      expect(keysOf(databricks!.records)).to.not.include.members(beyond);
      for (const key of beyond) expect(keysOf(databricks!.records), key).to.not.include(key);
      expect(keysOf(databricks!.records)).to.include.members([
        'statementId',
        'latencyMs',
        'executionResult',
        'pollCount',
      ]);
      expect(keysOf(local!.records)).to.include.members([...beyond, 'statementId', 'latencyMs']);
      expect(keysOf(all!.records)).to.include.members(keysOf(local!.records));
      expect(databricks!.of('connection')[0]?.configuration).to.not.have.property('libraryVersion');
    });

    for (const scope of ['None', 'Everything', '', null, 0]) {
      it(`${JSON.stringify(scope)} gets nothing, and a scope that there is not is named`, async () => {
        const exporter = new KeepingExporter(scope as FieldScope);
        const other = new KeepingExporter();
        const client = await workWith(workspace, [exporter, other]);
        expect([exporter.calls, other.records.length]).to.deep.equal([0, 3]);
        const given = `scope: ${scope === null ? 'null' : typeof scope}`;
        const problems = scope === 'None' ? [] : [{ option: 'telemetryExporters', given, done: 'left out' }];
        expect(client.getTelemetryStats()?.problems).to.deep.equal(problems);
      });
    }

    for (const scope of ['Local', 'Databricks', 'All'] as const) {
      it(`${scope} shows no text, secret or name that the application used`, async () => {
        const canaries = new Canaries();
        const exporter = new KeepingExporter(scope);
        const sql = [
          `SELECT '${canaries.plant('literal')}' AS ${canaries.plant('column')}`,
          `SELECT * FROM ${canaries.plant('table')}`,
        ];
        const customHeaders = { 'x-gateway': canaries.plant('header') };
        await workWith(workspace, [exporter], { customHeaders }, sql);
        expect(exporter.records).to.have.length(5);
        expect(canaries.foundIn(JSON.stringify(exporter.records))).to.deep.equal([]);
      });
    }

    it('the redacted text of an error is there for who asks, unless the scope is Databricks’', async () => {
      const asking = (scope: FieldScope) => Object.assign(new KeepingExporter(scope), { includesErrorText: true });
      const [local, databricks] = [asking('Local'), asking('Databricks')];
      await workWith(workspace, [local, databricks], {}, ["SELECT 'someone@example.com' FROM no_such_table"]);
      expect(local.of('error')[0]?.message).to.be.a('string').and.not.contain('someone@example.com');
      expect(databricks.of('error')[0]).to.not.have.property('message');
    });
  });

  it('one exporter of several clients is called once at a time, and closed when the last of them has closed', async () => {
    const exporter = new KeepingExporter('Local', () => new Promise((resolve) => setTimeout(resolve, 20)));
    const clients = await Promise.all(
      [1, 2, 3].map(async () => {
        const client = new DBSQLClient({ logger: new KeepingLogger(), telemetryExporters: [exporter] });
        await client.connect({ ...workspace.connectionOptions, ...FAST } as ConnectionOptions);
        await query((await client.openSession()) as Session);
        return client;
      }),
    );
    await Promise.all(clients.slice(1).map((client) => client.close()));
    expect(exporter.closed).to.equal(0);
    await clients[0]?.close();
    expect([exporter.closed, exporter.mostRunning, exporter.records.length]).to.deep.equal([1, 1, 9]);
    await workWith(workspace, [exporter]);
    expect([exporter.closed, exporter.records.length], 'used again').to.deep.equal([2, 12]);
  });

  it('a callback gets one record after the other', async () => {
    const kinds: string[] = [];
    const client = await workWith(workspace, [new CallbackExporter(({ kind }) => kinds.push(kind), { name: 'mine' })]);
    expect(kinds).to.have.members(['connection', 'statement', 'connection']);
    expect(accountOf(client)).to.include({ name: 'mine', delivered: 3 });
  });
});
