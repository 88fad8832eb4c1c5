import { expect } from 'chai';
import { connectionTo, originTo } from '../.stubs/origins';
import { connectionRecord } from '../.stubs/telemetryRecords';
import type { Answer } from '../.stubs/TestServer';
import { status } from '../.stubs/TestServer';
import { QUICK, logsOf, idsOf, accept, script, useExporterWorld } from './exporterWorld';

describe('DatabricksTelemetryExporter: batches', () => {
  const world = useExporterWorld();

  describe('batches', () => {
    it('have at most telemetryBatchSize logs', async () => {
      await world.exporter({ telemetryBatchSize: 2 }).export(world.records(5));
      expect(world.server.received.map((request) => logsOf(request).length)).to.deep.equal([2, 2, 1]);
    });

    it('have at most telemetryMaxRequestBytes', async () => {
      await world.exporter({ telemetryMaxRequestBytes: 4096 }).export(world.records(20));
      expect(world.server.received.length).to.be.greaterThan(1);
      for (const { body } of world.server.received) expect(Buffer.byteLength(body)).to.be.at.most(4096);
      expect(world.server.received.flatMap(logsOf)).to.have.length(20);
    });

    it('are halved while the server finds them too large; a record alone is dropped', async () => {
      world.answer = (response, request) =>
        logsOf(request).length > 1 || request.body.includes('giant')
          ? status(413)(response, request)
          : accept(response, request);
      const batch = world
        .records(5)
        .map((record, index) => ({ ...record, sessionId: index === 3 ? 'giant' : 'small' }));
      expect(await world.exporter().export(batch)).to.deep.equal({
        delivered: 4,
        rejected: 0,
        dropped: { too_large: 1 },
        retained: [],
      });
      const firstDelivered = world.server.received.filter((request) => logsOf(request).length === 1);
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
      const connection = connectionTo(originTo(world.server, 'T'));
      Object.defineProperty(poison, 'connection', { value: connection });
      const result = await world.exporter().export([poison, ...world.records(1)]);
      expect(result).to.deep.include({ delivered: 1, dropped: { invalid: 1 }, retained: [] });
    });
  });

  describe('a partial failure', () => {
    const partial =
      (taken: number, errors: string[]): Answer =>
      (response) =>
        response.end(JSON.stringify({ errors, numSuccess: 0, numProtoSuccess: taken, numRealtimeSuccess: 0 }));

    it('retries the logs that the service names, and those only', async () => {
      world.answer = script(partial(2, ['protoLogs[1]: bad', 'protoLogs[3]: bad']), accept);
      expect(await world.exporter().export(world.records(4))).to.deep.equal({
        delivered: 4,
        rejected: 0,
        dropped: {},
        retained: [],
      });
      const [first, second] = world.server.received.map(idsOf);
      expect(second).to.deep.equal([first?.[1], first?.[3]]);
    });

    it('retries as many of the last as are missing when the service names none', async () => {
      world.answer = script(partial(1, []), accept);
      expect(await world.exporter().export(world.records(3))).to.include({ delivered: 3 });
      const [first, second] = world.server.received.map(idsOf);
      expect(second).to.deep.equal(first?.slice(1));
    });

    it('ends as rejected when the retries are used up', async () => {
      world.answer = (response, request) =>
        partial(logsOf(request).length - 1, ['protoLogs[0]: bad'])(response, request);
      const subject = world.exporter({ ...QUICK, telemetryMaxRetries: 1 });
      expect(await subject.export(world.records(3))).to.deep.equal({
        delivered: 2,
        rejected: 1,
        dropped: {},
        retained: [],
      });
      expect(world.server.received).to.have.length(2);
    });

    it('keeps what is undecided and counts what was taken when the server goes down after it', async () => {
      world.answer = script(partial(1, ['protoLogs[0]: bad']), status(503));
      const batch = world.records(2);
      const result = await world.exporter({ ...QUICK, telemetryMaxRetries: 1 }).export(batch);
      expect(result).to.deep.include({ delivered: 1, rejected: 0, retained: [batch[0]] });
    });

    it('of a 200 with odd errors is none, and the batch is not sent again', async () => {
      const odd = [
        [null, 7, true, {}, [], '', 'protoLogs', 'protoLogs[-1]', 'protoLogs[9]', 'protoLogs[1e0]', '[0]'],
        [{ toString: null }, { toString: 'x', valueOf: 1 }, [[['protoLogs[0]']]], { index: 0 }],
        Array.from({ length: 20_000 }, () => null),
        { 0: 'protoLogs[0]', length: 1 },
        'protoLogs[0]',
        null,
      ];
      for (const errors of odd) {
        world.server.received.length = 0;
        world.answer = (response) => response.end(JSON.stringify({ errors }));
        const result = await world.exporter().export(world.records(2));
        expect(result).to.deep.equal({ delivered: 2, rejected: 0, dropped: {}, retained: [] });
        expect(world.server.received).to.have.length(1);
        expect(world.context.lines.join()).to.not.include('swallowed');
      }
    });

    it('is none for an answer without or with an unreadable body', async () => {
      for (const body of ['', 'nonsense', '[]', 'null', '{"numProtoSuccess":"x"}', '{"errors":"x"}']) {
        world.answer = (response) => response.end(body);
        expect(await world.exporter().export(world.records(2)), body).to.include({ delivered: 2 });
      }
    });
  });

  it('gives the event loop a turn while it encodes many records', async () => {
    const batch = world.records(1000);
    let turns = 0;
    const spin = (): void => void setImmediate(() => ((turns += 1), spinning && spin()));
    let spinning = true;
    spin();
    await world.exporter({ telemetryBatchSize: 1000, telemetryMaxRequestBytes: 16 * 1024 * 1024 }).export(batch);
    spinning = false;
    expect(turns).to.be.greaterThan(1);
    expect(world.server.received).to.have.length(1);
  });
});
