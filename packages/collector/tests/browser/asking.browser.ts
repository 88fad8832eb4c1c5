import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';

/** The questions among `requests`, without what they are about. */
const questionsOf = (requests: readonly string[]): string[] =>
  requests.flatMap((url) => /\/api\/v1\/([\w-]+)/.exec(url)?.[1] ?? []);

/** All that panels ask; the bar and the pulse ask besides. */
const PANEL = /^(?!names$|health$)./;

/** Counts in the page what panels have asked and not heard yet: events of the browser come in an order of their own. */
const COUNTING = `(() => {
  globalThis.counted = { begun: [], under: 0, most: 0 };
  const ask = fetch;
  globalThis.fetch = async (...asked) => {
    const name = /\\/api\\/v1\\/([\\w-]+)/.exec(String(asked[0]))?.[1] ?? '';
    if (!${String(PANEL)}.test(name)) return ask(...asked);
    counted.begun.push(name);
    counted.most = Math.max(counted.most, (counted.under += 1));
    const response = await ask(...asked);
    const read = response.json.bind(response);
    response.json = () => read().finally(() => (counted.under -= 1));
    return response;
  };
})()`;

/** After so long a pause a key is not held down any more. */
const SETTLE_MS = 150;

describe('what the page asks of the collector', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  it('asks every question once, however many panels show its answer', async () => {
    const { requests, go, close } = await dashboard.open('#/nowhere');
    for (const name of ['overview', 'errors', 'retries', 'fleet', 'health', 'configuration']) {
      requests.length = 0;
      await go(dashboard.hash(name));
      const asked = requests.filter((url) => url.includes('/api/v1/') && !url.includes('/health?'));
      expect(asked, name).to.deep.equal([...new Set(asked)]);
      if (name !== 'health') expect(asked, name).to.not.deep.equal([]);
    }
    await close();
  });

  it('asks for the picture first, two questions at a time, and goes on as answers come', async () => {
    const { page, go, close } = await dashboard.open('#/nowhere');
    await page.evaluate(COUNTING);
    await go(dashboard.hash('overview'));
    const begun = (): Promise<string[]> => page.evaluate('counted.begun.splice(0)');
    const first = await begun();
    expect(first.slice(0, 2)).to.deep.equal(['overview', 'heatmap']);
    expect(first.slice(2)).to.have.members(['findings', 'client-server', 'cloudfetch', 'statements']);
    expect(await page.evaluate('counted.most')).to.equal(2);
    // The bar was used: what all panels ask about changes, and they ask in the same order.
    await go(dashboard.hash('overview', { 'f.service': 'bi-export' }));
    expect((await begun()).slice(0, 2)).to.deep.equal(['overview', 'heatmap']);
    await close();
  });

  it('asks nothing else while a part of the picture is on its way', async () => {
    const { page, requests, close } = await dashboard.open('#/nowhere');
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/v1/heatmap?**', async (route) => {
      await released;
      await route.continue();
    });
    const before = requests.length;
    await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash('overview'))}`);
    await page.locator('.kpi .v').first().waitFor();
    const asked = (): string[] => questionsOf(requests.slice(before)).filter((name) => PANEL.test(name));
    expect(asked()).to.have.members(['overview', 'heatmap']);
    release();
    await settled(page);
    expect(asked()).to.include.members(['findings', 'client-server', 'cloudfetch', 'statements']);
    await close();
  });

  it('the picture stands still while the rest arrives', async () => {
    const { page, close } = await dashboard.open('#/nowhere');
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/v1/findings?**', async (route) => {
      await released;
      await route.continue();
    });
    await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash('overview'))}`);
    const heatmap = page.locator('.heatmap');
    await heatmap.waitFor();
    const before = await heatmap.boundingBox();
    release();
    await settled(page);
    expect(await page.locator('.findings').count()).to.equal(1);
    expect((await heatmap.boundingBox())?.y).to.be.closeTo(before?.y ?? NaN, 1);
    await close();
  });

  it('gives up what nobody looks at any more, and the next page does not wait for it', async () => {
    const { page, troubles, close } = await dashboard.open('#/nowhere');
    const held = ['findings', 'client-server'];
    await page.route('**/api/v1/*', async (route) => {
      if (!questionsOf([route.request().url()]).some((name) => held.includes(name))) await route.continue();
    });
    const givenUp: string[] = [];
    page.on('requestfailed', (request) => givenUp.push(...questionsOf([request.url()])));
    const asked = page.waitForRequest(/client-server/);
    await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash('overview'))}`);
    await asked;
    expect(givenUp).to.deep.equal([]);
    await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash('errors'))}`);
    await page.getByRole('region', { name: 'Error classes' }).waitFor();
    await settled(page);
    expect(givenUp).to.have.members(held);
    expect(await page.locator('.failure, .banner').count()).to.equal(0);
    expect(troubles).to.deep.equal([]);
    await close();
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
    const pauses = await page.evaluate<number>(
      `(async () => { let [pauses, last] = [0, performance.now()]; for (let i = 0; i < ${steps}; i += 1) {` +
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));" +
        'await new Promise((next) => setTimeout(next)); const now = performance.now();' +
        `if (now - last >= ${SETTLE_MS} / 2) pauses += 1; last = now; } return pauses; })()`,
    );
    await settled(page);
    const asked = questionsOf(requests).filter((name) => name === 'explain');
    // A machine that is slow makes pauses itself, after which the page asks.
    expect(asked.length).to.be.within(2, 4 + pauses);
    // What is shown is of the last step.
    const selected = /sel=(\d+)/.exec(page.url())?.[1];
    expect(requests.filter((url) => url.includes('/explain?')).at(-1)).to.include(`selectedFrom=${selected ?? ''}`);
    await close();
  });
});
