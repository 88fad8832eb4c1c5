import { expect } from 'chai';
import { statementLog } from './logs';
import { post, testCollector, type TestCollector } from './testCollector';

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

describe('on loopback, a role without tokens', () => {
  let test: TestCollector;
  afterEach(() => test.end());

  const rule = { scope: 'service', name: 'nobody', enabled: true };
  const steer = async (token?: string): Promise<number> => {
    const headers = { 'content-type': 'application/json', ...bearer(token) };
    const url = `${test.collector.address}/api/v1/configuration`;
    return (await fetch(url, { method: 'PUT', headers, body: JSON.stringify(rule) })).status;
  };
  const read = async (token?: string): Promise<number> =>
    (await fetch(`${test.collector.address}/api/v1/overview`, { headers: bearer(token) })).status;
  const send = async (token?: string): Promise<number> =>
    (await post(test.collector.address, [statementLog()], { headers: bearer(token) })).status;

  it('is open to everybody, but nobody steers where reading takes a token', async () => {
    test = await testCollector({ read: { tokens: ['read-token-1'] } });
    expect([await send(), await read(), await steer()]).to.deep.equal([200, 401, 401]);
    expect([await read('read-token-1'), await steer('read-token-1')]).to.deep.equal([200, 403]);
  });

  it('is open beside one that has some: who steers reads as well', async () => {
    test = await testCollector({ admin: { tokens: ['admin-token-1'] } });
    expect([await send(), await read(), await steer()]).to.deep.equal([200, 200, 401]);
    expect([await read('admin-token-1'), await steer('admin-token-1')]).to.deep.equal([200, 200]);
  });
});
