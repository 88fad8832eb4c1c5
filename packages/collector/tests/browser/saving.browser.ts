import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector } from '../testCollector';
import { Browsing, settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';
import { PAGES } from './support/pages';

const TABLES_WITHOUT = `[...document.querySelectorAll('main section.card')]
  .filter((card) => card.querySelector('table') && !/CSV/.test(card.querySelector('header')?.innerText ?? ''))
  .map((card) => card.querySelector('h2')?.textContent)`;

async function saved(page: Page, card: string): Promise<string> {
  const section = page.locator('section', { has: page.getByRole('heading', { name: card, exact: true }) }).first();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    section.getByRole('button', { name: 'CSV' }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

describe('saving what a page shows', () => {
  it('is offered for every table, those of charts included', async () => {
    const dashboard = await Dashboard.shared();
    const found: Record<string, unknown> = {};
    const { page, go, close } = await dashboard.open('#/nowhere');
    await page.keyboard.press('t');
    for (const name of PAGES) {
      await go(dashboard.hash(name));
      expect(await page.locator('main table').count(), name).to.be.greaterThan(0);
      const without = await page.evaluate<string[]>(TABLES_WITHOUT);
      if (without.length > 0) found[name] = without;
    }
    await close();
    expect(found).to.deep.equal({});
  });

  it('gives the numbers behind the cells, and no cell that a spreadsheet takes for a formula', async () => {
    const [test, browsing] = await Promise.all([testCollector(), Browsing.start()]);
    const names = ['=cmd|calc', '+1', '-1', '@sum', 'a, "b"'];
    const logs = names.flatMap((service, i) => [
      sessionLog({ sessionId: `s${i}`, service }),
      statementLog({ sessionId: `s${i}`, statementId: `st-${i}`, latencyMs: 1_234, local: { service } }),
    ]);
    await deliver(test.collector.address, logs);
    await loaded(test.client, logs.length);
    const { page, close } = await browsing.visit(test.collector.address, '#/fleet?r=1h');
    await settled(page);
    const lines = (await saved(page, 'Services')).trim().split('\r\n');
    expect(lines[0]).to.match(/^Service,Share of time,Statements,/);
    expect(
      lines
        .slice(1)
        .map((line) => line.slice(0, 1))
        .join(''),
    ).to.match(/^['"]+$/);
    expect(lines.filter((line) => line.startsWith(`'=cmd|calc,0.2,1,`))).to.have.lengthOf(1);
    expect(lines.filter((line) => line.startsWith(`"a, ""b""",`))).to.have.lengthOf(1);
    expect(lines.every((line, i) => i === 0 || line.includes(',1234,'))).to.equal(true);
    await close();
    await Promise.all([browsing.close(), test.end()]);
  });
});
