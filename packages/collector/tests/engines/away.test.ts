import { startLocalWorkspace, type LocalWorkspace, type LocalWorkspaceOptions } from 'databricks-local-workspace';
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { CollectorError, type CollectorOptions } from 'databricks-telemetry-collector';
import type { LogLine } from '../../lib/options';
import { statementLog } from '../logs';
import { deliver, loaded, testCollector, until, type TestCollector } from '../testCollector';

const EXTENSIONS = [
  { name: 'basicConstraints' as const, cA: true },
  {
    name: 'subjectAltName' as const,
    altNames: [
      { type: 2 as const, value: 'localhost' },
      { type: 7 as const, ip: '127.0.0.1' },
    ],
  },
];

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly error: { readonly code: string; readonly message: string };
}

async function ask({ collector }: TestCollector, path: string, method = 'GET'): Promise<Answer> {
  const post = { method, headers: { 'content-type': 'application/json' }, body: '{}' };
  const response = await fetch(collector.address + path, method === 'GET' ? {} : post);
  const { error } = (await response.json()) as Pick<Answer, 'error'>;
  return { status: response.status, retryAfter: response.headers.get('retry-after'), error };
}

const stored = async ({ client }: TestCollector): Promise<(string | null)[]> =>
  (await client.statements({ limit: 100 })).statements.map(({ statementId }) => statementId).sort();

describe('a warehouse that is away', function () {
  this.timeout(120_000);
  let folder: string;
  let workspace: LocalWorkspace;
  let settings: LocalWorkspaceOptions;
  let options: CollectorOptions;
  let lines: LogLine[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'warehouse-'));
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: EXTENSIONS,
    });
    settings = { dataDir: folder, warehouseId: 'abc', tokens: ['dapi-0123456789'], tls: { cert, key, ca: cert } };
    workspace = await startLocalWorkspace(settings);
    const { host, port, path, token, customCaCert } = workspace.connectionOptions;
    settings = { ...settings, port };
    const databricks = { host, port, path, token, ca: customCaCert, schema: 'main.default' };
    options = { store: 'databricks', databricks, log: (line) => lines.push(line) };
  });
  beforeEach(() => (lines = []));
  after(async () => {
    await workspace.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('questions get 503 with a sentence and Retry-After, senders are served, and loading goes on when it is back', async () => {
    const test = await testCollector(options);
    await deliver(test.collector.address, [statementLog({ statementId: 'before' })]);
    await loaded(test.client, 1);
    await workspace.close();
    await deliver(test.collector.address, [statementLog({ statementId: 'meanwhile' })]);
    for (const path of ['overview', 'statements?service=secret', 'export?format=csv', 'health']) {
      expect(await ask(test, `/api/v1/${path}`), path).to.deep.equal({
        status: 503,
        retryAfter: '5',
        error: { code: 'store_away', message: 'Databricks cannot be reached.' },
      });
    }
    expect((await ask(test, '/api/v1/expire', 'POST')).error.code).to.equal('store_away');
    const refused = await test.client.health().catch((error: unknown) => error);
    if (!(refused instanceof CollectorError)) expect.fail('health was answered');
    expect(refused.told).to.have.all.keys('lagMs', 'journal', 'store', 'senders', 'nowMs', 'startedMs', 'version');
    expect(refused.told['journal']).to.include({ damaged: 0, putAside: 0, failure: null });
    await until(
      async () => (await fetch(`${test.collector.address}/readyz`)).status,
      (status) => status === 503,
    );
    await deliver(test.collector.address, [statementLog({ statementId: 'still' })]);

    workspace = await startLocalWorkspace(settings);
    await until(() => stored(test), (ids) => ids.length === 3, 60_000); // prettier-ignore
    expect(await stored(test)).to.deep.equal(['before', 'meanwhile', 'still']);
    await until(
      async () => (await fetch(`${test.collector.address}/readyz`)).status,
      (status) => status === 200,
    );
    expect((await test.client.overview()).current.statements).to.equal(3);
    expect(lines.map(({ event }) => event)).to.not.include('request_failed');
    expect(JSON.stringify(lines)).to.not.match(/secret|SELECT|dapi-/);
    await test.end();
  });

  it('a warehouse that was started anew between two questions is asked again at once', async () => {
    const test = await testCollector(options);
    const before = await stored(test);
    await workspace.close();
    workspace = await startLocalWorkspace(settings);
    expect(await stored(test)).to.deep.equal(before);
    await test.end();
  });

  it('a warehouse that puts off or breaks off counts as away; what it refuses is a fault and no value of it is logged', async () => {
    const test = await testCollector(options);
    for (const fault of [{ status: 503 }, { status: 429 }, { action: 'reset' as const }]) {
      const script = workspace.faults.add({ rpc: 'ExecuteStatement', ...fault });
      expect((await ask(test, '/api/v1/overview')).error.code, JSON.stringify(fault)).to.equal('store_away');
      script.remove();
    }
    const message = "[CAST_INVALID_INPUT] The value 'secret' of the type cannot be cast. SELECT secret";
    const script = workspace.faults.add({ rpc: 'ExecuteStatement', error: { message, sqlState: '22018' } });
    expect((await ask(test, '/api/v1/overview?service=secret')).status).to.equal(500);
    script.remove();
    const logged = lines.filter(({ event }) => event === 'request_failed').map((line) => String(line['message']));
    expect(logged).to.have.lengthOf(1);
    expect(logged[0]).to.match(/CAST_INVALID_INPUT/);
    expect(JSON.stringify(lines)).to.not.match(/secret|SELECT/);
    await test.end();
  });

  it('a backup is refused with 409 and says where to make it', async () => {
    const test = await testCollector(options);
    expect(await ask(test, '/api/v1/backup', 'POST')).to.deep.equal({
      status: 409,
      retryAfter: null,
      error: { code: 'kept_elsewhere', message: 'The statements are in Databricks: back them up there.' },
    });
    await test.end();
  });
});

describe('a ClickHouse server that is away', () => {
  it('does not keep the collector from starting and taking in; questions get 503', async () => {
    const test = await testCollector({ store: 'clickhouse', clickhouse: { url: 'http://127.0.0.1:1' } });
    await deliver(test.collector.address, [statementLog()]);
    expect(await ask(test, '/api/v1/overview')).to.deep.equal({
      status: 503,
      retryAfter: '5',
      error: { code: 'store_away', message: 'ClickHouse cannot be reached.' },
    });
    expect((await ask(test, '/api/v1/backup', 'POST')).error.message).to.include('are in ClickHouse');
    await test.end();
  }).timeout(180_000);
});
