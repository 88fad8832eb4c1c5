import { inspect } from 'node:util';
import AuthenticationError from '@databricks/sql/dist/errors/AuthenticationError';
import HiveDriverError from '@databricks/sql/dist/errors/HiveDriverError';
import OperationStateError, { OperationStateErrorCode } from '@databricks/sql/dist/errors/OperationStateError';
import RetryError, { RetryErrorCode } from '@databricks/sql/dist/errors/RetryError';
import StatusError from '@databricks/sql/dist/errors/StatusError';
import { expect } from 'chai';
import fc from 'fast-check';
import { ThrownValue } from '../../../lib/model/errorFacts';
import { toErrorFacts } from '../../../lib/model/toErrorFacts';

function networkError(code: string): Error {
  return Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code, errno: -111 });
}

describe('toErrorFacts', () => {
  it('reads code, SQLSTATE and error class of a failed operation', () => {
    const error = new OperationStateError(OperationStateErrorCode.Error, {
      sqlState: '42P01',
      displayMessage: '[TABLE_OR_VIEW_NOT_FOUND] The table or view `secret` cannot be found.',
    } as never);
    expect(toErrorFacts(error)).to.include({
      name: 'OperationStateError',
      code: 'ERROR',
      sqlState: '42P01',
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      httpStatus: undefined,
      chunkId: undefined,
    });
  });

  it('takes SQLSTATE from the status of an answer', () => {
    const error = Object.assign(new Error('x'), { response: { status: { sqlState: '08S01' } } });
    expect(toErrorFacts(error).sqlState).to.equal('08S01');
  });

  it('takes SQLSTATE from the error itself', () => {
    expect(toErrorFacts(Object.assign(new Error('x'), { sqlState: '22012' })).sqlState).to.equal('22012');
  });

  it('reads class and number of a status error, which is no Error', () => {
    const error = new StatusError({ statusCode: 3, errorCode: 1003, errorMessage: '[DIVIDE_BY_ZERO] no' } as never);
    expect(toErrorFacts(error)).to.include({ name: 'StatusError', code: '1003', errorClass: 'DIVIDE_BY_ZERO' });
  });

  it('takes no number from a status error that has none', () => {
    expect(toErrorFacts(new StatusError({ statusCode: 3 } as never)).code).to.equal(undefined);
  });

  it('reads the HTTP status under the names it goes by', () => {
    expect(toErrorFacts(Object.assign(new Error('x'), { statusCode: 503 })).httpStatus).to.equal(503);
    expect(toErrorFacts(Object.assign(new Error('x'), { status: 429 })).httpStatus).to.equal(429);
    expect(toErrorFacts(Object.assign(new Error('x'), { response: { status: 401 } })).httpStatus).to.equal(401);
  });

  it('takes nothing for an HTTP status that is not one', () => {
    for (const statusCode of [0, 99, 600, 200.5, '503', NaN]) {
      expect(toErrorFacts({ statusCode }).httpStatus, String(statusCode)).to.equal(undefined);
    }
  });

  it('reads the status of the last answer behind a retry error', () => {
    const error = new RetryError(RetryErrorCode.AttemptsExceeded, { response: { status: 503 } });
    expect(toErrorFacts(error)).to.include({ name: 'RetryError', code: 'ATTEMPTS_EXCEEDED', httpStatus: 503 });
  });

  it('reads the network code of an error and of the one it carries', () => {
    expect(toErrorFacts(networkError('ECONNREFUSED'))).to.include({ name: 'Error', code: 'ECONNREFUSED' });
    const carrier = Object.assign(new Error('x'), { payload: networkError('ECONNRESET') });
    expect(toErrorFacts(carrier).code).to.equal('ECONNRESET');
  });

  it('names an error by its class', () => {
    expect(toErrorFacts(new AuthenticationError('x')).name).to.equal('AuthenticationError');
    expect(toErrorFacts(new TypeError('x')).name).to.equal('TypeError');
  });

  it('names an error of a general class by the name that it has', () => {
    expect(toErrorFacts(new DOMException('x', 'AbortError')).name).to.equal('AbortError');
    expect(toErrorFacts(Object.assign(new Error('x'), { name: 'FetchError' })).name).to.equal('FetchError');
    expect(toErrorFacts({ name: 'a name with text' }).name).to.equal('Error');
    expect(toErrorFacts({ constructor: undefined }).name).to.equal('Error');
  });

  it('names what is no error', () => {
    for (const thrown of [undefined, null, 'text', 1, Symbol('s'), () => 1]) {
      expect(toErrorFacts(thrown).name).to.equal('NonError');
    }
  });

  it('takes an error class only from the beginning of a server’s message', () => {
    const classOf = (message: string): string | undefined => toErrorFacts(new HiveDriverError(message)).errorClass;
    expect(classOf('[PARSE_SYNTAX_ERROR] x')).to.equal('PARSE_SYNTAX_ERROR');
    expect(classOf('[CANNOT_PARSE.NESTED_CLASS] x')).to.equal('CANNOT_PARSE.NESTED_CLASS');
    expect(classOf('Error running query: [DIVIDE_BY_ZERO] x')).to.equal('DIVIDE_BY_ZERO');
    expect(classOf('text [PARSE_SYNTAX_ERROR] x')).to.equal(undefined);
    expect(classOf('[secret_table] x')).to.equal(undefined);
    expect(classOf('[AB] x')).to.equal(undefined);
    expect(classOf(`[${'A'.repeat(65)}] x`)).to.equal(undefined);
    expect(toErrorFacts(new Error('[PARSE_SYNTAX_ERROR] x')).errorClass).to.equal(undefined);
  });

  it('prefers what the place of the failure knows', () => {
    const error = Object.assign(new Error('x'), { code: 'ECONNRESET', sqlState: '00000', statusCode: 500 });
    const known = { code: 'CANCELED', sqlState: '42000', httpStatus: 403, chunkId: 7, serverMessage: '[SOME_CLASS] x' };
    expect(toErrorFacts(error, known)).to.include({
      code: 'CANCELED',
      sqlState: '42000',
      httpStatus: 403,
      chunkId: 7,
      errorClass: 'SOME_CLASS',
    });
  });

  it('keeps back a name, class or code that looks like a credential', () => {
    for (const key of ['AKIAIOSFODNN7EXAMPLE', 'dapi0123456789abcdef']) {
      const named = Object.assign(new Error(''), { name: key, code: key, errorCode: key });
      expect(toErrorFacts(named)).to.include({ name: 'Error', code: undefined });
      const called = { [key]: class extends Error {} }[key];
      expect(toErrorFacts(called && new called('')).name).to.equal('Error');
    }
  });

  it('keeps back a SQLSTATE that is not one', () => {
    expect(toErrorFacts(new Error('x'), { sqlState: 'secret' }).sqlState).to.equal(undefined);
  });

  it('has none of the error’s text, and looks at no stack', () => {
    let reads = 0;
    const error = Object.defineProperty(new Error('secret'), 'stack', { get: () => `secret ${(reads += 1)}` });
    expect(inspect(toErrorFacts(error), { showHidden: true })).not.to.include('secret');
    expect(reads).to.equal(0);
  });

  it('never throws, for anything that can be thrown', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
        getPrototypeOf: () => {
          throw new Error('no');
        },
      },
    );
    expect(toErrorFacts(hostile, { chunkId: 3 })).to.include({ name: 'NonError', chunkId: 3 });
    const values = fc.oneof(fc.anything({ withNullPrototype: true }), fc.constant(hostile));
    fc.assert(
      fc.property(
        fc.oneof(values, fc.dictionary(fc.constantFrom('name', 'code', 'response', 'payload', 'constructor'), values)),
        (thrown) => {
          const facts = toErrorFacts(thrown);
          expect(facts.name).to.match(/^[A-Za-z_$][\w$]{2,63}$/);
          const value = new ThrownValue(thrown);
          void [value.stack(), value.message()];
        },
      ),
    );
  });
});

