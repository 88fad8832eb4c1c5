import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';

/** A state of each page that its address must hold. */
const STATES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  overview: { 'f.service': 'bi-export', m: 'first' },
  statements: { order: 'time', 'f.warehouse': 'batch-m' },
  compare: { 'f.service': 'pricing-engine' },
  errors: { 'f.service': 'bi-export' },
  cloudfetch: { 'f.warehouse': 'batch-m' },
  retries: { 'f.warehouse': 'batch-m' },
  fleet: { 'f.driverVersion': '2.1.0', find: 'e' },
  configuration: { service: 'checkout-api' },
  health: {},
};

const CLICKABLE = 'a[href], button:not([disabled]), input, select, summary, [tabindex="0"]';

/** What a reader sees, without what changes by itself: how long ago something was. */
const words = async (page: Page): Promise<string> =>
  (await page.locator('main').innerText()).replaceAll(/\d+ (?:s|min|h) ago|lag [\d.]+ m?s|now [\d.]+ m?s/g, '');

describe('every page', () => {
  let dashboard: Dashboard;
  let hashes: readonly string[];
  before(async () => {
    dashboard = await Dashboard.shared();
    hashes = [
      ...Object.entries(STATES).map(([page, state]) => dashboard.hash(page, state)),
      `#/statement/${dashboard.fleet.statements[0]?.id ?? ''}`,
    ];
  });

  it('is the same again from its address alone, and on the way back and forward through all of them', async () => {
    const { page, troubles, go, close } = await dashboard.open(hashes[0] ?? '');
    const seen: string[] = [];
    for (const hash of hashes) {
      await go(hash);
      seen.push(await words(page));
    }
    expect(new Set(seen).size).to.equal(hashes.length);
    const look = async (index: number): Promise<void> => {
      await settled(page);
      expect(new URL(page.url()).hash).to.equal(hashes[index]);
      expect(await words(page)).to.equal(seen[index]);
    };
    for (let index = hashes.length - 2; index >= 0; index -= 1) {
      await page.goBack();
      await look(index);
    }
    for (let index = 1; index < hashes.length; index += 1) {
      await page.goForward();
      await look(index);
    }
    for (const [index, hash] of hashes.entries()) {
      await go(hash);
      // All that the page knew by then is gone.
      await page.reload();
      await settled(page);
      expect(await words(page), hash).to.equal(seen[index]);
    }
    expect(troubles).to.deep.equal([]);
    await close();
  });

  it('lets the Tab key reach everything that can be clicked', async () => {
    const { page, close } = await dashboard.open(hashes[0] ?? '');
    for (const hash of hashes) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}; document.activeElement.blur()`);
      await settled(page);
      const all = await page.evaluate<number>(
        `(globalThis.left = new Set([...document.querySelectorAll('${CLICKABLE}')]` +
          `.filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.tabIndex >= 0))).size`,
      );
      expect(all, hash).to.be.greaterThan(15);
      for (let presses = 0; presses < all + 20; presses += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate<boolean>('left.delete(document.activeElement), left.size === 0')) break;
      }
      const left = await page.evaluate<string[]>('[...left].map((e) => e.outerHTML.slice(0, 120))');
      expect(left, hash).to.deep.equal([]);
    }
    await close();
  });

  it('ends where its content ends: nothing is drawn below it', async () => {
    const { page, go, close } = await dashboard.open(hashes[0] ?? '', { height: 4_000 });
    for (const hash of hashes) {
      await go(hash);
      expect(await page.evaluate('document.documentElement.scrollHeight'), hash).to.equal(4_000);
    }
    await close();
  });
});
