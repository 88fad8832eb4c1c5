import { expect } from 'chai';
import type { TelemetryRecord } from '../../../lib/telemetry/types';
import { originTo } from '../.stubs/origins';
import { connectionRecord } from '../.stubs/telemetryRecords';
import { status } from '../.stubs/TestServer';
import { QUICK, accept, script, useExporterWorld } from './exporterWorld';

describe('DatabricksTelemetryExporter: the breaker, and what it reports', () => {
  const world = useExporterWorld();

  describe('the breaker', () => {
    it('sees every attempt, and keeps the records while it is open', async () => {
      world.answer = status(503);
      const subject = world.exporter({ ...QUICK, telemetryMaxRetries: 10 });
      const batch = world.records(2);
      const result = await subject.export(batch);
      expect(world.server.received).to.have.length(5);
      expect(subject.breaker?.getState()).to.equal('OPEN');
      expect(result.retained).to.deep.equal(batch);
      expect(result.retryAfterMs).to.be.within(59_000, 60_000);
      await subject.export(batch);
      expect(world.server.received).to.have.length(5);
    });

    it('counts refused connections', async () => {
      const gone = { ...world.server, port: 1 };
      const subject = world.exporter({ ...QUICK, telemetryMaxRetries: 4 });
      await subject.export(world.records(1, originTo(gone, 'T')));
      expect(subject.breaker?.getState()).to.equal('OPEN');
    });

    for (const code of [400, 401, 403, 413]) {
      it(`does not count status ${code}, which is about one identity or batch`, async () => {
        world.answer = status(code);
        const subject = world.exporter({ telemetryCircuitBreakerThreshold: 1 });
        await subject.export(world.records(1));
        expect(subject.breaker?.getState()).to.equal('CLOSED');
      });
    }

    it('counts a redirect', async () => {
      world.answer = status(302);
      const subject = world.exporter({ telemetryCircuitBreakerThreshold: 1 });
      await subject.export(world.records(1));
      expect(subject.breaker?.getState()).to.equal('OPEN');
    });

    it('does not count missing credentials', async () => {
      const subject = world.exporter({ telemetryCircuitBreakerThreshold: 1 });
      await subject.export(world.records(1, originTo(world.server, undefined)));
      expect(subject.breaker?.getState()).to.equal('CLOSED');
    });

    it('stays open as long as Retry-After says, and closes after two good requests', async () => {
      world.answer = status(503, { 'Retry-After': '1.5' });
      const options = {
        telemetryCircuitBreakerThreshold: 1,
        telemetryCircuitBreakerTimeout: 10,
        telemetryMaxRetries: 0,
      };
      const subject = world.exporter(options);
      const result = await subject.export(world.records(1));
      expect(result.retryAfterMs).to.be.within(1000, 1500);
      await subject.export(world.records(1));
      expect(world.server.received).to.have.length(1);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      world.answer = accept;
      await subject.export(world.records(1));
      expect(subject.breaker?.getState()).to.equal('HALF_OPEN');
      await subject.export(world.records(1));
      expect(subject.breaker?.getState()).to.equal('CLOSED');
    }).retries(2); // It measures time.
  });

  it('has one request in flight per host, whoever sends', async () => {
    let inFlight = 0;
    world.answer = (response, request) => {
      inFlight += 1;
      expect(inFlight).to.equal(1);
      setTimeout(() => {
        inFlight -= 1;
        accept(response, request);
      }, 5);
    };
    const results = await Promise.all(
      [world.exporter(), world.exporter()].flatMap((subject) => [1, 2].map(() => subject.export(world.records(2)))),
    );
    expect(results.every(({ delivered }) => delivered === 2)).to.equal(true);
  });

  describe('transfers', () => {
    it('count requests and the bytes of their bodies, every attempt', async () => {
      world.answer = script(status(503), accept);
      const subject = world.exporter();
      await subject.export(world.records(2));
      const bytes = world.server.received.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
      expect(subject.transfers).to.include({ requests: 2, bytesSent: bytes });
      expect(subject.transfers.lastError).to.deep.equal({ name: 'HttpError', code: undefined, status: 503 });
    });

    it('name the last error without its text', async () => {
      const subject = world.exporter({ telemetryMaxRetries: 0, telemetryRequestTimeoutMs: 100 });
      expect(subject.transfers.lastError).to.equal(undefined);
      world.answer = (response) => response.socket?.destroy();
      await subject.export(world.records(1));
      expect(subject.transfers.lastError).to.deep.equal({ name: 'Error', code: 'ECONNRESET', status: undefined });
      world.answer = () => undefined;
      await subject.export(world.records(1));
      expect(subject.transfers.lastError).to.deep.equal({ name: 'TimeoutError', code: undefined, status: undefined });
      const abort = new AbortController();
      world.answer = () => abort.abort();
      await subject.export(world.records(1), abort.signal);
      expect(subject.transfers.lastError).to.deep.equal({ name: 'AbortError', code: undefined, status: undefined });
      await subject.export(world.records(1, originTo(world.server, 'T', { headers: { 'x-bad': '\n' } })));
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
    expect((await world.exporter().export(batch)).retained).to.deep.equal(batch);
    expect(world.context.lines.join())
      .to.match(/export swallowed RangeError \(E1\)/)
      .and.not.match(/secret/);
  });
});
