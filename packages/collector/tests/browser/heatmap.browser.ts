import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { Heatmap } from '../../lib/store/queries/heatmap';
import { Dashboard } from './support/Dashboard';
import { dragHeatmap } from './support/reading';

const RAMP = ['--h1', '--h2', '--h3', '--h4', '--h5', '--h6', '--h7', '--h8'];
const DIMMED = 0.38;

type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

/** What is drawn in the middle of cells, from left and from below. */
const pixelsOf = (
  page: Page,
  { columns, rowsFromMs }: Heatmap,
  cells: readonly (readonly [x: number, y: number])[],
): Promise<Pixel[]> =>
  page.evaluate(`(() => {
    const over = document.querySelector('.heatmap .over');
    const ctx = document.querySelector('.heatmap canvas').getContext('2d');
    const [width, height] = [over.clientWidth / ${columns}, over.clientHeight / ${rowsFromMs.length}];
    return ${JSON.stringify(cells)}.map(([x, y]) => [...ctx.getImageData(
      Math.round(over.offsetLeft + (x + 0.5) * width),
      Math.round(over.offsetTop + over.clientHeight - (y + 0.5) * height), 1, 1).data]);
  })()`);

/** The colours of the ramp, as they are drawn. */
const rampOf = (page: Page): Promise<Pixel[]> =>
  page.evaluate(`${JSON.stringify(RAMP)}.map((name) => {
    const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).concat(255);
  })`);

