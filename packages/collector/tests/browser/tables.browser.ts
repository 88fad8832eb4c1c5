import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { holds, settled } from './support/Browsing';
import { Dashboard } from './support/Dashboard';

const PAGES = 'overview statements compare errors cloudfetch retries fleet health'.split(' ');
const NAMES = 'th, .kpi .l, .leg > span, .wf .nm, dl.facts dt';
/** Words that not everybody knows, at the beginning of a heading or a figure's name. */
const JARGON =
  /^(?:p50|p95|p99|SQLSTATE|Retried|CloudFetch|Cold start|Queued|Network & polling|Direct results|Lag)\b(?! \/)/;

interface Named {
  readonly text: string;
  readonly title: string;
}

const namesOf = (page: Page): Promise<Named[]> =>
  page.evaluate(
    `[...document.querySelectorAll('main :is(${NAMES})')].map((e) => ({ text: e.innerText.trim(), title: e.title }))`,
  );

describe('tables, and the words in them', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  const statementsOf = async (lengthMs: number): Promise<Page> => {
    const { to } = dashboard.window;
    const { page } = await dashboard.open(dashboard.hash('statements', { from: String(to - lengthMs) }));
    return page;
  };
  const TABLE = '[role=region][aria-label=Statements]';

  it('holds many statements in few rows, and gets more of them as they are wanted', async () => {
    const page = await statementsOf(6 * 3_600_000);
    const table = page.locator(TABLE);
    const foot = page.locator('.card .foot').last();
    expect(await foot.innerText()).to.match(/^Showing 100 statements\. Show more/);
    await page.getByRole('button', { name: 'Show more' }).click();
    await holds(page, "/Showing 200 statements/.test(document.querySelector('main').innerText)");
    await page.evaluate(`document.querySelector('${TABLE}').scrollTo(0, 1e6)`);
    await holds(page, "/Showing [34]00 statements/.test(document.querySelector('main').innerText)");
    expect(Number(await table.locator('table').getAttribute('aria-rowcount'))).to.be.at.least(301);
    expect(await table.locator('tbody tr').count()).to.be.lessThan(80);
    await page.context().close();
  });

  it('says so when the next part, or the file of all of them, does not come', async () => {
    const page = await statementsOf(6 * 3_600_000);
    const refuse = (glob: string): Promise<unknown> =>
      page.route(glob, (route) =>
        route.fulfill({ status: 503, json: { error: { code: 'busy', message: 'The collector is busy.' } } }),
      );
    await refuse('**/api/v1/export?**');
    await page.getByRole('button', { name: 'CSV' }).click();
    expect(await page.getByRole('alert').innerText()).to.include('The collector is busy.');
    await page.reload();
    await settled(page);
    await refuse('**/statements?*cursor=*');
    await page.getByRole('button', { name: 'Show more' }).click();
    expect(await page.getByRole('alert').innerText()).to.include('The collector is busy.');
    await page.context().close();
  });

  it('offers to order by any column only when all of it is there: the order of a part says nothing of the whole', async () => {
    const many = await statementsOf(6 * 3_600_000);
    await settled(many);
    expect(await many.locator(`${TABLE} th button`).count()).to.equal(0);
    expect(await many.locator(`${TABLE} th[aria-sort]`).innerText()).to.match(/^Total ↓$/);
    await many.context().close();
    const few = await statementsOf(45_000);
    const rows = async (): Promise<number[]> =>
      (await few.locator(`${TABLE} tbody tr td:first-child`).allInnerTexts()).map((text) =>
        Number(text.replaceAll(':', '')),
      );
    await few.locator(`${TABLE} th button`, { hasText: 'Started' }).click();
    await settled(few);
    expect(await rows()).to.deep.equal((await rows()).sort((a, b) => b - a));
    await few.locator(`${TABLE} th button`, { hasText: 'Started' }).click();
    await settled(few);
    expect(await rows()).to.deep.equal((await rows()).sort((a, b) => a - b));
    await few.context().close();
  });

  it('how a table is sorted is in the address, by which it opens again, and the way back undoes it', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('fleet'));
    const services = page.getByRole('region', { name: 'Services', exact: true });
    const counts = async (of = services): Promise<number[]> =>
      (await of.locator('tbody td:nth-child(3)').allInnerTexts()).map((text) => Number(text.replaceAll(/\D/g, '')));
    const descending = (values: readonly number[]): number[] => [...values].sort((a, b) => b - a);
    const sorted = (): string | null => new URLSearchParams(page.url().split('?')[1]).get('sort.Services');
    await services.getByRole('button', { name: 'Statements' }).click();
    await settled(page);
    expect(sorted()).to.equal('Statements');
    expect(await counts()).to.deep.equal(descending(await counts()));
    await services.getByRole('button', { name: 'Statements' }).click();
    await settled(page);
    expect(sorted()).to.equal('Statements,asc');
    expect(await counts()).to.deep.equal(descending(await counts()).reverse());
    expect(await services.locator('th[aria-sort=ascending]').innerText()).to.match(/^Statements/);
    const again = await dashboard.open(new URL(page.url()).hash);
    const reopened = again.page.getByRole('region', { name: 'Services', exact: true });
    expect(await counts(reopened)).to.deep.equal(await counts());
    await again.close();
    await page.goBack();
    await settled(page);
    expect(await counts()).to.deep.equal(descending(await counts()));
    await page.goBack();
    await settled(page);
    expect(sorted()).to.equal(null);
    await page.locator('nav a', { hasText: 'Errors' }).click();
    await settled(page);
    expect(page.url()).to.not.include('sort.');
    await close();
  });

  it('slowest statements are those of the duration that the view is about, and show it', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('statements', { m: 'first' }));
    const table = page.locator(TABLE);
    expect(await table.locator('th[aria-sort]').innerText()).to.match(/^First row ↓$/);
    const shown = await table.locator('tbody tr:first-child td.r').first().innerText();
    const { statements } = await dashboard.test.client.statements({
      ...dashboard.window,
      measure: 'firstRowLatencyMs',
      order: 'slowest',
      limit: 1,
    });
    const seconds = (statements[0]?.firstRowLatencyMs ?? 0) / 1000;
    expect(Number.parseFloat(shown)).to.be.closeTo(seconds, 0.06);
    await close();
  });

  /** Each page in turn, in the same tab. */
  async function* pages(): AsyncGenerator<{ name: string; page: Page }> {
    const { page, close } = await dashboard.open('#/nowhere');
    for (const name of [...PAGES, `statement/${dashboard.fleet.statements.at(-1)?.id ?? ''}`]) {
      await page.evaluate(`location.hash = ${JSON.stringify(dashboard.hash(name))}`);
      await settled(page);
      yield { name, page };
    }
    await close();
  }

  it('says in a sentence with numbers what every chart shows', async () => {
    for await (const { name, page } of pages()) {
      const sentences = await page.evaluate<string[]>(
        "[...document.querySelectorAll('main :is(.plot, [role=img])')].map((e) => e.getAttribute('aria-label') ?? '')",
      );
      expect(sentences.length, name).to.be.greaterThan(0);
      for (const sentence of sentences) expect(sentence, name).to.match(/\d|unknown/);
    }
  });

  it('says of every word that not everybody knows what it means, where it stands and among the keys', async () => {
    const seen = new Set<string>();
    for await (const { name, page } of pages()) {
      const names = await namesOf(page);
      await page.keyboard.press('t');
      await settled(page);
      const known = [...names, ...(await namesOf(page))].filter(({ text }) => JARGON.test(text));
      expect(known.filter(({ title }) => title === '').map(({ text }) => `${name}: ${text}`)).to.deep.equal([]);
      for (const { text } of known) seen.add(JARGON.exec(text)?.[0] ?? '');
      await page.keyboard.press('t');
    }
    expect([...seen]).to.include.members(['p50', 'p95', 'SQLSTATE', 'Retried', 'CloudFetch', 'Cold start']);
    const { page, close } = await dashboard.open('');
    await page.keyboard.press('?');
    const help = await page.getByRole('dialog').innerText();
    for (const word of seen) expect(help).to.include(word);
    await close();
  });
});
