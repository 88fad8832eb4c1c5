import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import thrift from 'thrift';
import TCLIService from '@databricks/sql/thrift/TCLIService';
import * as types from '@databricks/sql/thrift/TCLIService_types';
import { expect } from 'chai';
import fc from 'fast-check';
import Int64 from 'node-int64';
import { startLocalWorkspace, type LocalWorkspace } from '../lib';
import { connect, harness } from './drivers';
import { request } from './request';

/** The bytes of a call as the driver would send it. */
function encode(method: string, argument: object): Buffer {
  let message: Buffer = Buffer.alloc(0);
  const transport = new thrift.TBufferedTransport(undefined, (bytes) => {
    message = bytes ?? message;
  });
  const client = new TCLIService.Client(transport, thrift.TBinaryProtocol as never);
  const send = Reflect.get(client, method) as (request: object, callback: () => void) => void;
  send.call(client, argument, () => undefined);
  return message;
}

const handle = () => new types.THandleIdentifier({ guid: randomBytes(16), secret: randomBytes(16) });
const operationHandle = () =>
  new types.TOperationHandle({ operationId: handle(), operationType: 0, hasResultSet: true });

const VALID: Buffer[] = [
  encode(
    'OpenSession',
    new types.TOpenSessionReq({ client_protocol_i64: new Int64(42248), configuration: { a: 'b' } }),
  ),
  encode(
    'ExecuteStatement',
    new types.TExecuteStatementReq({
      sessionHandle: new types.TSessionHandle({ sessionId: handle() }),
      statement: 'SELECT 1',
    }),
  ),
  encode(
    'FetchResults',
    new types.TFetchResultsReq({ operationHandle: operationHandle(), orientation: 0, maxRows: new Int64(5) }),
  ),
  encode('GetOperationStatus', new types.TGetOperationStatusReq({ operationHandle: operationHandle() })),
];

