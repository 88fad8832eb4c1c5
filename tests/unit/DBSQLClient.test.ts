import * as driver from '@databricks/sql';
import { expect } from 'chai';
import sinon from 'sinon';
import * as library from '../../lib/index';
import type { ConnectionOptions } from '../../lib/contracts/clientOptions';
import { DBSQLClient } from '../../lib/DBSQLClient';
import type { IAuthentication } from '../../lib/contracts/IClientContext';
import { TelemetryClientProvider } from '../../lib/telemetry/TelemetryClientProvider';
import { TelemetryEventType, type RecordOrigin } from '../../lib/telemetry/types';
import { until } from '../e2e/support/waiting';

const { DBSQLClient: DriverClient } = driver;
const SILENT = { logger: { log: () => undefined } };
/** Nobody listens there: telemetry fails at once and changes nothing. */
const OPTIONS = { host: '127.0.0.1', port: 1, path: '/sql/1.0/warehouses/abc', token: 'secret' };
const ENABLED = { ...OPTIONS, telemetryEnabled: true };
const FAILURE = new Error('of the driver');

/** As much of a session as the client looks at. */
class Session {
  readonly id = 'session-1';
  async close(): Promise<void> {}
}

const driverOf = (client: DBSQLClient): Promise<unknown> => DriverClient.prototype.getDriver.call(client);
const providerOf = (client: DBSQLClient) => DriverClient.prototype.getConnectionProvider.call(client);
const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
const exitListeners = (): number => process.listenerCount('beforeExit');

