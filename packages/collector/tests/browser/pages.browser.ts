import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { violationsOf } from './support/axe';
import { settled, type Visit } from './support/Browsing';
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

describe('every page of the dashboard', () => {
  let dashboard: Dashboard;
  let pages: string[];
  before(async () => {
    dashboard = await Dashboard.shared();
    pages = await pagesOf(dashboard);
    expect(pages.length).to.be.greaterThan(6);
  });

  /** What `look` finds wrong, by page, with what the browser complained about; one visitor goes through all pages. */
  async function wrongOf(
    look: (page: Page, name: string) => Promise<readonly unknown[]>,
    visit: Visit = {},
    prepare: (page: Page) => Promise<void> = () => Promise.resolve(),
  ): Promise<Record<string, unknown[]>> {
    const { page, troubles, go, close } = await dashboard.open(dashboard.hash('overview'), visit);
    await prepare(page);
    const found: Record<string, unknown[]> = {};
    for (const name of pages) {
      await go(dashboard.hash(name));
      const wrong = [...(await look(page, name)), ...troubles.splice(0)];
      if (wrong.length > 0) found[name] = wrong;
    }
    await close();
    return found;
  }

  for (const dark of [false, true]) {
    it(`has no violation that axe knows, no console error and no foreign request, ${dark ? 'dark' : 'light'}`, async () => {
      const found = await wrongOf(
        async (page, name) => {
          expect(await page.locator('h1').innerText()).to.not.equal('');
          expect(await page.locator('main').innerText(), name).to.not.match(/NaN|undefined|Infinity|\[object/);
          return violationsOf(page);
        },
        { dark },
      );
      expect(found).to.deep.equal({});
    });
  }

  it('has no violation that axe knows with tables in place of charts', async () => {
    const found = await wrongOf(violationsOf, {}, (page) => page.keyboard.press('t'));
    expect(found).to.deep.equal({});
  });

  // 720: a screen of 1440 at 200 %.
  for (const width of [720, 900, 2560]) {
    it(`fits into ${width} pixels without scrolling sideways`, async () => {
      const found = await wrongOf(
        async (page) => {
          const overflow = await page.evaluate<number>(OVERFLOW);
          return overflow > 0 ? [overflow] : [];
        },
        { width, height: 1200 },
      );
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

  it('is printed with its marks and its window of time, without what only a screen can use', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('overview'));
    await page.emulateMedia({ media: 'print' });
    await settled(page);
    const shown = (selector: string): Promise<boolean> => page.locator(selector).first().isVisible();
    for (const selector of ['nav.side', '.top .ic', '.csv', '.seg.q']) {
      expect(await shown(selector), selector).to.equal(false);
    }
    for (const selector of ['.top .btn', '.kpi .v', '.heatmap canvas']) {
      expect(await shown(selector), selector).to.equal(true);
    }
    expect(await page.evaluate("getComputedStyle(document.querySelector('.bar i')).printColorAdjust")).to.equal(
      'exact',
    );
    await close();
  });

  it('leaves no room empty below a chart whose neighbour is taller', async () => {
    const { page, go, close } = await dashboard.open(dashboard.hash('overview'));
    for (const name of ['fleet', 'compare', 'overview']) {
      await go(dashboard.hash(name));
      const left = await page.evaluate<readonly (readonly [string, number])[]>(
        `[...document.querySelectorAll('main section.card')].filter((card) => card.querySelector('.body > .plot')).map((card) => {
          const inside = card.querySelector('.body').getBoundingClientRect();
          const parts = [...card.querySelector('.body').children].map((e) => e.getBoundingClientRect().bottom);
          return [card.querySelector('h2').textContent, inside.bottom - Math.max(...parts)];
        })`,
      );
      for (const [title, room] of left) expect(room, title).to.be.at.most(15);
      const tall = await page.evaluate<readonly boolean[]>(
        "[...document.querySelectorAll('.plot > div')].map((e) => e.querySelector('canvas').clientHeight === e.clientHeight)",
      );
      expect(tall, name).to.include(true).and.not.include(false);
    }
    await close();
  });

  it('says what to do when there is nothing to show, and where there is something', async () => {
    const { page, troubles, go, close } = await dashboard.open('#/nowhere');
    const filtered = pages.filter((name) => !/^(?:statement\/|configuration$|health$)/.test(name));
    for (const name of pages.filter((one) => !one.startsWith('statement/'))) {
      await go(`#/${name}?from=1000000000000&to=1000003600000`);
      expect(await page.locator('main').innerText(), name)
        .to.match(/\w/)
        .and.not.match(/NaN|undefined|Infinity|\[object/);
      const elsewhere = page.getByText('All statements of this collector are of');
      if (filtered.includes(name)) await elsewhere.waitFor();
      else expect(await elsewhere.count(), name).to.equal(0);
    }
    await go('#/statements?from=1000000000000&to=1000003600000');
    await page.getByRole('button', { name: 'Show the last ones' }).click();
    await settled(page);
    expect(
      await page.getByRole('region', { name: 'Statements', exact: true }).locator('tbody tr').count(),
    ).to.be.at.least(1);
    expect(troubles).to.deep.equal([]);
    await close();
  });
});
