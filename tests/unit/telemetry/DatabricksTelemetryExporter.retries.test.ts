import { expect } from 'chai';
import { status } from '../.stubs/TestServer';
import { QUICK, idsOf, accept, script, useExporterWorld } from './exporterWorld';

describe('DatabricksTelemetryExporter: retries and aborts', () => {
  const world = useExporterWorld();

  describe('retries', () => {
    for (const code of [408, 425, 429, 500, 502, 503, 504, 507, 520, 530]) {
      it(`follow a status ${code}, with the same event ids`, async () => {
        world.answer = script(status(code), status(code), accept);
        expect(await world.exporter().export(world.records(2))).to.include({ delivered: 2 });
        expect(world.server.received).to.have.length(3);
        expect(new Set(world.server.received.map((request) => idsOf(request).join()))).to.have.property('size', 1);
      });
    }

    it('follow a reset', async () => {
      world.answer = script((response) => response.socket?.destroy(), accept);
      expect(await world.exporter().export(world.records(1))).to.include({ delivered: 1 });
    });

    it('are at most telemetryMaxRetries, then the records wait for another export', async () => {
      world.answer = status(503);
      const batch = world.records(2);
      const result = await world.exporter({ ...QUICK, telemetryMaxRetries: 2 }).export(batch);
      expect(world.server.received).to.have.length(3);
      expect(result).to.deep.include({ delivered: 0, retained: batch });
    });

    it('are none when telemetryMaxRetries is 0', async () => {
      world.answer = status(503);
      await world.exporter({ telemetryMaxRetries: 0 }).export(world.records(1));
      expect(world.server.received).to.have.length(1);
    });

    it('end when telemetryExportTimeoutMs is over', async () => {
      world.answer = status(503);
      const options = { telemetryMaxRetries: 10, telemetryExportTimeoutMs: 100, telemetryBackoffBaseMs: 60 };
      const startMs = performance.now();
      const result = await world
        .exporter({ ...options, telemetryCircuitBreakerThreshold: 100 })
        .export(world.records(1));
      expect(performance.now() - startMs).to.be.below(5000);
      expect(result.retained).to.have.length(1);
      expect(world.server.received.length).to.be.below(11);
    }).retries(2); // It measures time.

    it('bound each request by telemetryRequestTimeoutMs', async () => {
      world.answer = () => undefined;
      const startMs = performance.now();
      const result = await world
        .exporter({ telemetryRequestTimeoutMs: 100, telemetryMaxRetries: 0 })
        .export(world.records(1));
      expect(performance.now() - startMs).to.be.within(90, 1000);
      expect(result.retained).to.have.length(1);
    }).retries(2); // It measures time.

    it('wait as long as Retry-After says', async () => {
      world.answer = script(status(429, { 'Retry-After': '0.2' }), accept);
      const startMs = performance.now();
      expect(await world.exporter().export(world.records(1))).to.include({ delivered: 1 });
      expect(performance.now() - startMs).to.be.within(190, 2000);
    }).retries(2); // It measures time.

    it('are put off when Retry-After is longer than there is time, also for other clients of the host', async () => {
      world.answer = status(429, { 'Retry-After': '120' });
      const result = await world.exporter().export(world.records(1));
      expect(result.retained).to.have.length(1);
      expect(result.retryAfterMs).to.be.within(100_000, 120_000);
      const other = await world.exporter().export(world.records(1));
      expect(other.retryAfterMs).to.be.within(100_000, 120_000);
      expect(world.server.received).to.have.length(1);
    });

    it('give up a record as retries_exhausted on which the server fails in ten exports', async () => {
      world.answer = status(500);
      const subject = world.exporter({ telemetryMaxRetries: 0, telemetryCircuitBreakerThreshold: 1000 });
      const batch = world.records(1);
      for (let round = 1; round < 10; round += 1) expect((await subject.export(batch)).retained).to.deep.equal(batch);
      expect(await subject.export(batch)).to.deep.include({ dropped: { retries_exhausted: 1 }, retained: [] });
    });

    it('go on for ever while the server is only busy', async () => {
      world.answer = status(503);
      const subject = world.exporter({ telemetryMaxRetries: 0, telemetryCircuitBreakerThreshold: 1000 });
      const batch = world.records(1);
      for (let round = 0; round < 12; round += 1) expect((await subject.export(batch)).retained).to.deep.equal(batch);
    });
  });

  describe('an abort', () => {
    it('ends a hung request at once and retains what is undecided', async () => {
      const abort = new AbortController();
      world.answer = (response, request) => {
        if (world.server.received.length === 1) accept(response, request);
        else abort.abort();
      };
      const batch = world.records(3);
      const result = await world.exporter({ telemetryBatchSize: 1 }).export(batch, abort.signal);
      expect(result).to.deep.include({ delivered: 1, retained: batch.slice(1) });
      expect(world.server.received).to.have.length(2);
    });

    it('ends the wait before a retry', async () => {
      const abort = new AbortController();
      world.answer = (response, request) => {
        status(429, { 'Retry-After': '10' })(response, request);
        setTimeout(() => abort.abort(), 20);
      };
      const startMs = performance.now();
      expect((await world.exporter().export(world.records(1), abort.signal)).retained).to.have.length(1);
      expect(performance.now() - startMs).to.be.below(5000);
    }).retries(2); // It measures time.

    it('before the start makes no request', async () => {
      expect((await world.exporter().export(world.records(1), AbortSignal.abort())).retained).to.have.length(1);
      expect(world.server.received).to.have.length(0);
    });

    it('is no failure of the host', async () => {
      const abort = new AbortController();
      world.answer = () => abort.abort();
      const subject = world.exporter({ telemetryCircuitBreakerThreshold: 1 });
      await subject.export(world.records(1), abort.signal);
      expect(subject.breaker?.getState()).to.equal('CLOSED');
    });

    it('is what close() does, for good', async () => {
      const subject = world.exporter();
      world.answer = () => void subject.close();
      expect((await subject.export(world.records(1))).retained).to.have.length(1);
      await subject.close();
      expect((await subject.export(world.records(1))).retained).to.have.length(1);
      expect(world.server.received).to.have.length(1);
    });
  });
});
