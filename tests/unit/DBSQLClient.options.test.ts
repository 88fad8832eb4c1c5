import { DBSQLClient as DriverClient } from '@databricks/sql';
import { expect } from 'chai';
import sinon from 'sinon';
import { DBSQLClient } from '../../lib/DBSQLClient';
import { TelemetryClientProvider } from '../../lib/telemetry/TelemetryClientProvider';
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

describe('DBSQLClient: options', () => {
  const create = useClients();

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
        expect(exitListeners()).to.equal(0);
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
        expect(exitListeners()).to.equal(0);
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
        expect(exitListeners()).to.equal(0);
      } finally {
        delete polluted.telemetryEnabled;
      }
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
});
