import { expect } from 'chai';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector, type TestCollector } from '../testCollector';
import { Browsing, settled } from './support/Browsing';
import { PAGES } from './support/pages';

const SERVICES = 200;
const VERSIONS = 600;
const WIDTHS = '(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }))(document.documentElement)';

/** As long as a name may be, without a place to break it. */
const nameOf = (i: number): string => `${'a-service-with-a-very-long-name-'.repeat(3)}${i}`.padEnd(128, 'x');

/** Each service twice; one of them with a version of its driver for every day of two years. */
function logsOf(nowMs: number): object[] {
  const sessions = Array.from({ length: SERVICES + VERSIONS }, (_, i) => ({
    sessionId: `s${i}`,
    service: nameOf(i % SERVICES === 7 || i >= SERVICES ? 7 : i),
    driverVersion: i < SERVICES ? '2.1.0' : `1.${i}.0`,
    warehouse: `warehouse-${i}-${'w'.repeat(40)}`,
    timeMs: nowMs - 3_000_000 + i * 3_000,
  }));
  return sessions.flatMap((session, i) => [
    sessionLog(session),
    statementLog({
      sessionId: session.sessionId,
      timeMs: session.timeMs + 1,
      latencyMs: 20 + i,
      local:
        i % 9 === 0
          ? { outcome: 'failed', errorClass: `A_${'VERY_LONG_'.repeat(10)}CLASS_${i}`, sqlState: '42P01' }
          : { outcome: 'delivered', retryCauses: '503:2' },
      operation: { retry_count: i % 9 === 1 ? 2 : 0, execution_result: 'INLINE_ARROW' },
    }),
  ]);
}

describe('a fleet of many services with long names, and a version for every day', () => {
  let browsing: Browsing;
  let test: TestCollector;
  before(async () => {
    [browsing, test] = await Promise.all([Browsing.start(), testCollector()]);
    const logs = logsOf(Date.now());
    await deliver(test.collector.address, logs);
    await loaded(test.client, logs.length);
  });
  after(async () => {
    await browsing.close();
    await test.end();
  });

  for (const width of [900, 1440]) {
    it(`fits on every page into ${width} pixels, and no page becomes a scroll of versions`, async () => {
      const { page, troubles, close } = await browsing.visit(test.collector.address, '#/nowhere', { width });
      for (const name of PAGES) {
        await page.evaluate(`location.hash = '#/${name}?r=1h'`);
        await settled(page);
        const { scrollWidth, clientWidth } = await page.evaluate<{ scrollWidth: number; clientWidth: number }>(WIDTHS);
        expect(scrollWidth, name).to.equal(clientWidth);
        expect(await page.evaluate('document.documentElement.scrollHeight'), name).to.be.lessThan(5_000);
        expect(await page.locator('main').innerText(), name).to.not.match(/NaN|undefined|Infinity|\[object/);
      }
      expect(troubles).to.deep.equal([]);
      await close();
    });
  }

  it('names a few versions of a service, and says how many others it runs', async () => {
    const { page, close } = await browsing.visit(test.collector.address, '#/fleet?r=1h');
    await settled(page);
    const services = page.getByRole('region', { name: 'Services', exact: true }).locator('tbody');
    expect(await services.innerText()).to.match(
      new RegExp(`\\b1\\.\\d+\\.0, 1\\.\\d+\\.0, 1\\.\\d+\\.0, ${VERSIONS - 2} others`),
    );
    await close();
  });

  it('offers a hundred values of a filter, and finds the others by what is typed', async () => {
    const { page, close } = await browsing.visit(test.collector.address, '#/fleet?r=1h');
    await settled(page);
    await page.getByRole('button', { name: 'Service' }).first().click();
    const choices = page.getByRole('checkbox');
    expect(await choices.count()).to.equal(100);
    expect(await page.locator('.choices').innerText()).to.match(/\d+ more: type to find them/);
    await page.getByRole('searchbox', { name: 'Find Service' }).fill('-199x');
    expect(await choices.count()).to.equal(1);
    await choices.click();
    await page.keyboard.press('Escape');
    await settled(page);
    expect(await page.getByRole('region', { name: 'Services', exact: true }).locator('tbody tr').count()).to.equal(1);
    await close();
  });
});
