import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector, type TestCollector } from '../testCollector';
import { Browsing, holds, type Visited } from './support/Browsing';

const TAIL = '[aria-label="Statements as they arrive"] tbody tr';
const LIVE = '#/statements?r=15m&live=1';

/** Ids in the live tail, from the top. */
const idsOf = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('${TAIL}')].map((row) => row.dataset.id)`);

const shows = (page: Page, id: string): Promise<void> =>
  holds(page, `document.querySelector('${TAIL}[data-id="${id}"]') !== null`);

const statement = (statementId: string): object =>
  statementLog({ statementId, timeMs: Date.now(), latencyMs: 5, sessionId: 's' });

describe('the live view', () => {
  let browsing: Browsing;
  let test: TestCollector;
  before(async () => {
    browsing = await Browsing.start();
  });
  after(() => browsing.close());
  beforeEach(async () => {
    test = await testCollector();
    await deliver(test.collector.address, [sessionLog({ sessionId: 's' }), statement('first')]);
    await loaded(test.client, 2);
  });
  afterEach(() => test.end());

  /** A visitor whose stream has begun: what arrives from now on is in it. */
  async function watch(hash: string): Promise<Visited> {
    const visited = await browsing.visit(test.collector.address, '#/nowhere');
    const begun = visited.page.waitForResponse((response) => response.url().includes('/api/v1/live') && response.ok());
    await visited.go(hash);
    await begun;
    return visited;
  }

  it('shows new statements without a reload, in every tab that looks', async () => {
    const tabs = [await watch(LIVE), await watch(LIVE)];
    await deliver(test.collector.address, [statement('second')]);
    for (const { page } of tabs) await shows(page, 'second');
    await deliver(test.collector.address, [statement('third')]);
    for (const { page, troubles, requests, close } of tabs) {
      await shows(page, 'third');
      expect((await idsOf(page)).slice(0, 2)).to.deep.equal(['third', 'second']);
      expect(requests.filter((url) => url.includes('/api/v1/live'))).to.have.lengthOf(1);
      expect(troubles).to.deep.equal([]);
      await close();
    }
  });

  it('holds still while the pointer or the focus is in it, and catches up when both have left', async () => {
    const { page, close } = await watch(LIVE);
    await deliver(test.collector.address, [statement('second')]);
    await shows(page, 'second');
    await page.locator(TAIL).first().hover();
    await deliver(test.collector.address, [statement('third')]);
    await sleep(1_500);
    expect(await idsOf(page)).to.deep.equal(['second']);
    expect(await page.getByRole('status').filter({ hasText: /^Held/ }).count()).to.equal(1);
    await page.locator(TAIL).first().focus();
    await page.mouse.move(0, 0);
    await sleep(1_500);
    expect(await idsOf(page)).to.deep.equal(['second']);
    await page.locator('h1').click();
    await shows(page, 'third');
    await close();
  });

  it('is drawn no more than about twice a second, into the same fifty rows, however much arrives', async () => {
    const { page, close } = await watch(LIVE);
    await deliver(test.collector.address, [statement('second')]);
    await shows(page, 'second');
    await page.evaluate(
      'globalThis.drawn = 0; new MutationObserver(() => { globalThis.drawn += 1; })' +
        `.observe(document.querySelector('${TAIL}').parentElement, { subtree: true, attributeFilter: ['data-id'] });` +
        `document.querySelector('${TAIL}').seen = true;`,
    );
    const startMs = Date.now();
    for (let batch = 0; batch < 20; batch += 1) {
      await deliver(
        test.collector.address,
        Array.from({ length: 100 }, (_, i) => statement(`${batch}-${i}`)),
      );
    }
    await shows(page, '19-99');
    const drawn = await page.evaluate<number>('globalThis.drawn');
    expect(drawn).to.be.at.least(1);
    expect(drawn).to.be.at.most((Date.now() - startMs) / 500 + 2);
    expect(await idsOf(page)).to.have.lengthOf(50);
    // New rows would be made and laid out anew each time: twice the work.
    expect(await page.evaluate(`document.querySelector('${TAIL}').seen`)).to.equal(true);
    await close();
  });

  it('stands on the overview too, and the last statement is counted there though nothing follows it', async () => {
    const { page, troubles, close } = await watch('#/overview?r=15m&live=1');
    await deliver(test.collector.address, [statement('second')]);
    await shows(page, 'second');
    await deliver(test.collector.address, [statement('third')]);
    await shows(page, 'third');
    await holds(page, `document.querySelector('.kpi .v').textContent === '3'`);
    expect(troubles).to.deep.equal([]);
    await close();
  });

  it('does not draw a chart anew under the pointer, and does as soon as it has left', async () => {
    const { page, close } = await watch(LIVE);
    await page.locator('.heatmap .over').hover();
    await page.evaluate("document.querySelector('.heatmap canvas').seen = true");
    await deliver(test.collector.address, [statement('second')]);
    await shows(page, 'second');
    await sleep(3_500);
    expect(await page.evaluate("document.querySelector('.heatmap canvas').seen")).to.equal(true);
    await page.mouse.move(0, 0);
    await holds(page, "document.querySelector('.heatmap canvas').seen === undefined");
    await close();
  });

  it('says why when it is refused, and not that the collector is silent', async () => {
    const { page, go, close } = await browsing.visit(test.collector.address, '#/nowhere');
    const refused = { error: { code: 'too_many_watchers', message: 'Too many watch already.' } };
    await page.route('**/api/v1/live*', (route) => route.fulfill({ status: 429, json: refused }));
    await go(LIVE);
    await page.getByText('Too many watch already.').waitFor();
    expect(await page.locator('.banner').count()).to.equal(0);
    await page.unroute('**/api/v1/live*');
    await page.getByText('newest first').waitFor();
    await close();
  });

  it('goes on by itself after the collector was started anew, with what arrived before it was back', async () => {
    const { page, close } = await watch(LIVE);
    await deliver(test.collector.address, [statement('before')]);
    await shows(page, 'before');
    const asked = page.waitForRequest((request) => request.url().includes('/api/v1/live'));
    await page.route('**/api/v1/live*', (route) => route.abort());
    test = await test.restart({ port: Number(new URL(test.collector.address).port) });
    await asked;
    await deliver(test.collector.address, [statement('meanwhile')]);
    await loaded(test.client, 4);
    await page.unroute('**/api/v1/live*');
    await shows(page, 'meanwhile');
    await deliver(test.collector.address, [statement('after')]);
    await shows(page, 'after');
    expect(await idsOf(page)).to.deep.equal(['after', 'meanwhile', 'before']);
    expect(await page.locator('.banner').count()).to.equal(0);
    await close();
  });
});