describe('ThrownValue', () => {
  it('reads the stack when it is asked for, not before', () => {
    let reads = 0;
    const error = Object.defineProperty(new Error('text'), 'stack', { get: () => `stack ${(reads += 1)}` });
    const thrown = new ThrownValue(error);
    expect(reads).to.equal(0);
    expect(thrown.stack()).to.equal('stack 1');
    expect(thrown.message()).to.equal('text');
  });

  it('has no stack where reading it throws or gives no text', () => {
    const error = Object.defineProperty(new Error('x'), 'stack', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(new ThrownValue(error).stack()).to.equal(undefined);
    expect(new ThrownValue({ stack: 5 }).stack()).to.equal(undefined);
  });

  it('estimates what the error keeps in memory by the length of its text', () => {
    const short = new ThrownValue(new Error('')).retainedBytes;
    const long = new ThrownValue(new Error('x'.repeat(10_000))).retainedBytes;
    expect(long - short).to.be.within(10_000, 30_000);
  });

  it('keeps of a text of megabytes its beginning, and no stack behind it', () => {
    const thrown = new ThrownValue(new Error(`begins ${'x'.repeat(5_000_000)}`));
    expect(thrown.message()).to.match(/^begins x{1000,5000}$/);
    expect(thrown.stack()).to.equal(undefined);
    expect(thrown.retainedBytes).to.be.lessThan(10_000);
  });

  it('shows none of the error’s text to who prints, copies or stringifies it', () => {
    const thrown = new ThrownValue(new Error('secret'));
    for (const shown of [JSON.stringify(thrown), inspect(thrown, { showHidden: true }), inspect({ ...thrown })]) {
      expect(shown).not.to.include('secret');
    }
  });
});
