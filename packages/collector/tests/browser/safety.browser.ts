import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector } from '../testCollector';
import { Browsing, settled } from './support/Browsing';
import { PAGES } from './support/pages';
import { prefixProxy } from './support/prefixProxy';

const PUBLIC = join(__dirname, '..', '..', 'dist', 'public');
const BUDGET_BYTES = 60_000;
const ATTACK = '<img src=x onerror="globalThis.hacked=1">';

/** Whatever a sender may choose, made of markup; what the collector does not take is left out by it. */
function hostileLogs(timeMs: number): object[] {
  const session = sessionLog({
    sessionId: 'evil',
    service: ATTACK,
    warehouse: 'evil',
    driverVersion: '1.0',
    timeMs: timeMs - 2,
  });
  const statements = Array.from({ length: 60 }, (_, i) =>
    statementLog({
      sessionId: 'evil',
      statementId: i === 0 ? `evil=javascript:alert` : `evil-${i}`,
      timeMs: timeMs - i * 20_000,
      latencyMs: 100 + i,
      local: {
        service: ATTACK,
        outcome: 'failed',
        errorClass: 'SCRIPT_ALERT',
        sqlState: '42P01',
        retryCauses: '503:1',
      },
      operation: {
        retry_count: 1,
        [ATTACK]: 1,
        execution_result: 'EXTERNAL_LINKS',
        chunk_details: { total_chunks_present: 2, slowest_chunk_latency_millis: 50 },
      },
      error: {
        error_name: 'Evil#~Error',
        stack_trace: `stage=execute code=ERROR sqlstate=42P01 class=SCRIPT_ALERT http=503\n${ATTACK}`,
      },
    }),
  );
  return [session, ...statements];
}

describe('the dashboard, attacked and confined', () => {
  let browsing: Browsing;
  before(async () => {
    browsing = await Browsing.start();
  });
  after(() => browsing.close());

  it('shows what senders wrote as text, on every page', async () => {
    const test = await testCollector({ warehouseNames: { evil: ATTACK } });
    const nowMs = Date.now();
    const logs = hostileLogs(nowMs);
    await deliver(test.collector.address, logs);
    await loaded(test.client, logs.length);
    await fetch(`${test.collector.address}/api/2.0/connector-service/feature-flags/NODEJS/1.0`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ service: ATTACK, processId: 'evil', options: { telemetryEnabled: { value: ATTACK } } }),
    });
    await test.client.setRule({ scope: 'service', name: ATTACK, enabled: false, by: ATTACK });
    const seen = new Set<string>();
    const injected = ATTACK.replace('globalThis.hacked=1', 'globalThis.hacked=2');
    const { page, troubles, go, close } = await browsing.visit(test.collector.address, '#/nowhere');
    for (const name of [
      ...PAGES,
      'statement/evil-1',
      `statement/${encodeURIComponent(injected)}`,
      encodeURIComponent(injected),
    ]) {
      const query = `f.service=${encodeURIComponent(ATTACK)}&m=${encodeURIComponent(injected)}`;
      await go(`#/${name}?r=1h&${query}`);
      expect(await page.evaluate('globalThis.hacked'), name).to.equal(undefined);
      expect(await page.locator('img').count(), name).to.equal(0);
      if ((await page.locator('body').innerText()).includes(ATTACK)) seen.add(name);
      expect(
        troubles.filter((trouble) => !trouble.includes('404')),
        name,
      ).to.deep.equal([]);
    }
    await close();
    expect(seen.size).to.be.greaterThan(5);
    await test.end();
  });

  it('comes with a policy that lets it run nothing but itself', async () => {
    const test = await testCollector();
    const response = await fetch(test.collector.address);
    expect(response.headers.get('content-security-policy')).to.include("default-src 'self'").and.not.include('unsafe');
    const html = await response.text();
    expect(html).to.not.match(/<script>|<style|\sstyle=|\son\w+=/);
    await test.end();
  });

  it('works under a path of a reverse proxy, and asks for nothing outside of it', async () => {
    const test = await testCollector();
    await deliver(test.collector.address, [sessionLog(), statementLog({ latencyMs: 5 })]);
    await loaded(test.client, 2);
    const proxy = await prefixProxy(test.collector.address);
    const { page, troubles, close } = await browsing.visit(proxy.address, '#/statements?r=1h');
    await settled(page);
    expect(await page.locator('h1').innerText()).to.equal('Statements');
    expect(await page.locator('main').innerText()).to.include('5 ms');
    expect(troubles).to.deep.equal([]);
    expect(proxy.asked.filter((url) => !url.startsWith('/tools/telemetry/'))).to.deep.equal([]);
    await close();
    await proxy.close();
    await test.end();
  });

  it('moves nothing for a reader who wants no motion', async () => {
    const test = await testCollector();
    await deliver(test.collector.address, [sessionLog(), statementLog({ latencyMs: 5 })]);
    await loaded(test.client, 2);
    for (const reducedMotion of [true, false]) {
      const { page, close } = await browsing.visit(test.collector.address, '#/statements?live=1', { reducedMotion });
      await page.locator('h1').waitFor();
      const moving = "getComputedStyle(document.querySelector('.pulse') ?? document.body).animationName";
      await page.locator('.pulse').first().waitFor();
      expect(await page.evaluate(moving)).to.equal(reducedMotion ? 'none' : 'p');
      await close();
    }
    await test.end();
  });

  it(`is at most ${BUDGET_BYTES / 1000} kB of script and style, gzipped, and holds no address of anywhere else`, () => {
    const files = readdirSync(PUBLIC, { recursive: true }).map((name) => join(PUBLIC, String(name)));
    const code = files.filter((file) => ['.js', '.css'].includes(extname(file)));
    expect(code.length).to.be.greaterThan(1);
    const sizes = code.map((file) => gzipSync(readFileSync(file)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.be.at.most(BUDGET_BYTES);
    for (const file of code) {
      const foreign = readFileSync(file, 'utf8').match(/https?:\/\/(?!www\.w3\.org)[\w.]+/g) ?? [];
      expect(foreign, file).to.deep.equal([]);
    }
  });
});
