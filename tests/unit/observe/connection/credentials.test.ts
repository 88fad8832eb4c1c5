import { expect } from 'chai';
import sinon from 'sinon';
import type { IAuthentication } from '../../../../lib/contracts/IClientContext';
import type { ConnectOptionsView } from '../../../../lib/observe/connection/connectOptions';
import type { SeenHeaders } from '../../../../lib/observe/rpc/observeConnectionProvider';
import { credentialsOf } from '../../../../lib/observe/connection/credentials';

const OWN: IAuthentication = { authenticate: async () => ({}) };
const SEEN: SeenHeaders = { authentication: { authenticate: async () => ({}) }, firstRequest: Promise.resolve() };
const seeHeaders = (): SeenHeaders => SEEN;
const seeNothing = (): undefined => undefined;

function options(more: Partial<ConnectOptionsView>): ConnectOptionsView {
  return { host: 'workspace.test', path: '/sql', ...more };
}

describe('credentials of telemetry', () => {
  for (const authType of [undefined, 'access-token']) {
    it(`are the token's, at once, with authType ${String(authType)}`, () => {
      expect(credentialsOf(options({ authType }), OWN, seeHeaders)).to.deep.equal({
        source: OWN,
        afterFirstRequest: undefined,
      });
    });
  }

  it('of a token are asked for without a look at the headers of the queries', () => {
    const look = sinon.spy(seeHeaders);
    credentialsOf(options({}), OWN, look);
    sinon.assert.notCalled(look);
  });

  it('are what the queries were sent with where asking could open a browser', () => {
    const credentials = credentialsOf(options({ authType: 'databricks-oauth' }), OWN, seeHeaders);
    expect(credentials).to.deep.equal({ source: SEEN.authentication, afterFirstRequest: SEEN.firstRequest });
  });

  it('are none where asking could open a browser and no request is seen', () => {
    const kernel = options({ authType: 'databricks-oauth', useKernel: true });
    expect(credentialsOf(kernel, OWN, seeHeaders).source).to.equal(undefined);
    expect(credentialsOf(options({ authType: 'databricks-oauth' }), OWN, seeNothing).source).to.equal(undefined);
  });

  for (const more of [
    { authType: 'databricks-oauth', oauthClientSecret: 'secret' },
    { authType: 'custom' },
    { authType: 'token-provider' },
  ]) {
    it(`are asked for after the driver has asked, with ${JSON.stringify(more)}`, () => {
      expect(credentialsOf(options(more), OWN, seeHeaders)).to.deep.equal({
        source: OWN,
        afterFirstRequest: SEEN.firstRequest,
      });
    });
  }

  it('are what the queries were sent with where the driver does not show its provider', () => {
    expect(credentialsOf(options({ authType: 'custom' }), undefined, seeHeaders).source).to.equal(SEEN.authentication);
  });

  it('are asked for at once on the kernel backend, whose requests are not seen', () => {
    const kernel = options({ authType: 'token-provider', useKernel: true });
    expect(credentialsOf(kernel, OWN, seeHeaders)).to.deep.equal({ source: OWN, afterFirstRequest: undefined });
  });
});
