import { DBSQLClient as DriverClient } from '@databricks/sql';
import { expect } from 'chai';
import sinon from 'sinon';
import { DBSQLClient } from '../../../lib/DBSQLClient';

export const SILENT = { logger: { log: () => undefined } };
/** Nobody listens there: telemetry fails at once and changes nothing. */
export const OPTIONS = { host: '127.0.0.1', port: 1, path: '/sql/1.0/warehouses/abc', token: 'secret' };
export const ENABLED = { ...OPTIONS, telemetryEnabled: true };

/** As much of a session as the client looks at. */
export class Session {
  readonly id = 'session-1';
  async close(): Promise<void> {}
}

export const driverOf = (client: DBSQLClient): Promise<unknown> => DriverClient.prototype.getDriver.call(client);
export const providerOf = (client: DBSQLClient) => DriverClient.prototype.getConnectionProvider.call(client);

let listenersBefore = 0;
/** How many more listen for the end of the process than before the test. */
export const exitListeners = (): number => process.listenerCount('beforeExit') - listenersBefore;

/**
 * Clients of each test, which are closed after it and may leave no listener for the end of the process. The environment
 * says nothing about telemetry, and is put back.
 */
export function useClients(): (options?: ConstructorParameters<typeof DBSQLClient>[0]) => DBSQLClient {
  const clients: DBSQLClient[] = [];
  const environment = { ...process.env };

  beforeEach(() => {
    delete process.env['DATABRICKS_TELEMETRY_DISABLED'];
    delete process.env['DO_NOT_TRACK'];
    listenersBefore = process.listenerCount('beforeExit');
  });
  afterEach(async () => {
    sinon.restore();
    Object.assign(process.env, environment);
    await Promise.all(clients.splice(0).map((client) => client.close()));
    expect(exitListeners(), 'listeners left behind').to.equal(0);
  });

  return (options = {}) => {
    const client = new DBSQLClient({ ...SILENT, telemetryCloseTimeoutMs: 50, ...options });
    clients.push(client);
    return client;
  };
}
