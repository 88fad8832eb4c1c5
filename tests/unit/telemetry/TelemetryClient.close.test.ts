import { expect } from 'chai';
import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import { until } from '../../e2e/support/waiting';
import { flag } from '../.stubs/flagAnswers';
import { connectionTo, originTo } from '../.stubs/origins';
import type { Answer } from '../.stubs/TestServer';
import { ClientWorld } from './clientWorld';

const hang: Answer = () => undefined;
const sinceMs = (startMs: number): number => performance.now() - startMs;

describe('TelemetryClient: flush and close', () => {
  let at: ClientWorld;
  beforeEach(async () => {
    at = await ClientWorld.start();
  });
  afterEach(() => at.server.stop());

  describe('flush', () => {
    it('sends what is pending', async () => {
      const client = at.client();
      at.collect(client);
      await client.flush();
      expect(client.getStats()).to.include({ delivered: 1, pending: 0 });
      await client.close();
    });

    it('ends at its deadline while the flag hangs', async () => {
      at.flagAnswer = hang;
      const client = at.client({ telemetryCloseTimeoutMs: 0 });
      at.collect(client);
      const startMs = performance.now();
      await client.flush({ deadlineMs: 100 });
      expect(sinceMs(startMs)).to.be.within(90, 1900);
      expect(client.getStats()).to.include({ pending: 1 });
      await client.close();
    }).retries(2); // It measures time.

    it('ends at its deadline while the endpoint hangs, and at telemetryCloseTimeoutMs without one', async () => {
      at.telemetry = hang;
      const client = at.client({ telemetryCloseTimeoutMs: 100 });
      for (const options of [{ deadlineMs: 50 }, {}]) {
        at.collect(client);
        const startMs = performance.now();
        await client.flush(options);
        expect(sinceMs(startMs)).to.be.within(45, 1900);
      }
      await client.close();
    }).retries(2); // It measures time.

    it('sends only what a connection produced when it is named', async () => {
      const client = at.client({ telemetryBatchSize: 1, telemetryCloseTimeoutMs: 100 });
      const other = connectionTo(originTo(at.server, 'other'));
      at.collect(client, other);
      at.collect(client);
      at.telemetry = (response, request) =>
        request.headers.authorization === 'Bearer other' ? undefined : response.end('{}');
      await client.flush({ connection: at.connection, deadlineMs: 2000 });
      expect(client.getStats().delivered).to.equal(1);
      await client.close();
    });
  });

  describe('close', () => {
    it('waits for the flag and sends, all within the close timeout', async () => {
      at.flagAnswer = (response, request) => void setTimeout(() => flag('true')(response, request), 50);
      const client = at.client();
      at.collect(client);
      await client.close();
      expect(client.getStats()).to.include({ delivered: 1, pending: 0, flagState: 'on' });
    });

    it('ends in time and drops when the endpoint hangs, with the request aborted', async () => {
      const aborted = new Promise<void>((resolve) => {
        at.telemetry = (response) => response.on('close', resolve);
      });
      const client = at.client({ telemetryCloseTimeoutMs: 200 });
      at.collect(client);
      const startMs = performance.now();
      await client.close();
      expect(sinceMs(startMs)).to.be.within(150, 1900);
      expect(client.getStats()).to.include({ collected: 1, pending: 0 });
      expect(client.getStats().dropped).to.include({ close_timeout: 1 });
      await aborted;
    }).retries(2); // It measures time.

    it('ends in time and drops when the flag hangs', async () => {
      at.flagAnswer = hang;
      const client = at.client({ telemetryCloseTimeoutMs: 200 });
      at.collect(client);
      const startMs = performance.now();
      await client.close();
      expect(sinceMs(startMs)).to.be.within(150, 1900);
      expect(client.getStats()).to.include({ collected: 1, pending: 0, flagState: 'unknown' });
      expect(client.getStats().dropped).to.include({ flag_unknown: 1, flag_off: 0 });
      expect(at.requests('POST')).to.equal(0);
    }).retries(2); // It measures time.

    it('does not wait for a flag whose request has just failed', async () => {
      at.flagAnswer = (response) => response.writeHead(503).end();
      at.hosts = new HostRegistry();
      const client = at.client();
      at.collect(client);
      await until('it was asked', () => at.flag.dueInMs > 0);
      const startMs = performance.now();
      await client.close();
      expect(sinceMs(startMs)).to.be.below(1000);
      expect(client.getStats().dropped).to.include({ flag_unknown: 1, flag_off: 0 });
      expect(client.getStats().lastError).to.deep.equal({ name: 'HttpError', code: undefined, status: 503 });
    }).retries(2); // It measures time.

    it('does its work once', async () => {
      const client = at.client();
      at.collect(client);
      expect(client.close()).to.equal(client.close());
      await client.close();
      expect(at.requests('POST')).to.equal(1);
    });

    it('comes back at once with a timeout of 0', async () => {
      const client = at.client({ telemetryCloseTimeoutMs: 0 });
      at.collect(client);
      const startMs = performance.now();
      await client.close();
      expect(sinceMs(startMs)).to.be.below(1000);
      expect(client.getStats()).to.include({ pending: 0 });
    }).retries(2); // It measures time.
  });
});
