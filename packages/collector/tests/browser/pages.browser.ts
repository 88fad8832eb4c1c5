import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { violationsOf } from './support/axe';
import { holds, settled, type Visited } from './support/Browsing';
import { Dashboard } from './support/Dashboard';
import { PAGES } from './support/pages';

const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
// 720: a screen of 1440 at 200 %.
const WIDTHS = [720, 900, 2560];
const CLICKABLE = 'a[href], button:not([disabled]), input, select, summary, [tabindex="0"]';
const NOTHING_IN_IT = 'from=1000000000000&to=1000003600000';

/** What a page says when there is nothing to show. */
const WITHOUT: Readonly<Record<string, string>> = {
  overview: 'No statement in this window. Take a longer one, or fewer filters.',
  statements: 'No statement in this window. Take a longer one, or fewer filters.',
  compare: 'Too few statements to tell: A has 0 and B 0, and under 20 nothing can be said.',
  errors: 'Nothing failed in this window. Take a longer one, or fewer filters.',
  cloudfetch: 'No result of this window came as files. Large ones do, when the driver asks for it.',
  retries: 'No request was repeated in this window.',
  fleet: 'No statement in this window.',
  health: 'Nothing arrived in this window.',
};

/** Everything that can be clicked and was not reached by the focus yet. */
const watchFocus = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `document.activeElement.blur();
    globalThis.left = new Set([...document.querySelectorAll('${CLICKABLE}')]
      .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.tabIndex >= 0));
    document.addEventListener('focusin', ({ target }) => left.delete(target));
    left.size`,
  );

describe('every page of the dashboard', () => {
  let dashboard: Dashboard;
  let visited: Visited | undefined;
  before(async () => {
    dashboard = await Dashboard.shared();
  });
  /** What is open, as long as nothing went wrong there. */
  let opened = '';
  const leave = async (): Promise<void> => {
    await visited?.close();
    [visited, opened] = [undefined, ''];
  };
  afterEach(async function () {
    if (this.currentTest?.state !== 'passed') await leave();
  });
  after(leave);

  async function open(name: string): Promise<Visited> {
    if (visited !== undefined && name === opened) return visited;
    await leave();
    const { to } = dashboard.window;
    const { id = '' } = dashboard.fleet.statements.at(-1) ?? {};
    // Half a minute of statements has rows of each kind.
    const parameters = name === 'statements' ? { from: String(to - 30_000) } : undefined;
    visited = await dashboard.open(dashboard.hash(name === 'statement' ? `statement/${id}` : name, parameters));
    opened = name;
    return visited;
  }

  it('is in the menu', async () => {
    const { page } = await open('overview');
    const links = await page.evaluate<string[]>("[...document.querySelectorAll('nav a.nav')].map((a) => a.hash)");
    expect(links.map((hash) => /^#\/(\w+)/.exec(hash)?.[1])).to.deep.equal(PAGES);
  });

  for (const name of [...PAGES, 'statement']) {
    it(`${name}: the Tab key reaches everything that can be clicked`, async () => {
      const { page } = await open(name);
      const all = await watchFocus(page);
      expect(all).to.be.greaterThan(15);
      for (let presses = 0; presses < all + 20; presses += 1) await page.keyboard.press('Tab');
      const left = await page.evaluate<string[]>('[...left].map((e) => e.outerHTML.slice(0, 120))');
      expect(left).to.deep.equal([]);
    });

    it(`${name}: fits into ${WIDTHS.join(', ')} pixels without scrolling sideways, and ends where its content ends`, async () => {
      const { page } = await open(name);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 4_000 });
        await settled(page);
        expect(await page.evaluate<number>(OVERFLOW), String(width)).to.be.at.most(0);
      }
      expect(await page.evaluate('document.documentElement.scrollHeight')).to.equal(4_000);
      await page.setViewportSize({ width: 1_440, height: 900 });
    });

    it(`${name}: no violation that axe knows in both themes, as charts and as tables; no console error, no foreign request`, async () => {
      const { page, troubles } = await open(name);
      expect(await page.locator('h1').innerText()).to.not.equal('');
      const found: string[] = [];
      for (const [theme, shown, key] of [
        ['light', 'charts', 't'],
        ['light', 'tables', 'd'],
        ['dark', 'tables', 't'],
        ['dark', 'charts', null],
      ] as const) {
        await holds(page, `document.documentElement.dataset.theme === '${theme}'`);
        expect(await page.locator('main').innerText(), shown).to.not.match(/NaN|undefined|Infinity|\[object/);
        // A theme changes nothing but colours.
        found.push(...(await violationsOf(page, theme === 'dark' ? ['color-contrast'] : undefined)));
        if (key !== null) await page.keyboard.press(key);
        await settled(page);
      }
      expect([...found, ...troubles]).to.deep.equal([]);
    });
  }

  it('keeps colours that mean something where the system chooses the others', async () => {
    await leave();
    const { page } = await open('overview');
    await page.emulateMedia({ forcedColors: 'active' });
    const colors = await page.evaluate<string[]>(
      "[...document.querySelectorAll('.bar i, .leg i')].map((e) => getComputedStyle(e).backgroundColor)",
    );
    expect(new Set(colors).size).to.be.greaterThan(4);
  });

  it('is printed with its marks and its window of time, without what only a screen can use', async () => {
    await leave();
    const { page } = await open('overview');
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
  });

  it('leaves no room empty below a chart whose neighbour is taller', async () => {
    await leave();
    const { page, go } = await open('overview');
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
  });

  it('says what to do when there is nothing to show, and where there is something', async () => {
    await leave();
    const { page, troubles, go } = await open('overview');
    const elsewhere = page.getByText('All statements of this collector are of');
    expect(await elsewhere.count()).to.equal(0);
    for (const name of PAGES) {
      await go(`#/${name}?${NOTHING_IN_IT}`);
      expect(await page.locator('main').innerText(), name)
        .to.include(WITHOUT[name] ?? '')
        .and.not.match(/NaN|undefined|Infinity|\[object/);
      if (['configuration', 'health'].includes(name)) expect(await elsewhere.count(), name).to.equal(0);
      else await elsewhere.waitFor();
    }
    await go(`#/statements?${NOTHING_IN_IT}`);
    await page.getByRole('button', { name: 'Show the last ones' }).click();
    await settled(page);
    const rows = page.getByRole('region', { name: 'Statements', exact: true }).locator('tbody tr');
    expect(await rows.count()).to.be.at.least(1);
    expect(troubles).to.deep.equal([]);
  });
});
