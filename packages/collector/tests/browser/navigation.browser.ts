import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { holds, settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';
import { dragHeatmap } from './support/reading';

const heading = (page: Page): Promise<string> => page.locator('h1').innerText();
const hashOf = (page: Page): string => new URL(page.url()).hash;
const parametersOf = (page: Page): URLSearchParams => new URLSearchParams(hashOf(page).split('?')[1] ?? '');

describe('finding the way in the dashboard', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  it('drag in the heatmap: the address holds the box, and the table exactly its statements', async () => {
    const { page, troubles, close } = await dashboard.open(dashboard.hash('statements'));
    await dragHeatmap(page, [0.7, 0.05], [0.98, 0.5]);
    const [fromMs = NaN, toMs = NaN, minMs, maxMs] = (parametersOf(page).get('sel') ?? '').split(',').map(Number);
    expect(fromMs).to.be.lessThan(toMs);
    const total = ({ latencyMs, consumeMs }: { latencyMs: number; consumeMs: number | null }): number =>
      latencyMs + (consumeMs ?? 0);
    const { from, to } = dashboard.window;
    const known = dashboard.fleet.statements.filter(
      (statement) =>
        statement.timeMs >= Math.max(from, fromMs) &&
        statement.timeMs < Math.min(to, toMs) &&
        (!minMs || total(statement) >= minMs) &&
        (!maxMs || total(statement) < maxMs),
    );
    expect(known.length).to.be.greaterThan(20);
    const text = await page.locator('main').innerText();
    expect(text).to.include('Why these?');
    expect(text.replaceAll(',', '')).to.include(`${known.length} selected`);
    expect(troubles).to.deep.equal([]);
    await page.keyboard.press('Escape');
    expect(parametersOf(page).get('sel')).to.equal(null);
    await close();
  });

  it('a finger draws a box sideways, and still scrolls the page up and down', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('statements'));
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator('.heatmap .over').boundingBox()) ?? {};
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: number): Promise<unknown> =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: at === undefined ? [] : [{ x: x + at * width, y: y + height / 2 }],
      });
    await touch('touchStart', 0.3);
    for (const at of [0.35, 0.45, 0.6]) await touch('touchMove', at);
    await touch('touchEnd');
    await settled(page);
    expect(parametersOf(page).get('sel')).to.match(/^\d+,\d+,,$/);
    const touchAction = "getComputedStyle(document.querySelector('.heatmap .over')).touchAction";
    expect(await page.evaluate(touchAction)).to.equal('pan-y');
    await close();
  });

  it('a view opens again from its address, and the browser goes back and forward through views', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('statements'));
    await dragHeatmap(page, [0.6, 0.05], [0.9, 0.5]);
    const selected = page.url();
    const words = await page.locator('main').innerText();
    const again = await dashboard.open(hashOf(page));
    expect(await again.page.locator('main').innerText()).to.equal(words);
    await again.close();
    await page.locator('nav a', { hasText: 'Errors' }).click();
    await settled(page);
    expect(await heading(page)).to.equal('Errors');
    await page.goBack();
    await settled(page);
    expect(page.url()).to.equal(selected);
    await page.goForward();
    await settled(page);
    expect(await heading(page)).to.equal('Errors');
    await close();
  });

  it('a storm of steps back and forward ends at the page that the address names', async () => {
    const titles: Readonly<Record<string, string>> = {
      overview: 'Overview',
      errors: 'Errors',
      fleet: 'Fleet',
      compare: 'Compare',
      retries: 'Retries',
    };
    const { page, troubles, close } = await dashboard.open(dashboard.hash('overview'));
    // A browser drops steps that come too quickly: however many it drops, none leaves the dashboard.
    await page.evaluate("for (let i = 0; i < 25; i += 1) history.pushState(null, '', location.href)");
    for (const name of Object.keys(titles)) {
      await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash(name))}`);
      await settled(page);
    }
    await page.evaluate(
      '(async () => { for (let i = 0; i < 30; i += 1) { history.go([-1, -1, 1, -2, 2, 1][i % 6]); ' +
        'await new Promise((next) => setTimeout(next, 12)); } })()',
    );
    // The last steps may still be under way.
    await holds(
      page,
      `(${JSON.stringify(titles)})[location.hash.split(/[/?]/)[1]] === document.querySelector('h1')?.innerText`,
    );
    await settled(page);
    expect(await page.locator('main .failure, .banner').count()).to.equal(0);
    expect(troubles).to.deep.equal([]);
    await close();
  });

  it('filters: chosen in the bar, kept in the address and on the way to other pages', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('errors'));
    await page.getByRole('button', { name: 'Service' }).first().click();
    await page.getByRole('checkbox', { name: 'bi-export' }).click();
    await page.keyboard.press('Escape');
    await settled(page);
    expect(parametersOf(page).getAll('f.service')).to.deep.equal(['bi-export']);
    await page.locator('nav a', { hasText: 'Retries' }).click();
    await settled(page);
    expect(parametersOf(page).getAll('f.service')).to.deep.equal(['bi-export']);
    await page.getByRole('button', { name: 'Remove the Service filter' }).click();
    expect(parametersOf(page).getAll('f.service')).to.deep.equal([]);
    await close();
  });

  it('what is chosen in a card is in the address, and the way back undoes it', async () => {
    const { page, go, close } = await dashboard.open(dashboard.hash('statements'));
    for (const [button, name, value] of [
      ['First row: until your code got the first row', 'm', 'first'],
      ['Newest', 'order', 'time'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await settled(page);
      expect(parametersOf(page).get(name)).to.equal(value);
      await page.reload();
      await settled(page);
      expect(await page.getByRole('button', { name: button }).getAttribute('aria-pressed')).to.equal('true');
      await page.goBack();
      await settled(page);
      expect(parametersOf(page).get(name)).to.equal(null);
    }
    await go(dashboard.hash('configuration'));
    await page.getByRole('button', { name: 'checkout-api' }).click();
    expect(parametersOf(page).get('service')).to.equal('checkout-api');
    await page.getByRole('button', { name: 'All services' }).click();
    expect(parametersOf(page).get('service')).to.equal('*');
    await page.goBack();
    await page.getByRole('heading', { name: 'checkout-api' }).waitFor();
    await close();
  });

  it('times are local with their zone, or UTC when the reader wants it', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('overview'), { timezone: 'Asia/Tokyo' });
    const range = page.locator('.top .btn', { hasText: '–' }).first();
    const local = await range.innerText();
    await page.keyboard.press('u');
    const utc = await range.innerText();
    expect(utc).to.include('UTC');
    expect(local).to.match(/GMT\+9|JST/);
    await close();
  });
});
