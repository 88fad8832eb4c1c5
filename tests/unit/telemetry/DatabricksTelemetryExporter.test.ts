import { expect } from 'chai';
import fc from 'fast-check';
import type { ExportResult } from '../../../lib/contracts/ITelemetryExporter';
import { CircuitBreakerRegistry } from '../../../lib/telemetry/CircuitBreakerRegistry';
import { DatabricksTelemetryExporter } from '../../../lib/telemetry/DatabricksTelemetryExporter';
import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import type { TelemetryOptions } from '../../../lib/model/options';
import type { RecordOrigin, TelemetryRecord } from '../../../lib/telemetry/types';
import { connectionTo, originTo, USER_AGENT } from '../.stubs/origins';
import { connectionRecord, errorRecord } from '../.stubs/telemetryRecords';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { startTestServer, type Answer, type Received, type TestServer } from '../.stubs/TestServer';

const EXT = '/api/2.0/sql/telemetry-ext';
const UNAUTH = '/api/2.0/sql/telemetry-unauth';
const QUICK = { telemetryBackoffBaseMs: 1, telemetryBackoffMaxMs: 2 };

const logsOf = ({ body }: Received): string[] => (JSON.parse(body) as { protoLogs: string[] }).protoLogs;
const idsOf = (request: Received): string[] =>
  logsOf(request).map((log) => (JSON.parse(log) as { frontend_log_event_id: string }).frontend_log_event_id);

const accept: Answer = (response, request) =>
  response.end(JSON.stringify({ errors: [], numProtoSuccess: logsOf(request).length }));
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end();
/** One answer after the other; the last one stays. */
function script(...answers: Answer[]): Answer {
  return (response, request) => (answers.length > 1 ? answers.shift() : answers[0])?.(response, request);
}

