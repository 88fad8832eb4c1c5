import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { statementLog } from './logs';
import { CANARY, SAMPLES } from './samples/drivers';
import { deliver, filesWith, loaded, testCollector, until, type TestCollector } from './testCollector';

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

  it('takes what a driver leaves unspecified for unknown', async () => {
    await deliver(test.collector.address, [statementLog({ statementId: 'unset', operationType: 'TYPE_UNSPECIFIED' })]);
    const { statements } = await until(
      () => test.client.statements({ from: 0, limit: 1000 }),
      (page) => page.statements.some(({ statementId }) => statementId === 'unset'),
    );
    expect(statements.find(({ statementId }) => statementId === 'unset')?.operationType).to.equal(null);
    const { invalidFields } = await test.client.health({ from: 0 });
    expect(JSON.stringify(invalidFields)).to.not.include('operation_type');
  });

  it('keeps no free text: not in journal, database or log', async () => {
    await test.client.backup();
    const found = filesWith(test.data, CANARY);
    expect(readdirSync(join(test.data, 'journal'))).to.not.deep.equal([]);
    expect(found).to.deep.equal([]);
  });
});
