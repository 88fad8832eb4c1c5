import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import https from 'node:https';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type * as hostRegistry from '../../lib/telemetry/hosts/HostRegistry';
import type * as clientProvider from '../../lib/telemetry/TelemetryClientProvider';
import type * as eventEmitter from '../../lib/telemetry/TelemetryEventEmitter';
import { closureOf, closureOfFile, COMPONENTS } from '../../tools/lifting/closure';
import { compileAlone } from '../../tools/lifting/compile';
import { limitOf } from '../../tools/lifting/limits';
import { ClientContextStub } from '../unit/.stubs/ClientContextStub';
import { startTestServer, type TestServer } from '../unit/.stubs/TestServer';

const LIB = path.resolve(__dirname, '../../lib');

/** Every path of the driver that a component imports: what becomes relative inside the driver. */
const DRIVER_IMPORTS = [
  '@databricks/sql',
  '@databricks/sql/dist/connection/contracts/IAuthentication',
  '@databricks/sql/dist/connection/contracts/IConnectionProvider',
  '@databricks/sql/dist/contracts/IClientContext',
  '@databricks/sql/dist/contracts/IDBSQLLogger',
  '@databricks/sql/dist/errors/AuthenticationError',
  '@databricks/sql/dist/errors/RetryError',
];

async function inFolder(work: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lifted-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('lifting the components into the driver', function suite() {
  this.timeout(120_000);

  for (const component of COMPONENTS) {
    const { files, packages } = closureOf(component);
    const { max } = limitOf(component);

    it(`${component} needs at most ${max} files`, () => {
      expect(files.length, files.join('\n')).to.be.at.most(max);
    });

    it(`${component} stays within contracts, model, telemetry and util, and needs Node.js and the driver alone`, () => {
      const elsewhere = files.filter((file) => !/^(?:contracts|model|telemetry|util)\//.test(file));
      expect(elsewhere).to.deep.equal([]);
      const foreign = packages.filter((name) => !name.startsWith('node:') && !DRIVER_IMPORTS.includes(name));
      expect(foreign).to.deep.equal([]);
    });

    it(`${component} looks for no manifest`, () => {
      const texts = files.map((file) => readFileSync(path.join(LIB, file), 'utf8'));
      expect(texts.filter((text) => /package\.json|\brequire\(|createRequire/.test(text))).to.deep.equal([]);
    });

    // The last one is compiled to be run, below.
    if (component === 'TelemetryClientProvider') continue;
    it(`${component} compiles with nothing but its own files`, () =>
      inFolder((folder) => {
        expect(compileAlone(files, folder)).to.deep.equal([]);
      }));
  }

  it('spec/lifting.md names every path of the driver that becomes relative', () => {
    const text = readFileSync(path.resolve(__dirname, '../../spec/lifting.md'), 'utf8');
    const used = new Set(COMPONENTS.flatMap((component) => closureOf(component).packages));
    expect([...used].filter((name) => name.startsWith('@')).sort()).to.deep.equal(DRIVER_IMPORTS);
    // What the places that emit errors take along.
    const { packages } = closureOfFile('model/toErrorFacts.ts');
    expect(packages.length).to.be.greaterThan(0);
    for (const name of [...DRIVER_IMPORTS, ...packages]) expect(text).to.include(`\`${name}\``);
  });

  describe('the compiled copy', () => {
    let server: TestServer;

    before(async () => {
      server = await startTestServer((response, { path: url }) => {
        const flag = { flags: [{ name: FLAG, value: 'true' }], ttl_seconds: 900 };
        const isFlag = url.includes('feature-flags');
        response.end(JSON.stringify(isFlag ? flag : { numProtoSuccess: 2, errors: [] }));
      });
    });
    after(() => server.stop());

    it('of TelemetryClientProvider takes events of a stub client and delivers their logs to a server', () =>
      inFolder(async (folder) => {
        const files = new Set([
          ...closureOf('TelemetryClientProvider').files,
          ...closureOf('TelemetryEventEmitter').files,
        ]);
        expect(compileAlone([...files], folder)).to.deep.equal([]);
        const load = createRequire(path.join(folder, 'js/index.js'));
        const { TelemetryClientProvider } = load('./telemetry/TelemetryClientProvider') as typeof clientProvider;
        const { TelemetryEventEmitter } = load('./telemetry/TelemetryEventEmitter') as typeof eventEmitter;
        const { HostRegistry } = load('./telemetry/hosts/HostRegistry') as typeof hostRegistry;

        const context = new StubClient(server.ca);
        const product = { driverVersion: '9.9.9', userAgent: 'LiftedDriver/9.9.9' };
        const provider = new TelemetryClientProvider(context, new HostRegistry(), product);
        const lease = provider.acquire(`localhost:${server.port}`);
        const emitter = new TelemetryEventEmitter(context);
        emitter.attach(lease.client.getAggregator());
        emitter.emitConnectionOpen({ sessionId: 'session-1', latencyMs: 5 });
        emitter.emitStatementStart({ sessionId: 'session-1', statementId: 'statement-1' });
        emitter.emitStatementComplete({ sessionId: 'session-1', statementId: 'statement-1', latencyMs: 7 });
        await lease.release();

        const [flag, telemetry] = server.received;
        expect(flag?.path).to.equal('/api/2.0/connector-service/feature-flags/NODEJS/9.9.9');
        expect(telemetry?.path).to.equal('/api/2.0/sql/telemetry-ext');
        expect(telemetry?.headers).to.include({ authorization: 'Bearer T', 'user-agent': 'LiftedDriver/9.9.9' });
        const { protoLogs } = JSON.parse(telemetry?.body ?? '{}') as { protoLogs: string[] };
        const logs = protoLogs.map((log) => JSON.parse(log) as { entry: { sql_driver_log: object } });
        const [statement, session] = logs
          .map(({ entry }) => entry.sql_driver_log)
          .sort((log) => ('sql_statement_id' in log ? -1 : 1));
        expect(session).to.include({ session_id: 'session-1', operation_latency_ms: 5 });
        expect(statement).to.include({ sql_statement_id: 'statement-1', operation_latency_ms: 7 });
        const { collected, delivered, pending } = lease.client.getStats();
        expect({ collected, delivered, pending }).to.deep.equal({ collected: 2, delivered: 2, pending: 0 });
      }));
  });
});

const FLAG = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs';

/** A client of the driver as the components see it: configuration, logger, agent and credentials. */
class StubClient extends ClientContextStub {
  private readonly httpsAgent: https.Agent;

  constructor(ca: string) {
    super();
    this.httpsAgent = new https.Agent({ ca });
    this.authProvider = { authenticate: async () => ({ Authorization: 'Bearer T' }) };
  }

  override async getConnectionProvider(): ReturnType<ClientContextStub['getConnectionProvider']> {
    const getAgent = async (): Promise<https.Agent> => this.httpsAgent;
    return { getAgent } as unknown as Awaited<ReturnType<ClientContextStub['getConnectionProvider']>>;
  }
}