describe('robustness', () => {
  let workspace: LocalWorkspace;
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);

  before(async () => {
    workspace = await startLocalWorkspace({ maxBodyBytes: 1024 * 1024 });
    process.on('unhandledRejection', onRejection);
  });
  after(async () => {
    process.off('unhandledRejection', onRejection);
    await workspace.close();
  });
  afterEach(() => expect(rejections).to.deep.equal([]));

  const post = (body: Buffer) =>
    request(workspace, { method: 'POST', path: workspace.path, token: workspace.token, body, timeoutMs: 3000 });
  const stillServes = async (): Promise<void> => {
    const client = await connect(workspace);
    const session = await client.openSession();
    const operation = await session.executeStatement('SELECT 1 AS x');
    expect(await operation.fetchAll()).to.deep.equal([{ x: 1 }]);
    await client.close();
  };

  it('answers random bytes with 400', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect((await post(Buffer.from(bytes))).status).to.equal(400);
      }),
      { numRuns: 60 },
    );
    await stillServes();
  });

  it('answers every truncation of valid calls', async () => {
    for (const message of VALID) {
      for (let length = 0; length < message.length; length += 7) {
        expect((await post(message.subarray(0, length))).status).to.be.oneOf([200, 400]);
      }
    }
    await stillServes();
  });

  it('answers calls with flipped bytes: huge lengths, wrong types, wrong fields', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...VALID),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 2, 8, 10, 11, 12, 13, 14, 15, 0x7f, 0x80, 0xff)), {
          minLength: 1,
          maxLength: 4,
        }),
        async (message, flips) => {
          const copy = Buffer.from(message);
          for (const [at, byte] of flips) copy[24 + (at % (copy.length - 24))] = byte;
          expect((await post(copy)).status).to.be.oneOf([200, 400]);
        },
      ),
      { numRuns: 150 },
    );
    await stillServes();
  });

  it('answers unknown methods, unknown handles and empty arguments', async () => {
    const unknownMethod = Buffer.from(VALID[0] as Buffer);
    unknownMethod.write('XpenSession', 8, 'latin1');
    expect((await post(unknownMethod)).status).to.equal(200);
    const name = 'GetInfo';
    const noArguments = Buffer.concat([
      Buffer.from([0x80, 1, 0, 1, 0, 0, 0, name.length]),
      Buffer.from(name),
      Buffer.from([0, 0, 0, 0, 0]),
    ]);
    expect((await post(noArguments)).status).to.equal(200);
    for (const message of VALID) expect((await post(message)).status).to.equal(200);
  });

  it('refuses bodies over the limit, declared or not', async () => {
    expect((await post(Buffer.alloc(1024 * 1024 + 1))).status).to.equal(413);
    const answer = await request(workspace, {
      method: 'POST',
      path: '/telemetry-unauth',
      headers: { 'transfer-encoding': 'chunked' },
      body: Buffer.alloc(1024 * 1024 + 1),
    });
    expect(answer.status).to.equal(413);
  });

  it('answers odd paths and methods', async () => {
    const paths = [
      '/',
      '//',
      '/%',
      '/%00',
      '/..%2f..%2fetc/passwd',
      '/sql/1.0/warehouses/',
      '/volumes/%2e%2e/%2e%2e/x',
      '/__proto__',
      '/constructor',
      `/${'a'.repeat(8000)}`,
    ];
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
        const answer = await request(workspace, { method, path, token: workspace.token });
        expect(answer.status, `${method} ${path}`).to.be.within(400, 499);
      }
    }
  });

  it('shrugs off connections that speak no TLS, no HTTP, or end early', async () => {
    const raw = connectTcp(workspace.port, '127.0.0.1');
    raw.on('error', () => undefined);
    raw.end(randomBytes(200));
    const secure = connectTls({ host: 'localhost', port: workspace.port, ca: workspace.ca });
    secure.on('error', () => undefined);
    await new Promise((resolve) => secure.once('secureConnect', resolve));
    secure.write('NONSENSE\r\n\r\n');
    const early = connectTls({ host: 'localhost', port: workspace.port, ca: workspace.ca });
    early.on('error', () => undefined);
    await new Promise((resolve) => early.once('secureConnect', resolve));
    early.write(`POST ${workspace.path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc`);
    early.destroy();
    await stillServes();
    secure.destroy();
  });

  it('runs many statements of one session side by side', async function () {
    this.timeout(60_000);
    const it_ = await harness();
    try {
      const rows = await Promise.all(
        Array.from({ length: 40 }, (_unused, i) => it_.rows(`SELECT ${i} AS i, count(*) AS n FROM range(1000)`)),
      );
      rows.forEach(([row], i) => expect(row).to.deep.equal({ i, n: 1000 }));
    } finally {
      await it_.close();
    }
  });

  it('closes with statements running and connections open, twice, and frees its port', async () => {
    const it_ = await harness();
    const running = it_.rows('SELECT count(*) FROM range(1000000000) a, range(1000) b').catch(() => 'ended');
    const hanging = request(it_.workspace, { method: 'GET', path: '/x', timeoutMs: 2000 }).catch(() => 'ended');
    await hanging;
    const started = Date.now();
    await Promise.all([it_.workspace.close(), it_.workspace.close()]);
    expect(Date.now() - started).to.be.below(10_000);
    const again = await startLocalWorkspace({ port: it_.workspace.port });
    await again.close();
    await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 100))]);
  }).retries(2); // It measures time.
});

describe('persistence', () => {
  it('finds its catalogs, tables and rows again', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'local-workspace-test-'));
    try {
      const first = await harness({ dataDir });
      await first.rows('CREATE CATALOG kept');
      await first.rows('CREATE TABLE kept.default.t AS SELECT 7 AS x');
      await first.close();
      const second = await harness({ dataDir });
      expect(await second.rows('SELECT x FROM kept.default.t')).to.deep.equal([{ x: 7 }]);
      const outside = await second.failure(`SELECT * FROM read_text('${join(dataDir, '..', 'x')}')`);
      expect(outside.sqlState).to.equal('42883');
      await second.close();
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

describe('demo data', () => {
  it('has about a million realistic rows', async function () {
    this.timeout(60_000);
    const it_ = await harness({ seed: 'demo' });
    try {
      const [row] = await it_.rows(
        'SELECT count(*) AS n, count(DISTINCT status) AS s, min(quantity) AS q FROM main.default.orders',
      );
      expect(row).to.deep.equal({ n: 1_000_000, s: 6, q: 1 });
      expect(await it_.rows('SELECT count(*) AS n FROM samples.nyctaxi.trips')).to.deep.equal([{ n: 22_000 }]);
    } finally {
      await it_.close();
    }
  });
});
