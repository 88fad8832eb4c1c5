import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { settled, type Visited } from './support/Browsing';
import { Dashboard } from './support/Dashboard';
import { cardText, dragHeatmap, rowOf } from './support/reading';

const menu = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
  await settled(page);
};

/** What a person who has never seen it does, from the first page on. */
describe('four walks from the first page', () => {
  let dashboard: Dashboard;
  let visited: Visited;
  before(async () => {
    dashboard = await Dashboard.shared();
  });
  afterEach(async () => {
    expect(visited.troubles).to.deep.equal([]);
    await visited.close();
  });

  it('finds the slowest statement of the last hour, and why it was slow', async () => {
    const { slowFile } = dashboard.fleet.story;
    visited = await dashboard.open('');
    const { page } = visited;
    const first = page.getByRole('region', { name: 'Slowest statements', exact: true }).locator('tbody tr').first();
    await first.locator('a').click();
    await settled(page);
    expect(await page.locator('main').innerText()).to.include(slowFile.service);
    const files = await cardText(page, 'CloudFetch files');
    expect(files).to.match(/Slowest\s+1 m 11 s/);
    expect(files).to.match(/one file|slowest file/i);
  });

  it('finds what the slow ones of a moment share', async () => {
    const { coldStart, endMs } = dashboard.fleet.story;
    visited = await dashboard.open('');
    const { page } = visited;
    await menu(page, 'Statements');
    const at = (ms: number): number => 1 - (endMs - ms) / 3_600_000;
    await dragHeatmap(page, [at(coldStart.fromMs) - 0.01, 0.02], [at(coldStart.toMs) + 0.03, 0.2]);
    const why = await cardText(page, 'Why these?');
    expect(why).to.match(/100%[^.]*batch-m/s);
    expect(why).to.match(/No difference in [a-z]/);
    // Little is seen as a bar of two pixels, nothing as none.
    const bars = "[...document.querySelectorAll('.bs i')].map((bar) => [parseFloat(bar.style.width), bar.clientWidth])";
    const widths = await page.evaluate<[number, number][]>(bars);
    expect(widths.filter(([share, px]) => (share === 0 ? px > 0 : px < 2))).to.deep.equal([]);
    expect(widths.filter(([share]) => share === 0)).to.not.deep.equal([]);
    const [slow] = await page.getByRole('region', { name: 'Statements', exact: true }).locator('tbody tr').all();
    await slow?.locator('a').first().click();
    await settled(page);
    expect(await page.locator('main').innerText()).to.match(/Cold start\s+[23]\d\.\d s/);
  });

  it('finds whether the new driver version is worse, and how sure that is', async () => {
    visited = await dashboard.open('#/overview?r=6h');
    const { page } = visited;
    await menu(page, 'Compare');
    await page.getByRole('region', { name: 'Who changed' }).getByRole('link', { name: 'pricing-engine' }).click();
    await settled(page);
    expect(await page.locator('.choice').innerText())
      .to.include('driver 2.1.0')
      .and.include('first appears');
    const verdict = await cardText(page, 'Is B worse?');
    expect(verdict).to.match(/Yes: B is slower, \d+ ms → \d\.\d+ s \([456]\.?\d*×\), [\d,]+ statements against [\d,]+/);
    expect(verdict).to.match(/\+\d\.\d+ s to \+\d\.\d+ s/);
    expect(await rowOf(page, 'Figures of A and B', 'p50')).to.have.lengthOf(5);
  });

  it('finds which service to switch off, and switches it off', async () => {
    visited = await dashboard.open('');
    const { page } = visited;
    await menu(page, 'Fleet');
    const [heaviest] = await page
      .getByRole('region', { name: 'Services', exact: true })
      .locator('tbody tr td:first-child')
      .allInnerTexts();
    await menu(page, 'Configuration');
    await page.getByRole('button', { name: heaviest ?? '', exact: true }).click();
    await page.getByRole('switch', { name: 'Telemetry' }).click();
    await page.getByLabel('Your name').fill('Jane');
    await page.getByRole('button', { name: `Apply to ${heaviest ?? ''}` }).click();
    await page.getByRole('region', { name: 'Services' }).getByText('off here').waitFor();
    const { rules, senders } = await dashboard.test.client.configuration();
    await dashboard.test.client.removeRule('service', heaviest);
    expect(rules).to.have.lengthOf(1);
    expect(rules[0]).to.deep.include({ scope: 'service', name: heaviest, by: 'Jane' });
    expect(senders.filter(({ inForce }) => !inForce.enabled).map(({ service }) => service)).to.include(heaviest);
  });
});
