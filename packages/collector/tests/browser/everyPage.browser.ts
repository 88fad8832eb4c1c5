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
});
