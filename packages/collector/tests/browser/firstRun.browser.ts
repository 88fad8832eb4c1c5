import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { sessionLog, statementLog } from '../logs';
import { deliver, post, testCollector, type TestCollector } from '../testCollector';
import { violationsOf } from './support/axe';
import { Browsing, holds, settled } from './support/Browsing';
import { prefixProxy } from './support/prefixProxy';

const done = (page: Page): Promise<string[]> => page.locator('.steps li', { hasText: '(done)' }).allInnerTexts();

describe('a collector that nothing has arrived at', () => {
  let browsing: Browsing;
  let test: TestCollector;
  before(async () => {
    browsing = await Browsing.start();
  });
  after(() => browsing.close());
  beforeEach(async () => (test = await testCollector()));
  afterEach(() => test.end());

  it('shows on every page how to send, and turns into the page by itself when the first statement is there', async () => {
    const { page, troubles, close } = await browsing.visit(test.collector.address, '#/errors', { hurried: true });
    await page.locator('.welcome').waitFor();
    for (const name of ['overview', 'statements', 'compare', 'fleet']) {
      await page.evaluate(`location.hash = '#/${name}'`);
      expect(await page.locator('h1').innerText()).to.equal('Welcome');
    }
    const words = await page.locator('main').innerText();
    expect(words).to.include(`telemetryEndpoint: '${test.collector.address}'`).and.include('Never SQL text');
    expect(await page.locator('.side .foot').innerText()).to.include('No records yet');
    expect((await done(page)).length).to.equal(1);
    expect(await violationsOf(page)).to.deep.equal([]);
    await deliver(test.collector.address, [sessionLog()]);
    await holds(page, "document.querySelectorAll('.steps .is-good').length === 3");
    await deliver(test.collector.address, [statementLog({ latencyMs: 5 })]);
    await holds(page, "document.querySelector('h1').textContent === 'Fleet'");
    await page.evaluate("location.hash = '#/overview'");
    await settled(page);
    expect(await page.locator('.kpi .v').first().innerText()).to.equal('1');
    expect(troubles).to.deep.equal([]);
    await close();
  });

  it('names the address under which it was opened, with the path of a reverse proxy', async () => {
    const proxy = await prefixProxy(test.collector.address);
    const { page, close } = await browsing.visit(proxy.address);
    await page.locator('.welcome').waitFor();
    // A path is used word for word: without its end the records would go nowhere.
    const [, endpoint = ''] =
      /telemetryEndpoint: '([^']+)'/.exec(await page.locator('.welcome .code').innerText()) ?? [];
    expect(endpoint).to.equal(`${proxy.address}/telemetry-ext`);
    expect((await post(endpoint, [sessionLog()], { path: '' })).status).to.equal(200);
    await close();
    await proxy.close();
  });

  it('keeps data health and configuration in reach', async () => {
    const { page, close } = await browsing.visit(test.collector.address, '#/health');
    await settled(page);
    expect(await page.locator('h1').innerText()).to.equal('Data health');
    expect(await page.locator('main').innerText()).to.include('Nothing arrived in this window.');
    await page.locator('nav a', { hasText: 'Configuration' }).click();
    await settled(page);
    expect(await page.locator('main').innerText()).to.include('No service has asked for its configuration yet.');
    await close();
  });
});
