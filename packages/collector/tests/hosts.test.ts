import { expect } from 'chai';
import { request } from 'node:http';
import { hostname } from 'node:os';
import { testCollector, type TestCollector } from './testCollector';

const TOKENS = { send: { tokens: ['send-token-1'] }, read: { tokens: ['read-token-1'] } };

describe('a collector that others reach', () => {
  let test: TestCollector | undefined;
  afterEach(() => test?.end());

  /** 200 where the Host header is taken, 421 where it is not. */
  async function statusFor(host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const asked = request(
        `http://127.0.0.1:${test?.collector.port ?? 0}/healthz`,
        { headers: { host } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      asked.on('error', reject).end();
    });
  }

  it('takes its addresses and its own name, and no name that a page had resolved to it', async () => {
    test = await testCollector({ host: '0.0.0.0', ...TOKENS });
    for (const host of ['10.1.2.3', '[fe80::1]:4300', hostname(), `${hostname().toUpperCase()}:80`]) {
      expect(await statusFor(host), host).to.equal(200);
    }
    for (const host of ['evil.example', 'telemetry.example.com', `${hostname()}.evil.example`]) {
      expect(await statusFor(host), host).to.equal(421);
    }
  });

  it('takes the names that it is given, in any case, and no others; any with *', async () => {
    test = await testCollector({ host: '0.0.0.0', allowedHosts: ['Telemetry.example.com'], ...TOKENS });
    for (const host of ['telemetry.example.com', 'TELEMETRY.EXAMPLE.COM:443', '127.0.0.1']) {
      expect(await statusFor(host), host).to.equal(200);
    }
    expect(await statusFor('other.example.com')).to.equal(421);
    await test.end();
    test = await testCollector({ allowedHosts: ['*'], ...TOKENS });
    expect(await statusFor('other.example.com')).to.equal(200);
  });
});
