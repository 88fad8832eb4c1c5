import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { CircuitBreakerRegistry } from '../../../../lib/telemetry/CircuitBreakerRegistry';
import { DatabricksTelemetryExporter } from '../../../../lib/telemetry/DatabricksTelemetryExporter';
import { HostRegistry } from '../../../../lib/telemetry/hosts/HostRegistry';
import type { TelemetryOptions } from '../../../../lib/model/options';
import { FileTotals } from '../../../../lib/model/Statement';
import type { TelemetryRecord } from '../../../../lib/telemetry/types';
import { keepThreadsBusy } from '../../.stubs/busyThreads';
import { connectionTo, originTo } from '../../.stubs/origins';
import { errorRecord, statementRecord } from '../../.stubs/telemetryRecords';
import { ClientContextStub } from '../../.stubs/ClientContextStub';
import { startTestServer, type Answer, type Received, type TestServer } from '../../.stubs/TestServer';

const QUICK = { telemetryBackoffBaseMs: 1, telemetryBackoffMaxMs: 2 };

const isCompressed = ({ headers }: Pick<Received, 'headers'>): boolean => headers['content-encoding'] === 'gzip';
const answerWith =
  (status: number): Answer =>
  (response) =>
    response.writeHead(status).end('{}');
/** One status for compressed bodies, another one for plain ones. */
const statuses =
  (compressed: number, plain: number): Answer =>
  (response, request) =>
    answerWith(isCompressed(request) ? compressed : plain)(response, request);

/** Numbers that look random and are the same in each run. */
function dice(): (sides: number) => number {
  let state = 1;
  return (sides) => (state = (state * 48_271) % 2_147_483_647) % sides;
}

