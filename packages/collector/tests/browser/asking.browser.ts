import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';

/** The questions among `requests`, without what they are about. */
const questionsOf = (requests: readonly string[]): string[] =>
  requests.flatMap((url) => /\/api\/v1\/([\w-]+)/.exec(url)?.[1] ?? []);

describe('what the page asks of the collector', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  it('asks every question once, however many panels show its answer, and the picture before the rest', async () => {
    for (const name of ['overview', 'errors', 'retries', 'fleet', 'health', 'configuration']) {
      const { requests, close } = await dashboard.open(dashboard.hash(name));
      const asked = requests.filter((url) => url.includes('/api/v1/') && !url.includes('/health?'));
      expect(asked, name).to.deep.equal([...new Set(asked)]);
      const order = questionsOf(asked);
      if (name === 'overview') expect(order.indexOf('heatmap')).to.be.lessThan(order.indexOf('client-server'));
      await close();
    }
  });

  it('asks once more, not once for each step, while a key is held down', async () => {
    const { page, requests, close } = await dashboard.open(dashboard.hash('statements'));
    await page.route('**/api/v1/explain?**', async (route) => {
      await sleep(300);
      await route.continue();
    });
    await page.locator('.heatmap').focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('.card', { hasText: 'Why these?' }).waitFor();
    const steps = 25;
    await page.evaluate(
      `(async () => { for (let i = 0; i < ${steps}; i += 1) { document.activeElement.dispatchEvent(` +
        "new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true })); await new Promise((next) => setTimeout(next)); } })()",
    );
    await settled(page);
    const asked = questionsOf(requests).filter((name) => name === 'explain');
    expect(asked.length).to.be.within(2, 4);
    // What is shown is of the last step.
    const selected = /sel=(\d+)/.exec(page.url())?.[1];
    expect(requests.filter((url) => url.includes('/explain?')).at(-1)).to.include(`selectedFrom=${selected ?? ''}`);
    await close();
  });
});
