import { expect } from 'chai';
import {
  anonymousHeaders,
  authenticatedHeaders,
  hasAuthorization,
} from '../../../../lib/telemetry/http/requestHeaders';

describe('request headers', () => {
  it('are those of the connection with its credentials, in lower case; the credentials win', () => {
    const origin = { userAgent: 'ua', headers: { 'X-App': 'a', AUTHORIZATION: 'Basic mine' } };
    expect(authenticatedHeaders(origin, { Authorization: 'Bearer T', 'X-More': 'm' })).to.deep.equal({
      'x-app': 'a',
      'x-more': 'm',
      authorization: 'Bearer T',
      'user-agent': 'ua',
      'content-type': 'application/json',
    });
  });

  for (const name of [
    'Content-Type',
    'content-length',
    'Content-Encoding',
    'Transfer-Encoding',
    'Connection',
    'Host',
    'User-Agent',
  ]) {
    it(`are not overridden by a connection's ${name}`, () => {
      const own = authenticatedHeaders({ userAgent: 'ua', headers: {} }, {});
      expect(authenticatedHeaders({ userAgent: 'ua', headers: { [name]: 'x' } }, { [name]: 'y' })).to.deep.equal(own);
    });
  }

  it('without identity name the product and its version only', () => {
    expect(anonymousHeaders('Product/1.2.3-a+b (app; secret) agent/x')).to.deep.equal({
      'user-agent': 'Product/1.2.3-a+b',
      'content-type': 'application/json',
    });
    expect(anonymousHeaders('Product secret')['user-agent']).to.equal('Product');
    expect(anonymousHeaders('(odd)')['user-agent']).to.equal('unknown');
  });

  it('hold credentials when there is an authorization that is not blank', () => {
    expect(hasAuthorization({ Authorization: 'Bearer T' })).to.equal(true);
    expect(hasAuthorization({ authorization: '  ' })).to.equal(false);
    expect(hasAuthorization({ other: 'x' })).to.equal(false);
  });
});
