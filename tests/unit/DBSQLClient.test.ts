import * as driver from '@databricks/sql';
import { expect } from 'chai';
import sinon from 'sinon';
import * as library from '../../lib/index';
import type { ConnectionOptions } from '../../lib/contracts/clientOptions';
import { DBSQLClient } from '../../lib/DBSQLClient';
import { TelemetryEventType } from '../../lib/telemetry/types';
import { rejectionOf } from '../e2e/support/waiting';
import {
  driverOf,
  ENABLED,
  exitListeners,
  OPTIONS,
  providerOf,
  Session,
  SILENT,
  useClients,
} from './.stubs/madeClients';

const { DBSQLClient: DriverClient } = driver;
const FAILURE = new Error('of the driver');

describe('DBSQLClient', () => {
  const create = useClients();

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

  describe('with telemetry on', () => {
    it('stands in front of the driver with one object, and leaves the connection provider the same one', async () => {
      const client = create();
      await client.connect(ENABLED);
      expect(await client.getDriver()).to.not.equal(await driverOf(client));
      expect(await client.getDriver()).to.equal(await client.getDriver());
      expect(await client.getConnectionProvider()).to.equal(await providerOf(client));
      expect(client.getConfig().telemetryEnabled).to.equal(true);
      expect(client.getTelemetryStats()?.host).to.equal('127.0.0.1:1');
      expect(exitListeners()).to.equal(1);
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
      expect(exitListeners()).to.equal(0);
    });

    it('leaves its host when it is connected to another', async () => {
      const client = create();
      await client.connect(ENABLED);
      const driverOfFirst = await client.getDriver();
      await client.connect({ ...ENABLED, port: 2 });
      expect(client.getTelemetryStats()?.host).to.equal('127.0.0.1:2');
      expect(await client.getDriver()).to.not.equal(driverOfFirst);
      expect(exitListeners()).to.equal(1);
    });

    it('is off when it is connected again without', async () => {
      const client = create();
      await client.connect(ENABLED);
      await client.connect(OPTIONS);
      expect(client.getTelemetryStats()).to.equal(undefined);
      expect(await client.getDriver()).to.equal(await driverOf(client));
      expect(exitListeners()).to.equal(0);
    });

    it('throws what connect() of the driver throws, reports it and leaves nothing behind', async () => {
      sinon.stub(DriverClient.prototype, 'connect').rejects(FAILURE);
      const client = create();
      const error = new Promise((resolve) => client.telemetryEvents.once(TelemetryEventType.ERROR, resolve));
      expect(await rejectionOf(client.connect(ENABLED))).to.equal(FAILURE);
      expect(await error).to.include({ stage: 'connect' });
      expect(client.getConfig().telemetryEnabled).to.equal(true);
      expect(exitListeners()).to.equal(0);
    });

    it('rejects as the driver does when there are no options at all', async () => {
      const ours: unknown = await rejectionOf(create().connect(undefined as never));
      const theirs: unknown = await rejectionOf(new DriverClient(SILENT).connect(undefined as never));
      expect(ours).to.be.instanceOf(TypeError);
      expect(theirs).to.be.instanceOf(TypeError);
    });

    it('throws what openSession() of the driver throws, and reports it', async () => {
      const client = create();
      await client.connect(ENABLED);
      sinon.stub(DriverClient.prototype, 'openSession').rejects(FAILURE);
      const error = new Promise((resolve) => client.telemetryEvents.once(TelemetryEventType.ERROR, resolve));
      expect(await rejectionOf(client.openSession())).to.equal(FAILURE);
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
      expect(await rejectionOf(client.close())).to.equal(FAILURE);
      expect(exitListeners()).to.equal(0);
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
      expect(await client.connect(ENABLED)).to.equal(client);
      expect(await client.getDriver()).to.equal(await driverOf(client));
      expect(lines).to.include('telemetry: not started: Error');
      await client.close();
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
      expect(await rejectionOf(flushTelemetry.call(undefined as never))).to.be.instanceOf(TypeError);
    });
  });
});

/** What the library has under a name of a newer driver's own telemetry. */
const OURS = { DBSQLClient, TelemetryEventType, DEFAULT_TELEMETRY_CONFIG: undefined, default: undefined };
