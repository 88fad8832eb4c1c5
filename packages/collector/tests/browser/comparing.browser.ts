import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { settled } from './support/Browsing';
import { changeAnswers } from './support/changeAnswers';
import { duration } from '../../dashboard/src/format/numbers';
import type { Comparison } from '../../lib/store/queries/compare';
import { Dashboard } from './support/Dashboard';
import { cardText, rowOf, written } from './support/reading';

const HOUR_MS = 3_600_000;

describe('what is compared with what', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  const countOf = (fromMs: number, toMs: number): string =>
    written(dashboard.fleet.statements.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs).length);

  /** The statements that the page says are in A and in B. */
  const countsOf = async (page: Page): Promise<string[]> =>
    (await page.locator('.ab .quiet').allInnerTexts()).map((text) => text.replace(/ statements?$/, ''));

  it('the window before, two windows of one’s own, and before and after a moment, each from its address', async () => {
    const { to } = dashboard.window;
    const from = to - 2 * HOUR_MS;
    const window = { from: String(from), to: String(to) };
    const whole = countOf(from, to);
    const { page, go, close } = await dashboard.open('#/nowhere');
    for (const [parameters, a, b] of [
      [{ vs: 'before' }, countOf(from - 2 * HOUR_MS, from), whole],
      [
        { bf: String(to - 6 * HOUR_MS), bt: String(to - 5 * HOUR_MS) },
        countOf(to - 6 * HOUR_MS, to - 5 * HOUR_MS),
        whole,
      ],
      [{ split: String(to - HOUR_MS) }, countOf(from, to - HOUR_MS), countOf(to - HOUR_MS, to)],
    ] as const) {
      await go(dashboard.hash('compare', { ...window, ...parameters }));
      expect(await countsOf(page), JSON.stringify(parameters)).to.deep.equal([a, b]);
    }
    await close();
  });

  it('the same time yesterday lies a day before', async () => {
    const { page, requests, close } = await dashboard.open(dashboard.hash('compare', { vs: 'yesterday' }));
    const { from } = dashboard.window;
    expect(requests.some((url) => url.includes(`baselineFrom=${from - 24 * HOUR_MS}`))).to.equal(true);
    expect(await page.locator('.choice [aria-pressed="true"]').innerText()).to.equal('Same time yesterday');
    await close();
  });

  it('each choice is in the address, and the way back undoes it', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('compare'));
    const first = page.url();
    await page.getByRole('button', { name: 'The window before' }).click();
    await settled(page);
    expect(page.url()).to.include('vs=before');
    await page.getByRole('button', { name: 'Two windows' }).click();
    await settled(page);
    expect(page.url())
      .to.match(/bf=\d+&bt=\d+/)
      .and.not.include('vs=');
    await page.getByRole('button', { name: 'Warehouse', exact: true }).last().click();
    await settled(page);
    expect(page.url()).to.include('by=warehouse');
    expect((await rowOf(page, 'Who changed', 'batch-m')).length).to.be.greaterThan(3);
    for (let step = 0; step < 3; step += 1) await page.goBack();
    await settled(page);
    expect(page.url()).to.equal(first);
    await close();
  });

  it('before and after: cuts where the last deployment is, or at a moment that is typed', async () => {
    const { markers: deployments } = await dashboard.test.client.overview(dashboard.window);
    const { page, close } = await dashboard.open(dashboard.hash('compare', { vs: 'before' }));
    const { from, to } = dashboard.window;
    const isCutAt = async (atMs: number): Promise<void> => {
      await settled(page);
      expect(page.url()).to.include(`split=${atMs}`).and.not.include('vs=');
      expect(await countsOf(page)).to.deep.equal([countOf(from, atMs), countOf(atMs, to)]);
    };
    await page.getByRole('button', { name: 'Before and after' }).click();
    await isCutAt(deployments.at(-1)?.timeMs ?? 0);
    const typedMs = to - HOUR_MS;
    await page.getByRole('button', { name: /^cut where/ }).click();
    await page.getByLabel(/^At/).fill(new Date(typedMs).toISOString().slice(0, 16));
    await page.keyboard.press('Tab');
    await isCutAt(typedMs);
    await close();
  });

  it('says of half of the statements, of the slowest and of the failed ones how they changed, and how sure that is', async () => {
    const { page, go, close } = await dashboard.open('#/nowhere');
    const { from, to } = dashboard.window;
    for (const service of ['pricing-engine', 'checkout-api']) {
      await go(dashboard.hash('compare', { vs: 'before', 'f.service': service }));
      const { p50, p95 } = await dashboard.test.client.compare({ from, to, service, measure: 'totalLatencyMs' });
      const between = (difference: Comparison['p50']): string => (difference.significant ? ' → ' : ' and ');
      const text = await cardText(page, 'Is B worse?');
      for (const [who, difference] of [
        ['Half of the statements', p50],
        ['The slowest 5%', p95],
      ] as const) {
        // prettier-ignore
        expect(text).to.include(`${who}: total ${duration(difference.b)}${between(difference)}${duration(difference.a)}`); // prettier-ignore
      }
    }
    await close();
  });

  it('of windows that overlap nothing is said, and why', async () => {
    const { from, to } = dashboard.window;
    const overlapping = { bf: String(from - HOUR_MS), bt: String(to - HOUR_MS) };
    const { page, close } = await dashboard.open(dashboard.hash('compare', overlapping));
    expect(await cardText(page, 'Is B worse?')).to.include('Choose windows that do not overlap');
    expect((await rowOf(page, 'Figures of A and B', 'p50 total')).slice(-2)).to.deep.equal(['unknown', '–']);
    await close();
  });

  it('a chart fills the card that is as high as its neighbour', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('compare'));
    const [left, height] = await page.evaluate<[number, number]>(
      "(() => { const plot = document.querySelector('main .plot'); const { bottom, height } = plot.getBoundingClientRect(); " +
        "return [plot.closest('.card').getBoundingClientRect().bottom - bottom, height]; })()",
    );
    expect(left).to.be.lessThan(24);
    // Beside a longer table: more than it would take by itself.
    expect(height).to.be.greaterThan(300);
    await close();
  });

  it('a bound that is as good as zero has no sign', async () => {
    const { page, close } = await dashboard.open('#/nowhere');
    await changeAnswers(page, '**/api/v1/compare?**', (comparison) => {
      const { failureRate } = comparison as Comparison;
      return { ...comparison, failureRate: { ...failureRate, low: -0.0002, high: 0.79 } };
    });
    await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash('compare'))}`);
    await settled(page);
    expect((await rowOf(page, 'Figures of A and B', 'Failed')).at(-1)).to.equal('≈0% to +79%');
    await close();
  });

  it('figures and their intervals are not cut off on a screen of 1440 pixels', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('compare', { 'f.service': 'pricing-engine' }));
    const hidden = await page.evaluate<string[]>(
      "[...document.querySelectorAll('main .tw')].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.ariaLabel)",
    );
    expect(hidden).to.deep.equal([]);
    await close();
  });
});
