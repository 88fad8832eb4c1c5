import { expect } from 'chai';
import fc from 'fast-check';
import { parseRetryAfter } from '../../../../lib/telemetry/http/transport';

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
        const ms = parseRetryAfter(header, now);
        return ms === undefined || (ms >= 0 && ms <= 3_600_000);
      }),
    );
  });
});
