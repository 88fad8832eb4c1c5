import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { duration } from '../../dashboard/src/format/numbers';
import { isFailed } from '../fleet/answers';
import type { FleetStatement } from '../fleet/facts';
import type { Visited } from './support/Browsing';
import { Dashboard } from './support/Dashboard';
import { cardText, rowOf, written } from './support/reading';

describe('what pages tell beside their main answer', () => {
  let dashboard: Dashboard;
  let visited: Visited;
  before(async () => {
    dashboard = await Dashboard.shared();
    visited = await dashboard.open('#/nowhere');
  });
  after(() => visited.close());

  const looking = async (
    name: string,
    look: (page: Page) => Promise<void>,
    parameters: Record<string, string> = {},
  ): Promise<void> => {
    await visited.go(dashboard.hash(name, parameters));
    await look(visited.page);
    expect(visited.troubles.splice(0)).to.deep.equal([]);
  };

  const aStatement = (fits: (statement: FleetStatement) => boolean): FleetStatement => {
    const { from, to } = dashboard.window;
    const found = dashboard.fleet.statements.find((one) => one.timeMs >= from && one.timeMs < to && fits(one));
    if (found === undefined) throw new Error('There is no such statement');
    return found;
  };

  it('a statement: phases one after the other, its peers, and what its session did before and after', async () => {
    const one = aStatement(
      ({ sender, consumeMs, service }) => sender === 'library' && consumeMs !== null && service === 'pricing-engine',
    );
    await looking(`statement/${one.id}`, async (page) => {
      const waterfall = page.getByRole('img', { name: /^Submit / }).first();
      expect(await waterfall.getAttribute('aria-label')).to.include(
        `Submit ${duration(one.submitMs)}, Wait ${duration(one.latencyMs - one.submitMs)}, First row `,
      );
      expect(await cardText(page, 'Among its peers')).to.match(/\d EXECUTE of pricing-engine within an hour/);
      expect(
        await page.getByRole('img', { name: /^[\d,]+ peers, half within .*longer than \d+(?:\.\d)?% of them/ }).count(),
      ).to.equal(1);
      const session = page.getByRole('region', { name: 'Statements of the session' });
      expect(await session.locator('tr.marked').innerText()).to.include('this one');
      expect(await session.locator('tbody tr').count()).to.be.greaterThan(1);
    });
  });

  it('a statement that failed: class, SQLSTATE and stage of its error; only such an outcome is coloured', async () => {
    const one = aStatement(
      ({ error, sender }) => error?.errorClass === 'TABLE_OR_VIEW_NOT_FOUND' && sender === 'library',
    );
    await looking(`statement/${one.id}`, async (page) => {
      expect(await cardText(page, 'Errors'))
        .to.include('TABLE_OR_VIEW_NOT_FOUND')
        .and.include('42P01')
        .and.include(one.error?.stage);
      expect(await page.locator('.head .tag.bad').innerText()).to.equal('failed');
    });
    const good = aStatement(({ outcome }) => outcome === 'delivered');
    await looking(`statement/${good.id}`, async (page) => {
      expect(await page.locator('.head .tag.bad').count()).to.equal(0);
      expect(await page.locator('.head').innerText()).to.include('delivered');
    });
  });

  it('statements: a box with fewer than twenty of them is not compared, which it says', async () => {
    const { atMs } = dashboard.fleet.story.slowFile;
    const sel = `${atMs - 60_000},${atMs + 60_000},60000,`;
    await looking(
      'statements',
      async (page) => {
        expect(await cardText(page, 'Why these?')).to.include('1 statement: too few to compare. Draw a larger box.');
      },
      { sel },
    );
  });

  it('CloudFetch: whether the download is the limit, with the share of reading', () =>
    looking('cloudfetch', async (page) => {
      expect(await cardText(page, 'Is the download the limit?')).to.match(
        /No: most of the time is not spent reading\.\s+\d+ ms of \d\.\d\d s, \d+%, over [\d,]+ statements/,
      );
    }));

  it('compare: the mean of each phase on both sides, and how latency is spread on each', () =>
    looking('compare', async (page) => {
      const { client } = dashboard.test;
      const { from, to } = dashboard.window;
      const { markers } = await client.overview(dashboard.window);
      const at = markers.at(-1)?.timeMs ?? NaN;
      const sides = await Promise.all([client.overview({ from, to: at }), client.overview({ from: at, to })]);
      const waits = sides.map(({ phases }) => {
        const { totalMs = NaN, statements = NaN } = phases.find(({ phase }) => phase === 'wait') ?? {};
        return duration(Math.round((totalMs ?? NaN) / statements));
      });
      expect((await rowOf(page, 'Mean phases of A and B', 'Wait')).slice(1, 3)).to.deep.equal(waits);
      const { p50 } = await client.compare({
        from: at,
        to,
        baselineFrom: from,
        baselineTo: at,
        measure: 'totalLatencyMs',
      });
      const spread = page.getByRole('img', {
        name: `A: half within ${duration(p50.b)}; B: half within ${duration(p50.a)}`,
      });
      expect(await spread.count()).to.equal(1);
    }));

  it('data health: how many statements the query history knows, and how many not', () =>
    looking('health', async (page) => {
      const { joined, withoutPartner } = await dashboard.test.client.clientServer(dashboard.window);
      const text = (await page.locator('section', { hasText: 'Join with' }).last().innerText()).replaceAll(/\s+/g, ' ');
      expect(withoutPartner).to.be.greaterThan(0);
      expect(text)
        .to.include(`Joined ${written(joined)}`)
        .and.include(`Without a row ${written(withoutPartner)}`);
    }));

  it('errors: those of each class lead to the statements that met it', () =>
    looking('errors', async (page) => {
      await page.getByRole('region', { name: 'Error classes' }).getByRole('link', { name: 'DIVIDE_BY_ZERO' }).click();
      await page.getByRole('region', { name: 'Statements', exact: true }).waitFor();
      const { from, to } = dashboard.window;
      const known = dashboard.fleet.statements.filter(
        (one) => one.timeMs >= from && one.timeMs < to && one.error?.errorClass === 'DIVIDE_BY_ZERO' && isFailed(one),
      );
      await page.getByText(`All ${known.length} statements.`).waitFor();
    }));
});