describe('the heatmap', () => {
  let dashboard: Dashboard;
  let heatmap: Heatmap;
  before(async () => {
    dashboard = await Dashboard.shared();
    heatmap = await dashboard.test.client.heatmap({ ...dashboard.window, measure: 'totalLatencyMs' });
  });

  /** Cells that hold something, in columns in which no deployment is marked. */
  const cellsOf = async (): Promise<Heatmap['cells']> => {
    const { markers } = await dashboard.test.client.overview(dashboard.window);
    const marked = new Set(markers.map(({ timeMs }) => Math.floor((timeMs - heatmap.startMs) / heatmap.bucketMs)));
    return heatmap.cells.filter(({ x }) => !marked.has(x) && !marked.has(x + 1) && !marked.has(x - 1));
  };

  it('is drawn by the logarithm of the count, 8 rows a decade; a cell without a statement is not painted', async () => {
    expect(heatmap.columns).to.be.at.most(130);
    expect((heatmap.rowsFromMs[8] ?? NaN) / (heatmap.rowsFromMs[0] ?? NaN)).to.be.closeTo(10, 1e-9);
    const { page, close } = await dashboard.open(dashboard.hash('statements'));
    const [cells, ramp] = [await cellsOf(), await rampOf(page)];
    const most = Math.max(...heatmap.cells.map(({ statements }) => statements));
    const drawn = await pixelsOf(
      page,
      heatmap,
      cells.map(({ x, y }) => [x, y] as const),
    );
    const steps = new Set<number>();
    for (const [index, { statements }] of cells.entries()) {
      const step = Math.min(7, Math.floor((Math.log(statements) / Math.log(most + 1)) * 8));
      steps.add(step);
      expect(drawn[index], `${statements} of at most ${most}`).to.deep.equal(ramp[step]);
    }
    expect(steps.size).to.be.greaterThan(5);
    const painted = new Set(heatmap.cells.map(({ x, y }) => `${x} ${y}`));
    const empty = cells
      .flatMap(({ x }) => heatmap.rowsFromMs.map((_, y) => [x, y] as const))
      .filter(([x, y]) => !painted.has(`${x} ${y}`));
    expect(empty.length).to.be.greaterThan(100);
    const alphas = (await pixelsOf(page, heatmap, empty)).map(([, , , alpha]) => alpha);
    expect(new Set(alphas)).to.deep.equal(new Set([0]));
    await close();
  });

  it('dims what is outside of the box to 38 %, whose bounds are those of cells', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('statements'));
    const before = page.url();
    await dragHeatmap(page, [0.613, 0.113], [0.877, 0.531]);
    const [fromMs = NaN, toMs = NaN, minMs = NaN, maxMs = NaN] = (/sel=([\d,]+)/.exec(page.url())?.[1] ?? '')
      .split(',')
      .map(Number);
    const { startMs, bucketMs, rowsFromMs } = heatmap;
    for (const ms of [fromMs, toMs]) expect((ms - startMs) % bucketMs).to.equal(0);
    for (const ms of [minMs, maxMs]) expect(rowsFromMs.map((row) => Math.ceil(row))).to.include(ms);
    // It never zooms by itself.
    expect(page.url().replace(/&sel=[\d,]+/, '')).to.equal(before);
    const cells = await cellsOf();
    const drawn = await pixelsOf(
      page,
      heatmap,
      cells.map(({ x, y }) => [x, y] as const),
    );
    const alphas = { inside: new Set<number>(), outside: new Set<number>() };
    for (const [index, { x, y }] of cells.entries()) {
      const [atMs, rowMs] = [startMs + x * bucketMs, Math.ceil(rowsFromMs[y] ?? NaN)];
      const within = atMs >= fromMs && atMs < toMs && rowMs >= minMs && rowMs < maxMs;
      alphas[within ? 'inside' : 'outside'].add(drawn[index]?.[3] ?? NaN);
    }
    expect([...alphas.inside]).to.deep.equal([255]);
    expect([...alphas.outside]).to.deep.equal([Math.round(DIMMED * 255)]);
    await close();
  });

  it('has what took longer than its axis in its last row', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('statements'));
    await dragHeatmap(page, [0.9, 0.01], [0.999, 0.2]);
    expect(page.url()).to.match(/sel=\d+,\d+,\d+,(?:&|$)/);
    const first = page.getByRole('region', { name: 'Statements', exact: true }).locator('tbody tr').first();
    expect(await first.innerText()).to.include('1 m 12 s');
    await close();
  });

  it('marks where a service came with another version, without being told', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('overview'));
    const { markers } = await dashboard.test.client.overview(dashboard.window);
    const share = ((markers[0]?.timeMs ?? NaN) - heatmap.startMs) / (heatmap.columns * heatmap.bucketMs);
    const alpha = await page.evaluate<number>(`(() => {
      const over = document.querySelector('.heatmap .over');
      const ctx = document.querySelector('.heatmap canvas').getContext('2d');
      return ctx.getImageData(Math.round(over.offsetLeft + ${share} * over.clientWidth), over.offsetTop - 6, 1, 1).data[3];
    })()`);
    expect(alpha).to.equal(255);
    await close();
  });

  it('has a tooltip with interval and values, which flips at the edge', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('statements'));
    const box = await page.locator('.heatmap .over').boundingBox();
    const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
    const cells = heatmap.cells.filter(({ x: column }) => column === 2 || column === heatmap.columns - 2);
    const tip = page.locator('.heatmap .tip');
    for (const column of [2, heatmap.columns - 2]) {
      const cell = cells.find((one) => one.x === column);
      const left = ((column + 0.5) / heatmap.columns) * width;
      await page.mouse.move(x + left, y + height - (((cell?.y ?? 0) + 0.5) / heatmap.rowsFromMs.length) * height);
      await tip.waitFor();
      const words = await tip.innerText();
      expect(words)
        .to.match(/\d\d:\d\d–\d\d:\d\d/)
        .and.match(/\d+(?:\.\d+)? m?s – \d/);
      expect(words).to.match(new RegExp(`^${cell?.statements ?? ''} statements?`));
      const edges = await tip.boundingBox();
      const [start, end] = [edges?.x ?? NaN, (edges?.x ?? NaN) + (edges?.width ?? NaN)];
      if (column === 2) expect(start).to.be.greaterThan(x + left);
      else expect(end).to.be.lessThan(x + left);
    }
    await close();
  });
});
