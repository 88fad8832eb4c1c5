import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { settled, type Visited } from './support/Browsing';
import { Dashboard } from './support/Dashboard';

const MOST_STOPS = 150;

/** Presses Tab until the focus is on what has this role and name, as a screen reader says them. */
async function tabTo(
  page: Page,
  role: 'link' | 'button' | 'region' | 'switch' | 'application' | 'textbox',
  name: string | RegExp,
): Promise<void> {
  const wanted = page.getByRole(role, { name, ...(typeof name === 'string' ? { exact: true } : {}) }).first();
  await wanted.waitFor();
  const focus = wanted.and(page.locator(':focus'));
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    await page.keyboard.press('Tab');
    if ((await focus.count()) > 0) return;
  }
  throw new Error(`The Tab key does not reach ${role} ${String(name)}`);
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
  await settled(page);
}

/** All that a screen reader finds in the page. */
const heard = (page: Page): Promise<string> => page.locator('main').ariaSnapshot();

/** What has the focus, which is what is read when a page comes. */
const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent.trim()');

describe('the four walks by keyboard and ear, on a screen of 900 pixels', () => {
  let dashboard: Dashboard;
  let visited: Visited;
  let page: Page;
  before(async () => {
    dashboard = await Dashboard.shared();
  });
  beforeEach(async () => {
    visited = await dashboard.open('', { width: 900 });
    ({ page } = visited);
  });
  afterEach(async () => {
    expect(visited.troubles).to.deep.equal([]);
    await visited.close();
  });

  it('the slowest statement of the last hour, and why it was slow', async () => {
    await tabTo(page, 'region', 'Slowest statements');
    await press(page, 'ArrowDown', 'Enter');
    expect(await focused(page)).to.equal('Statements / Statement');
    expect(await heard(page))
      .to.match(/img "Submit .*Consume 1 m 11 s/)
      .and.match(/One file was the limit/);
  });

  it('what the slow ones of 14:05 share', async () => {
    const { coldStart } = dashboard.fleet.story;
    await press(page, 'g', 's');
    expect(await focused(page)).to.equal('Statements');
    await tabTo(page, 'application', /^[\d,]+ statements, /);
    // From the last columns to those of that time, then up to ten seconds and more.
    await press(page, 'ArrowLeft');
    const status = page.getByRole('status').filter({ hasText: /1\.00 s and more/ });
    await status.waitFor();
    for (let steps = 0; steps < 130 && selectedFrom(page) > coldStart.fromMs; steps += 1)
      await page.keyboard.press('ArrowLeft');
    await press(page, ...Array.from({ length: 8 }, () => 'ArrowUp'));
    expect(await heard(page))
      .to.match(/status: .*14:0\d.*10\.0 s and more/)
      .and.match(/100% have warehouse batch-m/);
  });

  it('whether the new driver version is worse, and how sure that is', async () => {
    await visited.go('#/overview?r=6h');
    await press(page, 'g', 'c');
    expect(await focused(page)).to.equal('Compare');
    await tabTo(page, 'link', 'pricing-engine');
    await press(page, 'Enter');
    expect(await heard(page))
      .to.match(/Yes: B is slower, \d+ ms → \d\.\d+ s/)
      .and.match(/row "p50 total .* \+\d\.\d+ s to \+\d\.\d+ s"/);
  });

  it('which service to switch off, and how', async () => {
    await press(page, 'g', 'f');
    expect(await heard(page)).to.match(/row "Service Share of time ↓?/);
    const heaviest = await page
      .getByRole('region', { name: 'Services', exact: true })
      .getByRole('link')
      .first()
      .innerText();
    await tabTo(page, 'link', 'Configuration');
    await press(page, 'Enter');
    expect(await focused(page)).to.equal('Configuration');
    await tabTo(page, 'button', heaviest);
    await press(page, 'Enter');
    await tabTo(page, 'switch', 'Telemetry');
    await press(page, 'Space');
    await tabTo(page, 'textbox', 'Your name, for the list of changes');
    await page.keyboard.type('Jane');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'the last change is taken up by' }).waitFor();
    const { rules } = await dashboard.test.client.configuration();
    await dashboard.test.client.removeRule('service', heaviest);
    expect(rules).to.have.lengthOf(1);
    expect(rules[0]).to.deep.include({ scope: 'service', name: heaviest, by: 'Jane' });
  });
});

/** Where the box begins that the address names. */
const selectedFrom = (page: Page): number => Number(/sel=(\d+)/.exec(page.url())?.[1] ?? Infinity);
