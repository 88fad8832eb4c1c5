import { expect } from 'chai';
import type { Page, Route } from 'playwright-core';
import { holds, settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';
import { PAGES } from './support/pages';

const API = '**/api/v1/**';
const BUSY = {
  status: 503,
  contentType: 'application/json',
  body: '{"error":{"code":"busy","message":"The collector is busy."}}',
};

/** Whoever tries again asks at another moment. */
const RUNNING = { nowMs: null };

/** Panels of the page, by what they show. */
const panels = (page: Page, what: 'waiting' | 'stale' | 'failure' | 'fresh'): Promise<number> =>
  page.locator(`main .${what}`).count();

/** Lets no answer through before the function that it gives is called, and then, unless they are `refused`, all of them. */
async function heldBack(page: Page, refused = false): Promise<() => void> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(API, async (route: Route) => {
    await released;
    await (refused ? route.fulfill(BUSY) : route.continue()).catch(() => undefined);
  });
  return release;
}

describe('what a panel shows when there is no answer', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  for (const name of [...PAGES, 'statement/x']) {
    it(`${name}: that it waits, as long as it does, and that it failed, with a way to try again`, async () => {
      const { page, close } = await dashboard.open('#/nowhere', RUNNING);
      const refuse = await heldBack(page, true);
      await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash(name))}`);
      await page.locator('main .waiting').first().waitFor();
      expect(await page.locator('main .waiting').first().getAttribute('role')).to.equal('status');
      expect(await panels(page, 'failure')).to.equal(0);
      refuse();
      await page.locator('main .failure').first().waitFor();
      await settled(page);
      const failures = await page.locator('main .failure').allInnerTexts();
      for (const failure of failures) expect(failure).to.include('The collector is busy.').and.include('Try again');
      expect(await panels(page, 'fresh')).to.equal(0);
      await page.unroute(API);
      if (name !== 'statement/x') {
        await page.locator('main .failure button').first().click();
        await holds(page, "document.querySelector('main .failure') === null");
        await settled(page);
        expect(await panels(page, 'fresh')).to.be.greaterThan(0);
      }
      await close();
    });
  }

  it('says from how many statements it reads while that takes longer than a moment', async () => {
    const { page, close } = await dashboard.open('#/nowhere');
    await holds(page, "/Receiving/.test(document.querySelector('nav').innerText)");
    const release = await heldBack(page);
    await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash('overview'))}`);
    const all = new Intl.NumberFormat('en').format(dashboard.fleet.statements.length);
    await page
      .locator('main .waiting', { hasText: `Loading from ${all} statements` })
      .first()
      .waitFor();
    release();
    await settled(page);
    expect(await panels(page, 'waiting')).to.equal(0);
    await close();
  });

  it('a panel that fails leaves the others as they are', async () => {
    const { page, close } = await dashboard.open('#/nowhere', RUNNING);
    await page.route('**/api/v1/findings?**', (route) => route.fulfill(BUSY));
    await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash('overview'))}`);
    await page.locator('main .failure').waitFor();
    await settled(page);
    expect(await panels(page, 'failure')).to.equal(1);
    expect(await panels(page, 'fresh')).to.be.greaterThan(4);
    await close();
  });

  it('what was known stays, dimmed while the next answer is on its way', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('errors'), RUNNING);
    const before = await page.locator('main .fresh').first().innerText();
    const release = await heldBack(page);
    await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash('errors', { 'f.service': 'bi-export' }))}`);
    await page.locator('main .stale').first().waitFor();
    expect(await page.locator('main .stale').first().innerText()).to.equal(before);
    release();
    await settled(page);
    expect(await panels(page, 'stale')).to.equal(0);
    await close();
  });

  it('says since when the collector has not answered, keeps the figures from before, and goes on by itself', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('fleet'), { ...RUNNING, hurried: true });
    const rows = await page.locator('main tbody tr').count();
    await page.route(API, (route) => route.abort('connectionrefused'));
    await page.keyboard.press('r');
    const banner = page.locator('.banner');
    await banner.waitFor();
    expect(await banner.innerText()).to.match(
      /^The collector has not answered since \d\d:\d\d:\d\d\.\s+These figures are from before\.$/,
    );
    expect(await banner.getAttribute('role')).to.equal('alert');
    expect(await page.locator('main tbody tr').count()).to.equal(rows);
    expect(await page.locator('main .failure').first().innerText()).to.include('The collector does not answer.');
    await page.unroute(API);
    await banner.waitFor({ state: 'detached' });
    await close();
  });
});
