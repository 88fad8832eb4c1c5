import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { holds } from './support/Browsing';
import { Dashboard } from './support/Dashboard';

/** The colours of the design, light and dark. */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  ...{
    bg: ['F7F8FA', '0E1014'],
    surface: ['FFFFFF', '15181E'],
    sunken: ['F1F3F6', '1B1F27'],
    line: ['E4E7EC', '262B35'],
  },
  ...{ ink: ['14171C', 'ECEFF4'], ink2: ['4D5562', 'AEB6C3'], ink3: ['656D7B', '8A93A2'], link: ['1F56C5', '86AEFF'] },
  ...{ sel: ['C4430A', 'FF9455'], rest: ['8591A3', '6B7686'], bad: ['B4234A', 'FF7D98'], warn: ['8A5A00', 'F0BF5A'] },
  ...{ good: ['0B7A55', '4FCF9F'], focus: ['2F6BE5', '7FA8FF'], c1: ['0B6CB0', '4BA3DB'], c2: ['C98700', 'DBA83F'] },
  ...{ c3: ['00906A', '2FBF93'], c4: ['93397A', 'C77BB0'], c5: ['3B9AD5', '8FCBF2'], c6: ['C94F00', 'D85F2C'] },
  ...{ c7: ['8A94A3', '68727F'], h1: ['DCEAF3', '16303F'], h2: ['BBD7E8', '17455A'], h3: ['93C1DB', '195C74'] },
  ...{ h4: ['66A6CB', '22758C'], h5: ['3F8AB8', '3A92A3'], h6: ['226D9F', '62B0B6'], h7: ['0F5083', '98CFC9'] },
  h8: ['07345F', 'DCF2E4'],
};
const MARKS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'bad', 'warn', 'good', 'sel', 'rest'];

/** Six digits; the style sheet may have been written with three. */
const tokenOf = (page: Page, name: string): Promise<string> =>
  page.evaluate(
    `getComputedStyle(document.documentElement).getPropertyValue('--${name}').trim().slice(1).toUpperCase()
      .replace(/^(.)(.)(.)$/, '$1$1$2$2$3$3')`,
  );

function luminanceOf(hex: string): number {
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrastOf(a: string, b: string): number {
  const [low = 0, high = 0] = [luminanceOf(a), luminanceOf(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe('the look of the design', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  it('has its colours in both themes; marks stand out from the surface, and more is always further from it', async () => {
    const { page, close } = await dashboard.open('#/nowhere');
    for (const [index, theme] of (['light', 'dark'] as const).entries()) {
      await page.emulateMedia({ colorScheme: theme });
      await holds(page, `document.documentElement.dataset.theme === '${theme}'`);
      for (const [name, colours] of Object.entries(COLOURS)) {
        expect(await tokenOf(page, name), `${name}, ${theme}`).to.equal(colours[index]);
      }
      const surface = COLOURS['surface']?.[index] ?? '';
      const contrasts = [1, 2, 3, 4, 5, 6, 7, 8].map((step) => contrastOf(COLOURS[`h${step}`]?.[index] ?? '', surface));
      expect(contrasts).to.deep.equal([...contrasts].sort((a, b) => a - b));
      for (const mark of MARKS) {
        expect(contrastOf(COLOURS[mark]?.[index] ?? '', surface), `${mark}, ${theme}`).to.be.at.least(3);
      }
    }
    await close();
  });

  it('has a sidebar of 204 pixels, 52 on a narrow screen, a bar that stays, and cards 16 pixels apart', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('overview'), { height: 600 });
    const widthOf = (selector: string): Promise<number> =>
      page.evaluate<number>(`document.querySelector('${selector}').getBoundingClientRect().width`);
    expect(await widthOf('nav.side')).to.equal(204);
    expect(await page.evaluate("getComputedStyle(document.querySelector('.grid')).gap")).to.equal('16px');
    await page.evaluate('window.scrollTo(0, 400)');
    expect(await page.evaluate("document.querySelector('.top').getBoundingClientRect().top")).to.equal(0);
    expect(await page.evaluate("getComputedStyle(document.body).fontFamily.split(',')[0]")).to.equal('Inter');
    await page.setViewportSize({ width: 1_000, height: 600 });
    expect(await widthOf('nav.side')).to.equal(52);
    await close();
  });
});
