import { expect } from 'chai';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector, type TestCollector } from '../testCollector';
import { Browsing, settled } from './support/Browsing';
import { cardText } from './support/reading';

describe('odd statements on the page', () => {
  let browsing: Browsing;
  let test: TestCollector;
  before(async () => {
    [browsing, test] = await Promise.all([Browsing.start(), testCollector({ retentionDays: 36_500 })]);
  });
  after(async () => {
    await browsing.close();
    await test.end();
  });

  it('a statement of no time has one; its session says nothing of an opening that is not told', async () => {
    const timeMs = Date.UTC(2026, 9, 20);
    await deliver(test.collector.address, [statementLog({ statementId: 'zero', sessionId: 'z', timeMs, latencyMs: 0 })]); // prettier-ignore
    await loaded(test.client, 1);
    const { page, close } = await browsing.visit(test.collector.address, '#/statement/zero');
    await settled(page);
    expect(await page.locator('.head-total').innerText()).to.equal('0 ms');
    expect(await cardText(page, 'Waterfall')).to.include('tells no duration above 0 ms');
    expect(await cardText(page, 'Recorded with it')).to.match(/1 statement, 0 failed(?!, opened)/);
    await close();
  });

  it('the longest id and name leave a page as wide as its window', async () => {
    const [statementId, service, timeMs] = ['y'.repeat(128), 'x'.repeat(128), Date.UTC(2026, 9, 20)];
    const facts = { latencyMs: 2 ** 31 - 1, operation: { retry_count: 1_234 } };
    await deliver(test.collector.address, [
      sessionLog({ sessionId: 'long', service, timeMs }),
      statementLog({ statementId, sessionId: 'long', timeMs, ...facts }),
    ]);
    await loaded(test.client, 3);
    const { page, close } = await browsing.visit(test.collector.address, `#/statement/${statementId}`);
    await settled(page);
    expect(await page.locator('.head').innerText())
      .to.include('1,234 retries')
      .and.include('596 h 31 m');
    for (const width of [1440, 900]) {
      await page.setViewportSize({ width, height: 800 });
      await settled(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
      const totalHeight = await page.evaluate("document.querySelector('.head-total').clientHeight");
      expect(totalHeight).to.be.lessThan(40);
    }
    await close();
  });

  it('an axis of counts has whole ones, each once', async () => {
    const timeMs = Date.UTC(2026, 9, 15);
    const { page, go, close } = await browsing.visit(test.collector.address, '#/nowhere');
    await page.evaluate(
      "window.drawn = []; const { prototype } = CanvasRenderingContext2D; const { fillText } = prototype; prototype.fillText = function (text, ...at) { if (this.textAlign === 'right') window.drawn.push(text); return fillText.call(this, text, ...at); };",
    );
    for (const [hour, errors, ticks] of [
      [1, 1, ['0', '1']],
      [2, 9, ['0', '5']],
    ] as const) {
      // prettier-ignore
      const atMs = timeMs + hour * 3_600_000;
      const before = (await test.client.health({ from: 0 })).accepted;
      const failed = { error: { error_name: 'SomeError' }, local: { outcome: 'failed' } };
      await deliver(test.collector.address, Array.from({ length: errors }, () => statementLog({ timeMs: atMs, latencyMs: 1, ...failed }))); // prettier-ignore
      await loaded(test.client, before + errors);
      await go(`#/errors?from=${atMs - 600_000}&to=${atMs + 600_000}`);
      await page.evaluate('window.drawn = []');
      // Another theme: everything is drawn anew.
      await page.keyboard.press('d');
      await settled(page);
      expect(await page.evaluate('[...new Set(window.drawn)]'), String(errors)).to.deep.equal(ticks);
    }
    await close();
  });
});
