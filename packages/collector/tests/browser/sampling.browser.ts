import { expect } from 'chai';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector, type TestCollector } from '../testCollector';
import { Browsing, settled } from './support/Browsing';
import { figures, rowOf } from './support/reading';

describe('services that send samples', () => {
  let test: TestCollector;
  let browsing: Browsing;
  before(async () => {
    [test, browsing] = await Promise.all([testCollector(), Browsing.start()]);
    const logs = Array.from({ length: 60 }, (_, i) =>
      statementLog({
        latencyMs: 100 + i,
        local: i < 10 ? { outcome: 'failed' } : { outcome: 'delivered', sampleRate: 0.1 },
      }),
    );
    await deliver(test.collector.address, [sessionLog(), ...logs]);
    await loaded(test.client, logs.length + 1);
  });
  after(async () => {
    await Promise.all([browsing.close(), test.end()]);
  });

  it('the overview shows what they stand for, and every page says in a sentence how much of it is estimated', async () => {
    const { page, troubles, close } = await browsing.visit(test.collector.address, '#/overview?r=1h');
    await settled(page);
    const shown = await figures(page);
    expect(shown.get('Statements')).to.include('510');
    expect(shown.get('Failed')).to.include('· 10');
    for (const name of ['overview', 'statements', 'errors', 'compare', 'fleet']) {
      await page.evaluate(`location.hash = '#/${name}?r=1h'`);
      await settled(page);
      expect(await page.locator('main .note').innerText(), name).to.equal(
        '≈ 500 of these statements are estimated from the 50 received: their services send samples.',
      );
    }
    expect(troubles).to.deep.equal([]);
    await close();
  });

  it('marks the service among the others, its count as an estimate, and leads to where sampling is decided', async () => {
    const { page, close } = await browsing.visit(test.collector.address, '#/fleet?r=1h');
    await settled(page);
    const row = await rowOf(page, 'Services', 'checkout');
    expect(row).to.include('≈ 510');
    await page.getByRole('region', { name: 'Services', exact: true }).getByRole('link', { name: 'sampled' }).click();
    await settled(page);
    expect(page.url()).to.include('#/configuration?').and.include('service=checkout');
    await close();
  });

  it('a service that sends everything has neither mark nor note', async () => {
    const other = await testCollector();
    await deliver(other.collector.address, [sessionLog(), statementLog({ latencyMs: 5 })]);
    await loaded(other.client, 2);
    const { page, close } = await browsing.visit(other.collector.address, '#/fleet?r=1h');
    await settled(page);
    expect(await page.locator('main').innerText()).to.not.match(/≈|sampled/);
    await close();
    await other.end();
  });
});
