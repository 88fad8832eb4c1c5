import { expect } from 'chai';
import type { Overview } from '../../lib/store/queries/overview';
import { duration } from '../../dashboard/src/format/numbers';
import { settled } from './support/Browsing';
import { changeAnswers } from './support/changeAnswers';
import { Dashboard } from './support/Dashboard';
import { figures } from './support/reading';

const DEPLOYED =
  /^pricing-engine is 5\.\d× slower since 11:42\s+p50 484 ms → 2\.86 s\. Deployed then: driver 1\.15\.0 → 2\.1\.0/;

describe('is something wrong, and where', () => {
  let dashboard: Dashboard;
  before(async () => {
    dashboard = await Dashboard.shared();
  });

  it('three findings in words, each with a way on', async () => {
    const { page, go, close } = await dashboard.open(dashboard.hash('overview'));
    const found = page.locator('.find');
    const words = (await found.allInnerTexts()).map((text) => text.replace(/^.\s+/, ''));
    expect(words).to.have.lengthOf(3);
    expect(words[0]).to.match(DEPLOYED);
    expect(words[1]).to.match(/^104 errors of bi-export, 10:04–10:20\s+Every one TABLE_OR_VIEW_NOT_FOUND \(42P01\)\./);
    expect(words[2]).to.match(
      /^Retry storm on batch-m, .*\s+503 and 429 for 3 services\. Retrying saved \d+ statements/,
    );
    for (const [index, heading] of ['Compare', 'Errors', 'Retries'].entries()) {
      await go(dashboard.hash('overview'));
      await found.nth(index).click();
      await settled(page);
      expect(await page.locator('h1').innerText()).to.equal(heading);
    }
    await close();
  });

  it('six figures against the window before, coloured only where chance does not explain the difference', async () => {
    const { page, go, close } = await dashboard.open(dashboard.hash('overview'));
    const shown = await figures(page);
    expect([...shown.keys()]).to.deep.equal([
      'Statements',
      'Failed',
      'p50 total',
      'p95 total',
      'Retried',
      'Result bytes',
    ]);
    for (const [name, words] of shown) expect(words, name).to.match(/vs previous 6 h$/);
    const tint = page.locator('.kpi', { hasText: 'Failed' }).locator('.d span');
    expect(await tint.getAttribute('class')).to.equal('is-bad');
    await changeAnswers(page, '**/api/v1/overview?**', (answer) => {
      const { current, previous } = answer as Overview;
      return { ...answer, current: { ...current, failed: 100 }, previous: { ...previous, failed: 90 } };
    });
    await go(dashboard.hash('overview', { m: 'first' }));
    expect(await tint.innerText()).to.match(/^↑ 1\d%$/);
    expect(await tint.getAttribute('class')).to.equal('');
    await close();
  });

  it('where the time of each service goes: its mean on both sides, in the order in which it passes', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('overview'));
    const { services } = await dashboard.test.client.clientServer(dashboard.window);
    for (const { service, server, joined } of services.slice(0, 6)) {
      const row = page.locator('.time-row', { hasText: service ?? 'unknown' });
      const mean = (sum: number | null): string => duration(sum === null ? null : sum / joined);
      expect(await row.getByRole('img').getAttribute('aria-label')).to.include(
        `Cold start ${mean(server.coldStartMs)}, Queued ${mean(server.queuedMs)}, Compile ${mean(server.compilationMs)}, Execute `,
      );
    }
    const legend = await page.locator('section', { hasText: 'Where the time goes' }).locator('.leg').innerText();
    expect(legend.split(/\s*\n\s*/)).to.deep.equal([
      'Cold start',
      'Queued',
      'Compile',
      'Execute',
      'Network & polling',
      'Client consume',
    ]);
    await close();
  });

  it('fleet: a strip compares each service with its own usual, the median of its window', async () => {
    const { page, close } = await dashboard.open(dashboard.hash('fleet'));
    const { strips } = await dashboard.test.client.fleet({ ...dashboard.window, measure: 'totalLatencyMs' });
    const rows = page.getByRole('region', { name: 'Services', exact: true }).locator('tbody tr');
    for (const service of ['pricing-engine', 'bi-export', 'checkout-api']) {
      const points = strips.find((strip) => strip.service === service)?.points ?? [];
      const known = points.flatMap(({ p95 }) => p95 ?? []).sort((a, b) => a - b);
      const usual = known[Math.floor(known.length / 2)] ?? NaN;
      const label = await rows.filter({ hasText: service }).getByRole('img').getAttribute('aria-label');
      expect(label, service).to.include(`Usual p95 ${duration(usual)}, at worst`);
    }
    await close();
  });

  it('a stretch without data is a gap in a line, not a zero', async () => {
    const { page, go, close } = await dashboard.open('#/nowhere');
    await changeAnswers(page, '**/api/v1/cloudfetch?**', (answer) => {
      const { series } = answer as { series: readonly object[] };
      const middle = (index: number): boolean => Math.abs(index / series.length - 0.5) < 0.2;
      return {
        ...answer,
        series: series.map((point, index) => ({ ...point, bytesPerSecond: middle(index) ? null : 5e6 })),
      };
    });
    await go(dashboard.hash('cloudfetch'));
    const drawn = await page.evaluate<number[]>(`(() => {
      const plot = document.querySelector('.plot');
      const [over, ctx] = [plot.querySelector('.over'), plot.querySelector('canvas').getContext('2d')];
      const blue = ([r, g, b, a]) => a > 0 && b > r + 40;
      return [0.1, 0.5, 0.9].map((share) => {
        const { data } = ctx.getImageData(over.offsetLeft + share * over.clientWidth, over.offsetTop, 1, over.clientHeight);
        return Array.from({ length: data.length / 4 }, (_, i) => blue(data.slice(4 * i, 4 * i + 4))).filter(Boolean).length;
      });
    })()`);
    expect(drawn[0]).to.be.greaterThan(0);
    expect(drawn[1]).to.equal(0);
    expect(drawn[2]).to.be.greaterThan(0);
    await close();
  });
});