describe('DBSQLClient', () => {
  const clients: DBSQLClient[] = [];
  const environment = { ...process.env };
  let listenersBefore: number;

  function create(options: ConstructorParameters<typeof DBSQLClient>[0] = {}): DBSQLClient {
    const client = new DBSQLClient({ ...SILENT, telemetryCloseTimeoutMs: 50, ...options });
    clients.push(client);
    return client;
  }

  beforeEach(() => {
    delete process.env['DATABRICKS_TELEMETRY_DISABLED'];
    delete process.env['DO_NOT_TRACK'];
    listenersBefore = exitListeners();
  });

  afterEach(async () => {
    sinon.restore();
    Object.assign(process.env, environment);
    await Promise.all(clients.splice(0).map((client) => client.close()));
    expect(exitListeners(), 'listeners left behind').to.equal(listenersBefore);
  });

  /** With what the connection's records leave. */
  async function originOf(client: DBSQLClient, connect: () => Promise<unknown>): Promise<RecordOrigin | undefined> {
    const acquire = sinon.spy(TelemetryClientProvider.prototype, 'acquire');
    await connect();
    client.getTelemetryStats();
    if (acquire.callCount === 0) await until('the host is joined', () => acquire.callCount > 0);
    return acquire.firstCall.args[1];
  }

  describe("is the driver's client", () => {
    it('by class, and by everything else that the driver exports', () => {
      expect(create()).to.be.instanceOf(DriverClient);
      expect(library.DBSQLClient).to.equal(DBSQLClient);
      for (const name of Object.keys(driver).filter((key) => !(key in OURS))) {
        expect(Reflect.get(library, name), name).to.equal(Reflect.get(driver, name));
      }
    });

    it('by what connect() returns and by its events', async () => {
      const client = create();
      expect(await client.connect(ENABLED)).to.equal(client);
      expect(client.getLogger()).to.equal(SILENT.logger);
      expect(client.listenerCount('error')).to.equal(0);
    });

    it("by the options that it connects with, except that the driver's own telemetry stays off", async () => {
      const connect = sinon.stub(DriverClient.prototype, 'connect').callsFake(async function (this: never) {
        return this;
      });
      class Settings {
        path = OPTIONS.path;
        token = OPTIONS.token;
        telemetryEnabled = true;
        get host(): string {
          return OPTIONS.host;
        }
      }
      const given = Object.freeze(new Settings());
      const authProvider = { authenticate: async () => ({}) };
      await create().connect(given as ConnectionOptions, authProvider);
      const passed = connect.firstCall.args[0] as ConnectionOptions;
      expect(passed).to.include({
        host: OPTIONS.host,
        path: OPTIONS.path,
        token: OPTIONS.token,
        telemetryEnabled: false,
      });
      expect({ ...passed }).to.deep.equal({ path: OPTIONS.path, token: OPTIONS.token, telemetryEnabled: false });
      expect(connect.firstCall.args[1]).to.equal(authProvider);
      expect(given.telemetryEnabled).to.equal(true);
      passed.userAgentEntry = 'set by an old driver';
      expect(given).to.not.have.property('userAgentEntry');
    });
  });

  describe('with telemetry off', () => {
    const off: readonly [string, object, object][] = [
      ['by default', {}, {}],
      ['in the constructor', { telemetryEnabled: false }, { telemetryEnabled: true }],
      ['in connect()', { telemetryEnabled: true }, { telemetryEnabled: false }],
    ];
    for (const [where, inConstructor, inConnect] of off) {
      it(`${where} creates nothing and stands in front of nothing`, async () => {
        const client = create(inConstructor);
        await client.connect({ ...OPTIONS, ...inConnect });
        sinon.stub(DriverClient.prototype, 'openSession').resolves(new Session() as never);
        expect(await client.getDriver()).to.equal(await driverOf(client));
        expect(await client.getConnectionProvider()).to.equal(await providerOf(client));
        expect(Object.getPrototypeOf(await client.openSession())).to.equal(Session.prototype);
        expect(client.getTelemetryStats()).to.equal(undefined);
        expect(client.getConfig().telemetryEnabled).to.equal(false);
        expect(exitListeners()).to.equal(listenersBefore);
        await client.flushTelemetry();
      });
    }

    for (const variable of ['DATABRICKS_TELEMETRY_DISABLED', 'DO_NOT_TRACK']) {
      it(`by ${variable} creates nothing`, async () => {
        process.env[variable] = 'true';
        const client = create({ telemetryEnabled: true });
        await client.connect(ENABLED);
        expect(client.getTelemetryStats()).to.equal(undefined);
        expect(await client.getDriver()).to.equal(await driverOf(client));
        delete process.env[variable];
      });
    }
  });

  describe('with telemetry on', () => {
    it('stands in front of the driver with one object, and leaves the connection provider the same one', async () => {
      const client = create();
      await client.connect(ENABLED);
      expect(await client.getDriver()).to.not.equal(await driverOf(client));
      expect(await client.getDriver()).to.equal(await client.getDriver());
      expect(await client.getConnectionProvider()).to.equal(await providerOf(client));
      expect(client.getConfig().telemetryEnabled).to.equal(true);
      expect(client.getTelemetryStats()?.host).to.equal('127.0.0.1:1');
      expect(exitListeners()).to.equal(listenersBefore + 1);
    });

    it('takes options from connect() before those of the constructor, and defaults for the rest', async () => {
      const client = create({ telemetryEnabled: true, telemetryBatchSize: 7, telemetryMaxRetries: 2 });
      expect(client.getConfig()).to.include({ telemetryEnabled: false, telemetryBatchSize: 7 });
      await client.connect({ ...OPTIONS, telemetryBatchSize: 9 });
      expect(client.getConfig()).to.include({ telemetryEnabled: true, telemetryBatchSize: 9, telemetryMaxRetries: 2 });
      await client.connect(ENABLED);
      expect(client.getConfig()).to.include({ telemetryBatchSize: 7, telemetryFlushIntervalMs: 5000 });
    });

    it('does not flush at the end of the process when that is switched off', async () => {
      await create().connect({ ...ENABLED, telemetryFlushOnExit: false });
      expect(exitListeners()).to.equal(listenersBefore);
    });

    it('leaves its host when it is connected to another', async () => {
      const client = create();
      await client.connect(ENABLED);
      const driverOfFirst = await client.getDriver();
      await client.connect({ ...ENABLED, port: 2 });
      expect(client.getTelemetryStats()?.host).to.equal('127.0.0.1:2');
      expect(await client.getDriver()).to.not.equal(driverOfFirst);
      expect(exitListeners()).to.equal(listenersBefore + 1);
    });

    it('is off when it is connected again without', async () => {
      const client = create();
      await client.connect(ENABLED);
      await client.connect(OPTIONS);
      expect(client.getTelemetryStats()).to.equal(undefined);
      expect(await client.getDriver()).to.equal(await driverOf(client));
      expect(exitListeners()).to.equal(listenersBefore);
    });

    it('throws what connect() of the driver throws, reports it and leaves nothing behind', async () => {
      sinon.stub(DriverClient.prototype, 'connect').rejects(FAILURE);
      const client = create();
      const error = new Promise((resolve) => client.telemetryEvents.once(TelemetryEventType.ERROR, resolve));
      expect(await thrownBy(client.connect(ENABLED))).to.equal(FAILURE);
      expect(await error).to.include({ stage: 'connect' });
      expect(client.getConfig().telemetryEnabled).to.equal(true);
      expect(exitListeners()).to.equal(listenersBefore);
    });

    it('rejects as the driver does when there are no options at all', async () => {
      const ours: unknown = await thrownBy(create().connect(undefined as never));
      const theirs: unknown = await thrownBy(new DriverClient(SILENT).connect(undefined as never));
      expect(ours).to.be.instanceOf(TypeError);
      expect(theirs).to.be.instanceOf(TypeError);
    });

    it('throws what openSession() of the driver throws, and reports it', async () => {
      const client = create();
      await client.connect(ENABLED);
      sinon.stub(DriverClient.prototype, 'openSession').rejects(FAILURE);
      const error = new Promise((resolve) => client.telemetryEvents.once(TelemetryEventType.ERROR, resolve));
      expect(await thrownBy(client.openSession())).to.equal(FAILURE);
      expect(await error).to.include({ stage: 'open_session' });
    });

    it('returns the session of the driver, observed', async () => {
      const client = create();
      await client.connect(ENABLED);
      const session = new Session();
      sinon.stub(DriverClient.prototype, 'openSession').resolves(session as never);
      expect(await client.openSession()).to.equal(session);
      expect(session).to.be.instanceOf(Session);
      expect(Object.getPrototypeOf(session)).to.not.equal(Session.prototype);
    });

    it('leaves a session alone that opted out', async () => {
      const client = create();
      await client.connect(ENABLED);
      const openSession = sinon.stub(DriverClient.prototype, 'openSession').resolves(new Session() as never);
      const request = { initialCatalog: 'main', telemetryEnabled: false };
      expect(Object.getPrototypeOf(await client.openSession(request))).to.equal(Session.prototype);
      sinon.assert.calledOnceWithExactly(openSession, request);
    });

    it('closes although close() of the driver throws', async () => {
      const client = create();
      await client.connect(ENABLED);
      sinon.stub(DriverClient.prototype, 'close').rejects(FAILURE);
      expect(await thrownBy(client.close())).to.equal(FAILURE);
      expect(exitListeners()).to.equal(listenersBefore);
      expect(client.getTelemetryStats()?.collected).to.equal(0);
    });

    it('closes twice like once, and before any connection', async () => {
      const client = create();
      await client.close();
      await client.connect(ENABLED);
      await Promise.all([client.close(), client.close()]);
      const closed = client.getTelemetryStats();
      await client.close();
      await client.flushTelemetry({ deadlineMs: 10 });
      expect(client.getTelemetryStats()).to.deep.equal(closed);
      expect(closed).to.include({ pending: 0, inFlightStatements: 0 });
    });

    it('connects without telemetry when that cannot be made', async () => {
      const lines: string[] = [];
      class Broken extends DBSQLClient {
        override get telemetryEvents(): never {
          throw FAILURE;
        }
      }
      const client = new Broken({ logger: { log: (_level, message) => lines.push(message) } });
      clients.push(client);
      expect(await client.connect(ENABLED)).to.equal(client);
      expect(await client.getDriver()).to.equal(await driverOf(client));
      expect(lines).to.include('telemetry: not started: Error');
    });
  });

  describe('closes what an option says that it cannot say', () => {
    for (const given of ['', null, 'false', 0]) {
      it(`telemetryEnabled: ${JSON.stringify(given)} over a plain yes, and its statistics say so`, async () => {
        const lines: string[] = [];
        const logger = { log: (_level: unknown, message: string) => void lines.push(message) };
        const client = create({ telemetryEnabled: true, logger });
        await client.connect({ ...OPTIONS, telemetryEnabled: given } as never);
        expect(await client.getDriver()).to.equal(await driverOf(client));
        const type = given === null ? 'null' : typeof given;
        expect(client.getTelemetryStats()).to.deep.include({
          host: '127.0.0.1:1',
          collected: 0,
          droppedMetrics: 0,
          requests: 0,
          problems: [{ option: 'telemetryEnabled', given: type, done: 'nothing leaves' }],
        });
        expect(lines).to.include(`telemetry: option telemetryEnabled cannot be this ${type}: nothing leaves`);
        expect(exitListeners()).to.equal(listenersBefore);
      });
    }

    it('also where the connection says it rightly after the client said it wrongly', async () => {
      const client = create({ telemetryEnabled: 'yes' } as never);
      await client.connect(ENABLED);
      expect(client.getTelemetryStats()?.problems).to.deep.equal([
        { option: 'telemetryEnabled', given: 'string', done: 'nothing leaves' },
      ]);
      await client.connect({ ...ENABLED, telemetryDryRun: () => undefined });
      expect(client.getTelemetryStats()?.collected).to.equal(0);
    });

    describe('and what cannot be read at all', () => {
      const refuse = (): never => {
        throw new Error('of an accessor');
      };
      /** Settings that know no other names, as libraries for configuration make them. */
      const strict = new Proxy(ENABLED, {
        get: (target, name): unknown => (name in target ? Reflect.get(target, name) : refuse()),
        has: refuse,
      });

      it('of a connection, which is made as without telemetry', async () => {
        const client = create({ telemetryEnabled: true });
        await client.connect(strict);
        expect(await client.getDriver()).to.equal(await driverOf(client));
        const stats = client.getTelemetryStats();
        expect(stats).to.include({ collected: 0, requests: 0 });
        const problem = { option: 'telemetryObserve', given: 'null', done: 'nothing leaves' };
        expect(stats?.problems).to.deep.include(problem);
        expect(client.explainTelemetry().problems).to.deep.include(problem);
      });

      it('of a client, where it limits, while what tunes is at its default', async () => {
        const unreadable = (name: string): object => Object.create(SILENT, { [name]: { get: refuse } }) as object;
        const closed = new DBSQLClient(unreadable('telemetryEnabled'));
        const tuned = new DBSQLClient(unreadable('telemetryMaxRetries'));
        for (const client of [closed, tuned]) await client.connect(ENABLED);
        expect(closed.getTelemetryStats()?.problems).to.deep.equal([
          { option: 'telemetryEnabled', given: 'null', done: 'nothing leaves' },
        ]);
        expect(tuned.getTelemetryStats()?.problems).to.deep.equal([
          { option: 'telemetryMaxRetries', given: 'null', done: 'default used' },
        ]);
        await Promise.all([closed.close(), tuned.close()]);
      });

      it('of an exporter, which gets nothing', async () => {
        const exporter = {
          export: async () => undefined,
          close: async () => undefined,
          get scope() {
            return refuse();
          },
        };
        const client = create();
        await client.connect({ ...ENABLED, telemetryExporters: [exporter] });
        expect(client.getTelemetryStats()?.problems).to.deep.equal([
          { option: 'telemetryExporters', given: 'object that throws when it is read', done: 'left out' },
        ]);
      });
    });

    it('without statistics where nobody asked for telemetry', async () => {
      const client = create({ telemetryDryRun: '' });
      await client.connect(OPTIONS);
      expect(client.getTelemetryStats()).to.equal(undefined);
      await client.connect({ ...OPTIONS, telemetryEnabled: false });
      expect(client.getTelemetryStats()).to.equal(undefined);
    });

    it('and reports what it only brought to its default or within its limits while telemetry goes on', async () => {
      const client = create();
      await client.connect({ ...ENABLED, telemetryBatchSize: '7', telemetryMaxRetries: 99 } as never);
      expect(client.getTelemetryStats()?.problems).to.deep.equal([
        { option: 'telemetryBatchSize', given: 'string', done: 'default used' },
        { option: 'telemetryMaxRetries', given: 'number', done: 'brought within limits' },
      ]);
    });

    it('and takes nothing for an option that somebody wrote into Object.prototype', async () => {
      const polluted = Object.prototype as { telemetryEnabled?: boolean };
      polluted.telemetryEnabled = true;
      try {
        const client = create();
        await client.connect(OPTIONS);
        expect(client.getTelemetryStats()).to.equal(undefined);
        expect(await client.getDriver()).to.equal(await driverOf(client));
        expect(exitListeners()).to.equal(listenersBefore);
      } finally {
        delete polluted.telemetryEnabled;
      }
    });
  });

  describe('without its object', () => {
    const DETACHED = ['connect', 'openSession', 'close', 'getTelemetryStats', 'getConfig', 'getLogger', 'getDriver'];

    /** How a method ends that is called as a plain function. */
    async function endOf(client: object, name: string): Promise<string> {
      const method = Reflect.get(client, name) as ((...args: unknown[]) => unknown) | undefined;
      try {
        await method?.call(undefined, OPTIONS);
        return 'returned';
      } catch (thrown) {
        return (thrown as Error).constructor.name;
      }
    }

    for (const name of DETACHED) {
      it(`${name}() ends as the driver's own does`, async () => {
        const client = create();
        await client.connect(ENABLED);
        const plain = new DriverClient(SILENT);
        expect(await endOf(client, name)).to.equal(name in plain ? await endOf(plain, name) : 'TypeError');
      });
    }

    it('flushTelemetry() rejects', async () => {
      const { flushTelemetry } = create();
      expect(await thrownBy(flushTelemetry.call(undefined as never))).to.be.instanceOf(TypeError);
    });
  });

  it('goes without telemetry to what names no host', async () => {
    for (const host of ['//attacker.example', '/', '']) {
      sinon.restore();
      sinon.stub(DriverClient.prototype, 'connect').callsFake(async function (this: never) {
        return this;
      });
      const acquire = sinon.spy(TelemetryClientProvider.prototype, 'acquire');
      const client = create();
      await client.connect({ ...ENABLED, host });
      expect(client.getTelemetryStats(), host).to.equal(undefined);
      await client.close();
      sinon.assert.notCalled(acquire);
    }
  });

  describe('sends telemetry with', () => {
    const OTHER: IAuthentication = { authenticate: async () => ({ Authorization: 'Bearer other' }) };

    it('the credentials of the connection', async () => {
      const client = create();
      const origin = await originOf(client, () => client.connect(ENABLED));
      expect(await origin?.authenticate()).to.deep.equal({ Authorization: 'Bearer secret' });
    });

    it('the agent of the connection', async () => {
      const client = create();
      const origin = await originOf(client, () => client.connect(ENABLED));
      expect(await origin?.getAgent()).to.equal(await (await providerOf(client)).getAgent());
    });

    describe('of an old driver, which does not show its authentication provider,', () => {
      const prototype = DriverClient.prototype as { getAuthProvider?: unknown };
      const shown = Object.getOwnPropertyDescriptor(prototype, 'getAuthProvider');

      beforeEach(() => {
        Object.defineProperty(prototype, 'getAuthProvider', { value: undefined, configurable: true });
      });

      afterEach(() => {
        delete prototype.getAuthProvider;
        if (shown !== undefined) Object.defineProperty(prototype, 'getAuthProvider', shown);
      });

      const cases: readonly [string, object, IAuthentication | undefined, string][] = [
        ['the token', {}, undefined, 'Bearer secret'],
        ['the token of an access-token connection', { authType: 'access-token' }, undefined, 'Bearer secret'],
        ['the provider of a custom connection', { authType: 'custom', provider: OTHER }, undefined, 'Bearer other'],
        ['the provider that connect() was given', {}, OTHER, 'Bearer other'],
      ];
      for (const [what, options, given, expected] of cases) {
        it(what, async () => {
          const client = create();
          const all = { ...ENABLED, ...options } as ConnectionOptions;
          const origin = await originOf(client, async () => {
            await client.connect(all, given);
            (await client.getConnectionProvider()).setHeaders({});
          });
          expect(await origin?.authenticate()).to.deep.equal({ Authorization: expected });
        });
      }

      it('the headers of the newest request where only the driver knows more', async () => {
        const client = create();
        const origin = await originOf(client, async () => {
          await client.connect({ ...ENABLED, authType: 'databricks-oauth' } as ConnectionOptions);
          (await client.getConnectionProvider()).setHeaders({ Authorization: 'Bearer issued' });
        });
        expect(await origin?.authenticate()).to.deep.equal({ Authorization: 'Bearer issued' });
      });
    });
  });
});

/** What the library has under a name of a newer driver's own telemetry. */
const OURS = { DBSQLClient, TelemetryEventType, DEFAULT_TELEMETRY_CONFIG: undefined, default: undefined };
