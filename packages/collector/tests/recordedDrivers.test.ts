import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deliver, filesWith, loaded, testCollector, type TestCollector } from './testCollector';

const AT = { host: 'workspace.example.com', warehouse: 'abc123def4567890' };
const JAVA = { driver: 'oss-jdbc', driverVersion: '3.4.5', service: 'orders', ...AT };
const PYTHON = { driver: 'Databricks SQL Python Connector', driverVersion: '4.9.0', service: 'nightly-etl', ...AT };
/** It tells neither where it connects nor the format of a result. */
const GO = { driver: 'databricks-sql-go', driverVersion: '1.11.0', service: 'billing', host: null, warehouse: null };

interface Recorded {
  /** The recorded request in `samples/`: names, hosts, ports, paths and the version of the machine are replaced. */
  readonly name: string;
  readonly large: string;
  readonly failed: string;
  readonly connection: Readonly<Record<string, unknown>>;
  readonly mode: string | null;
  readonly executionResult: string | null;
  readonly failure: Readonly<Record<string, unknown>>;
}

const RECORDED: readonly Recorded[] = [
  {
    name: 'jdbc-thrift',
    large: 'dbf3b98d-e61f-4d0c-b94f-b78a78473a24',
    failed: 'dc149612-b0c1-4c5f-bc94-845736aa6d75',
    connection: JAVA,
    mode: 'THRIFT',
    executionResult: 'EXTERNAL_LINKS',
    failure: { outcome: 'failed', sqlState: '42P01', errorClass: 'TABLE_OR_VIEW_NOT_FOUND' },
  },
  {
    // Its text begins with the statement: nothing behind that can be told from what a user wrote.
    name: 'jdbc-sea',
    large: '0097c0b2-0752-42c8-94dc-e06f41632555',
    failed: '7a7778fd-15f8-4900-bd24-ccf7a5756270',
    connection: JAVA,
    mode: 'SEA',
    executionResult: 'EXTERNAL_LINKS',
    failure: { outcome: 'failed', sqlState: '42P01', errorClass: null },
  },
  {
    // It ties an error to the session alone.
    name: 'python',
    large: 'bb63f77f-1a6c-4534-acfd-46a225f641a3',
    failed: '7a2c4db5-2262-41c4-b5c4-9d79514e7cc3',
    connection: PYTHON,
    mode: 'THRIFT',
    executionResult: 'EXTERNAL_LINKS',
    failure: { outcome: null, sqlState: null, errorClass: null },
  },
  {
    // It tells no error.
    name: 'python-sea',
    large: 'c5b4721e-f96d-4f19-ae07-bcac4af0ba19',
    failed: '7304d4fe-9942-4227-821d-62b88e58e3f8',
    connection: PYTHON,
    mode: 'SEA',
    executionResult: 'EXTERNAL_LINKS',
    failure: { outcome: null, sqlState: null, errorClass: null },
  },
  {
    name: 'go',
    large: 'b346b65f-abff-421e-874f-aee2c1603dd4',
    failed: '14a949a2-744a-4a6b-a700-91da0fe37113',
    connection: GO,
    mode: null,
    executionResult: null,
    failure: { outcome: 'failed', errorName: 'error', sqlState: null },
  },
];

describe('recorded requests of the drivers for Java, Python and Go', () => {
  let test: TestCollector;
  before(async () => {
    test = await testCollector();
    let logs = 0;
    for (const { name } of RECORDED) {
      const text = readFileSync(join(__dirname, 'samples', `${name}.json`), 'utf8');
      const { protoLogs } = JSON.parse(text) as { protoLogs: string[] };
      logs += protoLogs.length;
      await deliver(test.collector.address, protoLogs);
    }
    await loaded(test.client, logs);
  });
  after(() => test.end());

  for (const { name, large, failed, connection, mode, executionResult, failure } of RECORDED) {
    it(`${name}: a statement tells its driver, service, warehouse and format as far as the driver does`, async () => {
      const { statement } = await test.client.statement(large);
      expect(statement).to.include({ ...connection, mode, executionResult });
      expect(statement.latencyMs).to.be.greaterThan(0);
    });

    it(`${name}: a failed statement tells what is known of it`, async () => {
      expect((await test.client.statement(failed)).statement).to.include(failure);
    });
  }

  it('what Go calls cancelled is no failure', async () => {
    const { statement } = await test.client.statement('7e665ede-55c0-4b03-8f0e-7222495fb3a0');
    expect(statement).to.include({ errorName: 'cancelled', outcome: 'cancelled' });
    const { current } = await test.client.overview({ from: 0, service: 'billing' });
    expect(current.failed).to.equal(1);
  });

  it('every field that they send is known', async () => {
    const { unknownFields, invalidFields } = await test.client.health({ from: 0 });
    expect([unknownFields, invalidFields]).to.deep.equal([[], []]);
  });

  it('the fleet has the three of them with their versions, and what is not told as unknown', async () => {
    const { drivers, services, hosts } = await test.client.fleet({ from: 0 });
    expect(drivers.map(({ name, version }) => `${name} ${version}`)).to.have.members([
      'oss-jdbc 3.4.5',
      'Databricks SQL Python Connector 4.9.0',
      'databricks-sql-go 1.11.0',
    ]);
    expect(services.map(({ name }) => name)).to.have.members(['orders', 'nightly-etl', 'billing']);
    expect(hosts.map(({ name }) => name)).to.have.members([AT.host, null]);
  });

  it('files, slowest statements and errors are those of all of them', async () => {
    const { statements } = await test.client.cloudfetch({ from: 0 });
    expect(statements).to.be.at.least(4);
    const page = await test.client.statements({ from: 0, order: 'slowest' });
    const latencies = page.statements.map(({ latencyMs }) => latencyMs ?? -1);
    expect(latencies).to.deep.equal([...latencies].sort((a, b) => b - a));
    const { groups } = await test.client.errors({ from: 0 });
    expect(groups.map(({ sqlState }) => sqlState)).to.include('42P01');
    expect(groups.map(({ errorName }) => errorName)).to.include.members(['ServerOperationError', 'error']);
  });

  it('an overview of one service counts its own statements alone', async () => {
    const counted = async (service: string): Promise<number> =>
      (await test.client.overview({ from: 0, service })).current.statements;
    const all = (await test.client.statements({ from: 0, limit: 1000 })).statements;
    for (const service of ['orders', 'nightly-etl', 'billing']) {
      expect(await counted(service), service).to.equal(all.filter((one) => one.service === service).length);
    }
  });

  it('nothing of a statement, a path or a proxy that they send is kept', async () => {
    await test.client.backup();
    for (const text of ['no_such_table', '/srv/uploads', 'proxy.example.com']) {
      expect(filesWith(test.data, text), text).to.deep.equal([]);
    }
    expect(filesWith(test.data, 'TABLE_OR_VIEW_NOT_FOUND')).to.not.be.empty;
  });
});
