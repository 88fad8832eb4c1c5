import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';

const hashOf = (page: Page): string => new URL(page.url()).hash;
const parametersOf = (page: Page): URLSearchParams => new URLSearchParams(hashOf(page).split('?')[1] ?? '');

describe('the keyboard alone', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  it('goes to every page and back, to a statement, through time, theme and tables', async () => {
    const { page, troubles, close } = await dashboard.open(dashboard.hash('overview'));
    for (const [key, title] of [
      ['s', 'Statements'],
      ['c', 'Compare'],
      ['e', 'Errors'],
      ['f', 'Fleet'],
      [',', 'Configuration'],
      ['d', 'Data health'],
      ['o', 'Overview'],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await settled(page);
      expect(await page.locator('h1').innerText()).to.equal(title);
    }
    await page.keyboard.press('d');
    expect(await page.evaluate('document.documentElement.dataset.theme')).to.equal('dark');
    const before = parametersOf(page);
    await page.keyboard.press('[');
    expect(Number(parametersOf(page).get('to'))).to.be.lessThan(Number(before.get('to')));
    await page.keyboard.press(']');
    expect(parametersOf(page).get('to')).to.equal(before.get('to'));
    await page.keyboard.press('t');
    await settled(page);
    expect(await page.locator('main .plot').count()).to.equal(0);
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await settled(page);
    await page.getByRole('region', { name: 'Statements' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await settled(page);
    expect(hashOf(page)).to.match(/^#\/statement\//);
    expect(troubles).to.deep.equal([]);
    await close();
  });

  it('reaches nothing that is under the bar: what gets the focus can be seen', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('statements'), { height: 900 });
    const below =
      "document.activeElement.getBoundingClientRect().top - document.querySelector('.top').getBoundingClientRect().bottom";
    await page.getByRole('button', { name: 'Newest' }).focus();
    for (let stop = 0; stop < 12; stop += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(below), `stop ${stop}`).to.be.at.least(0);
    }
    expect(await page.evaluate('scrollY')).to.be.greaterThan(0);
    await close();
  });

  it('finds, goes live, and asks for help', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('overview'));
    const focus = (): Promise<string> => page.evaluate('document.activeElement.textContent.trim()');
    await page.keyboard.press('/');
    expect(await focus()).to.equal('Service');
    await page.keyboard.press('l');
    expect(parametersOf(page).get('live')).to.equal('1');
    expect(parametersOf(page).get('from')).to.equal(null);
    await page.keyboard.press('l');
    expect(parametersOf(page).get('live')).to.equal(null);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys and words' }).waitFor();
    await page.keyboard.press('Escape');
    await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash('fleet'))}`);
    await settled(page);
    await page.keyboard.press('/');
    await page.keyboard.type('export');
    await settled(page);
    expect(parametersOf(page).get('find')).to.equal('export');
    const rows = page.getByRole('region', { name: 'Services', exact: true }).locator('tbody tr');
    expect(await rows.allInnerTexts()).to.have.lengthOf(1);
    await page.reload();
    await settled(page);
    expect(await rows.first().innerText()).to.include('bi-export');
    await close();
  });

  it('lets go of what is selected at Escape, wherever the focus is', async () => {
    const { from, to } = dashboard.window;
    const sel = `${from + 3_600_000},${to - 3_600_000},1000,`;
    const { page, close } = await dashboard.open(dashboard.hash('statements', { sel }));
    expect(parametersOf(page).get('sel')).to.equal(sel);
    await page.getByRole('region', { name: 'Statements' }).focus();
    await page.keyboard.press('Escape');
    await settled(page);
    expect(parametersOf(page).get('sel')).to.equal(null);
    await page.goBack();
    await settled(page);
    expect(parametersOf(page).get('sel')).to.equal(sel);
    await close();
  });

  it('draws upon the heatmap with its arrows', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('statements'));
    await page.locator('.plot[tabindex="0"]').first().focus();
    await page.keyboard.press('ArrowRight');
    for (let i = 0; i < 6; i += 1) await page.keyboard.press('Shift+ArrowRight');
    await settled(page);
    expect(parametersOf(page).get('sel')).to.match(/^\d+,\d+,/);
    await close();
  });

  it('shows where the focus is, wherever the Tab key goes', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('overview'));
    const reached = new Set<string>();
    for (let i = 0; i < 40; i += 1) {
      await page.keyboard.press('Tab');
      const [name, outlined] = await page.evaluate<[string, boolean]>(
        '(() => { const e = document.activeElement; const s = getComputedStyle(e); ' +
          'return [e.tagName + " " + (e.getAttribute("aria-label") ?? e.textContent ?? "").slice(0, 40), ' +
          's.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2]; })()',
      );
      expect(outlined, name).to.equal(true);
      reached.add(name);
    }
    expect([...reached].some((name) => name.includes('Skip to content'))).to.equal(true);
    expect(reached.size).to.be.greaterThan(25);
    await close();
  });
});
