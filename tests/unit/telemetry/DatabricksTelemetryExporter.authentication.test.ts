import { expect } from 'chai';
import type { TelemetryRecord } from '../../../lib/telemetry/types';
import { connectionTo, originTo } from '../.stubs/origins';
import { connectionRecord, errorRecord } from '../.stubs/telemetryRecords';
import { status } from '../.stubs/TestServer';
import { QUICK, EXT, UNAUTH, logsOf, accept, script, useExporterWorld } from './exporterWorld';

const ANONYMOUS = { ...QUICK, telemetryAnonymousErrors: true };

describe('DatabricksTelemetryExporter: without accepted credentials', () => {
  const world = useExporterWorld();

  describe('without authentication', () => {
    it('sends to the other endpoint, with nothing of application, organisation or credentials', async () => {
      const headers = { 'x-databricks-org-id': '4711', 'x-app': 'a' };
      await world.exporter().export(world.records(1, originTo(world.server, 'T', { authenticated: false, headers })));
      const [request] = world.server.received;
      expect(request?.path).to.equal(UNAUTH);
      expect(request?.headers).to.have.all.keys('user-agent', 'content-type', 'content-length', 'host', 'connection');
      expect(request?.headers['user-agent']).to.equal('NodejsDatabricksSqlConnector/2.1.0');
      expect(request?.body).to.not.match(/session-1|"4711"/);
    });

    it('rejects records that are refused there', async () => {
      world.answer = status(401);
      const result = await world
        .exporter()
        .export(world.records(2, originTo(world.server, 'T', { authenticated: false })));
      expect(result).to.deep.include({ rejected: 2, retained: [] });
      expect(world.server.received).to.have.length(1);
    });

    for (const stage of ['connect', 'open_session'] as const) {
      it(`reports an error of stage ${stage} so when there are no credentials and that is allowed`, async () => {
        const connection = connectionTo(originTo(world.server, undefined, { anonymousErrors: true }));
        expect(await world.exporter(ANONYMOUS).export([errorRecord({ connection, stage })])).to.include({
          delivered: 1,
        });
        expect(world.paths()).to.deep.equal([UNAUTH]);
      });

      it(`reports an error of stage ${stage} so when the credentials do not work and that is allowed`, async () => {
        world.answer = script(status(403), accept);
        const connection = connectionTo(originTo(world.server, 'expired', { anonymousErrors: true }));
        const other = connectionRecord({ connection });
        const result = await world.exporter(ANONYMOUS).export([errorRecord({ connection, stage }), other]);
        expect(result).to.deep.include({ delivered: 1, rejected: 1, retained: [] });
        expect(world.paths()).to.deep.equal([EXT, UNAUTH]);
        expect(logsOf(world.server.received[1]!)).to.have.length(1);
      });
    }

    it('reports no error so that is not allowed to leave without credentials', async () => {
      const stages = ['connect', 'open_session'] as const;
      const errors = (token: string | undefined): TelemetryRecord[] => {
        const connection = connectionTo(originTo(world.server, token));
        return stages.map((stage) => errorRecord({ connection, stage }));
      };
      const without = await world.exporter().export(errors(undefined));
      expect(without).to.deep.include({ delivered: 0, dropped: { no_credentials: 2 } });
      world.answer = status(403);
      const refused = await world.exporter().export(errors('expired'));
      expect(refused).to.deep.include({ delivered: 0, rejected: 0, dropped: { no_credentials: 2 } });
      expect(world.paths()).to.deep.equal([EXT]);
    });

    it('reports no other error so', async () => {
      const connection = connectionTo(originTo(world.server, undefined, { anonymousErrors: true }));
      const result = await world.exporter(ANONYMOUS).export([errorRecord({ connection, stage: 'execute' })]);
      expect(result.dropped).to.deep.equal({ no_credentials: 1 });
    });
  });

  describe('an identity that is refused', () => {
    it('gets one more chance with fresh credentials', async () => {
      let token = 0;
      const authenticate = async (): Promise<Record<string, string>> => ({ Authorization: `Bearer ${(token += 1)}` });
      world.answer = script(status(401), accept);
      const result = await world
        .exporter()
        .export(world.records(2, originTo(world.server, undefined, { authenticate })));
      expect(result).to.include({ delivered: 2 });
      expect(world.tokens()).to.deep.equal(['Bearer 1', 'Bearer 2']);
    });

    it('is rejected when it has no other credentials', async () => {
      world.answer = status(401);
      expect(await world.exporter().export(world.records(2))).to.deep.include({
        rejected: 2,
        retained: [],
        dropped: {},
      });
      expect(world.server.received).to.have.length(1);
    });

    it('is rejected in the end however many credentials it brings', async () => {
      let token = 0;
      const authenticate = async (): Promise<Record<string, string>> => ({ Authorization: `Bearer ${(token += 1)}` });
      world.answer = status(401);
      const result = await world
        .exporter()
        .export(world.records(2, originTo(world.server, undefined, { authenticate })));
      expect(result).to.deep.include({ rejected: 2, retained: [] });
      expect(world.server.received).to.have.length(3);
    });

    it('does not touch the breaker', async () => {
      world.answer = status(401);
      const subject = world.exporter({ ...QUICK, telemetryCircuitBreakerThreshold: 1 });
      await subject.export(world.records(1));
      expect(subject.breaker?.getState()).to.equal('CLOSED');
    });
  });
});
