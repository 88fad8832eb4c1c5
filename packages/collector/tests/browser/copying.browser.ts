import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { holds, settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';

const copied = (page: Page): Promise<string> => page.evaluate('navigator.clipboard.readText()');

describe('taking something along', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  it('an id by its button and by the key of its row, and a link to the view', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('statements'));
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const rows = page.getByRole('region', { name: 'Statements', exact: true }).locator('tbody tr');
    const [first, second] = [await rows.nth(0).getAttribute('data-id'), await rows.nth(1).getAttribute('data-id')];
    await rows.nth(0).getByRole('button', { name: 'Copy statement id' }).click();
    expect(await copied(page)).to.equal(first);
    await page.getByRole('region', { name: 'Statements', exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('c');
    expect(await copied(page)).to.equal(second);
    await page.getByRole('button', { name: 'Copy a link to this view' }).click();
    expect(await copied(page)).to.equal(page.url());
    await close();
  });

  it('an id where the browser offers no clipboard', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('statements'));
    await page.evaluate(
      "Object.defineProperty(navigator, 'clipboard', { value: undefined });" +
        "document.execCommand = (name) => { globalThis.taken = [name, document.querySelector('textarea').value]; return true; }",
    );
    const row = page.getByRole('region', { name: 'Statements', exact: true }).locator('tbody tr').first();
    await row.getByRole('button', { name: 'Copy statement id' }).click();
    expect(await page.evaluate('taken')).to.deep.equal(['copy', await row.getAttribute('data-id')]);
    expect(await page.locator('textarea').count()).to.equal(0);
    await close();
  });

  it('colours and zone are kept for the next visit, the choice of tables is not', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('overview'), { timezone: 'Asia/Tokyo' });
    for (const key of ['d', 'u', 't']) await page.keyboard.press(key);
    await page.reload();
    await settled(page);
    expect(await page.evaluate('document.documentElement.dataset.theme')).to.equal('dark');
    expect(await page.locator('.top').innerText()).to.include('UTC');
    expect(await page.locator('main .plot').count()).to.be.greaterThan(0);
    await close();
  });

  it('follows the colours of the system as long as none are chosen', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('overview'));
    for (const colorScheme of ['dark', 'light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await holds(page, `document.documentElement.dataset.theme === '${colorScheme}'`);
    }
    await page.keyboard.press('d');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.emulateMedia({ colorScheme: 'dark' });
    await settled(page);
    expect(await page.evaluate('document.documentElement.dataset.theme')).to.equal('light');
    await close();
  });
});
