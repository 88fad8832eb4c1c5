import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, TelemetryEventType, type ConnectionOptions, type TelemetryEvent } from 'databricks-sql-telemetry';
import { isModernDriver } from './support/driver';
import { KeepingLogger } from './support/application';
import { rejectionOf } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

const FAST = { telemetryFlushIntervalMs: 100, telemetryCloseTimeoutMs: 300, telemetryMaxRetries: 0 };

interface Failure {
  readonly name: string;
  options(workspace: LocalWorkspace): object;
  /** What the workspace is told beforehand. */
  fault?(workspace: LocalWorkspace): void;
  /** Drivers before 2.1 do not check certificates. */
  readonly onlyModern?: boolean;
}

const throwing = {
  authenticate: () => Promise.reject(new Error('of the provider')),
};

const FAILURES: readonly Failure[] = [
  { name: 'a token that is refused', options: () => ({ token: 'dapi-wrong' }) },
  { name: 'an authentication provider that throws', options: () => ({ authType: 'custom', provider: throwing }) },
  { name: 'a wrong path', options: () => ({ path: '/sql/1.0/warehouses/unknown' }) },
  { name: 'a port where nobody listens', options: () => ({ port: 1 }) },
  { name: 'a certificate that nobody vouches for', options: () => ({ customCaCert: undefined }), onlyModern: true },
  {
    name: 'a server that refuses the session',
    options: () => ({}),
    fault: ({ faults }) =>
      void faults.add({ rpc: 'OpenSession', error: { message: 'no', sqlState: '08004' }, times: 1 }),
  },
  {
    name: 'a server that resets the connection',
    options: () => ({}),
    fault: ({ faults }) => void faults.add({ rpc: 'OpenSession', action: 'reset', times: 1 }),
  },
  {
    name: 'a server that is not there yet',
    options: () => ({}),
    fault: ({ faults }) => void faults.add({ rpc: 'OpenSession', status: 503 }),
  },
];

describe('a connection that fails', () => {
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace();
  });
  afterEach(() => workspace.faults.clear());
  after(() => workspace.close());

  for (const { name, options, fault, onlyModern } of FAILURES) {
    if (onlyModern === true && !isModernDriver) continue;
    it(`is told once, by the stage where it failed: ${name}`, async () => {
      const client = new DBSQLClient({ logger: new KeepingLogger() });
      const events: TelemetryEvent[] = [];
      for (const type of Object.values(TelemetryEventType)) {
        client.telemetryEvents.on(type, (event) => void events.push(event));
      }
      fault?.(workspace);
      const all = { ...workspace.connectionOptions, telemetryEnabled: true, ...FAST, ...options(workspace) };
      const connecting = await rejectionOf(client.connect(all as ConnectionOptions));
      Object.assign(client.getConfig(), { retryMaxAttempts: 1, retryDelayMin: 1, retryDelayMax: 1 });
      const opening = connecting === undefined ? await rejectionOf(client.openSession()) : undefined;
      expect(connecting ?? opening, 'what the application gets').to.not.equal(undefined);
      await client.close();
      expect(events.map((event) => [event.eventType, 'stage' in event ? event.stage : undefined])).to.deep.equal([
        [TelemetryEventType.ERROR, connecting === undefined ? 'open_session' : 'connect'],
      ]);
      expect(client.getTelemetryStats()?.collected).to.equal(1);
    });
  }
});
