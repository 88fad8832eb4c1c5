import { expect } from 'chai';
import * as zlib from 'node:zlib';
import { sessionLog, statementLog } from './logs';
import { deliver, loaded, post, testCollector, until, type TestCollector, type Verdict } from './testCollector';

const PATHS = ['/telemetry-ext', '/telemetry-unauth', '/api/2.0/sql/telemetry-ext', '/api/2.0/sql/telemetry-unauth'];
const { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } = zlib;
/** Newer versions of Node.js have it. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: (body: Buffer) => Buffer };
const ENCODINGS: readonly [string, (body: Buffer) => Buffer][] = [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['Identity', (body) => body],
  ['', (body) => body],
  ...(zstdCompressSync === undefined ? [] : [['zstd', zstdCompressSync] as [string, (body: Buffer) => Buffer]]),
];

describe('receiving', () => {
  let test: TestCollector;
  let address: string;
  before(async () => {
    test = await testCollector({ maxBodyBytes: 65_536, maxDecodedBytes: 131_072 });
    address = test.collector.address;
  });
  after(() => test.end());

  const send = (body: Buffer | string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${address}/telemetry-ext`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });
  const bodyOf = (...logs: object[]): Buffer =>
    Buffer.from(JSON.stringify({ protoLogs: logs.map((log) => JSON.stringify(log)) }));

  for (const path of PATHS) {
    it(`takes logs at ${path} and gives the answer of the service`, async () => {
      const response = await post(address, [statementLog()], { path });
      expect(response.status).to.equal(200);
      expect(await response.json()).to.deep.equal({
        errors: [],
        numSuccess: 0,
        numProtoSuccess: 1,
        numRealtimeSuccess: 0,
      });
    });
  }

  ENCODINGS.forEach(([encoding, compress], index) => {
    it(`understands ${encoding === '' ? 'an empty name' : encoding} (${index})`, async () => {
      const response = await send(compress(bodyOf(statementLog())), { 'content-encoding': encoding });
      expect(((await response.json()) as Verdict).numProtoSuccess).to.equal(1);
    });
  });

  it('refuses an encoding that it does not know, and says which it knows', async () => {
    const response = await send('x', { 'content-encoding': 'compress' });
    expect(response.status).to.equal(415);
    expect(response.headers.get('accept-encoding')).to.include('gzip');
  });

  it('limits a body as it is sent and after decompression', async () => {
    expect((await send(Buffer.alloc(70_000, 32))).status).to.equal(413);
    const bomb = gzipSync(Buffer.alloc(10_000_000, 32));
    expect(bomb.length).to.be.below(65_536);
    expect((await send(bomb, { 'content-encoding': 'gzip' })).status).to.equal(413);
    const small = await testCollector({ maxDecodedBytes: 5_000 });
    const plain = await post(small.collector.address, [statementLog({ statementId: 'x'.repeat(6_000) })]);
    expect(((await plain.json()) as { error: { code: string } }).error.code).to.equal('too_large');
    await small.end();
  });

  it('limits the logs of a request: a few bytes of a compressed body can be millions', async () => {
    const small = await testCollector();
    const many = gzipSync(JSON.stringify({ protoLogs: Array.from({ length: 1_000_000 }, () => '') }));
    const response = await fetch(`${small.collector.address}/telemetry-ext`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: new Uint8Array(many),
    });
    expect(many.length).to.be.below(10_000);
    expect(response.status).to.equal(413);
    expect(((await response.json()) as { error: { code: string } }).error.code).to.equal('too_many_logs');
    await small.end();
  });

  it('limits what all bodies hold together: beyond it 429, and again when they are gone', async () => {
    const own = await testCollector({ maxHeldBytes: 60_000 });
    const slow = new AbortController();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(50_000).fill(32)),
    });
    const held = fetch(`${own.collector.address}/telemetry-ext`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
      signal: slow.signal,
    } as RequestInit).catch(() => undefined);
    const many = Array.from({ length: 40 }, () => statementLog());
    const refused = await until(
      () => post(own.collector.address, many),
      ({ status }) => status === 429,
    );
    expect(Number(refused.headers.get('retry-after'))).to.be.greaterThan(0);
    slow.abort();
    await held;
    await until(
      () => post(own.collector.address, many),
      ({ status }) => status === 200,
    );
    await own.end();
  });

  it('refuses a body that is no request, and one that does not decompress', async () => {
    for (const body of ['', '[]', 'null', '{"protoLogs":1}', '{']) expect((await send(body)).status).to.equal(400);
    expect((await send('no gzip', { 'content-encoding': 'gzip' })).status).to.equal(400);
  });

  it('gives a verdict for each log: a bad one rejects itself, not its batch, and no value is repeated', async () => {
    const withoutId = { context: { client_context: { timestamp_millis: 1 } }, entry: { sql_driver_log: {} } };
    const secret = '{"secret-value": tru';
    const response = await post(address, [statementLog(), secret, withoutId, '[]', statementLog()]);
    const { errors, numProtoSuccess } = (await response.json()) as Verdict;
    expect(numProtoSuccess).to.equal(2);
    expect(errors).to.deep.equal([
      'log 1: is not valid JSON',
      'log 2: frontend_log_event_id is required',
      'log 3: is not a JSON object',
    ]);
  });

  it('counts rejected logs by rule and unknown fields by name', async () => {
    const odd = statementLog({
      operation: { brand_new_field: 'text of a user', 'an odd name!': 1, retry_count: 'many' },
    });
    await deliver(address, [odd]);
    const health = await until(
      () => test.client.health(),
      ({ unknownFields }) => unknownFields.length === 2,
    );
    expect(health.unknownFields.map(({ name }) => name)).to.have.members([
      'entry.sql_driver_log.sql_operation.brand_new_field',
      'entry.sql_driver_log.sql_operation.(odd name)',
    ]);
    expect(health.invalidFields).to.deep.equal([{ name: 'entry.sql_driver_log.sql_operation.retry_count', count: 1 }]);
    expect(health.rejectedBy.map(({ name }) => name)).to.have.members([
      'not_json',
      'event_id_required',
      'not_an_object',
    ]);
  });

  it('names a hundred unknown fields; senders that make up more of them are counted together', async () => {
    const own = await testCollector();
    for (const batch of ['a', 'b', 'c']) {
      const operation = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`made_up_${batch}${i}`, 1]));
      await deliver(own.collector.address, [statementLog({ operation })]);
    }
    await loaded(own.client, 3);
    const { unknownFields } = await own.client.health();
    expect(unknownFields).to.have.lengthOf(101);
    expect(unknownFields.at(-1)).to.deep.equal({ name: '(others)', count: 200 });
    await own.end();
  });

  it('answers the flag request of every client, and tells this library what is in force', async () => {
    for (const client of ['NODEJS', 'OSS_JDBC', 'PYTHON', 'GOLANG', 'ADBC', 'SOMETHING_NEW']) {
      const response = await fetch(`${address}/api/2.0/connector-service/feature-flags/${client}/1.2.3`);
      const answer = (await response.json()) as { flags: { name: string; value: string }[]; ttl_seconds: number };
      expect(response.status).to.equal(200);
      expect(answer.ttl_seconds).to.equal(60);
      expect(answer.flags.every(({ value }) => value === 'true')).to.equal(true);
      const names = answer.flags.map(({ name }) => name.split('.').at(-1));
      expect(names).to.include.members([
        'enableTelemetryForNodeJs',
        'enableTelemetryForJdbc',
        'enableTelemetryForPythonDriver',
        'enableTelemetryForGoDriver',
        'enableTelemetryForAdbc',
      ]);
    }
  });

  it('counts a log once, however often and in whichever request it comes', async () => {
    const own = await testCollector();
    const logs = [sessionLog(), statementLog({ statementId: 'A' }), statementLog({ statementId: 'B' })];
    await deliver(own.collector.address, [...logs, logs[1] ?? {}]);
    await deliver(own.collector.address, logs);
    await loaded(own.client, 7);
    const health = await own.client.health();
    expect([health.received, health.accepted, health.duplicate]).to.deep.equal([7, 3, 4]);
    const again = await own.restart();
    await deliver(again.collector.address, logs);
    await loaded(again.client, 10);
    expect((await again.client.health()).duplicate).to.equal(7);
    expect((await again.client.statements()).statements.map(({ statementId }) => statementId)).to.have.members([
      'A',
      'B',
    ]);
    await again.end();
  });

  it('recognises a log for 48 hours, restarts included; then its id is forgotten', async function () {
    this.timeout(180_000);
    const own = await testCollector();
    const [recent, old] = [statementLog(), statementLog()];
    const now = Date.now;
    for (const [hours, log] of [
      [49, old],
      [47, recent],
    ] as const) {
      Date.now = () => now() - hours * 3_600_000;
      try {
        await deliver(own.collector.address, [log]);
      } finally {
        Date.now = now;
      }
    }
    await loaded(own.client, 2);
    const again = await own.restart();
    await deliver(again.collector.address, [recent, old]);
    await loaded(again.client, 4);
    const { accepted, duplicate } = await again.client.health({ from: 0 });
    expect([accepted, duplicate]).to.deep.equal([3, 1]);
    await again.end();
  });

  it('tells logs of two senders apart that have the same event id', async () => {
    const before = (await test.client.health()).accepted;
    await deliver(address, [
      statementLog({ eventId: '1', sessionId: 'one' }),
      statementLog({ eventId: '1', sessionId: 'two' }),
    ]);
    await until(
      () => test.client.health(),
      ({ accepted }) => accepted === before + 2,
    );
  });
});
