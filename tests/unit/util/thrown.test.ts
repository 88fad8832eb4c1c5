import vm from 'node:vm';
import { expect } from 'chai';
import { describeThrown, labelsOf } from '../../../lib/util/thrown';

const TOKEN = 'dapi0123456789abcdef0123456789abcdef';

const named = (name: unknown, code?: unknown): Error => Object.assign(new Error('secret'), { name, code });

describe('labelsOf', () => {
  it('gives name and code of a thrown value, and nothing of its text', () => {
    const error = Object.assign(new RangeError('secret'), { code: 'E_RANGE' });
    expect(labelsOf(error)).to.deep.equal({ name: 'RangeError', code: 'E_RANGE' });
    expect([error, new Error('secret'), 'secret', null, { secret: 1 }].map(describeThrown)).to.deep.equal([
      ...['RangeError (E_RANGE)', 'Error', 'string', 'object', 'object'],
    ]);
  });

  it('gives those of an error of another realm', () => {
    const error: unknown = vm.runInNewContext("Object.assign(new TypeError('secret'), { code: 'ECONNRESET' })");
    expect(error).to.not.be.instanceOf(Error);
    expect(labelsOf(error)).to.deep.equal({ name: 'TypeError', code: 'ECONNRESET' });
  });

  for (const label of [
    TOKEN,
    `Error.${TOKEN}`,
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VjcmV0',
    'AKIAIOSFODNN7EXAMPLE',
    'https://user:password@host/',
    'SELECT secret FROM customers',
    'x'.repeat(65),
    '',
    7,
    { toString: () => 'secret' },
    Symbol('secret'),
  ]) {
    it(`takes ${String(label).slice(0, 24) || 'nothing'} for neither a name nor a code`, () => {
      expect(labelsOf(named(label, label))).to.deep.equal({ name: 'Error', code: undefined });
    });
  }

  it('cannot throw, whatever is thrown', () => {
    const get = (): never => {
      throw new Error('hands off');
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const hostile of [new Proxy(new Error('secret'), { get }), proxy, Object.create(null, { name: { get } })])
      expect(labelsOf(hostile)).to.deep.equal({ name: 'unknown', code: undefined });
  });
});
