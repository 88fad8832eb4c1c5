// The page in a browser, with the statements of `folder` behind it: first picture, drag to the table, live view.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { spansOf } from './spans.mjs';

const BROWSER = process.env.BROWSER ?? '/usr/bin/chromium';
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'];
const DAY_MS = 864e5;
const VISITS = 5;
const DRAGS = 12;
const PER_SECOND = 1_000;

// Runs in the page: notes when figures and heatmap are drawn, when the pointer is let go, when the table is there.
const WATCH = `(() => {
  const at = (globalThis.measured = {});
  addEventListener('pointerup', () => Object.assign(at, { dropMs: performance.now(), tableMs: undefined }), true);
  const look = () => {
    if (document.querySelector('.kpi .v')) at.figuresMs ??= performance.now();
    if (document.querySelector('.kpi .v') && document.querySelector('.heatmap canvas')) at.pictureMs ??= performance.now();
    const rows = document.querySelector('.card.s7 .fresh tbody tr');
    if (at.dropMs && rows) at.tableMs ??= performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()`;

/** When the answers that the first picture needs were there. */
const ANSWERED = `Math.max(...performance.getEntriesByType('resource')
  .filter(({ name }) => /\\/api\\/v1\\/(overview|heatmap)\\?/.test(name)).map(({ responseEnd }) => responseEnd))`;

async function until(page, expression) {
  const endMs = Date.now() + 60_000;
  while (!(await page.evaluate(expression))) {
    if (Date.now() > endMs) throw new Error(`Still not: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const quantile = (values, p) => [...values].sort((a, b) => a - b)[Math.ceil(p * values.length) - 1];
const QUIET = "document.querySelector('.waiting, .stale') === null && document.querySelector('main h1') !== null";

async function open(browser, address, hash) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  await page.goto(`${address}/${hash}`);
  return page;
}

/** Each visit is the first one of a browser that remembers nothing. */
async function firstPictures(row, browser, address, windows) {
  for (const [name, hash] of windows) {
    const times = [];
    const answers = [];
    const figures = [];
    for (let visit = 0; visit < VISITS; visit += 1) {
      const page = await open(browser, address, hash);
      await until(page, 'measured.pictureMs > 0');
      times.push(await page.evaluate('measured.pictureMs'));
      answers.push(await page.evaluate(ANSWERED));
      figures.push(await page.evaluate('measured.figuresMs'));
      await until(page, QUIET);
      await page.context().close();
    }
    const worst = Math.round(Math.max(...times));
    const [half, answered, figured] = [times, answers, figures].map((values) => Math.round(quantile(values, 0.5)));
    row(
      `first picture, ${name}, slowest of ${VISITS} (half within ${half}: figures at ${figured}, answers at ${answered}), ms`,
      worst,
      '<= 1000',
      worst <= 1000,
    );
  }
}

/** From the release of the pointer to the rows, without what the collector took to answer. */
async function drags(row, browser, address, hash) {
  const page = await open(browser, address, hash);
  await until(page, QUIET);
  const beyond = [];
  const whole = [];
  for (let drag = 0; drag < DRAGS; drag += 1) {
    const { x, y, width, height } = await page.locator('.heatmap .over').boundingBox();
    const left = x + (width * drag) / (DRAGS + 4);
    await page.mouse.move(left, y + 4);
    await page.mouse.down();
    await page.mouse.move(left + width / 8, y + height / 2, { steps: 4 });
    await page.evaluate('performance.clearResourceTimings()');
    await page.mouse.up();
    await until(page, 'measured.tableMs > measured.dropMs');
    const [tookMs, answerMs] = await page.evaluate(
      `[measured.tableMs - measured.dropMs, performance.getEntriesByType('resource').find(({ name }) => name.includes('/api/v1/statements?'))?.duration]`,
    );
    whole.push(tookMs);
    beyond.push(tookMs - answerMs);
    await until(page, QUIET);
    await page.keyboard.press('Escape');
    await until(page, `${QUIET} && document.querySelector('.card.s7') === null`);
  }
  await page.context().close();
  const worst = Math.round(Math.max(...beyond));
  row(
    `drag to table, beyond the answer, slowest of ${DRAGS} (with it: ${Math.round(quantile(whole, 0.5))}), ms`,
    worst,
    '<= 300',
    worst <= 300,
  );
}

/** What the main thread does in one go while statements arrive; tasks under a millisecond are not counted. */
async function liveTasks(row, browser, address, name, hash, load, seconds) {
  const page = await open(browser, address, hash);
  await until(page, QUIET);
  const loading = load(address, seconds + 3, 4, 'plain', PER_SECOND);
  await page.waitForTimeout(2_000);
  const tasks = await spansOf(browser, page, () => page.waitForTimeout(seconds * 1000));
  const { perSecond } = await loading;
  await page.context().close();
  const p99 = Math.round(quantile(tasks.wallMs, 0.99));
  const cpu = Math.round(quantile(tasks.cpuMs, 0.99));
  const busy = Math.round((100 * tasks.cpuMs.reduce((sum, ms) => sum + ms, 0)) / (seconds * 1000));
  row(
    `${name} while ${perSecond}/s arrive, task of the main thread, p99 of ${tasks.wallMs.length} (CPU ${cpu}, longest ${Math.round(Math.max(...tasks.wallMs))}, busy ${busy} %), ms`,
    p99,
    '<= 50',
    p99 <= 50,
  );
}

/** `address`: of a collector that holds the statements of the last two days. */
export async function page(row, address, statements, load, seconds) {
  if (!existsSync(BROWSER)) throw new Error(`There is no browser: tools/install-browser.sh installs one.`);
  const browser = await chromium.launch({ executablePath: BROWSER, args: ARGUMENTS });
  const nowMs = Date.now();
  const all = `from=${nowMs - 2 * DAY_MS}&to=${nowMs}`;
  const millions = `${statements / 1e6} million statements`;
  try {
    await firstPictures(row, browser, address, [
      [`the last hour of ${millions}`, ''],
      [`all ${millions}`, `#/overview?${all}`],
    ]);
    await drags(row, browser, address, `#/statements?${all}`);
    await liveTasks(row, browser, address, 'overview', '#/overview?r=15m&live=1', load, seconds);
    await liveTasks(row, browser, address, 'statements', '#/statements?r=15m&live=1', load, seconds);
  } finally {
    await browser.close();
  }
}
