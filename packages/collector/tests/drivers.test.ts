import { expect } from 'chai';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CANARY, SAMPLES } from './samples/drivers';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file).isFile() && readFileSync(file).includes(text));
}

describe('logs of every driver', () => {
  let test: TestCollector;
  before(async () => {
    test = await testCollector();
    for (const { logs } of SAMPLES) await deliver(test.collector.address, logs);
    await loaded(test.client, SAMPLES.flatMap(({ logs }) => logs).length);
  });
  after(() => test.end());

  for (const { driver, statementId, expected } of SAMPLES) {
    it(`understands those of ${driver} as they are, one row for its statement`, async () => {
      const { statement } = await test.client.statement(statementId);
      const known = Object.fromEntries(Object.keys(expected).map((name) => [name, statement[name as 'driver']]));
      expect(known).to.deep.equal(expected);
    });
  }

  it('understands the captures of the official driver for Node.js, whose sessions describe their statements', async () => {
    for (const name of ['node-select', 'node-cloudfetch']) {
      const body = JSON.parse(readFileSync(join(__dirname, 'samples', `${name}.json`), 'utf8')) as {
        protoLogs: string[];
      };
      // The session's log last: statements inherit from it nevertheless.
      await deliver(test.collector.address, body.protoLogs.slice(1));
      await deliver(test.collector.address, body.protoLogs.slice(0, 1));
    }
    await loaded(test.client, SAMPLES.flatMap(({ logs }) => logs).length + 6);
    const { statement, session } = await test.client.statement('07b48cef-ade5-425e-9137-97514caac445');
    expect(statement).to.include({
      driver: 'nodejs-sql-driver',
      service: 'scout-app/1.0',
      warehouse: 'abc123def456',
      latencyMs: 208,
      filesPresent: 3,
      slowestFileLatencyMs: 199,
      outcome: null,
      rowCount: null,
      byteCount: null,
    });
    expect(session).to.include({ openLatencyMs: 3, closeLatencyMs: 4, statements: 1 });
  });

  // Those for Java were recorded, and names, host and paths replaced. The one for Python is put together by hand from
  // printed logs of version 4.9.0: four logs as one session, whose id and two of whose times are not the driver's.
  describe('sent by the drivers for Java (3.4.5, recorded) and Python (4.9.0, put together from printed logs)', () => {
    const SENT = [
      {
        name: 'jdbc-thrift',
        files: 'dbf3b98d-e61f-4d0c-b94f-b78a78473a24',
        failed: 'dc149612-b0c1-4c5f-bc94-845736aa6d75',
        driver: 'oss-jdbc',
        service: 'orders',
        mode: 'THRIFT',
        failure: { outcome: 'failed', sqlState: '42P01', errorClass: 'TABLE_OR_VIEW_NOT_FOUND' },
      },
      {
        // Its text begins with the statement: nothing behind that can be told from what a user wrote.
        name: 'jdbc-sea',
        files: '0097c0b2-0752-42c8-94dc-e06f41632555',
        failed: '7a7778fd-15f8-4900-bd24-ccf7a5756270',
        driver: 'oss-jdbc',
        service: 'orders',
        mode: 'SEA',
        failure: { outcome: 'failed', sqlState: '42P01', errorClass: null },
      },
      {
        // It ties an error to the session alone.
        name: 'python',
        files: '89f68787-469e-400d-9175-1db23451f172',
        failed: 'c3fee75d-6291-45f3-9c56-f4f82926978e',
        driver: 'Databricks SQL Python Connector',
        service: 'nightly-etl',
        mode: 'THRIFT',
        failure: { outcome: null, sqlState: null, errorClass: null },
      },
    ] as const;

    let captured: TestCollector;
    before(async () => {
      captured = await testCollector();
      let logs = 0;
      for (const { name } of SENT) {
        const text = readFileSync(join(__dirname, 'samples', `${name}.json`), 'utf8');
        const { protoLogs } = JSON.parse(text) as { protoLogs: string[] };
        logs += protoLogs.length;
        await deliver(captured.collector.address, protoLogs);
      }
      await loaded(captured.client, logs);
    });
    after(() => captured.end());

    for (const { name, files, failed, driver, service, mode, failure } of SENT) {
      it(`tells driver, service, warehouse and format of a statement of ${name}`, async () => {
        const { statement } = await captured.client.statement(files);
        const at = { host: 'workspace.example.com', warehouse: 'abc123def4567890' };
        expect(statement).to.include({ driver, service, mode, executionResult: 'EXTERNAL_LINKS', ...at });
        expect(statement.latencyMs).to.be.a('number');
      });

      it(`tells what is known of a failed statement of ${name}`, async () => {
        expect((await captured.client.statement(failed)).statement).to.include(failure);
      });
    }

    it('keeps nothing of the statement and the paths that the driver for Java sends', async () => {
      await captured.client.backup();
      for (const text of ['no_such_table', '/srv/uploads']) {
        expect(filesWith(captured.data, text), text).to.deep.equal([]);
      }
      expect(filesWith(captured.data, 'TABLE_OR_VIEW_NOT_FOUND')).to.not.be.empty;
    });

    it('knows every field that they send', async () => {
      const { unknownFields, invalidFields } = await captured.client.health({ from: 0 });
      expect([unknownFields, invalidFields]).to.deep.equal([[], []]);
    });

    it('counts the errors of all three', async () => {
      const { groups } = await captured.client.errors({ from: 0 });
      const states = groups.map(({ sqlState }) => sqlState);
      expect(states).to.include.members(['42P01', '42601']);
    });
  });

  it('keeps no free text: not in journal, database or log', async () => {
    await test.client.backup();
    const found = filesWith(test.data, CANARY);
    expect(readdirSync(join(test.data, 'journal'))).to.not.deep.equal([]);
    expect(found).to.deep.equal([]);
  });
});
