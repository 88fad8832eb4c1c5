import { DBSQLClient as DriverClient } from '@databricks/sql';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  DBSQLClient,
  DEFAULT_TELEMETRY_CONFIG,
  TelemetryEventType,
  type ConnectionOptions,
  type TelemetryEvent,
} from 'databricks-sql-telemetry';
import sinon from 'sinon';
import { expectAccounted } from '../support/accounts';
import { connectTo, eventsIn, inSession, KeepingLogger, query, type Session } from '../support/application';
import { driverLogs, sessionRows, statementRows } from '../support/telemetry';
import { rejectionOf, until } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';

const QUICK: Partial<ConnectionOptions> = {
  telemetryFlushIntervalMs: 100,
  telemetryMaxRetries: 0,
  telemetryCloseTimeoutMs: 1000,
};

const FILES = 'SELECT id, id * 2 AS twice FROM range(60000) AS t(id)';

describe('telemetry, from the application to the workspace', () => {
  let workspace: LocalWorkspace;

  beforeEach(async () => {
    workspace = await startFreshWorkspace({ cloudFetch: { maxRowsPerFile: 20_000, thresholdBytes: 1 << 18 } });
  });
  afterEach(() => workspace.close());

  const flagRequests = (): unknown[] => workspace.received.requests({ route: 'feature-flags' });

  describe('3.2 the client', () => {
    it('has every option in its configuration, at its default until the application says otherwise', () => {
      const logger = new KeepingLogger();
      const config = new DBSQLClient({ logger }).getConfig();
      expect(config.telemetryEnabled).to.equal(false);
      expect(config.telemetryBatchSize).to.equal(DEFAULT_TELEMETRY_CONFIG.batchSize);
      expect(new DBSQLClient({ logger, telemetryBatchSize: 7 }).getConfig().telemetryBatchSize).to.equal(7);
    });

    it('takes an option of connect() before the one of its constructor', async () => {
      const client = new DBSQLClient({ logger: new KeepingLogger(), telemetryBatchSize: 7 });
      await client.connect({ ...workspace.connectionOptions, telemetryBatchSize: 9 } as ConnectionOptions);
      expect(client.getConfig().telemetryBatchSize).to.equal(9);
      await client.close();
    });

    it('has components of its own: what one client announces no other hears', async () => {
      const heard: string[] = [];
      const [first, second] = [await connectTo(workspace, QUICK), await connectTo(workspace, QUICK)];
      first.telemetryEvents.on(TelemetryEventType.CONNECTION_OPEN, () => heard.push('first'));
      second.telemetryEvents.on(TelemetryEventType.CONNECTION_OPEN, () => heard.push('second'));
      await second.openSession();
      expect(heard).to.deep.equal(['second']);
      await Promise.all([first.close(), second.close()]);
    });

    it('asks the workspace for its feature flag before anything is sent', async () => {
      await inSession(workspace, (session) => query(session), QUICK);
      const routes = workspace.received.requests().map(({ route }) => route);
      expect(routes.indexOf('feature-flags')).to.be.within(0, routes.indexOf('telemetry-ext') - 1);
    });

    it('goes on without telemetry when the flag cannot be had, and nothing is thrown', async () => {
      workspace.faults.add({ route: 'feature-flags', status: 500 });
      const client = await inSession(workspace, (session) => query(session), QUICK);
      expectAccounted(client.getTelemetryStats());
      expect(driverLogs(workspace)).to.deep.equal([]);
    });

    it('goes on without telemetry when that cannot be set up, and nothing is thrown', async () => {
      class Broken extends DBSQLClient {
        override get telemetryEvents(): never {
          throw new Error('no events');
        }
      }
      const client = new Broken({ logger: new KeepingLogger() });
      await client.connect({ ...workspace.connectionOptions, telemetryEnabled: true });
      await query(await client.openSession());
      await client.close();
      expect(workspace.received.requests().every(({ route }) => route === 'thrift')).to.equal(true);
    });

    it('writes nothing to the console, whatever fails', async () => {
      const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
      const spies = methods.map((name) => sinon.stub(console, name));
      try {
        workspace.faults.add({ route: 'feature-flags', status: 500, times: 1 });
        workspace.faults.add({ route: 'telemetry-ext', action: 'reset' });
        await inSession(workspace, async (session) => void (await rejectionOf(query(session, 'SELEC 1'))), QUICK);
        expect(spies.flatMap((spy) => spy.args)).to.deep.equal([]);
      } finally {
        sinon.restore();
      }
    });
  });

  describe('3.3 the emission points', () => {
    const eventsOf = (
      work: (session: Session) => Promise<unknown>,
      telemetryObserve = true,
    ): Promise<TelemetryEvent[]> => eventsIn(workspace, work, { ...QUICK, telemetryObserve });

    it('connection.open comes when a session is open, with workspace facts and latency', async () => {
      const [event] = await eventsOf(async () => undefined);
      if (event?.eventType !== TelemetryEventType.CONNECTION_OPEN) throw new Error(`${event?.eventType} came first`);
      expect(event.sessionId).to.match(/^[\da-f-]{36}$/);
      expect(event.latencyMs).to.be.greaterThan(0);
      expect(event.connection?.driverConfig).to.include({ driverName: 'nodejs-sql-driver', mode: 'THRIFT' });
    });

    it('statement.start and statement.complete surround a statement, with the facts of both', async () => {
      const events = await eventsOf(query);
      expect(events.map(({ eventType }) => eventType)).to.deep.equal([
        TelemetryEventType.CONNECTION_OPEN,
        TelemetryEventType.STATEMENT_START,
        TelemetryEventType.STATEMENT_COMPLETE,
        TelemetryEventType.CONNECTION_CLOSE,
      ]);
      const [open, started, complete] = events;
      if (complete?.eventType !== TelemetryEventType.STATEMENT_COMPLETE) throw new Error('not complete');
      expect(started).to.include({ sessionId: open?.sessionId, operationType: 'EXECUTE_STATEMENT' });
      expect(complete).to.include({ sessionId: open?.sessionId, outcome: 'delivered', pollCount: 0 });
      expect(complete.statementId).to.match(/^[\da-f-]{36}$/);
      expect(complete.latencyMs).to.be.greaterThan(0);
      expect(complete.summary).to.include({ statementId: complete.statementId, rowCount: 1 });
    });

    it('cloudfetch.chunk comes once for each file, in the order of arrival, with size and latency', async () => {
      const events = await eventsOf((session) => query(session, FILES));
      const chunks = events.filter((event) => event.eventType === TelemetryEventType.CLOUDFETCH_CHUNK);
      expect(chunks.map(({ chunkIndex }) => chunkIndex).sort()).to.deep.equal([0, 1, 2]);
      for (const { bytes, latencyMs } of chunks) expect(Math.min(bytes, latencyMs)).to.be.greaterThan(0);
    });

    it('error comes when a statement fails, with its id, stage, class and code', async () => {
      const events = await eventsOf((session) => rejectionOf(query(session, 'SELECT * FROM no_such_table')));
      const error = events.find((event) => event.eventType === TelemetryEventType.ERROR);
      expect(error).to.include({ stage: 'fetch', isTerminal: true });
      expect(error?.statementId).to.match(/^[\da-f-]{36}$/);
      expect(error?.error).to.include({ sqlState: '42P01', errorClass: 'TABLE_OR_VIEW_NOT_FOUND' });
    });

    it('what listeners throw reaches nobody', async () => {
      const client = await connectTo(workspace, QUICK);
      for (const type of Object.values(TelemetryEventType)) {
        client.telemetryEvents.on(type, () => {
          throw new Error('from a listener');
        });
      }
      await query(await client.openSession());
      await client.close();
      expect(statementRows(workspace).length).to.equal(1);
    });

    it('are silent while nothing may be observed: no event, no request, no wrapper', async () => {
      expect(await eventsOf(query, false)).to.deep.equal([]);
      const client = await connectTo(workspace, { telemetryEnabled: false });
      const session = await client.openSession();
      const plain = await new DriverClient({ logger: new KeepingLogger() }).connect(workspace.connectionOptions);
      expect(Object.getPrototypeOf(session)).to.equal(Object.getPrototypeOf(await plain.openSession()));
      await Promise.all([client.close(), plain.close()]);
      expect(new Set(workspace.received.requests().map(({ route }) => route))).to.not.include('feature-flags');
    });
  });

  describe('4.2 the whole way', () => {
    it('open, execute, export: each record arrives once', async () => {
      const client = await inSession(workspace, (session) => query(session, FILES), QUICK);
      expect(sessionRows(workspace, 'CREATE_SESSION').length).to.equal(1);
      expect(
        statementRows(workspace).map(({ sql_operation: { execution_result: format } = {} }) => format),
      ).to.deep.equal(['EXTERNAL_LINKS']);
      expect(sessionRows(workspace, 'DELETE_SESSION').length).to.equal(1);
      const stats = client.getTelemetryStats();
      expectAccounted(stats);
      expect([stats.collected, stats.delivered]).to.deep.equal([3, 3]);
    });

    it('several connections at once share one telemetry client: one flag request, one set of numbers', async () => {
      const clients = await Promise.all([1, 2, 3].map(() => connectTo(workspace, QUICK)));
      await Promise.all(clients.map(async (client) => query(await client.openSession())));
      const [first, second] = clients;
      expect(first?.getTelemetryStats()).to.include({ collected: 6 }).and.deep.equal(second?.getTelemetryStats());
      await first?.close();
      await query(await (second as DBSQLClient).openSession());
      await Promise.all(clients.map((client) => client.close()));
      expect(flagRequests().length).to.equal(1);
      expect(statementRows(workspace).length).to.equal(4);
    });

    it('the circuit breaker opens after failures, keeps requests away, and closes when the endpoint is back', async () => {
      const handle = workspace.faults.add({ route: 'telemetry-ext', status: 503 });
      const breaker = { telemetryCircuitBreakerThreshold: 2, telemetryCircuitBreakerTimeout: 4000 };
      const client = await connectTo(workspace, { ...QUICK, ...breaker });
      const session = await client.openSession();
      const state = (): string | undefined => client.getTelemetryStats()?.breakerState;
      await until('open', () => state() === 'OPEN');
      const { hits } = handle;
      await query(session);
      expect(handle.hits).to.equal(hits);
      workspace.faults.clear();
      await until('closed', () => {
        void client.flushTelemetry();
        return client.getTelemetryStats()?.pending === 0;
      });
      expect(statementRows(workspace).length).to.equal(1);
      await client.close();
    }).retries(2); // It measures time: the query is over while the breaker is open.

    it('a shutdown sends what is left, and is over in time although the endpoint hangs', async () => {
      await inSession(workspace, (session) => query(session), { telemetryFlushIntervalMs: 60_000 });
      expect(statementRows(workspace).length).to.equal(1);
      workspace.faults.add({ route: 'telemetry-ext', action: 'hang' });
      const late = await connectTo(workspace, { ...QUICK, telemetryCloseTimeoutMs: 300 });
      await query(await late.openSession());
      const startedAtMs = performance.now();
      await late.close();
      expect(performance.now() - startedAtMs).to.be.lessThan(8000);
      const stats = late.getTelemetryStats();
      expect(stats?.dropped.close_timeout).to.equal(stats?.collected);
    }).retries(2); // It measures time.

    it('a workspace whose flag is off gets nothing, and the application notices nothing', async () => {
      const off = await startFreshWorkspace({ featureFlagEnabled: false });
      const client = await inSession(off, (session) => query(session), QUICK);
      await off.close();
      expect(off.received.telemetryRequests()).to.deep.equal([]);
      const stats = client.getTelemetryStats();
      expect(stats?.dropped.flag_off).to.equal(stats?.collected);
    });

    it('a query that takes 300 ms takes less than 1 % longer with telemetry', async function () {
      this.retries(2).timeout(60_000);
      const [on, off] = [await connectTo(workspace), await connectTo(workspace, { telemetryEnabled: false })];
      const sessions = { on: await on.openSession(), off: await off.openSession() };
      await Promise.all([query(sessions.on), query(sessions.off)]);
      workspace.faults.add({ rpc: 'ExecuteStatement', delayMs: 300 });
      const fastestMs = { on: Infinity, off: Infinity };
      const ratio = (): number => fastestMs.on / fastestMs.off;
      // The fastest of few on a quiet machine; on a busy one it takes more of them until each was fast once.
      for (let round = 0; round < 15 && (round < 2 || !(ratio() < 1.01)); round += 1) {
        for (const which of ['on', 'off', 'off', 'on'] as const) {
          const startedAtMs = performance.now();
          await query(sessions[which]);
          fastestMs[which] = Math.min(fastestMs[which], performance.now() - startedAtMs);
        }
      }
      expect(ratio()).to.be.lessThan(1.01);
      await Promise.all([on.close(), off.close()]);
    });
  });
});
