import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector, type TestCollector } from '../testCollector';
import { Browsing, settled, type Visited } from './support/Browsing';
import { cardText, figures } from './support/reading';

const ID = '01f0a1b2-c3d4-1234-9876-aabbccddeeff';

interface Edges {
  readonly left: number;
  readonly right: number;
}

/** The left and right edges of what `selector` finds. */
const edgesOf = (page: Page, selector: string): Promise<Edges[]> =>
  page.evaluate(
    `[...document.querySelectorAll('${selector}')].map((e) => { const { left, right } = e.getBoundingClientRect(); return { left, right }; })`,
  );

describe('a store with one statement, whose driver tells little', () => {
  let browsing: Browsing;
  let test: TestCollector;
  before(async () => {
    // A night of that autumn: the statement is not past its time, whenever this runs.
    [browsing, test] = await Promise.all([Browsing.start(), testCollector({ retentionDays: 36_500 })]);
    // Half past two in Berlin, on the night in which its clocks go back from three to two: the first of both.
    const timeMs = Date.UTC(2026, 9, 25, 0, 30);
    await deliver(test.collector.address, [
      sessionLog({ sessionId: 's', service: 'shop', timeMs }),
      statementLog({ statementId: ID, sessionId: 's', timeMs, latencyMs: 940, local: { submitLatencyMs: 930 } }),
    ]);
    await loaded(test.client, 2);
  });
  after(async () => {
    await browsing.close();
    await test.end();
  });

  /** One visitor for all that is told in Berlin. */
  let visited: Visited | undefined;
  const open = async (hash: string): Promise<Page> => {
    visited ??= await browsing.visit(test.collector.address, '#/nowhere', { timezone: 'Europe/Berlin' });
    await visited.go(hash);
    return visited.page;
  };
  const night = `from=${Date.UTC(2026, 9, 24, 23, 0)}&to=${Date.UTC(2026, 9, 25, 3, 0)}`;

  it('says that something is not told, where a zero would be an answer', async () => {
    const retries = await figures(await open(`#/retries?${night}`));
    for (const name of ['Statements retried', 'Repeated requests', 'Saved', 'Lost', 'Most at once']) {
      expect(retries.get(name), name).to.match(/^\? ?not told/);
    }
    const errors = await cardText(await open(`#/errors?${night}`), 'Errors by class');
    expect(errors).to.include('No driver of this window tells how its statements ended.');
    const phases = await cardText(await open(`#/compare?${night}`), 'Mean phases');
    expect(phases).to.match(/A\s+unknown\s+B\s+930 ms/);
    const statement = await (await open(`#/statement/${ID}`)).locator('main').innerText();
    expect(statement).to.include('1 statement,').and.not.include('slower than');
  });

  it('labels of the waterfall cover no bar and stay in their card', async () => {
    const page = await open(`#/statement/${ID}`);
    const [bars, labels, [frame]] = [
      await edgesOf(page, '.wf .seg1'),
      await edgesOf(page, '.wf .lb'),
      await edgesOf(page, '.wf'),
    ];
    expect(labels).to.have.lengthOf(5);
    for (const [index, bar] of bars.entries()) expect(labels[index]?.left).to.be.at.least(bar.right - 1);
    for (const label of labels) expect(label.right).to.be.at.most(frame?.right ?? NaN);
  });

  it('takes a window that cannot be for none', async () => {
    const { page, troubles, go, close } = await browsing.visit(test.collector.address, '#/nowhere');
    for (const window of ['from=1&to=1e17', 'from=-5&to=5', 'from=x&to=', 'from=9&to=3']) {
      await go(`#/compare?${window}`);
      await page.getByRole('button', { name: 'Last hour' }).click();
      await page.getByRole('dialog', { name: 'Window of time' }).waitFor();
      await page.keyboard.press('Escape');
      expect(troubles, window).to.deep.equal([]);
    }
    await close();
  });

  it('tells a window of a second to the second, and one of years with its years', async () => {
    const timeMs = Date.UTC(2026, 9, 25, 0, 30);
    for (const [fromMs, shown] of [
      [timeMs, /25 Oct( 2026)? 02:30:00–02:30:01 CEST/],
      [Date.UTC(2023, 9, 25), /25 Oct 2023 02:00–25 Oct( 2026)? 02:30 CEST/],
    ] as const) {
      const page = await open(`#/statements?from=${fromMs}&to=${timeMs + 1_000}`);
      expect(await page.locator('.top').innerText()).to.match(shown);
      expect(await page.locator('main').innerText()).to.include('All 1 statement.');
    }
  });

  it('goes by zones that are half an hour off', async () => {
    const { page } = await browsing.visit(test.collector.address, `#/statement/${ID}`, { timezone: 'Asia/Kolkata' });
    await settled(page);
    expect(await page.locator('.head').innerText()).to.include('25 Oct 2026, 06:00:00 GMT+5:30');
    await page.evaluate(`location.hash = '#/overview?${night}'`);
    await settled(page);
    expect(await page.locator('.top').innerText()).to.include('04:30–08:30 GMT+5:30');
  });

  it('names both offsets of a window in which the clocks change', async () => {
    const page = await open(`#/overview?${night}`);
    expect(await page.locator('.top').innerText()).to.include('01:00 CEST–04:00 CET');
    await page.keyboard.press('u');
    expect(await page.locator('.top').innerText()).to.match(/24 Oct( 2026)? 23:00–25 Oct( 2026)? 03:00 UTC/);
    await page.keyboard.press('u');
  });
});