describe('DatabricksTelemetryExporter', () => {
  let answer: Answer;
  let server: TestServer;
  let hosts: HostRegistry;
  let breakers: CircuitBreakerRegistry;
  let context: ClientContextStub;

  beforeEach(async () => {
    answer = accept;
    hosts = new HostRegistry();
    server = await startTestServer((response, request) => answer(response, request));
  });
  afterEach(() => server.stop());

  function exporter(options: TelemetryOptions = QUICK): DatabricksTelemetryExporter {
    context = new ClientContextStub(options);
    breakers = new CircuitBreakerRegistry(context, hosts);
    return new DatabricksTelemetryExporter(context, `localhost:${server.port}`, breakers);
  }
  function records(count: number, origin: RecordOrigin = originTo(server, 'T')): TelemetryRecord[] {
    const connection = connectionTo(origin);
    return Array.from({ length: count }, () => connectionRecord({ connection }));
  }
  const tokens = (): unknown[] => server.received.map(({ headers }) => headers.authorization);
  const paths = (): string[] => server.received.map(({ path }) => path);
  const totals = (result: ExportResult): object => ({ ...result, retained: result.retained.length });

  describe('an authenticated request', () => {
    it('carries all logs of a batch to the first endpoint with credentials and headers of the connection', async () => {
      const origin = originTo(server, 'T', { headers: { 'X-Databricks-Org-Id': '42', 'X-App': 'a' } });
      const result = await exporter().export(records(3, origin));
      expect(result).to.deep.equal({ delivered: 3, rejected: 0, dropped: {}, retained: [] });
      expect(paths()).to.deep.equal([EXT]);
      const [request] = server.received;
      expect(request?.method).to.equal('POST');
      expect(request?.headers).to.include({
        authorization: 'Bearer T',
        'user-agent': USER_AGENT,
        'content-type': 'application/json',
        'x-databricks-org-id': '42',
        'x-app': 'a',
      });
      const body = JSON.parse(request?.body ?? '') as Record<string, unknown>;
      expect(body).to.have.all.keys('uploadTime', 'items', 'protoLogs');
      expect(body['uploadTime']).to.be.closeTo(Date.now(), 5000);
      expect(body['items']).to.deep.equal([]);
    });

    it('makes no request for an empty batch', async () => {
      expect(await exporter().export([])).to.deep.equal({ delivered: 0, rejected: 0, dropped: {}, retained: [] });
      expect(server.received).to.have.length(0);
    });

    it('takes credentials, headers and agent of the client for a record without connection', async () => {
      const subject = exporter();
      const plain = records(1).map((record) => ({ ...record, connection: undefined }));
      expect(totals(await subject.export(plain))).to.deep.include({ dropped: { no_credentials: 1 } });
      context.authProvider = { authenticate: async () => ({ Authorization: 'Bearer own' }) };
      expect(totals(await subject.export(plain))).to.deep.include({ retained: 1 });
      const { getAgent } = originTo(server, 'T');
      context.agent = getAgent as () => Promise<undefined>;
      expect(totals(await subject.export(plain))).to.deep.include({ delivered: 1 });
      expect(tokens()).to.deep.equal(['Bearer own']);
    });
  });

  describe('identities', () => {
    it('never share a request', async () => {
      const other = { headers: { 'x-databricks-org-id': '2' } };
      const batch = [
        ...records(1, originTo(server, 'A')),
        ...records(1, originTo(server, 'B')),
        ...records(1, originTo(server, 'A', other)),
        ...records(1, originTo(server, 'A', { userAgent: 'other/1' })),
        ...records(1, originTo(server, 'A', { authenticated: false })),
        ...records(1, originTo(server, 'A', { tls: { ca: [server.ca, server.ca] } })),
        ...records(1, originTo(server, 'A')),
      ];
      expect(totals(await exporter().export(batch))).to.deep.include({ delivered: 7, retained: 0 });
      expect(server.received.map((request) => logsOf(request).length)).to.deep.equal([2, 1, 1, 1, 1, 1]);
    });

    it('are told apart by the way to the host', async () => {
      const viaProxy = connectionTo(originTo(server, 'A'));
      const proxied = { ...viaProxy, driverConfig: { ...viaProxy.driverConfig, useProxy: true } };
      await exporter().export([...records(1, originTo(server, 'A')), connectionRecord({ connection: proxied })]);
      expect(server.received).to.have.length(2);
    });

    it('are known by their credentials, not by their connection', async () => {
      const batch = [1, 2, 3].flatMap(() => records(1, originTo(server, 'A')));
      await exporter().export(batch);
      expect(server.received).to.have.length(1);
    });

    it('leave only with their own credentials, whatever fails for whom', async () => {
      const tenants = ['a', 'b', 'c', 'd', 'e'];
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...tenants), { minLength: 1, maxLength: 30 }),
          fc.array(fc.constantFrom(200, 401, 403, 400, 413, 500, 503), { minLength: 5, maxLength: 5 }),
          async (owners, statuses) => {
            hosts = new HostRegistry();
            server.received.length = 0;
            answer = (response, request) => {
              const code = statuses[tenants.indexOf(String(request.headers.authorization).slice(7))] ?? 500;
              (code === 200 ? accept : status(code))(response, request);
            };
            const subject = exporter({ ...QUICK, telemetryMaxRetries: 1, telemetryCircuitBreakerThreshold: 1000 });
            const origins = new Map(tenants.map((tenant) => [tenant, originTo(server, tenant)]));
            const batch = owners.map((owner) => {
              const connection = connectionTo(origins.get(owner)!);
              return connectionRecord({ connection, sessionId: `session-of-${owner}` });
            });
            const result = await subject.export(batch);
            for (const request of server.received) {
              const owner = String(request.headers.authorization).slice(7);
              const foreign = logsOf(request).filter((log) => !log.includes(`session-of-${owner}`));
              expect(foreign).to.deep.equal([]);
            }
            const dropped = Object.values(result.dropped).reduce((sum, count) => sum + count, 0);
            expect(result.delivered + result.rejected + dropped + result.retained.length).to.equal(batch.length);
            const healthy = owners.filter((owner) => statuses[tenants.indexOf(owner)] === 200);
            expect(result.delivered).to.equal(healthy.length);
          },
        ),
        { numRuns: 40 },
      );
    });

    it('cause no warning in the process, however many there are', async () => {
      const warnings: Error[] = [];
      const listen = (warning: Error): unknown => warnings.push(warning);
      process.on('warning', listen);
      await exporter().export(Array.from({ length: 30 }, (_, i) => records(1, originTo(server, `T${i}`))).flat());
      await new Promise((resolve) => setImmediate(resolve));
      process.off('warning', listen);
      expect(warnings).to.deep.equal([]);
    });

    it('drop their records as no_credentials when they have none', async () => {
      const none = originTo(server, undefined);
      const blank = originTo(server, undefined, { authenticate: async () => ({ Authorization: ' ' }) });
      const broken = originTo(server, undefined, { authenticate: () => Promise.reject(new Error('invalid_client')) });
      const throwing = originTo(server, undefined, {
        authenticate: () => {
          throw new Error('at once');
        },
      });
      const batch = [none, blank, broken, throwing].flatMap((origin) => records(1, origin));
      expect(await exporter().export(batch)).to.deep.include({ dropped: { no_credentials: 4 }, retained: [] });
      expect(server.received).to.have.length(0);
    });

    it('keep their records when the credentials cannot be had just now', async () => {
      const failure = Object.assign(new Error('token endpoint'), { code: 'ECONNREFUSED' });
      const batch = records(2, originTo(server, undefined, { authenticate: () => Promise.reject(failure) }));
      expect((await exporter().export(batch)).retained).to.deep.equal(batch);
    });

    it('are not held up by one whose credentials never come', async () => {
      const hung = originTo(server, undefined, { authenticate: () => new Promise(() => undefined) });
      const stuck = records(1, hung);
      const subject = exporter();
      const abort = new AbortController();
      const first = subject.export([...stuck, ...records(1)], abort.signal);
      setTimeout(() => abort.abort(), 20);
      expect((await first).retained).to.have.length(2);
      expect(totals(await subject.export([...stuck, ...records(1)]))).to.deep.include({ delivered: 1, retained: 1 });
    });
  });

  describe('without authentication', () => {
    it('sends to the other endpoint, with nothing of application, organisation or credentials', async () => {
      const headers = { 'x-databricks-org-id': '4711', 'x-app': 'a' };
      await exporter().export(records(1, originTo(server, 'T', { authenticated: false, headers })));
      const [request] = server.received;
      expect(request?.path).to.equal(UNAUTH);
      expect(request?.headers).to.have.all.keys('user-agent', 'content-type', 'content-length', 'host', 'connection');
      expect(request?.headers['user-agent']).to.equal('NodejsDatabricksSqlConnector/2.1.0');
      expect(request?.body).to.not.match(/session-1|"4711"/);
    });

    it('rejects records that are refused there', async () => {
      answer = status(401);
      const result = await exporter().export(records(2, originTo(server, 'T', { authenticated: false })));
      expect(result).to.deep.include({ rejected: 2, retained: [] });
      expect(server.received).to.have.length(1);
    });

    for (const stage of ['connect', 'open_session'] as const) {
      it(`reports an error of stage ${stage} so when there are no credentials`, async () => {
        const connection = connectionTo(originTo(server, undefined));
        expect(await exporter().export([errorRecord({ connection, stage })])).to.include({ delivered: 1 });
        expect(paths()).to.deep.equal([UNAUTH]);
      });

      it(`reports an error of stage ${stage} so when the credentials do not work`, async () => {
        answer = script(status(403), accept);
        const connection = connectionTo(originTo(server, 'expired'));
        const other = connectionRecord({ connection });
        const result = await exporter().export([errorRecord({ connection, stage }), other]);
        expect(result).to.deep.include({ delivered: 1, rejected: 1, retained: [] });
        expect(paths()).to.deep.equal([EXT, UNAUTH]);
        expect(logsOf(server.received[1]!)).to.have.length(1);
      });
    }

    it('reports no other error so', async () => {
      const connection = connectionTo(originTo(server, undefined));
      const result = await exporter().export([errorRecord({ connection, stage: 'execute' })]);
      expect(result.dropped).to.deep.equal({ no_credentials: 1 });
    });
  });

  describe('an identity that is refused', () => {
    it('gets one more chance with fresh credentials', async () => {
      let token = 0;
      const authenticate = async (): Promise<Record<string, string>> => ({ Authorization: `Bearer ${(token += 1)}` });
      answer = script(status(401), accept);
      const result = await exporter().export(records(2, originTo(server, undefined, { authenticate })));
      expect(result).to.include({ delivered: 2 });
      expect(tokens()).to.deep.equal(['Bearer 1', 'Bearer 2']);
    });

    it('is rejected when it has no other credentials', async () => {
      answer = status(401);
      expect(await exporter().export(records(2))).to.deep.include({ rejected: 2, retained: [], dropped: {} });
      expect(server.received).to.have.length(1);
    });

    it('is rejected in the end however many credentials it brings', async () => {
      let token = 0;
      const authenticate = async (): Promise<Record<string, string>> => ({ Authorization: `Bearer ${(token += 1)}` });
      answer = status(401);
      const result = await exporter().export(records(2, originTo(server, undefined, { authenticate })));
      expect(result).to.deep.include({ rejected: 2, retained: [] });
      expect(server.received).to.have.length(3);
    });

    it('does not touch the breaker', async () => {
      answer = status(401);
      const subject = exporter({ ...QUICK, telemetryCircuitBreakerThreshold: 1 });
      await subject.export(records(1));
      expect(subject.breaker?.getState()).to.equal('CLOSED');
    });
  });

  describe('batches', () => {
    it('have at most telemetryBatchSize logs', async () => {
      await exporter({ telemetryBatchSize: 2 }).export(records(5));
      expect(server.received.map((request) => logsOf(request).length)).to.deep.equal([2, 2, 1]);
    });

    it('have at most telemetryMaxRequestBytes', async () => {
      await exporter({ telemetryMaxRequestBytes: 4096 }).export(records(20));
      expect(server.received.length).to.be.greaterThan(1);
      for (const { body } of server.received) expect(Buffer.byteLength(body)).to.be.at.most(4096);
      expect(server.received.flatMap(logsOf)).to.have.length(20);
    });

    it('are halved while the server finds them too large; a record alone is dropped', async () => {
      answer = (response, request) =>
        logsOf(request).length > 1 || request.body.includes('giant')
          ? status(413)(response, request)
          : accept(response, request);
      const batch = records(5).map((record, index) => ({ ...record, sessionId: index === 3 ? 'giant' : 'small' }));
      expect(await exporter().export(batch)).to.deep.equal({
        delivered: 4,
        rejected: 0,
        dropped: { too_large: 1 },
        retained: [],
      });
      const firstDelivered = server.received.filter((request) => logsOf(request).length === 1);
      expect(firstDelivered.map((request) => request.body.includes('giant'))).to.deep.equal([
        false,
        false,
        false,
        true,
        false,
      ]);
    });

    it('leave out a record that cannot be put into words', async () => {
      const poison = new Proxy(connectionRecord(), {
        get: (target, key) => {
          if (key === 'latencyMs' || key === 'timestampMs') throw new Error('poison');
          return Reflect.get(target, key) as unknown;
        },
      });
      const connection = connectionTo(originTo(server, 'T'));
      Object.defineProperty(poison, 'connection', { value: connection });
      const result = await exporter().export([poison, ...records(1)]);
      expect(result).to.deep.include({ delivered: 1, dropped: { invalid: 1 }, retained: [] });
    });
  });

  describe('retries', () => {
    for (const code of [408, 429, 500, 502, 503, 504]) {
      it(`follow a status ${code}, with the same event ids`, async () => {
        answer = script(status(code), status(code), accept);
        expect(await exporter().export(records(2))).to.include({ delivered: 2 });
        expect(server.received).to.have.length(3);
        expect(new Set(server.received.map((request) => idsOf(request).join()))).to.have.property('size', 1);
      });
    }

    it('follow a reset', async () => {
      answer = script((response) => response.socket?.destroy(), accept);
      expect(await exporter().export(records(1))).to.include({ delivered: 1 });
    });

    it('are at most telemetryMaxRetries, then the records wait for another export', async () => {
      answer = status(503);
      const batch = records(2);
      const result = await exporter({ ...QUICK, telemetryMaxRetries: 2 }).export(batch);
      expect(server.received).to.have.length(3);
      expect(result).to.deep.include({ delivered: 0, retained: batch });
    });

    it('are none when telemetryMaxRetries is 0', async () => {
      answer = status(503);
      await exporter({ telemetryMaxRetries: 0 }).export(records(1));
      expect(server.received).to.have.length(1);
    });

    it('end when telemetryExportTimeoutMs is over', async () => {
      answer = status(503);
      const options = { telemetryMaxRetries: 10, telemetryExportTimeoutMs: 100, telemetryBackoffBaseMs: 60 };
      const startMs = performance.now();
      const result = await exporter({ ...options, telemetryCircuitBreakerThreshold: 100 }).export(records(1));
      expect(performance.now() - startMs).to.be.below(400);
      expect(result.retained).to.have.length(1);
      expect(server.received.length).to.be.below(11);
    });

    it('bound each request by telemetryRequestTimeoutMs', async () => {
      answer = () => undefined;
      const startMs = performance.now();
      const result = await exporter({ telemetryRequestTimeoutMs: 100, telemetryMaxRetries: 0 }).export(records(1));
      expect(performance.now() - startMs).to.be.within(90, 1000);
      expect(result.retained).to.have.length(1);
    });

    it('wait as long as Retry-After says', async () => {
      answer = script(status(429, { 'Retry-After': '0.2' }), accept);
      const startMs = performance.now();
      expect(await exporter().export(records(1))).to.include({ delivered: 1 });
      expect(performance.now() - startMs).to.be.within(190, 2000);
    });

    it('are put off when Retry-After is longer than there is time, also for other clients of the host', async () => {
      answer = status(429, { 'Retry-After': '120' });
      const result = await exporter().export(records(1));
      expect(result.retained).to.have.length(1);
      expect(result.retryAfterMs).to.be.within(119_000, 120_000);
      const other = await exporter().export(records(1));
      expect(other.retryAfterMs).to.be.within(119_000, 120_000);
      expect(server.received).to.have.length(1);
    });

    it('give up a record as retries_exhausted on which the server fails in ten exports', async () => {
      answer = status(500);
      const subject = exporter({ telemetryMaxRetries: 0, telemetryCircuitBreakerThreshold: 1000 });
      const batch = records(1);
      for (let round = 1; round < 10; round += 1) expect((await subject.export(batch)).retained).to.deep.equal(batch);
      expect(await subject.export(batch)).to.deep.include({ dropped: { retries_exhausted: 1 }, retained: [] });
    });

    it('go on for ever while the server is only busy', async () => {
      answer = status(503);
      const subject = exporter({ telemetryMaxRetries: 0, telemetryCircuitBreakerThreshold: 1000 });
      const batch = records(1);
      for (let round = 0; round < 12; round += 1) expect((await subject.export(batch)).retained).to.deep.equal(batch);
    });
  });

  describe('a partial failure', () => {
    const partial =
      (taken: number, errors: string[]): Answer =>
      (response) =>
        response.end(JSON.stringify({ errors, numSuccess: 0, numProtoSuccess: taken, numRealtimeSuccess: 0 }));

    it('retries the logs that the service names, and those only', async () => {
      answer = script(partial(2, ['protoLogs[1]: bad', 'protoLogs[3]: bad']), accept);
      expect(await exporter().export(records(4))).to.deep.equal({
        delivered: 4,
        rejected: 0,
        dropped: {},
        retained: [],
      });
      const [first, second] = server.received.map(idsOf);
      expect(second).to.deep.equal([first?.[1], first?.[3]]);
    });

    it('retries as many of the last as are missing when the service names none', async () => {
      answer = script(partial(1, []), accept);
      expect(await exporter().export(records(3))).to.include({ delivered: 3 });
      const [first, second] = server.received.map(idsOf);
      expect(second).to.deep.equal(first?.slice(1));
    });

    it('ends as rejected when the retries are used up', async () => {
      answer = (response, request) => partial(logsOf(request).length - 1, ['protoLogs[0]: bad'])(response, request);
      const subject = exporter({ ...QUICK, telemetryMaxRetries: 1 });
      expect(await subject.export(records(3))).to.deep.equal({ delivered: 2, rejected: 1, dropped: {}, retained: [] });
      expect(server.received).to.have.length(2);
    });

    it('keeps what is undecided and counts what was taken when the server goes down after it', async () => {
      answer = script(partial(1, ['protoLogs[0]: bad']), status(503));
      const batch = records(2);
      const result = await exporter({ ...QUICK, telemetryMaxRetries: 1 }).export(batch);
      expect(result).to.deep.include({ delivered: 1, rejected: 0, retained: [batch[0]] });
    });

    it('is none for an answer without or with an unreadable body', async () => {
      for (const body of ['', 'nonsense', '[]', 'null', '{"numProtoSuccess":"x"}', '{"errors":"x"}']) {
        answer = (response) => response.end(body);
        expect(await exporter().export(records(2)), body).to.include({ delivered: 2 });
      }
    });
  });

  describe('terminal answers', () => {
    for (const code of [400, 405, 409, 422, 501]) {
      it(`reject a batch at status ${code}, at once`, async () => {
        answer = status(code);
        expect(await exporter().export(records(2))).to.deep.include({ rejected: 2, retained: [] });
        expect(server.received).to.have.length(1);
      });
    }

    for (const code of [301, 302, 307, 308]) {
      it(`drop a batch as redirected at status ${code}, and nothing goes where it points`, async () => {
        answer = status(code, { Location: `https://localhost:${server.port}/elsewhere` });
        expect(await exporter().export(records(2))).to.deep.include({ dropped: { redirected: 2 }, retained: [] });
        expect(server.received).to.have.length(1);
      });
    }

    it('drop a batch as invalid that no request can be made of', async () => {
      const origin = originTo(server, 'T', { headers: { 'x-bad': 'line\nbreak' } });
      expect(await exporter().export(records(2, origin))).to.deep.include({ dropped: { invalid: 2 }, retained: [] });
    });

    it('of one batch leave the next ones alone', async () => {
      answer = script(status(400), accept);
      expect(await exporter({ telemetryBatchSize: 1 }).export(records(3))).to.include({ rejected: 1, delivered: 2 });
    });
  });

  describe('endpoints', () => {
    const only =
      (prefix: string): Answer =>
      (response, request) =>
        request.path.startsWith(prefix) ? accept(response, request) : status(404)(response, request);

    it('are asked at the root when the API path answers 404, and that is remembered for the host', async () => {
      answer = only('/telemetry');
      expect(await exporter().export(records(1))).to.include({ delivered: 1 });
      await exporter().export(records(1));
      expect(paths()).to.deep.equal([EXT, '/telemetry-ext', '/telemetry-ext']);
    });

    it('are remembered for each mode of its own', async () => {
      answer = only('/telemetry');
      await exporter().export(records(1));
      await exporter().export(records(1, originTo(server, 'T', { authenticated: false })));
      expect(paths().slice(2)).to.deep.equal([UNAUTH, '/telemetry-unauth']);
    });

    it('are found again when a host moves back', async () => {
      answer = only('/telemetry');
      await exporter().export(records(1));
      answer = only('/api');
      expect(await exporter().export(records(1))).to.include({ delivered: 1 });
      await exporter().export(records(1));
      expect(paths().slice(2)).to.deep.equal(['/telemetry-ext', EXT, EXT]);
    });

    it('that do not exist at all reject the batch and count as a failure of the host', async () => {
      answer = status(404);
      const subject = exporter({ telemetryCircuitBreakerThreshold: 1 });
      expect(await subject.export(records(2))).to.include({ rejected: 2 });
      expect(paths()).to.deep.equal([EXT, '/telemetry-ext']);
      expect(subject.breaker?.getState()).to.equal('OPEN');
    });
  });

  describe('telemetryEndpoint', () => {
    it('gets everything, without credentials, headers or another path', async () => {
      const telemetryEndpoint = `https://localhost:${server.port}/collect?x=1`;
      const context = new ClientContextStub({ telemetryEndpoint });
      const subject = new DatabricksTelemetryExporter(context, 'w.test', new CircuitBreakerRegistry(context, hosts));
      const headers = { 'x-databricks-org-id': '42' };
      const batch = ['A', 'B'].flatMap((token) => records(1, originTo(server, token, { hostname: 'w.test', headers })));
      expect(await subject.export(batch)).to.include({ delivered: 2 });
      expect(paths()).to.deep.equal(['/collect?x=1']);
      expect(server.received[0]?.headers).to.not.have.any.keys('authorization', 'x-databricks-org-id');
      expect(server.received[0]?.headers['user-agent']).to.equal(USER_AGENT);
      expect(server.received[0]?.body).to.include('session-1');
    });

    it('gets the minimal fields of a connection without authenticated export', async () => {
      const subject = exporter({ telemetryEndpoint: `https://localhost:${server.port}/collect` });
      await subject.export(records(1, originTo(server, 'T', { authenticated: false })));
      expect(server.received[0]?.body).to.not.include('session-1');
    });

    it('that answers 404 rejects the batch', async () => {
      answer = status(404);
      const subject = exporter({ telemetryEndpoint: `https://localhost:${server.port}/collect` });
      expect(await subject.export(records(1))).to.include({ rejected: 1 });
      expect(server.received).to.have.length(1);
    });

    it('has a breaker of its own', async () => {
      answer = status(404);
      const endpoint = `https://localhost:${server.port}/collect`;
      await exporter({ telemetryEndpoint: endpoint, telemetryCircuitBreakerThreshold: 1 }).export(records(1));
      expect(breakers.get('w.test').getState()).to.equal('CLOSED');
      expect(breakers.get(`localhost:${server.port}`).getState()).to.equal('OPEN');
    });

    for (const telemetryEndpoint of ['nonsense', 'ftp://localhost/x']) {
      it(`of "${telemetryEndpoint}" drops everything as invalid and sends nothing anywhere`, async () => {
        const subject = exporter({ telemetryEndpoint });
        expect(await subject.export(records(2))).to.deep.include({ dropped: { invalid: 2 }, retained: [] });
        expect(server.received).to.have.length(0);
        expect(subject.breaker).to.equal(undefined);
      });
    }
  });

  describe('the breaker', () => {
    it('sees every attempt, and keeps the records while it is open', async () => {
      answer = status(503);
      const subject = exporter({ ...QUICK, telemetryMaxRetries: 10 });
      const batch = records(2);
      const result = await subject.export(batch);
      expect(server.received).to.have.length(5);
      expect(subject.breaker?.getState()).to.equal('OPEN');
      expect(result.retained).to.deep.equal(batch);
      expect(result.retryAfterMs).to.be.within(59_000, 60_000);
      await subject.export(batch);
      expect(server.received).to.have.length(5);
    });

    it('counts refused connections', async () => {
      const gone = { ...server, port: 1 };
      const subject = exporter({ ...QUICK, telemetryMaxRetries: 4 });
      await subject.export(records(1, originTo(gone, 'T')));
      expect(subject.breaker?.getState()).to.equal('OPEN');
    });

    for (const code of [400, 401, 403, 413]) {
      it(`does not count status ${code}, which is about one identity or batch`, async () => {
        answer = status(code);
        const subject = exporter({ telemetryCircuitBreakerThreshold: 1 });
        await subject.export(records(1));
        expect(subject.breaker?.getState()).to.equal('CLOSED');
      });
    }

    it('counts a redirect', async () => {
      answer = status(302);
      const subject = exporter({ telemetryCircuitBreakerThreshold: 1 });
      await subject.export(records(1));
      expect(subject.breaker?.getState()).to.equal('OPEN');
    });

    it('does not count missing credentials', async () => {
      const subject = exporter({ telemetryCircuitBreakerThreshold: 1 });
      await subject.export(records(1, originTo(server, undefined)));
      expect(subject.breaker?.getState()).to.equal('CLOSED');
    });

    it('stays open as long as Retry-After says, and closes after two good requests', async () => {
      answer = status(503, { 'Retry-After': '0.1' });
      const options = {
        telemetryCircuitBreakerThreshold: 1,
        telemetryCircuitBreakerTimeout: 10,
        telemetryMaxRetries: 0,
      };
      const subject = exporter(options);
      const result = await subject.export(records(1));
      expect(result.retryAfterMs).to.be.within(90, 100);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await subject.export(records(1));
      expect(server.received).to.have.length(1);
      await new Promise((resolve) => setTimeout(resolve, 60));
      answer = accept;
      await subject.export(records(1));
      expect(subject.breaker?.getState()).to.equal('HALF_OPEN');
      await subject.export(records(1));
      expect(subject.breaker?.getState()).to.equal('CLOSED');
    });
  });

  it('has one request in flight per host, whoever sends', async () => {
    let inFlight = 0;
    answer = (response, request) => {
      inFlight += 1;
      expect(inFlight).to.equal(1);
      setTimeout(() => {
        inFlight -= 1;
        accept(response, request);
      }, 5);
    };
    const results = await Promise.all(
      [exporter(), exporter()].flatMap((subject) => [1, 2].map(() => subject.export(records(2)))),
    );
    expect(results.every(({ delivered }) => delivered === 2)).to.equal(true);
  });

  describe('an abort', () => {
    it('ends a hung request at once and retains what is undecided', async () => {
      const abort = new AbortController();
      answer = (response, request) => {
        if (server.received.length === 1) accept(response, request);
        else abort.abort();
      };
      const batch = records(3);
      const result = await exporter({ telemetryBatchSize: 1 }).export(batch, abort.signal);
      expect(result).to.deep.include({ delivered: 1, retained: batch.slice(1) });
      expect(server.received).to.have.length(2);
    });

    it('ends the wait before a retry', async () => {
      const abort = new AbortController();
      answer = (response, request) => {
        status(429, { 'Retry-After': '10' })(response, request);
        setTimeout(() => abort.abort(), 20);
      };
      const startMs = performance.now();
      expect((await exporter().export(records(1), abort.signal)).retained).to.have.length(1);
      expect(performance.now() - startMs).to.be.below(1000);
    });

    it('before the start makes no request', async () => {
      expect((await exporter().export(records(1), AbortSignal.abort())).retained).to.have.length(1);
      expect(server.received).to.have.length(0);
    });

    it('is no failure of the host', async () => {
      const abort = new AbortController();
      answer = () => abort.abort();
      const subject = exporter({ telemetryCircuitBreakerThreshold: 1 });
      await subject.export(records(1), abort.signal);
      expect(subject.breaker?.getState()).to.equal('CLOSED');
    });

    it('is what close() does, for good', async () => {
      const subject = exporter();
      answer = () => void subject.close();
      expect((await subject.export(records(1))).retained).to.have.length(1);
      await subject.close();
      expect((await subject.export(records(1))).retained).to.have.length(1);
      expect(server.received).to.have.length(1);
    });
  });

  describe('transfers', () => {
    it('count requests and the bytes of their bodies, every attempt', async () => {
      answer = script(status(503), accept);
      const subject = exporter();
      await subject.export(records(2));
      const bytes = server.received.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
      expect(subject.transfers).to.include({ requests: 2, bytesSent: bytes });
      expect(subject.transfers.lastError).to.deep.equal({ name: 'HttpError', code: undefined, status: 503 });
    });

    it('name the last error without its text', async () => {
      const subject = exporter({ telemetryMaxRetries: 0, telemetryRequestTimeoutMs: 100 });
      expect(subject.transfers.lastError).to.equal(undefined);
      answer = (response) => response.socket?.destroy();
      await subject.export(records(1));
      expect(subject.transfers.lastError).to.deep.equal({ name: 'Error', code: 'ECONNRESET', status: undefined });
      answer = () => undefined;
      await subject.export(records(1));
      expect(subject.transfers.lastError).to.deep.equal({ name: 'TimeoutError', code: undefined, status: undefined });
      const abort = new AbortController();
      answer = () => abort.abort();
      await subject.export(records(1), abort.signal);
      expect(subject.transfers.lastError).to.deep.equal({ name: 'AbortError', code: undefined, status: undefined });
      await subject.export(records(1, originTo(server, 'T', { headers: { 'x-bad': '\n' } })));
      expect(subject.transfers.lastError).to.deep.equal({
        name: 'TypeError',
        code: 'ERR_INVALID_CHAR',
        status: undefined,
      });
    });
  });

  it('retains everything and says so for debugging when something unforeseen throws', async () => {
    const batch = [{ ...connectionRecord(), connection: {} } as unknown as TelemetryRecord];
    Object.defineProperty(batch[0]!.connection, 'origin', {
      get: () => {
        throw Object.assign(new RangeError('secret text'), { code: 'E1' });
      },
    });
    expect((await exporter().export(batch)).retained).to.deep.equal(batch);
    expect(context.lines.join())
      .to.match(/export swallowed RangeError \(E1\)/)
      .and.not.match(/secret/);
  });

  it('gives the event loop a turn while it encodes many records', async () => {
    const batch = records(1000);
    let turns = 0;
    const spin = (): void => void setImmediate(() => ((turns += 1), spinning && spin()));
    let spinning = true;
    spin();
    await exporter({ telemetryBatchSize: 1000, telemetryMaxRequestBytes: 16 * 1024 * 1024 }).export(batch);
    spinning = false;
    expect(turns).to.be.greaterThan(1);
    expect(server.received).to.have.length(1);
  });
});
