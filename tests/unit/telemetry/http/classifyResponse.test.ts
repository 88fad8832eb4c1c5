import { expect } from 'chai';
import fc from 'fast-check';
import { classifyResponse, healthOf, type ResponseClass } from '../../../../lib/telemetry/http/classifyResponse';
import type { HttpOutcome } from '../../../../lib/telemetry/http/transport';

const response = (status: number, body?: string, retryAfter?: string): HttpOutcome => ({
  kind: 'response',
  status,
  retryAfter,
  body,
});
const classify = (outcome: HttpOutcome, logs: number): ResponseClass => classifyResponse(outcome, logs, 0);
const rejected = (body: object, logs: number): unknown => classify(response(200, JSON.stringify(body)), logs);

describe('the class of an HTTP outcome', () => {
  it('is retry when no answer came', () => {
    const retry = { kind: 'retry', retryAfterMs: undefined, serverError: false };
    expect(classify({ kind: 'failed', name: 'Error', code: 'ECONNRESET' }, 1)).to.deep.equal(retry);
    expect(classify({ kind: 'timeout' }, 1)).to.deep.equal(retry);
  });

  it('is retry after what the server says', () => {
    expect(classify(response(429, '', '3'), 1)).to.deep.equal({
      kind: 'retry',
      retryAfterMs: 3000,
      serverError: false,
    });
    expect(classify(response(500), 1)).to.deep.equal({ kind: 'retry', retryAfterMs: undefined, serverError: true });
  });

  it('names the rejected logs as the service does', () => {
    const errors = ['protoLogs[4]: a', 'protoLogs[0]: b'];
    expect(rejected({ numProtoSuccess: 3, errors }, 5)).to.deep.equal({ kind: 'accepted', rejected: [0, 4] });
    expect(rejected({ errors }, 5)).to.deep.equal({ kind: 'accepted', rejected: [0, 4] });
  });

  it('names the last logs when the service counts but does not name them all', () => {
    for (const errors of [
      [],
      ['bad'],
      ['protoLogs[0]: a'],
      ['protoLogs[0]: a', 'protoLogs[0]: b'],
      ['protoLogs[9]'],
      7,
    ]) {
      expect(rejected({ numProtoSuccess: 3, errors }, 5), JSON.stringify(errors)).to.deep.include({ rejected: [3, 4] });
    }
  });

  it('takes a count that makes no sense as none', () => {
    for (const numProtoSuccess of [-1, null, '0', 99]) {
      expect(rejected({ numProtoSuccess, errors: [] }, 2)).to.deep.include({ rejected: [] });
    }
    expect(rejected({ numProtoSuccess: 0, errors: [] }, 2)).to.deep.include({ rejected: [0, 1] });
  });

  it('of any answer rejects only logs that were sent, each once', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(20), (body, logs) => {
        const answer = classify(response(200, body), logs);
        if (answer.kind !== 'accepted') return false;
        const distinct = new Set(answer.rejected);
        return distinct.size === answer.rejected.length && answer.rejected.every((p) => p >= 0 && p < logs);
      }),
    );
  });

  it('is accepted, whatever stands in the place of the errors', () => {
    const errors: unknown[] = [
      null,
      7,
      true,
      {},
      [],
      { toString: null },
      { toString: 'x' },
      [[['protoLogs[0]']]],
      'protoLogs[1e1]',
    ];
    const answer = { kind: 'accepted', rejected: [1] };
    expect(rejected({ errors: [...errors, 'protoLogs[1]: bad'] }, 3)).to.deep.equal(answer);
    for (const odd of errors) expect(rejected({ errors: odd }, 3)).to.deep.equal({ ...answer, rejected: [] });
  });

  it('names the last logs, too, where the service names more than there are, and be it fifty thousand', () => {
    const errors = Array.from({ length: 50_000 }, (_, index) => `protoLogs[${index}]: bad`);
    const body = JSON.stringify({ numProtoSuccess: 98, errors });
    expect(classify(response(200, body), 100)).to.deep.equal({ kind: 'accepted', rejected: [98, 99] });
  });

  it('counts for the health of the host only where the host itself is in trouble', () => {
    const healthOfStatus = (status: number): string => healthOf(classify(response(status), 1));
    for (const status of [200, 202, 204]) expect(healthOfStatus(status), String(status)).to.equal('healthy');
    for (const status of [302, 404, 408, 429, 500, 503])
      expect(healthOfStatus(status), String(status)).to.equal('unhealthy');
    for (const status of [400, 401, 403, 413, 422]) expect(healthOfStatus(status), String(status)).to.equal('unknown');
    expect(healthOf(classify({ kind: 'timeout' }, 1))).to.equal('unhealthy');
    expect(healthOf(classify({ kind: 'aborted' }, 1))).to.equal('unknown');
    expect(healthOf(classify({ kind: 'invalid', name: 'x', code: undefined }, 1))).to.equal('unknown');
  });
});
