import AuthenticationError from '@databricks/sql/dist/errors/AuthenticationError';
import RetryError, { RetryErrorCode } from '@databricks/sql/dist/errors/RetryError';
import { expect } from 'chai';
import fc from 'fast-check';
import { ExceptionClassifier } from '../../../lib/telemetry/ExceptionClassifier';

const { isTerminal, isRetryable } = ExceptionClassifier;

function verdict(error: unknown): string {
  if (isTerminal(error)) return isRetryable(error) ? 'both' : 'terminal';
  return isRetryable(error) ? 'retryable' : 'neither';
}

const withFields = (fields: object): Error => Object.assign(new Error('text'), fields);

describe('ExceptionClassifier', () => {
  for (const status of [400, 401, 403, 404]) {
    it(`takes status ${status} as terminal, under any of its names`, () => {
      expect(verdict(withFields({ statusCode: status }))).to.equal('terminal');
      expect(verdict(withFields({ status }))).to.equal('terminal');
      expect(verdict({ response: { status } })).to.equal('terminal');
    });
  }

  for (const status of [429, 500, 502, 503, 504]) {
    it(`takes status ${status} as retryable, under any of its names`, () => {
      expect(verdict(withFields({ statusCode: status }))).to.equal('retryable');
      expect(verdict(withFields({ status }))).to.equal('retryable');
      expect(verdict({ response: { status } })).to.equal('retryable');
    });
  }

  for (const status of [200, 301, 402, 405, 409, 501, '404', '503']) {
    it(`says nothing of status ${JSON.stringify(status)}`, () => {
      expect(verdict(withFields({ status }))).to.equal('neither');
    });
  }

  it('takes an authentication error of the driver as terminal', () => {
    expect(verdict(new AuthenticationError('no'))).to.equal('terminal');
  });

  it('takes a retry error of the driver as retryable', () => {
    expect(verdict(new RetryError(RetryErrorCode.TimeoutExceeded))).to.equal('retryable');
    expect(verdict(new RetryError(RetryErrorCode.AttemptsExceeded))).to.equal('retryable');
  });

  it('lets a class outrank a status', () => {
    expect(verdict(Object.assign(new AuthenticationError(), { status: 503 }))).to.equal('terminal');
    expect(verdict(Object.assign(new RetryError(RetryErrorCode.TimeoutExceeded), { status: 404 }))).to.equal(
      'retryable',
    );
  });

  it('lets a status outrank a code', () => {
    expect(verdict(withFields({ status: 401, code: 'ECONNRESET' }))).to.equal('terminal');
  });

  for (const code of [
    'ECONNRESET',
    'ECONNREFUSED',
    'ECONNABORTED',
    'ETIMEDOUT',
    'ESOCKETTIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENETDOWN',
    'EPIPE',
    'EAI_AGAIN',
    'ERR_SOCKET_CONNECTION_TIMEOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
    'UND_ERR_SOCKET',
  ]) {
    it(`takes the network error ${code} as retryable`, () => {
      expect(verdict(withFields({ code }))).to.equal('retryable');
    });
  }

  for (const code of ['ENOTFOUND', 'CERT_HAS_EXPIRED', 'CANCELED', 104]) {
    it(`says nothing of the code ${code}`, () => {
      expect(verdict(withFields({ code }))).to.equal('neither');
    });
  }

  it('takes timeouts of fetch and of abort signals as retryable', () => {
    expect(verdict(withFields({ type: 'request-timeout' }))).to.equal('retryable');
    expect(verdict(withFields({ type: 'body-timeout' }))).to.equal('retryable');
    expect(verdict(new DOMException('late', 'TimeoutError'))).to.equal('retryable');
    expect(verdict(new DOMException('stopped', 'AbortError'))).to.equal('neither');
  });

  it('does not read the text', () => {
    expect(verdict(new Error('timeout ECONNRESET 503 Unauthorized 401'))).to.equal('neither');
  });

  it('asks the cause where the error itself says nothing', () => {
    expect(verdict(new TypeError('fetch failed', { cause: withFields({ code: 'ECONNRESET' }) }))).to.equal('retryable');
    expect(verdict(new Error('outer', { cause: { cause: { status: 403 } } }))).to.equal('terminal');
  });

  it('comes to an end with causes in a circle', () => {
    const error = new Error('ring');
    error.cause = error;
    expect(verdict(error)).to.equal('neither');
  });

  it('says nothing of a value whose properties or prototype cannot be read', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('get');
        },
      },
    );
    const noPrototype = new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error('prototype');
        },
      },
    );
    expect(verdict(hostile)).to.equal('neither');
    expect(verdict(noPrototype)).to.equal('neither');
    expect(verdict({ status: hostile })).to.equal('neither');
    expect(verdict({ response: hostile })).to.equal('neither');
  });

  it('never throws and never says both, whatever is thrown', () => {
    const status = fc.oneof(fc.integer(), fc.constantFrom(400, 401, 403, 404, 429, 500, 502, 503, 504), fc.string());
    const code = fc.oneof(fc.constantFrom('ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND'), fc.string(), fc.integer());
    const { error } = fc.letrec((tie) => ({
      error: fc.record(
        {
          status,
          statusCode: status,
          code,
          name: fc.constantFrom('TimeoutError', 'Error', 'AbortError'),
          type: fc.constantFrom('request-timeout', 'system'),
          response: fc.oneof(fc.record({ status }), fc.anything()),
          cause: fc.oneof({ maxDepth: 3 }, fc.anything(), tie('error')),
        },
        { requiredKeys: [] },
      ),
    }));
    const thrown = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true, withTypedArray: true }),
      error,
      error.map((fields) => Object.assign(new Error('x'), fields)),
      error.map((fields) => Object.assign(new AuthenticationError('x'), fields)),
      error.map((fields) => Object.assign(new RetryError(RetryErrorCode.TimeoutExceeded), fields)),
      fc.constantFrom(undefined, null, Symbol('x'), () => 503, NaN),
    );
    fc.assert(
      fc.property(thrown, (value) => verdict(value) !== 'both'),
      { numRuns: 2000 },
    );
  });
});