describe('compression', () => {
  let answer: Answer;
  let server: TestServer;
  let hosts: HostRegistry;
  beforeEach(async () => {
    answer = answerWith(200);
    hosts = new HostRegistry();
    server = await startTestServer((response, request) => answer(response, request));
  });
  afterEach(() => server.stop());

  /** Statements of one connection as they come in production: ids and figures differ, in all fields there are. */
  function statements(count: number): TelemetryRecord[] {
    const connection = connectionTo(originTo(server, 'T'));
    const random = dice();
    const sessionId = randomUUID();
    return Array.from({ length: count }, (_, index) => {
      const totals = {
        statementId: randomUUID(),
        statementType: 'QUERY' as const,
        executionResult: random(4) === 0 ? ('INLINE_ARROW' as const) : ('EXTERNAL_LINKS' as const),
        compressed: random(2) === 0,
        latencyMs: random(5000),
        resultReadyLatencyMs: random(5000),
        resultConsumptionLatencyMs: random(20_000),
        pollCount: random(20),
        pollLatencyMs: random(900),
        sessionId,
        timestampMs: 1_795_000_000_000 + index * 1000 + random(1000),
      };
      const files = Object.assign(new FileTotals(), {
        present: random(30),
        iterated: random(30),
        firstMs: random(900),
        slowestMs: random(2000),
        sumMs: random(20_000),
      });
      return statementRecord({ ...totals, files }, connection);
    });
  }

  const small = (): TelemetryRecord[] => [errorRecord({ connection: connectionTo(originTo(server, 'T')) })];

  const context = (options: TelemetryOptions): ClientContextStub => new ClientContextStub({ ...QUICK, ...options });
  const toWorkspace = (options: TelemetryOptions = {}): DatabricksTelemetryExporter => {
    const client = context(options);
    return new DatabricksTelemetryExporter(
      client,
      `localhost:${server.port}`,
      new CircuitBreakerRegistry(client, hosts),
    );
  };
  const toCollector = (options: TelemetryOptions = {}): DatabricksTelemetryExporter =>
    toWorkspace({ telemetryEndpoint: `https://localhost:${server.port}/collect`, ...options });

  const encodings = (): boolean[] => server.received.map(isCompressed);
  const logsOf = ({ body }: Received): string[] => (JSON.parse(body) as { protoLogs: string[] }).protoLogs;

  it('makes a batch of 100 statements at least 8 times smaller', async () => {
    const subject = toCollector();
    expect(await subject.export(statements(100))).to.include({ delivered: 100 });
    const [request] = server.received;
    expect(server.received.map(logsOf).map(({ length }) => length)).to.deep.equal([100]);
    expect(request?.headers['content-length']).to.equal(String(request?.bytes));
    expect((request?.body.length ?? 0) / (request?.bytes ?? Infinity)).to.be.at.least(8);
    expect(subject.transfers.bytesSent).to.equal(request?.bytes);
  });

  describe('by default', () => {
    it('is for a collector of one’s own', async () => {
      await toCollector().export(statements(10));
      expect(encodings()).to.deep.equal([true]);
    });

    it('is not for the workspace', async () => {
      await toWorkspace().export(statements(10));
      expect(encodings()).to.deep.equal([false]);
    });

    it('leaves a small body alone', async () => {
      await toCollector().export(small());
      expect(server.received[0]?.bytes).to.be.below(1024);
      expect(encodings()).to.deep.equal([false]);
    });
  });

  for (const [value, isOn] of [
    ['gzip', true],
    [' GZIP ', true],
    ['none', false],
    ['None', false],
  ] as const) {
    it(`is ${isOn ? 'on' : 'off'} for everybody with telemetryCompression "${value}"`, async () => {
      await toWorkspace({ telemetryCompression: value as 'gzip' }).export(statements(10));
      await toCollector({ telemetryCompression: value as 'gzip' }).export(statements(10));
      expect(encodings()).to.deep.equal([isOn, isOn]);
    });
  }

  it('is by default what "auto" and a word that is none of these say', async () => {
    for (const telemetryCompression of ['auto', 'brotli' as 'auto'] as const) {
      await toWorkspace({ telemetryCompression }).export(statements(10));
      await toCollector({ telemetryCompression }).export(statements(10));
    }
    expect(encodings()).to.deep.equal([false, true, false, true]);
  });

  it('does not change what telemetryMaxRequestBytes means', async () => {
    await toCollector({ telemetryMaxRequestBytes: 4096 }).export(statements(20));
    expect(server.received.length).to.be.greaterThan(3);
    for (const { body } of server.received) expect(body.length).to.be.at.most(4096);
  });

  it('tries the other path of the workspace with the same body', async () => {
    answer = (response, request) => answerWith(request.path.startsWith('/api') ? 404 : 200)(response, request);
    expect(await toWorkspace({ telemetryCompression: 'gzip' }).export(statements(10))).to.include({ delivered: 10 });
    expect(encodings()).to.deep.equal([true, true]);
    expect(server.received[0]?.body).to.equal(server.received[1]?.body);
  });

  describe('that is refused', () => {
    for (const status of [415, 400, 422]) {
      it(`with ${status} is followed at once by the same body, plain`, async () => {
        answer = statuses(status, 200);
        const subject = toCollector({ telemetryMaxRetries: 0, telemetryCircuitBreakerThreshold: 1 });
        const result = await subject.export(statements(10));
        expect(result).to.deep.equal({ delivered: 10, rejected: 0, dropped: {}, retained: [] });
        expect(encodings()).to.deep.equal([true, false]);
        expect(server.received[0]?.body).to.equal(server.received[1]?.body);
        expect(subject.breaker?.getState()).to.equal('CLOSED');
        const bytes = server.received.map((request) => request.bytes);
        expect(subject.transfers).to.include({ requests: 2, bytesSent: bytes.reduce((sum, size) => sum + size) });
      });
    }

    it('is not tried again at this receiver, whoever sends', async () => {
      answer = statuses(415, 200);
      const subject = toCollector();
      await subject.export(statements(10));
      await subject.export(statements(10));
      await toCollector().export(statements(10));
      expect(encodings()).to.deep.equal([true, false, false, false]);
    });

    it('is tried at another receiver', async () => {
      answer = statuses(415, 200);
      await toCollector().export(statements(10));
      const other = await startTestServer(answerWith(200));
      await toCollector({ telemetryEndpoint: `https://localhost:${other.port}/` }).export(statements(10));
      expect(other.received.map(isCompressed)).to.deep.equal([true]);
      await other.stop();
    });

    for (const status of [400, 415]) {
      it(`with ${status} as the plain body is, is an ordinary ${status}`, async () => {
        answer = answerWith(status);
        const subject = toCollector({ telemetryCircuitBreakerThreshold: 1 });
        expect(await subject.export(statements(10))).to.deep.include({ rejected: 10, retained: [] });
        expect(encodings()).to.deep.equal([true, false]);
        expect(subject.breaker?.getState()).to.equal('CLOSED');
        answer = answerWith(200);
        await subject.export(statements(10));
        expect(encodings()).to.deep.equal([true, false, true]);
      });
    }

    it('counts for the breaker as the plain body does, once', async () => {
      answer = statuses(415, 503);
      const subject = toCollector({ telemetryMaxRetries: 0, telemetryCircuitBreakerThreshold: 2 });
      await subject.export(statements(10));
      expect(subject.breaker?.getState()).to.equal('CLOSED');
      await subject.export(statements(10));
      expect(subject.breaker?.getState()).to.equal('OPEN');
    });

    it('is halved as a plain one is when the receiver finds it too large', async () => {
      answer = (response, request) =>
        answerWith(logsOf(request).length > 5 ? 413 : isCompressed(request) ? 415 : 200)(response, request);
      expect(await toCollector().export(statements(10))).to.include({ delivered: 10 });
      expect(encodings()).to.deep.equal([true, true, false, false]);
    });
  });

  it('is left out of the retries after the server failed on a compressed body', async () => {
    answer = statuses(500, 200);
    expect(await toCollector().export(statements(10))).to.include({ delivered: 10 });
    expect(encodings()).to.deep.equal([true, false]);
    answer = statuses(503, 200);
    await toCollector({ telemetryMaxRetries: 1 }).export(statements(10));
    expect(encodings()).to.deep.equal([true, false, true, true]);
  });

  describe('while no thread is free', () => {
    let collector: http.Server;
    let release: () => Promise<void>;
    let received: boolean[];
    beforeEach(async () => {
      received = [];
      collector = http.createServer((request, response) => {
        received.push(isCompressed(request));
        request.resume().on('end', () => response.end('{}'));
      });
      // By its address: to look up a name would need a thread, too.
      await once(collector.listen(0, '127.0.0.1'), 'listening');
      release = await keepThreadsBusy();
    });
    afterEach(async () => {
      await release();
      collector.close();
      collector.closeAllConnections();
    });
    const endpoint = (): string => `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;

    it('ends with an abort at once, before any request', async () => {
      const subject = toCollector({ telemetryEndpoint: endpoint(), telemetryCircuitBreakerThreshold: 1 });
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 20);
      const startMs = performance.now();
      const result = await subject.export(statements(10), abort.signal);
      expect(performance.now() - startMs).to.be.below(450);
      expect(result.retained).to.have.length(10);
      expect([received, subject.transfers.requests]).to.deep.equal([[], 0]);
      expect(subject.breaker?.getState()).to.equal('CLOSED');
    }).retries(2); // It measures time.

    it('keeps a batch for half a second at most, which then leaves plain', async () => {
      const subject = toCollector({ telemetryEndpoint: endpoint() });
      const startMs = performance.now();
      expect(await subject.export(statements(10))).to.include({ delivered: 10 });
      expect(performance.now() - startMs).to.be.within(450, 10_000);
      expect(received).to.deep.equal([false]);
    }).retries(2); // It measures time.

    it('leaves a smaller body as it is, without any wait', async () => {
      const subject = toCollector({ telemetryEndpoint: endpoint() });
      const startMs = performance.now();
      expect(await subject.export(small())).to.include({ delivered: 1 });
      expect(performance.now() - startMs).to.be.below(450);
    }).retries(2); // It measures time.
  });
});
