import { expect } from 'chai';
import { Agent } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '../testCollector';
import { bodyOf, Front, send, testGateway, upstreamThat } from './testGateway';

const REQUESTS = 10_000;
const AT_A_TIME = 20;

describe('the gateway over time', () => {
  /** Is asked once and then left alone, while the rest goes on. */
  const quiet = new Front();
  before(async () => {
    const port = await quiet.before((_message, response) => response.end());
    await send(port);
    expect(await quiet.upstream?.connections()).to.equal(1);
  });
  after(() => quiet.end());

  it('keeps nothing of 10,000 requests: neither memory nor connections', async function () {
    this.timeout(300_000);
    const upstream = await upstreamThat((message, response) => {
      void bodyOf(message).then((body) => response.end(body));
    });
    const { gateway, port } = await testGateway({ upstream: upstream.origin, telemetry: 'copy' });
    const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME });
    const body = Buffer.alloc(2_000, 'x');
    const run = async (requests: number): Promise<void> => {
      let left = requests;
      const worker = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          const path = left % 100 === 0 ? '/telemetry-ext' : '/sql/1.0/warehouses/x';
          const { status } = await send(port, { method: 'POST', path, agent }, body);
          if (status !== 200) throw new Error(`Answered with ${status}`);
        }
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, worker));
      upstream.requests.length = 0;
    };
    const heap = async (): Promise<number> => {
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void;
      for (let i = 0; i < 5; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        collect();
      }
      return process.memoryUsage().heapUsed / 2 ** 20;
    };
    await run(2_000);
    const before = await heap();
    await run(REQUESTS);
    const grown = (await heap()) - before;
    expect(await upstream.connections()).to.be.at.most(AT_A_TIME);
    expect(grown).to.be.below(10);
    expect(gateway.stats()).to.include({ requests: REQUESTS + 2_000, failed: 0 });
    agent.destroy();
    await gateway.close();
    await upstream.close();
  });

  it('closes a connection to the workspace that has been idle for 15 seconds', async () => {
    await until(async () => quiet.upstream?.connections(), (count) => count === 0); // prettier-ignore
  }).timeout(90_000);
});
