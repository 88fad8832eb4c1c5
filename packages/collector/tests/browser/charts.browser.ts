import { expect } from 'chai';
import { sessionLog, statementLog } from '../logs';
import { deliver, loaded, testCollector, type TestCollector } from '../testCollector';
import { Browsing, type Visited } from './support/Browsing';

const HOUR_MS = 3_600_000;
const AT = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS;

interface Drawn {
  readonly text: string;
  readonly left: number;
  /** Pixels from the right edge of the canvas. */
  readonly spare: number;
}

/** What is drawn from now on: texts with where they end, and rectangles of the colour of the first kind of bars. */
const RECORD = `(() => {
  globalThis.drawn = []; globalThis.bars = [];
  const { fillText, fillRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most = Infinity) {
    const width = Math.min(most, this.measureText(text).width);
    const left = this.textAlign === 'right' ? x - width : this.textAlign === 'center' ? x - width / 2 : x;
    drawn.push({ text, left, spare: this.canvas.clientWidth - left - width });
    return fillText.call(this, text, x, y, most === Infinity ? undefined : most);
  };
  CanvasRenderingContext2D.prototype.fillRect = function (x, y, width, height) {
    if (this.canvas.closest('.card')?.textContent.startsWith('Driver adoption') && height > 50 && width > 1) {
      bars.push(Math.min(this.canvas.clientWidth - 18, x + width) - Math.max(54, x));
    }
    return fillRect.call(this, x, y, width, height);
  };
})()`;

describe('a chart', () => {
  let browsing: Browsing;
  let test: TestCollector;
  let visited: Visited;
  before(async () => {
    [browsing, test] = await Promise.all([Browsing.start(), testCollector({ retentionDays: 365 })]);
    const statements = Array.from({ length: 30 }, (_, i) =>
      statementLog({
        timeMs: AT + i,
        latencyMs: 500 * HOUR_MS + i * 1e6,
        local: { outcome: 'succeeded', submitLatencyMs: 400 * HOUR_MS, resultConsumptionLatencyMs: 200 * HOUR_MS },
      }),
    );
    await deliver(test.collector.address, [sessionLog({ timeMs: AT }), ...statements]);
    await loaded(test.client, 31);
    visited = await browsing.visit(test.collector.address, '#/nowhere', {});
    await visited.page.evaluate(RECORD);
  });
  after(async () => {
    await browsing.close();
    await test.end();
  });

  it('has room for labels of hundreds of hours, on each page', async () => {
    const { statements } = await test.client.statements({ from: AT - HOUR_MS, to: AT + HOUR_MS, limit: 1 });
    const window = `from=${AT - HOUR_MS}&to=${AT + HOUR_MS}`;
    const pages = [
      'overview',
      'statements',
      'compare',
      'retries',
      'cloudfetch',
      `statement/${statements[0]?.statementId ?? ''}`,
    ];
    for (const page of pages) await visited.go(`#/${page}?${window}`);
    const drawn = await visited.page.evaluate<Drawn[]>('drawn');
    expect(drawn.filter(({ text }) => /^\d{3} h \d\d m$/.test(text))).to.have.lengthOf.at.least(3);
    expect(drawn.filter(({ left, spare }) => left < 0 || spare < 0)).to.deep.equal([]);
  });

  it('shows an interval of which the window has hardly anything, at its first and last edge', async () => {
    for (const [from, to] of [
      [AT - 168 * HOUR_MS, AT + 100],
      [AT, AT + 168 * HOUR_MS],
    ] as const) {
      await visited.page.evaluate('void (bars.length = 0)');
      await visited.go(`#/fleet?from=${from}&to=${to}`);
      const bars = await visited.page.evaluate<number[]>('bars');
      expect(bars).to.have.lengthOf.at.least(1);
      expect(Math.min(...bars)).to.be.at.least(2);
    }
  });
});
