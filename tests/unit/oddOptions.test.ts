import tls from 'node:tls';
import { inspect } from 'node:util';
import { DBSQLClient as DriverClient } from '@databricks/sql';
import { expect } from 'chai';
import sinon from 'sinon';
import type { ConnectionOptions } from '../../lib/contracts/clientOptions';
import { DBSQLClient } from '../../lib/DBSQLClient';
import { TELEMETRY_OPTION_NAMES, TELEMETRY_OPTIONS, type OptionProblem } from '../../lib/model/options';
import { TelemetryClientProvider } from '../../lib/telemetry/TelemetryClientProvider';
import { Surprises } from '../e2e/support/surprises';

const SILENT = { logger: { log: () => undefined } };
/** Nobody listens there. */
const ON = { host: '127.0.0.1', port: 1, path: '/sql/1.0/warehouses/abc', token: 'dapi-of-the-connection' };
const ENABLED = { ...ON, telemetryEnabled: true, telemetryCloseTimeoutMs: 0, telemetryMaxRetries: 0 };
const CANARY = 'canary-4711';
const [CA = ''] = tls.rootCertificates;

function refuse(): never {
  throw new Error(CANARY);
}

class Settings {
  readonly #secret = CANARY;
  get value(): string {
    return this.#secret;
  }
}

/** Values that nobody means. A new one each time: none may be remembered. */
const ODD: Readonly<Record<string, () => unknown>> = {
  null: () => null,
  'no number': () => NaN,
  'an endless number': () => Infinity,
  'a huge integer': () => 10n ** 400n,
  'an empty text': () => '',
  'a huge text': () => `${CANARY}\0`.repeat(100_000),
  'a symbol': () => Symbol(CANARY),
  'a list': () => [CANARY],
  'an object': () => ({ [CANARY]: CANARY }),
  'an object without a prototype': () => Object.assign(Object.create(null) as object, { [CANARY]: CANARY }),
  'an instance of a class': () => new Settings(),
  'a frozen map': () => Object.freeze(new Map([[CANARY, CANARY]])),
  'a file URL': () => new URL(`file:///${CANARY}`),
  'an object that cannot be read': () => Object.defineProperty({}, 'export', { get: refuse, enumerable: true }),
  'a proxy that refuses all': () =>
    new Proxy(
      {},
      { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse, getOwnPropertyDescriptor: refuse },
    ),
  'a list that refuses': () => new Proxy([CANARY], { get: refuse }),
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy;
  },
};

const OPTIONS = [...TELEMETRY_OPTION_NAMES, 'telemetryExporters', 'onSlowStatement'];
const LIMITING = new Set<string>(TELEMETRY_OPTION_NAMES.filter((name) => 'limits' in TELEMETRY_OPTIONS[name]));

/** What an odd value of `option` is meant by, where it is a possible one after all. */
function isPossible(option: string, what: string): boolean {
  if (what === 'an empty text')
    return ['telemetryFile', 'telemetrySpoolDirectory', 'telemetryServiceName'].includes(option);
  return what === 'a huge text' && ['telemetryFile', 'telemetryDryRun', 'telemetrySpoolDirectory'].includes(option);
}

