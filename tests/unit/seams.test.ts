import { expect } from 'chai';
import type IDBSQLSession from '@databricks/sql/dist/contracts/IDBSQLSession';
import type IOperation from '@databricks/sql/dist/contracts/IOperation';
import { DBSQLClient } from '../../lib/DBSQLClient';
import { operationHooks } from '../../lib/observe/api/operationHooks';
import { hookSession } from '../../lib/observe/api/sessionHooks';
import { driverDifferences } from '../../lib/observe/connection/driverCompatibility';
import { INSTALLED_DRIVERS } from './.stubs/installedDrivers';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** What a class has: what the seams stand on (`required`), and what they have no business with (`left`). */
interface Shape {
  readonly required: readonly string[];
  readonly left: readonly string[];
}

const CLIENT: Shape = {
  required: words('connect openSession close getConfig getLogger getDriver getConnectionProvider'),
  left: words(`getAuthProvider getTelemetryStats getTelemetryEmitter getTelemetryAggregator getClient
    getConnectionOptions createAuthProvider createConnectionProvider wrapTokenProvider buildCustomHeaders
    buildDriverConfiguration mapAuthType getLocaleName getProcessName initializeTelemetry forwardConnectionEvent`),
};
const INTENDED = [...CLIENT.required, 'constructor', 'getAuthProvider', 'getTelemetryStats'];
const SILENT = { logger: { log: () => undefined } };
const OBSERVED_ON_SESSIONS = words(`executeStatement getTypeInfo getCatalogs getSchemas getTables getTableTypes
  getColumns getFunctions getPrimaryKeys getCrossReference getInfo close
  handleStagingOperation`);
const SESSION: Shape = {
  // Not public: without it the size of a transferred file stays unknown.
  required: ['id', ...OBSERVED_ON_SESSIONS],
  left: words(`getRunAsyncForMetadataOperations handleStagingGet handleStagingRemove
    handleStagingPut createOperation failIfClosed handleResponse wrapOperation runBackend`),
};
const OBSERVED_ON_OPERATIONS = words('fetchChunk hasMoreRows finished status getSchema getMetadata cancel close');
const OPERATION: Shape = {
  required: ['id', ...OBSERVED_ON_OPERATIONS, ...words('fetchAll iterateChunks iterateRows toNodeStream')],
  left: words(`getResultMetadata failIfClosed waitUntilReady fetchMetadata getResultHandler
    processOperationStatusResponse fetchChunkInternal cancelInternal closeInternal withErrorTelemetry
    waitUntilReadyThroughBackend emitStatementStart emitStatementComplete emitErrorEvent`),
};
const CONNECTION: Shape = {
  required: words('getThriftConnection getAgent setHeaders getRetryPolicy'),
  left: words('getAgentDefaultOptions createHttpAgent createHttpsAgent createProxyAgent'),
};
const THRIFT_CONNECTION: Shape = {
  required: words('write getRetryPolicy'),
  left: words('setHeaders getThriftMethodName handleThriftResponse'),
};

/** `-name` for what is missing, `+name` for what nobody has looked at. */
function differences(type: { readonly prototype: object }, { required, left }: Shape): string {
  const found = Object.getOwnPropertyNames(type.prototype).filter((name) => name !== 'constructor');
  const known = new Set([...required, ...left]);
  return [
    ...required.filter((name) => !found.includes(name)).map((name) => `-${name}`),
    ...found.filter((name) => !known.has(name)).map((name) => `+${name}`),
  ].join(' ');
}

/** An object of a driver's class that nothing was done with but to give it an id. */
function instanceOf<T>(type: { readonly prototype: object }): T {
  return Object.create(type.prototype, { id: { value: 'some-id' } }) as T;
}

function overriddenOn(target: object): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(target)).sort();
}

for (const driver of INSTALLED_DRIVERS) {
  describe(`the seams know driver ${driver.version}`, () => {
    it('has the RPC methods that the wire seam passes on, and no other', () => {
      const client = new driver.Client(SILENT);
      expect(driverDifferences(new driver.HiveDriver({ context: client })).join(' ')).to.equal('');
    });

    const shapes = [
      ['client', driver.Client, CLIENT],
      ['session', driver.Session, SESSION],
      ['operation', driver.Operation, OPERATION],
      ['connection provider', driver.Connection, CONNECTION],
      ['Thrift connection', driver.ThriftConnection, THRIFT_CONNECTION],
    ] as const;
    for (const [name, type, shape] of shapes) {
      it(`has only methods of the ${name} that were looked at`, () => {
        expect(differences(type, shape), `methods of the ${name} differ`).to.equal('');
      });
    }

    it('has sessions on which every call is observed', () => {
      const session = instanceOf<IDBSQLSession>(driver.Session);
      hookSession(session, {} as never);
      expect(overriddenOn(session)).to.have.members(OBSERVED_ON_SESSIONS);
      expect(session).to.be.instanceOf(driver.Session);
    });

    it('has operations on which every call that waits or ends is observed', () => {
      const operation = instanceOf<IOperation>(driver.Operation);
      operationHooks.install(operation, {} as never);
      const observed = overriddenOn(operation).filter((name) => name !== 'getResultMetadata');
      expect(observed).to.have.members(OBSERVED_ON_OPERATIONS);
      expect(overriddenOn(operation).includes('getResultMetadata')).to.equal(
        'getResultMetadata' in driver.Operation.prototype,
      );
    });

    it('has no member of the client that a private one of ours would hide', () => {
      const theirs = new driver.Client(SILENT);
      expect(ownMembers().filter((name) => name in theirs && !INTENDED.includes(name))).to.deep.equal([]);
    });
  });
}

describe('the installed drivers', () => {
  it('are both ends of the supported range and the first and last of each major version', () => {
    const versions = INSTALLED_DRIVERS.map(({ version }) => version).sort();
    expect(versions).to.include.members(['1.12.0', '1.17.0', '2.0.0']);
    expect(versions.at(-1)).to.equal('2.1.0');
  });
});

/** What our client has beside the members of the driver it runs on, and those it overrides. */
function ownMembers(): string[] {
  const DriverClient = Object.getPrototypeOf(DBSQLClient) as new (options: object) => object;
  const plain = new Set(Object.getOwnPropertyNames(new DriverClient(SILENT)));
  const fields = Object.getOwnPropertyNames(new DBSQLClient(SILENT)).filter((name) => !plain.has(name));
  return [...Object.getOwnPropertyNames(DBSQLClient.prototype), ...fields];
}
