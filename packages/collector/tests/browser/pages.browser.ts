import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { violationsOf } from './support/axe';
import { settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';

const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** The first part of the hash of each page of the menu, and of the one that shows a statement. */
async function pagesOf(dashboard: Dashboard): Promise<string[]> {
  const { page, close } = await dashboard.open(dashboard.hash('overview'));
  const links = await page.evaluate<string[]>("[...document.querySelectorAll('nav a.nav')].map((a) => a.hash)");
  await close();
  const [statement] = dashboard.fleet.statements.slice(-1);
  return [...links.map((hash) => /^#\/(\w+)/.exec(hash)?.[1] ?? ''), `statement/${statement?.id ?? ''}`];
}

const headingOf = (page: Page): Promise<string> => page.locator('h1').innerText();

describe('every page of the dashboard', () => {
  let dashboard: Dashboard;
  let pages: string[];
  before(async () => {
    dashboard = await Dashboard.shared();
    pages = await pagesOf(dashboard);
    expect(pages.length).to.be.greaterThan(6);
  });

  for (const dark of [false, true]) {
    it(`has no violation that axe knows, no console error and no foreign request, ${dark ? 'dark' : 'light'}`, async () => {
      const found: Record<string, string[]> = {};
      for (const name of pages) {
        const { page, troubles, close } = await dashboard.open(dashboard.hash(name), { dark });
        expect(await headingOf(page)).to.not.equal('');
        expect(await page.locator('main').innerText(), name).to.not.match(/NaN|undefined|Infinity|\[object/);
        const wrong = [...troubles, ...(await violationsOf(page))];
        if (wrong.length > 0) found[name] = wrong;
        await close();
      }
      expect(found).to.deep.equal({});
    });
  }

  it('has no violation that axe knows with tables in place of charts', async () => {
    const found: Record<string, string[]> = {};
    for (const name of pages) {
      const { page, troubles, close } = await dashboard.open(dashboard.hash(name));
      await page.keyboard.press('t');
      await settled(page);
      const wrong = [...troubles, ...(await violationsOf(page))];
      if (wrong.length > 0) found[name] = wrong;
      await close();
    }
    expect(found).to.deep.equal({});
  });

  // 720: a screen of 1440 at 200 %.
  for (const width of [720, 900, 2560]) {
    it(`fits into ${width} pixels without scrolling sideways`, async () => {
      const found: Record<string, number> = {};
      for (const name of pages) {
        const { page, close } = await dashboard.open(dashboard.hash(name), { width, height: 1200 });
        const overflow = await page.evaluate<number>(OVERFLOW);
        if (overflow > 0) found[name] = overflow;
        await close();
      }
      expect(found).to.deep.equal({});
    });
  }

  it('keeps colours that mean something where the system chooses the others', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('overview'));
    await page.emulateMedia({ forcedColors: 'active' });
    const colors = await page.evaluate<string[]>(
      "[...document.querySelectorAll('.bar i, .leg i')].map((e) => getComputedStyle(e).backgroundColor)",
    );
    expect(new Set(colors).size).to.be.greaterThan(4);
    await close();
  });

  it('says what to do when there is nothing to show', async () => {
    for (const name of pages.filter((page) => !page.startsWith('statement/'))) {
      const { page, troubles, close } = await dashboard.open(`#/${name}?from=1000000000000&to=1000003600000`);
      expect(troubles, name).to.deep.equal([]);
      expect(await page.locator('main').innerText(), name)
        .to.match(/\w/)
        .and.not.match(/NaN|undefined|Infinity|\[object/);
      await close();
    }
  });
});
