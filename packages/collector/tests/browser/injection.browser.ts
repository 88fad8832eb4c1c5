import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { settled } from './support/Browsing';
import { changeAnswers } from './support/changeAnswers';
import { Dashboard } from './support/Dashboard';
import { PAGES } from './support/pages';

const ATTACK = '<img src=x onerror="globalThis.hacked=1"><a href="javascript:globalThis.hacked=2">';

/** The same, with an attack at the end of every string, and in every name that a sender may have chosen. */
function poisoned(value: unknown): unknown {
  if (typeof value === 'string') return value + ATTACK;
  if (Array.isArray(value)) return value.map(poisoned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one)]));
}

async function expectHarmless(page: Page, name: string): Promise<void> {
  expect(await page.evaluate('globalThis.hacked'), name).to.equal(undefined);
  expect(await page.locator('img').count(), name).to.equal(0);
  const links = await page.evaluate<string[]>("[...document.querySelectorAll('a')].map((a) => a.protocol)");
  expect(
    links.filter((protocol) => /script|data/.test(protocol)),
    name,
  ).to.deep.equal([]);
}

describe('markup in what the collector answers', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  it('is text, in each string of every answer, in charts as in tables', async () => {
    const statement = `statement/${dashboard.fleet.statements.at(-1)?.id ?? ''}`;
    const { page, close } = await dashboard.open('#/nowhere');
    await changeAnswers(page, '**/api/v1/**', poisoned);
    for (const name of [...PAGES, statement]) {
      await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash(name))}`);
      await settled(page);
      await page.mouse.move(800, 300);
      await expectHarmless(page, name);
      expect(await page.locator('main').innerText(), name).to.include('<img src=x');
      await page.keyboard.press('t');
      await settled(page);
      await expectHarmless(page, `${name}, tables`);
      await page.keyboard.press('t');
    }
    await close();
  });

  it('is text in what it refuses with', async () => {
    const { page, close } = await dashboard.open('#/nowhere');
    await page.route('**/api/v1/overview?**', (route) =>
      route.fulfill({ status: 503, json: { error: { code: ATTACK, message: ATTACK } } }),
    );
    await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash('overview'))}`);
    await settled(page);
    expect(await page.getByRole('alert').first().innerText()).to.include('<img src=x');
    await expectHarmless(page, 'refusal');
    await close();
  });
});
