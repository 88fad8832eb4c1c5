import { expect } from 'chai';
import { CircuitBreakerRegistry } from '../../../lib/telemetry/CircuitBreakerRegistry';
import { DatabricksTelemetryExporter } from '../../../lib/telemetry/DatabricksTelemetryExporter';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { originTo, USER_AGENT } from '../.stubs/origins';
import type { Answer } from '../.stubs/TestServer';
import { status } from '../.stubs/TestServer';
import { EXT, UNAUTH, accept, script, useExporterWorld } from './exporterWorld';

describe('DatabricksTelemetryExporter: terminal answers and endpoints', () => {
  const world = useExporterWorld();

  describe('terminal answers', () => {
    for (const code of [400, 405, 409, 422, 501]) {
      it(`reject a batch at status ${code}, at once`, async () => {
        world.answer = status(code);
        expect(await world.exporter().export(world.records(2))).to.deep.include({ rejected: 2, retained: [] });
        expect(world.server.received).to.have.length(1);
      });
    }

    for (const code of [301, 302, 307, 308]) {
      it(`drop a batch as redirected at status ${code}, and nothing goes where it points`, async () => {
        world.answer = status(code, { Location: `https://localhost:${world.server.port}/elsewhere` });
        expect(await world.exporter().export(world.records(2))).to.deep.include({
          dropped: { redirected: 2 },
          retained: [],
        });
        expect(world.server.received).to.have.length(1);
      });
    }

    it('drop a batch as invalid that no request can be made of', async () => {
      const origin = originTo(world.server, 'T', { headers: { 'x-bad': 'line\nbreak' } });
      expect(await world.exporter().export(world.records(2, origin))).to.deep.include({
        dropped: { invalid: 2 },
        retained: [],
      });
    });

    it('of one batch leave the next ones alone', async () => {
      world.answer = script(status(400), accept);
      expect(await world.exporter({ telemetryBatchSize: 1 }).export(world.records(3))).to.include({
        rejected: 1,
        delivered: 2,
      });
    });
  });

  describe('endpoints', () => {
    const only =
      (prefix: string): Answer =>
      (response, request) =>
        request.path.startsWith(prefix) ? accept(response, request) : status(404)(response, request);

    it('are asked at the root when the API path answers 404, and that is remembered for the host', async () => {
      world.answer = only('/telemetry');
      expect(await world.exporter().export(world.records(1))).to.include({ delivered: 1 });
      await world.exporter().export(world.records(1));
      expect(world.paths()).to.deep.equal([EXT, '/telemetry-ext', '/telemetry-ext']);
    });

    it('are remembered for each mode of its own', async () => {
      world.answer = only('/telemetry');
      await world.exporter().export(world.records(1));
      await world.exporter().export(world.records(1, originTo(world.server, 'T', { authenticated: false })));
      expect(world.paths().slice(2)).to.deep.equal([UNAUTH, '/telemetry-unauth']);
    });

    it('are found again when a host moves back', async () => {
      world.answer = only('/telemetry');
      await world.exporter().export(world.records(1));
      world.answer = only('/api');
      expect(await world.exporter().export(world.records(1))).to.include({ delivered: 1 });
      await world.exporter().export(world.records(1));
      expect(world.paths().slice(2)).to.deep.equal(['/telemetry-ext', EXT, EXT]);
    });

    it('that do not exist at all reject the batch and count as a failure of the host', async () => {
      world.answer = status(404);
      const subject = world.exporter({ telemetryCircuitBreakerThreshold: 1 });
      expect(await subject.export(world.records(2))).to.include({ rejected: 2 });
      expect(world.paths()).to.deep.equal([EXT, '/telemetry-ext']);
      expect(subject.breaker?.getState()).to.equal('OPEN');
    });
  });

  describe('telemetryEndpoint', () => {
    it('gets everything, without credentials, headers or another path', async () => {
      const telemetryEndpoint = `https://localhost:${world.server.port}/collect?x=1`;
      const context = new ClientContextStub({ telemetryEndpoint });
      const subject = new DatabricksTelemetryExporter(
        context,
        'w.test',
        new CircuitBreakerRegistry(context, world.hosts),
      );
      const headers = { 'x-databricks-org-id': '42' };
      const batch = ['A', 'B'].flatMap((token) =>
        world.records(1, originTo(world.server, token, { hostname: 'w.test', headers })),
      );
      expect(await subject.export(batch)).to.include({ delivered: 2 });
      expect(world.paths()).to.deep.equal(['/collect?x=1']);
      expect(world.server.received[0]?.headers).to.not.have.any.keys('authorization', 'x-databricks-org-id');
      expect(world.server.received[0]?.headers['user-agent']).to.equal(USER_AGENT);
      expect(world.server.received[0]?.body).to.include('session-1');
    });

    it('gets the minimal fields of a connection without authenticated export', async () => {
      const subject = world.exporter({ telemetryEndpoint: `https://localhost:${world.server.port}/collect` });
      await subject.export(world.records(1, originTo(world.server, 'T', { authenticated: false })));
      expect(world.server.received[0]?.body).to.not.include('session-1');
    });

    it('that answers 404 rejects the batch', async () => {
      world.answer = status(404);
      const subject = world.exporter({ telemetryEndpoint: `https://localhost:${world.server.port}/collect` });
      expect(await subject.export(world.records(1))).to.include({ rejected: 1 });
      expect(world.server.received).to.have.length(1);
    });

    it('has a breaker of its own', async () => {
      world.answer = status(404);
      const endpoint = `https://localhost:${world.server.port}/collect`;
      await world
        .exporter({ telemetryEndpoint: endpoint, telemetryCircuitBreakerThreshold: 1 })
        .export(world.records(1));
      expect(world.breakers.get('w.test').getState()).to.equal('CLOSED');
      expect(world.breakers.get(`localhost:${world.server.port}`).getState()).to.equal('OPEN');
    });

    for (const telemetryEndpoint of ['nonsense', 'ftp://localhost/x']) {
      it(`of "${telemetryEndpoint}" drops everything as invalid and sends nothing anywhere`, async () => {
        const subject = world.exporter({ telemetryEndpoint });
        expect(await subject.export(world.records(2))).to.deep.include({ dropped: { invalid: 2 }, retained: [] });
        expect(world.server.received).to.have.length(0);
        expect(subject.breaker).to.equal(undefined);
      });
    }
  });
});
