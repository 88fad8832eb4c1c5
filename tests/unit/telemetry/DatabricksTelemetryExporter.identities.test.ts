import { expect } from 'chai';
import fc from 'fast-check';
import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import { connectionTo, originTo, USER_AGENT } from '../.stubs/origins';
import { connectionRecord } from '../.stubs/telemetryRecords';
import { status } from '../.stubs/TestServer';
import { QUICK, EXT, logsOf, accept, totals, useExporterWorld } from './exporterWorld';

describe('DatabricksTelemetryExporter: identities', () => {
  const world = useExporterWorld();

  describe('an authenticated request', () => {
    it('carries all logs of a batch to the first endpoint with credentials and headers of the connection', async () => {
      const origin = originTo(world.server, 'T', { headers: { 'X-Databricks-Org-Id': '42', 'X-App': 'a' } });
      const result = await world.exporter().export(world.records(3, origin));
      expect(result).to.deep.equal({ delivered: 3, rejected: 0, dropped: {}, retained: [] });
      expect(world.paths()).to.deep.equal([EXT]);
      const [request] = world.server.received;
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
      expect(await world.exporter().export([])).to.deep.equal({ delivered: 0, rejected: 0, dropped: {}, retained: [] });
      expect(world.server.received).to.have.length(0);
    });

    it('takes credentials, headers and agent of the client for a record without connection', async () => {
      const subject = world.exporter();
      const plain = world.records(1).map((record) => ({ ...record, connection: undefined }));
      expect(totals(await subject.export(plain))).to.deep.include({ dropped: { no_credentials: 1 } });
      world.context.authProvider = { authenticate: async () => ({ Authorization: 'Bearer own' }) };
      expect(totals(await subject.export(plain))).to.deep.include({ retained: 1 });
      const { getAgent } = originTo(world.server, 'T');
      world.context.agent = getAgent as () => Promise<undefined>;
      expect(totals(await subject.export(plain))).to.deep.include({ delivered: 1 });
      expect(world.tokens()).to.deep.equal(['Bearer own']);
    });
  });

  describe('identities', () => {
    it('never share a request', async () => {
      const other = { headers: { 'x-databricks-org-id': '2' } };
      const batch = [
        ...world.records(1, originTo(world.server, 'A')),
        ...world.records(1, originTo(world.server, 'B')),
        ...world.records(1, originTo(world.server, 'A', other)),
        ...world.records(1, originTo(world.server, 'A', { userAgent: 'other/1' })),
        ...world.records(1, originTo(world.server, 'A', { authenticated: false })),
        ...world.records(1, originTo(world.server, 'A', { tls: { ca: [world.server.ca, world.server.ca] } })),
        ...world.records(1, originTo(world.server, 'A')),
      ];
      expect(totals(await world.exporter().export(batch))).to.deep.include({ delivered: 7, retained: 0 });
      expect(world.server.received.map((request) => logsOf(request).length)).to.deep.equal([2, 1, 1, 1, 1, 1]);
    });

    it('are told apart by the way to the host', async () => {
      const viaProxy = connectionTo(originTo(world.server, 'A'));
      const proxied = { ...viaProxy, driverConfig: { ...viaProxy.driverConfig, useProxy: true } };
      await world
        .exporter()
        .export([...world.records(1, originTo(world.server, 'A')), connectionRecord({ connection: proxied })]);
      expect(world.server.received).to.have.length(2);
    });

    it('are known by their credentials, not by their connection', async () => {
      const batch = [1, 2, 3].flatMap(() => world.records(1, originTo(world.server, 'A')));
      await world.exporter().export(batch);
      expect(world.server.received).to.have.length(1);
    });

    it('leave only with their own credentials, whatever fails for whom', async () => {
      const tenants = ['a', 'b', 'c', 'd', 'e'];
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...tenants), { minLength: 1, maxLength: 30 }),
          fc.array(fc.constantFrom(200, 401, 403, 400, 413, 500, 503), { minLength: 5, maxLength: 5 }),
          async (owners, statuses) => {
            world.hosts = new HostRegistry();
            world.server.received.length = 0;
            world.answer = (response, request) => {
              const code = statuses[tenants.indexOf(String(request.headers.authorization).slice(7))] ?? 500;
              (code === 200 ? accept : status(code))(response, request);
            };
            const subject = world.exporter({
              ...QUICK,
              telemetryMaxRetries: 1,
              telemetryCircuitBreakerThreshold: 1000,
            });
            const origins = new Map(tenants.map((tenant) => [tenant, originTo(world.server, tenant)]));
            const batch = owners.map((owner) => {
              const connection = connectionTo(origins.get(owner)!);
              return connectionRecord({ connection, sessionId: `session-of-${owner}` });
            });
            const result = await subject.export(batch);
            for (const request of world.server.received) {
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
      await world
        .exporter()
        .export(Array.from({ length: 30 }, (_, i) => world.records(1, originTo(world.server, `T${i}`))).flat());
      await new Promise((resolve) => setImmediate(resolve));
      process.off('warning', listen);
      expect(warnings).to.deep.equal([]);
    });

    it('drop their records as no_credentials when they have none', async () => {
      const none = originTo(world.server, undefined);
      const blank = originTo(world.server, undefined, { authenticate: async () => ({ Authorization: ' ' }) });
      const broken = originTo(world.server, undefined, {
        authenticate: () => Promise.reject(new Error('invalid_client')),
      });
      const throwing = originTo(world.server, undefined, {
        authenticate: () => {
          throw new Error('at once');
        },
      });
      const batch = [none, blank, broken, throwing].flatMap((origin) => world.records(1, origin));
      expect(await world.exporter().export(batch)).to.deep.include({ dropped: { no_credentials: 4 }, retained: [] });
      expect(world.server.received).to.have.length(0);
    });

    it('keep their records when the credentials cannot be had just now', async () => {
      const failure = Object.assign(new Error('token endpoint'), { code: 'ECONNREFUSED' });
      const batch = world.records(
        2,
        originTo(world.server, undefined, { authenticate: () => Promise.reject(failure) }),
      );
      expect((await world.exporter().export(batch)).retained).to.deep.equal(batch);
    });

    it('are not held up by one whose credentials never come', async () => {
      const hung = originTo(world.server, undefined, { authenticate: () => new Promise(() => undefined) });
      const stuck = world.records(1, hung);
      const subject = world.exporter();
      const abort = new AbortController();
      const first = subject.export([...stuck, ...world.records(1)], abort.signal);
      setTimeout(() => abort.abort(), 20);
      expect((await first).retained).to.have.length(2);
      expect(totals(await subject.export([...stuck, ...world.records(1)]))).to.deep.include({
        delivered: 1,
        retained: 1,
      });
    });
  });
});
