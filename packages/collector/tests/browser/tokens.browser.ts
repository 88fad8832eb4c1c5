import { expect } from 'chai';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { sessionLog, statementLog } from '../logs';
import { post, testCollector, type TestCollector } from '../testCollector';
import { Browsing, settled } from './support/Browsing';

const SENDING = 'sending-4711';
const bearer = { authorization: `Bearer ${SENDING}` };

describe('the token of a reader', () => {
  let browsing: Browsing;
  let folder: string;
  let file: string;
  let test: TestCollector;
  before(async () => {
    browsing = await Browsing.start();
  });
  after(() => browsing.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tokens-'));
    file = join(folder, 'read.txt');
    writeFileSync(file, 'reading-4711\n');
    test = await testCollector({ send: { tokens: [SENDING] }, read: { file } });
  });
  afterEach(async () => {
    await test.end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Whoever runs the collector gives out another token. */
  function exchange(token: string): void {
    writeFileSync(file, `${token}\n`);
    utimesSync(file, new Date(), new Date(Date.now() + 5_000));
  }

  async function enter(page: Page, token: string): Promise<void> {
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
  }

  const refusal = (page: Page, words: string): Promise<void> =>
    page.getByRole('alert').filter({ hasText: words }).waitFor();

  it('is asked for once, kept for the tab, and sent as a header only', async () => {
    const { page, requests, close } = await browsing.visit(test.collector.address);
    await page.getByLabel('Token').waitFor();
    expect(await page.evaluate('document.activeElement.id')).to.equal('token');
    await enter(page, 'wrong');
    await refusal(page, 'does not know this token');
    await enter(page, 'reading-4711');
    await page.locator('nav').waitFor();
    await page.reload();
    await settled(page);
    expect(await page.locator('h1').count()).to.equal(1);
    expect(await page.getByLabel('Token').count()).to.equal(0);
    expect(requests.filter((url) => url.includes('4711'))).to.deep.equal([]);
    expect(page.url()).to.not.include('4711');
    expect(await page.evaluate('document.cookie + JSON.stringify(localStorage)')).to.not.include('4711');
    const stranger = await page.context().newPage();
    await stranger.goto(test.collector.address);
    await stranger.getByLabel('Token').waitFor();
    await close();
  });

  it('is told from one that is for sending, after which another can be given', async () => {
    const { page, close } = await browsing.visit(test.collector.address);
    await page.getByLabel('Token').waitFor();
    await enter(page, SENDING);
    await refusal(page, 'This token may not read');
    await enter(page, 'reading-4711');
    await page.locator('nav').waitFor();
    await settled(page);
    expect(await page.locator('main .failure').count()).to.equal(0);
    await close();
  });

  it('is asked for again when it ends under a live view, which then goes on', async () => {
    const { collector } = test;
    const logs = [sessionLog({ sessionId: 's' }), statementLog({ sessionId: 's', statementId: 'first' })];
    expect((await post(collector.address, logs, { headers: bearer })).status).to.equal(200);
    const { page, close } = await browsing.visit(collector.address, '#/statements?r=15m&live=1');
    await page.getByLabel('Token').waitFor();
    const begun = (): Promise<unknown> =>
      page.waitForResponse((response) => response.url().includes('/api/v1/live') && response.ok());
    await Promise.all([begun(), enter(page, 'reading-4711')]);
    await page.getByText('Waiting for the next statement.').waitFor();
    exchange('new-4711');
    await refusal(page, 'does not know this token');
    expect(await page.evaluate('document.activeElement.id')).to.equal('token');
    await Promise.all([begun(), enter(page, 'new-4711')]);
    expect(await page.locator('.banner').count()).to.equal(0);
    const next = [statementLog({ sessionId: 's', statementId: 'second', timeMs: Date.now() })];
    expect((await post(collector.address, next, { headers: bearer })).status).to.equal(200);
    await page.locator('tr[data-id="second"]').waitFor();
    await close();
  });
});
