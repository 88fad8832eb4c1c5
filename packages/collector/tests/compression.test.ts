import { expect } from 'chai';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { statementLog } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

interface Answer {
  readonly encoding: string | undefined;
  readonly vary: string | undefined;
  readonly length: number;
  readonly body: Buffer;
}

describe('answers of the API', () => {
  let test: TestCollector;
  before(async () => {
    test = await testCollector();
    await deliver(
      test.collector.address,
      Array.from({ length: 50 }, (_, i) => statementLog({ statementId: `statement-${i}` })),
    );
    await loaded(test.client, 50);
  });
  after(() => test.end());

  const respond = async (path: string, accepts?: string): Promise<IncomingMessage> => {
    const headers = accepts === undefined ? {} : { 'accept-encoding': accepts };
    const asked = request(`${test.collector.address}/api/v1/${path}`, { headers });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return response;
  };
  const ask = async (path: string, accepts?: string): Promise<Answer> => {
    const response = await respond(path, accepts);
    const { headers } = response;
    const length = Number(headers['content-length']);
    return { encoding: headers['content-encoding'], vary: headers.vary, length, body: await buffer(response) };
  };

  it('that are long come compressed to whoever takes that, and say the same', async () => {
    const plain = await ask('statements?from=0');
    for (const accepts of ['gzip', 'br, GZIP;q=0.5', '*', 'deflate, gzip;q=1.0, *;q=0']) {
      const { encoding, vary, length, body } = await ask('statements?from=0', accepts);
      expect([encoding, vary, length], accepts).to.deep.equal(['gzip', 'accept-encoding', body.length]);
      expect(length).to.be.below(plain.length / 2);
      expect(JSON.parse(gunzipSync(body).toString()).statements).to.have.lengthOf(50);
    }
  });

  it('come as they are to everybody else, and tell caches that others get another form', async () => {
    for (const accepts of [undefined, '', 'identity', 'br', 'gzip;q=0', 'gzip; q=0.000, *', '*;q=0', 'xgzip']) {
      const { encoding, vary, length, body } = await ask('statements?from=0', accepts);
      expect([encoding, vary, length], accepts).to.deep.equal([undefined, 'accept-encoding', body.length]);
      expect(JSON.parse(body.toString()).statements).to.have.lengthOf(50);
    }
  });

  it('that are short, refusals, files and what is live are never compressed', async () => {
    for (const path of ['configuration', 'statements/nobody', 'export?format=csv']) {
      const { encoding, body, length } = await ask(path, 'gzip');
      expect([encoding, length], path).to.deep.equal([undefined, body.length]);
    }
    const live = await respond('live', 'gzip');
    expect(live.headers['content-encoding']).to.equal(undefined);
    live.destroy();
  });
});
