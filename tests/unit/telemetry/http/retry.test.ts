import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';
import { fullJitterMs, parseRetryAfter, sleep } from '../../../../lib/telemetry/http/retry';

describe('retry', () => {
  afterEach(() => sinon.restore());

  describe('fullJitterMs', () => {
    it('lies between 0 and a bound that doubles with each attempt up to the largest', () => {
      sinon.stub(Math, 'random').returns(0.5);
      expect([0, 1, 2, 3, 50].map((attempt) => fullJitterMs(attempt, 200, 1000))).to.deep.equal([
        100, 200, 400, 500, 500,
      ]);
    });

    it('reaches down to zero', () => {
      sinon.stub(Math, 'random').returns(0);
      expect(fullJitterMs(3, 200, 1000)).to.equal(0);
    });
  });

  describe('parseRetryAfter', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');

    it('reads seconds', () => {
      expect(parseRetryAfter('120', now)).to.equal(120_000);
      expect(parseRetryAfter(' 1.5 ', now)).to.equal(1500);
      expect(parseRetryAfter('0', now)).to.equal(0);
    });

    it('reads an HTTP date', () => {
      expect(parseRetryAfter('Thu, 01 Jan 2026 00:00:30 GMT', now)).to.equal(30_000);
      expect(parseRetryAfter('Thu Jan  1 00:00:30 2026 GMT', now)).to.equal(30_000);
    });

    it('takes a date in the past as no wait', () => {
      expect(parseRetryAfter('Wed, 31 Dec 2025 23:00:00 GMT', now)).to.equal(0);
    });

    it('waits an hour at most', () => {
      expect(parseRetryAfter('999999999', now)).to.equal(3_600_000);
      expect(parseRetryAfter('Fri, 01 Jan 2100 00:00:00 GMT', now)).to.equal(3_600_000);
    });

    it('says nothing of what is neither', () => {
      for (const header of [undefined, '', 'soon', '-5', '1e3', '0x10', '2026-01-01', 'Mon, nonsense', '12 s']) {
        expect(parseRetryAfter(header, now), String(header)).to.equal(undefined);
      }
    });

    it('gives undefined or a finite time for any text', () => {
      fc.assert(
        fc.property(fc.string(), (header) => {
          const ms = parseRetryAfter(header);
          return ms === undefined || (ms >= 0 && ms <= 3_600_000);
        }),
      );
    });
  });

  describe('sleep', () => {
    it('ends after its time', async () => {
      const clock = sinon.useFakeTimers();
      let over = false;
      void sleep(100).then(() => (over = true));
      await clock.tickAsync(99);
      expect(over).to.equal(false);
      await clock.tickAsync(1);
      expect(over).to.equal(true);
    });

    it('ends as soon as its signal aborts, and at once when that has happened', async () => {
      const abort = new AbortController();
      const long = sleep(1_000_000, abort.signal);
      abort.abort();
      await long;
      await sleep(1_000_000, abort.signal);
    });
  });
});
