import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { answersOf, isFailed } from '../fleet/answers';
import type { FleetStatement } from '../fleet/facts';
import { DROPPED, WAITING } from '../fleet/fill';
import type { Visited } from './support/Browsing';
import { Dashboard } from './support/Dashboard';
import { cardText, figures, rowOf, written } from './support/reading';

const total = ({ latencyMs, consumeMs }: FleetStatement): number => latencyMs + (consumeMs ?? 0);

describe('what the pages answer, beside what is known of the fleet', () => {
  let dashboard: Dashboard;
  let statements: readonly FleetStatement[];
  let visited: Visited;
  before(async () => {
    dashboard = await Dashboard.shared();
    visited = await dashboard.open('#/nowhere');
    const { from, to } = dashboard.window;
    statements = dashboard.fleet.statements.filter(({ timeMs }) => timeMs >= from && timeMs < to);
  });

  after(() => visited.close());

  const looking = async (
    page: string,
    look: (page: Page) => Promise<void>,
    parameters: Record<string, string> = {},
  ): Promise<void> => {
    await visited.go(dashboard.hash(page, parameters));
    await look(visited.page);
    expect(visited.troubles.splice(0)).to.deep.equal([]);
  };

  it('overview: failed and retried statements, and the slowest of them', () =>
    looking('overview', async (page) => {
      const known = answersOf(statements);
      const shown = await figures(page);
      expect(shown.get('Statements')).to.include(`${(known.statements / 1000).toFixed(1)}k`);
      expect(shown.get('Failed')).to.include(`· ${written(known.failed)}`);
      expect(shown.get('Retried')).to.include(`· ${written(known.retried)}`);
      const cancelled = statements.filter(({ outcome }) => outcome === 'cancelled').length;
      expect(await page.locator('a.kpi', { hasText: 'Failed' }).getAttribute('title'))
        .to.match(/^delivered [\d,]+/)
        .and.include(`cancelled ${written(cancelled)}`)
        .and.include(`unknown ${written(known.outcomeUnknown)}`);
      const slowest = statements.reduce((most, one) => (total(one) > total(most) ? one : most));
      const first = page.getByRole('region', { name: 'Slowest statements', exact: true }).locator('tbody tr').first();
      expect(await first.getAttribute('data-id')).to.equal(slowest.id);
    }));

  it('overview as tables: the heatmap holds every statement once', () => {
    const { to } = dashboard.window;
    // Short enough for a table that is drawn whole.
    const from = to - 5_400_000;
    return looking(
      'overview',
      async (page) => {
        await page
          .locator('section', { hasText: 'Latency of every statement' })
          .getByRole('button', { name: 'Table' })
          .click();
        const cells = page.getByRole('region', { name: 'Latency over time' }).locator('tbody tr td:nth-child(2)');
        const counts = (await cells.allInnerTexts()).map((text) => Number(text.replaceAll(',', '')));
        const known = statements.filter(({ timeMs }) => timeMs >= from);
        expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(known.length);
      },
      { from: String(from) },
    );
  });

  it('statements: the slowest first, as many as there are behind a filter', () =>
    looking(
      'statements',
      async (page) => {
        const own = statements.filter(({ service }) => service === 'nightly-report');
        const slowest = own.reduce((most, one) => (total(one) > total(most) ? one : most));
        const rows = page.getByRole('region', { name: 'Statements', exact: true }).locator('tbody tr');
        expect(await rows.first().getAttribute('data-id')).to.equal(slowest.id);
      },
      { 'f.service': 'nightly-report' },
    ));

  it('one statement: its total, its files, its session and its server side', async () => {
    const one = statements.find(
      ({ files, server, service }) => (files?.count ?? 0) > 3 && server && service === 'bi-export',
    );
    await looking(`statement/${one?.id ?? ''}`, async (page) => {
      const text = await page.locator('main').innerText();
      expect(text).to.include(one?.id).and.include('bi-export').and.include('batch-m');
      expect(text).to.include(`${one?.files?.count ?? ''} of ${one?.files?.count ?? ''} read`);
      expect(text).to.include(one?.sessionId.slice(-6));
      expect(text).to.match(/Compil/);
    });
  });

  it('errors: each class with its count, the service that met it and when', () =>
    looking('errors', async (page) => {
      const known = answersOf(statements);
      for (const [kind, count] of known.errors) {
        expect((await rowOf(page, 'Error classes', kind))[3], kind).to.equal(written(count));
      }
      const { burst } = dashboard.fleet.story;
      expect(await rowOf(page, 'Error classes', 'TABLE_OR_VIEW_NOT_FOUND')).to.include.members([
        '42P01',
        'no such table or view',
        burst.service,
      ]);
      expect(await cardText(page, 'Errors by class')).to.include(
        `${written(known.failed)} of ${written(known.statements - known.outcomeUnknown)} statements failed`,
      );
    }));

  it('retries: how many, by cause, saved and lost', () =>
    looking('retries', async (page) => {
      const known = answersOf(statements);
      const shown = await figures(page);
      expect(shown.get('Statements retried')).to.include(`· ${written(known.retried)}`);
      expect(shown.get('Repeated requests')).to.match(new RegExp(`^${written(known.retries)}\\b`));
      expect(shown.get('Saved')).to.match(new RegExp(`^${known.saved}\\b`));
      expect(shown.get('Lost')).to.match(new RegExp(`^${known.lost}\\b`));
      for (const [cause, count] of known.causes) {
        expect((await rowOf(page, 'Causes of repeated requests', cause))[2]).to.equal(written(count));
      }
      const [saved, lost] = ['batch-m'].flatMap((warehouse) => {
        const own = answersOf(statements.filter((statement) => statement.warehouse === warehouse));
        return [own.saved, own.lost];
      });
      const row = await rowOf(page, 'What retrying achieved, by warehouse', 'batch-m');
      expect(row.slice(2)).to.deep.equal([String(saved), String(lost)]);
    }));

  it('CloudFetch: files, formats, the slowest file', () =>
    looking('cloudfetch', async (page) => {
      const known = answersOf(statements);
      expect((await rowOf(page, 'What became of the files', 'Offered'))[2]).to.equal(written(known.files));
      expect((await rowOf(page, 'Formats of results', 'CloudFetch'))[2]).to.equal(written(known.cloudFetch));
      const slowest = statements.reduce((most, one) =>
        (one.files?.slowestMs ?? 0) > (most.files?.slowestMs ?? 0) ? one : most,
      );
      const rows = page.getByRole('region', { name: 'Statements with the slowest files' }).locator('tbody tr');
      expect(await rows.first().getAttribute('data-id')).to.equal(slowest.id);
    }));

  it('compare: both sides counted, the service of the deployment slower, the others within chance', () =>
    looking('compare', async (page) => {
      const { deploy } = dashboard.fleet.story;
      const first = Math.min(
        ...dashboard.fleet.sessions
          .filter(({ service, driverVersion }) => service === deploy.service && driverVersion === deploy.version.driver)
          .map(({ timeMs }) => timeMs),
      );
      const before = (service: string): number =>
        statements.filter((statement) => statement.service === service && statement.timeMs < first).length;
      const all = (service: string): number => statements.filter((statement) => statement.service === service).length;
      const pricing = await rowOf(page, 'Who changed', 'pricing-engine');
      expect(pricing.slice(1, 3)).to.deep.equal([
        written(before('pricing-engine')),
        written(all('pricing-engine') - before('pricing-engine')),
      ]);
      expect(pricing[4]).to.match(/^[456]\.?\d*× \+/);
      expect((await rowOf(page, 'Who changed', 'checkout-api'))[4]).to.equal('within chance');
    }));

  it('fleet: each service with its statements and its share of failures', () =>
    looking('fleet', async (page) => {
      const names = new Set(statements.flatMap(({ service }) => service ?? []));
      for (const name of names) {
        const count = statements.filter(({ service }) => service === name).length;
        expect(await rowOf(page, 'Services', name), name).to.include(written(count));
      }
      expect(await page.locator('main').innerText())
        .to.include('4.1.2')
        .and.include('1.0.9-oss');
    }));

  it('data health: as many records as were sent, none rejected', () =>
    looking(
      'health',
      async (page) => {
        const { accepted, rejected } = await dashboard.test.client.health({ from: 0 });
        const shown = await figures(page);
        expect(rejected).to.equal(0);
        expect([...shown.values()].join(' ')).to.include(
          accepted >= 10_000 ? `${(accepted / 1000).toFixed(1)}k` : written(accepted),
        );
      },
      { from: String(Date.now() - 3_600_000), to: String(Date.now() + 60_000) },
    ));

  it('data health: what each service says became of its records, with the reason of what was dropped', () =>
    looking('health', async (page) => {
      const own = dashboard.fleet.statements.filter(({ service }) => service === 'bi-export').length;
      const delivered = own - DROPPED - WAITING;
      expect((await rowOf(page, 'Reporters', 'bi-export')).slice(0, 9)).to.deep.equal([
        ...['bi-export', '1', written(own), written(delivered), '–', written(DROPPED)],
        ...[`${DROPPED} breaker_open`, '–', written(WAITING)],
      ]);
      expect((await rowOf(page, 'Reporters', 'checkout-api'))[5]).to.equal('–');
    }));

  it('fleet: what stands out of a service is noted at it, and versions say whose driver they are', () =>
    looking('fleet', async (page) => {
      expect((await rowOf(page, 'Services', 'pricing-engine')).at(-1)).to.match(/^slower \d\d:\d\d$/);
      expect((await rowOf(page, 'Services', 'bi-export')).at(-1)).to.match(/^errors \d\d:\d\d$/);
      expect((await rowOf(page, 'Services', 'checkout-api')).at(-1)).to.equal('');
      expect(await page.getByRole('region', { name: 'Driver and runtime' }).innerText())
        .to.match(/Node\.js\s+2\.1\.0\s+newest here/)
        .and.match(/Python\s+4\.1\.2/);
    }));

  it('one statement opens in the query history of its workspace, and of no other host that a sender names', async () => {
    const [one] = statements.filter(({ service }) => service === 'checkout-api');
    await looking(`statement/${one?.id ?? ''}`, async (page) => {
      const link = page.getByRole('link', { name: 'Open in Query History' });
      const url = new URL((await link.getAttribute('href')) ?? '');
      expect(url.hostname).to.match(/\.azuredatabricks\.net$/);
      expect(url.searchParams.get('queryId')).to.equal(one?.id);
      expect(await link.getAttribute('rel')).to.equal('noreferrer');
      const { width = 1440, height = 900 } = page.viewportSize() ?? {};
      await page.setViewportSize({ width: 900, height });
      const hidden =
        "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.head > .btn'))";
      expect(await page.evaluate(hidden)).to.equal(0);
      await page.setViewportSize({ width, height });
      await page.route('**/api/v1/statements/*', async (route) => {
        const answer = await route.fetch();
        const text = (await answer.text()).replaceAll(url.hostname, 'azuredatabricks.net.evil.example');
        await route.fulfill({ response: answer, body: text });
      });
      await page.reload();
      await page.getByText('azuredatabricks.net.evil.example').first().waitFor();
      expect(await link.count()).to.equal(0);
      await page.unroute('**/api/v1/statements/*');
    });
  });

  it('configuration: the processes of each service that asked', () =>
    looking('configuration', async (page) => {
      expect(await rowOf(page, 'Services', 'checkout-api')).to.include('12');
      expect(await rowOf(page, 'Services', 'bi-export')).to.include('1');
    }));

  it('filters narrow every figure of a page', () =>
    looking(
      'errors',
      async (page) => {
        const own = statements.filter(({ service }) => service === 'bi-export');
        const known = own.filter(({ outcome }) => outcome !== null).length;
        expect(await cardText(page, 'Errors by class')).to.include(
          `${written(own.filter(isFailed).length)} of ${written(known)} statements failed`,
        );
      },
      { 'f.service': 'bi-export' },
    ));
});
