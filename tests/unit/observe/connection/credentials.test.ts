import { expect } from 'chai';
import type { IAuthentication } from '../../../../lib/contracts/IClientContext';
import type { ConnectOptionsView } from '../../../../lib/observe/connection/connectionInfo';
import { credentialsOf } from '../../../../lib/observe/connection/credentials';

const OWN: IAuthentication = { authenticate: async () => ({}) };
const SEEN: IAuthentication = { authenticate: async () => ({}) };

function options(more: Partial<ConnectOptionsView>): ConnectOptionsView {
  return { host: 'workspace.test', path: '/sql', ...more };
}

describe('credentials of telemetry', () => {
  for (const authType of [undefined, 'access-token']) {
    it(`are the token's, at once, with authType ${String(authType)}`, () => {
      expect(credentialsOf(options({ authType }), OWN, SEEN)).to.deep.equal({ source: OWN, afterFirstRequest: false });
    });
  }

  it('are what the queries were sent with where asking could open a browser', () => {
    const credentials = credentialsOf(options({ authType: 'databricks-oauth' }), OWN, SEEN);
    expect(credentials).to.deep.equal({ source: SEEN, afterFirstRequest: true });
  });

  it('are none where asking could open a browser and no request is seen', () => {
    const kernel = options({ authType: 'databricks-oauth', useKernel: true });
    expect(credentialsOf(kernel, OWN, SEEN).source).to.equal(undefined);
    expect(credentialsOf(options({ authType: 'databricks-oauth' }), OWN, undefined).source).to.equal(undefined);
  });

  for (const more of [
    { authType: 'databricks-oauth', oauthClientSecret: 'secret' },
    { authType: 'custom' },
    { authType: 'token-provider' },
  ]) {
    it(`are asked for after the driver has asked, with ${JSON.stringify(more)}`, () => {
      expect(credentialsOf(options(more), OWN, SEEN)).to.deep.equal({ source: OWN, afterFirstRequest: true });
    });
  }

  it('are what the queries were sent with where the driver does not show its provider', () => {
    expect(credentialsOf(options({ authType: 'custom' }), undefined, SEEN).source).to.equal(SEEN);
  });

  it('are asked for at once on the kernel backend, whose requests are not seen', () => {
    const kernel = options({ authType: 'token-provider', useKernel: true });
    expect(credentialsOf(kernel, OWN, SEEN)).to.deep.equal({ source: OWN, afterFirstRequest: false });
  });
});
