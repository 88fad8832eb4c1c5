import { startLocalWorkspace } from 'databricks-local-workspace';
import { expect } from 'chai';
import type { CollectorOptions } from 'databricks-telemetry-collector';
import { Silence } from '../.stubs/silence';
import { SilentClickHouse } from '../.stubs/silentClickHouse';
import type { LogLine } from '../../lib/options';
import { statementLog } from '../logs';
import { deliver, loaded, testCollector, until, type TestCollector } from '../testCollector';
import { Relay } from './relay';

const refusalOf = async ({ collector }: TestCollector, path: string): Promise<[status: number, code: string]> => {
  const response = await fetch(collector.address + path);
  return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
};
const readiness = ({ collector }: TestCollector, wanted: number): Promise<unknown> =>
  until(
    async () => (await fetch(`${collector.address}/readyz`)).status,
    (status) => status === wanted,
  );

describe('an engine that takes connections and says nothing', function () {
  this.timeout(180_000);
  let lines: LogLine[];
  let options: CollectorOptions;
  beforeEach(() => {
    lines = [];
    options = { storeTimeoutMs: 3_000, log: (line) => lines.push(line) };
  });
  const failures = (): unknown[] => lines.filter(({ event }) => event === 'load_failed').map(({ message }) => message);

  it('a Databricks warehouse is away: the journal keeps what comes; when it speaks loading goes on, nothing twice', async () => {
    const workspace = await startLocalWorkspace();
    const { port, path, token, customCaCert: ca } = workspace.connectionOptions;
    const relay = new Relay(port);
    await relay.open();
    const databricks = { host: 'localhost', port: relay.port, path, token, ca, schema: 'main.default' };
    relay.mute();
    // It starts, takes in and ends nevertheless.
    const test = await testCollector({ ...options, store: 'databricks', databricks });
    await deliver(test.collector.address, [statementLog({ statementId: 'first' })]);
    await readiness(test, 503);
    relay.speak();
    await readiness(test, 200);
    await loaded(test.client, 1);

    relay.mute();
    await deliver(test.collector.address, [statementLog({ statementId: 'meanwhile' })]);
    await readiness(test, 503);
    expect(new Set(failures())).to.deep.equal(new Set(['Databricks cannot be reached.']));
    expect(await refusalOf(test, '/api/v1/overview')).to.deep.equal([503, 'store_away']);
    relay.speak();
    await loaded(test.client, 2);
    const { statements } = await test.client.statements();
    expect(statements.map(({ statementId }) => statementId)).to.have.members(['first', 'meanwhile']);
    expect((await test.client.health()).accepted).to.equal(2);
    relay.mute();
    await test.end();
    relay.cut();
    await workspace.close();
  });

  it('a ClickHouse server is away after its time: the journal keeps what comes, and loading goes on when it speaks', async () => {
    const server = new SilentClickHouse();
    const test = await testCollector({ ...options, store: 'clickhouse', clickhouse: { url: await server.open() } });
    server.isMute = true;
    await deliver(test.collector.address, [statementLog()]);
    await readiness(test, 503);
    expect(new Set(failures())).to.deep.equal(new Set(['ClickHouse cannot be reached.']));
    await deliver(test.collector.address, [statementLog()]);
    server.isMute = false;
    await readiness(test, 200);
    await test.end();
    server.close();
  });

  it('a warehouse that is asked for its query history does not hold up the end', async () => {
    const silence = new Silence();
    const history = { host: '127.0.0.1', port: await silence.open(), path: '/sql/1.0/warehouses/abc', token: 'dapi-1' };
    const test = await testCollector({ ...options, history });
    await silence.called();
    await test.end();
    expect(lines.at(-1)?.event).to.be.oneOf(['stopped', 'history_pull_failed']);
    silence.close();
  });
});
