import { expect } from 'chai';
import { toPlainHeaders } from '../../../../lib/telemetry/http/requestHeaders';

const AUTHORIZATION = { Authorization: 'Bearer token' };

describe('toPlainHeaders', () => {
  it('takes every form that an authentication provider may give', () => {
    expect(toPlainHeaders(AUTHORIZATION)).to.deep.equal(AUTHORIZATION);
    expect(toPlainHeaders(Object.entries(AUTHORIZATION))).to.deep.equal(AUTHORIZATION);
    expect(toPlainHeaders(new Map(Object.entries(AUTHORIZATION)))).to.deep.equal(AUTHORIZATION);
    expect(toPlainHeaders(new Headers(AUTHORIZATION))).to.deep.equal({ authorization: 'Bearer token' });
  });

  it('writes values as text', () => {
    expect(toPlainHeaders({ 'x-count': 2 })).to.deep.equal({ 'x-count': '2' });
    expect(toPlainHeaders([['x-count', 2]])).to.deep.equal({ 'x-count': '2' });
  });

  it('has none where there are none', () => {
    expect(toPlainHeaders(undefined)).to.equal(undefined);
    expect(toPlainHeaders(null)).to.equal(undefined);
  });
});
