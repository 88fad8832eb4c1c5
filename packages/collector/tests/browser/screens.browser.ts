import { expect } from 'chai';
import { Dashboard } from './support/Dashboard';
import { compareScreen } from './support/screens';

/** Fonts and their edges are drawn differently on every machine; a part that is missing or has moved is more. */
const TOLERANCE = 0.06;

const SCREENS = [
  { name: 'overview', page: 'overview', dark: false },
  { name: 'overview-dark', page: 'overview', dark: true },
  { name: 'errors', page: 'errors', dark: false },
  { name: 'compare', page: 'compare', dark: false },
  { name: 'fleet', page: 'fleet', dark: false },
] as const;

describe('key screens beside their baselines', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  for (const { name, page: path, dark } of SCREENS) {
    it(`${name} looks as it did`, async () => {
      const { page, close } = await dashboard.open(dashboard.hash(path), { dark });
      // The port is another one each time.
      const hidden = '.brand small, .side .foot { visibility: hidden }';
      await page.evaluate(
        `(() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(${JSON.stringify(hidden)}); document.adoptedStyleSheets = [sheet]; })()`,
      );
      expect(await page.locator('.nothing, .failure').count()).to.equal(0);
      const { share, folder } = compareScreen(name, await page.screenshot());
      expect(share, `see ${folder}`).to.be.lessThan(TOLERANCE);
      await close();
    });
  }
});