describe('an option with a value that nobody means', () => {
  const surprises = new Surprises();
  beforeEach(() => surprises.start());
  afterEach(() => {
    surprises.stop();
    sinon.restore();
    expect(surprises.seen).to.deep.equal([]);
  });

  /** Connects and closes; gives the problems that the application is told. */
  async function problemsOf(ofClient: object, ofConnection: object): Promise<readonly OptionProblem<string>[]> {
    const client = new DBSQLClient({ ...SILENT, ...ofClient });
    expect(await client.connect(ofConnection as ConnectionOptions)).to.equal(client);
    const explanation = client.explainTelemetry();
    const stats = client.getTelemetryStats();
    for (const told of [JSON.stringify([explanation, stats]), inspect([explanation, stats], { depth: 9 })]) {
      expect(told).to.not.include(CANARY).and.not.include('dapi');
    }
    await client.flushTelemetry({ deadlineMs: 0 });
    await client.close();
    return explanation.problems;
  }

  for (const option of OPTIONS) {
    it(`as ${option} of connect() or the constructor disturbs nobody, is reported once, and closes where it limits`, async () => {
      for (const [what, odd] of Object.entries(ODD)) {
        for (const where of ['connect()', 'the constructor']) {
          const value = { [option]: odd() };
          const isOfClient = where === 'the constructor' && !(option in ENABLED);
          const problems = await problemsOf(isOfClient ? value : {}, { ...ENABLED, ...(isOfClient ? {} : value) });
          const own = problems.filter((problem) => problem.option === option);
          const message = `${what} of ${where}`;
          if (isPossible(option, what)) continue;
          expect(own, message).to.have.length(1);
          if (LIMITING.has(option)) expect(own[0]?.done, message).to.equal('nothing leaves');
          else expect(own[0]?.done, message).to.be.oneOf(['default used', 'brought within limits', 'left out']);
        }
      }
    }).timeout(60_000);
  }
});

describe('options', () => {
  afterEach(() => sinon.restore());

  it('may be objects of a class whose accessors read what is private', async () => {
    class Private {
      readonly #host = ON.host;
      readonly #token = ON.token;
      readonly path = ON.path;
      readonly port = ON.port;
      telemetryEnabled = true;
      get host(): string {
        return this.#host;
      }
      get token(): string {
        return this.#token;
      }
    }
    const connect = sinon.spy(DriverClient.prototype, 'connect');
    const client = new DBSQLClient(SILENT);
    const given = new Private();
    await client.connect(given as ConnectionOptions);
    const { host, token, path, port, telemetryEnabled } = connect.firstCall.args[0] as unknown as Private;
    expect({ host, token, path, port, telemetryEnabled }).to.deep.equal({ ...ON, telemetryEnabled: false });
    expect(client.explainTelemetry().isCollected).to.equal(true);
    await client.close();
  });

  it('may be frozen, at every level', async () => {
    const client = new DBSQLClient(Object.freeze({ ...SILENT, telemetryBatchSize: 7 }));
    await client.connect(
      Object.freeze({ ...ENABLED, customHeaders: Object.freeze({ 'x-a': 'b' }) }) as ConnectionOptions,
    );
    expect(client.explainTelemetry()).to.include({ isCollected: true });
    expect(client.explainTelemetry().problems).to.deep.equal([]);
    await client.close();
  });

  it('are asked once: an accessor that says something else each time decides once', async () => {
    let times = 0;
    const get = (): unknown => ((times += 1) === 1 ? 'https://collector.test' : 'https://other.test');
    const given = Object.defineProperty({ ...ENABLED }, 'telemetryEndpoint', { get });
    const client = new DBSQLClient(SILENT);
    await client.connect(given as ConnectionOptions);
    expect(client.explainTelemetry().destination?.address).to.equal('https://collector.test');
    expect(times).to.equal(1);
    await client.close();
  });

  it('are those that were given: what becomes of their object afterwards changes nothing', async () => {
    const given: Record<string, unknown> = { ...ENABLED, customCaCert: CA };
    const acquire = sinon.spy(TelemetryClientProvider.prototype, 'acquire');
    const client = new DBSQLClient(SILENT);
    await client.connect(given as unknown as ConnectionOptions);
    const { options } = client.explainTelemetry();
    Object.assign(given, { telemetryEnabled: false, telemetryEndpoint: 'https://other.test', host: 'other.test' });
    Object.assign(given, { customCaCert: 'other', token: 'other', checkServerCertificate: false });
    expect(client.explainTelemetry().options).to.deep.equal(options);
    const origin = acquire.firstCall.args[1];
    expect(origin?.hostname).to.equal(ON.host);
    expect(await origin?.authenticate()).to.deep.equal({ Authorization: `Bearer ${ON.token}` });
    expect(origin?.tls.rejectUnauthorized).to.equal(undefined);
    expect([origin?.tls.ca].flat().at(-1)).to.equal(CA);
    await client.close();
  });
});
