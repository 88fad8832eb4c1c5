import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { testCollector } from '../testCollector';
import { violationsOf } from './support/axe';
import { Browsing, holds, settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';

/** What opens above the page: where, by which button, as what. */
const OVERLAYS = [
  { page: 'overview', button: 'Service', label: 'Service filter' },
  { page: 'overview', button: /–.*UTC/, label: 'Window of time' },
  { page: 'compare', button: /^cut where/, label: 'Moment of the cut' },
  { page: 'compare', button: 'Keys and words', label: 'Keys and words' },
] as const;

const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent.trim()');

describe('what opens above the page', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  for (const { page: name, button, label } of OVERLAYS) {
    it(`${label}: takes the focus, is accessible in both themes, and gives the focus back at Escape`, async () => {
      const { page, troubles, close } = await dashboard.open(dashboard.hash(name));
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await holds(page, `document.documentElement.dataset.theme === '${colorScheme}'`);
        const trigger = page.locator('main').getByRole('button', { name: button }).first();
        await trigger.focus();
        const before = await focused(page);
        await page.keyboard.press('Enter');
        const dialog = page.getByRole('dialog', { name: label });
        await dialog.waitFor();
        expect(await dialog.locator(':focus').count()).to.equal(1);
        expect(await violationsOf(page)).to.deep.equal([]);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'hidden' });
        expect(await focused(page)).to.equal(before);
      }
      expect(troubles).to.deep.equal([]);
      await close();
    });
  }

  it('a window that ends now, or whose ends are typed, is in the address', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('overview'));
    const range = page
      .locator('main')
      .getByRole('button', { name: /–.*UTC/ })
      .first();
    await range.click();
    await page.getByLabel(/^From/).fill('2026-01-02T03:04');
    await page.keyboard.press('Tab');
    expect(page.url()).to.include(`from=${Date.UTC(2026, 0, 2, 3, 4)}`);
    await page.getByRole('radio', { name: 'Last 15 minutes' }).click();
    await settled(page);
    expect(page.url()).to.include('r=15m').and.not.include('from=');
    expect(await range.innerText()).to.include('Last 15 minutes');
    await close();
  });

  it('asks for a token in a form that is accessible', async () => {
    const tokens = { send: { tokens: ['sending-4711'] }, read: { tokens: ['reading-4711'] } };
    const [test, browsing] = await Promise.all([testCollector(tokens), Browsing.start()]);
    for (const dark of [false, true]) {
      const { page, close } = await browsing.visit(test.collector.address, '', { dark });
      await page.getByLabel('Token').waitFor();
      expect(await violationsOf(page)).to.deep.equal([]);
      await close();
    }
    await Promise.all([browsing.close(), test.end()]);
  });
});
