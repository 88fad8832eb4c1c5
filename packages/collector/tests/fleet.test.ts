import { expect } from 'chai';
import { answersOf } from './fleet/answers';
import { fill } from './fleet/fill';
import { makeFleet, type Fleet } from './fleet/Fleet';
import { within } from './fleet/story';
import { testCollector, type TestCollector } from './testCollector';

describe('a fleet whose answers are known', function () {
  this.timeout(120_000);
  let test: TestCollector;
  let fleet: Fleet;
  let window: { readonly from: number; readonly to: number };
  before(async () => {
    test = await testCollector();
    fleet = makeFleet(Date.now(), 6);
    window = { from: fleet.story.startMs, to: fleet.story.endMs };
    await fill(test.collector.address, test.client, fleet);
  });
  after(() => test.end());

  it('has three things that stand out, and they are found', async () => {
    const { deploy, burst, storm } = fleet.story;
    const { findings } = await test.client.findings(window);
    const slower = findings.find(({ kind }) => kind === 'slower');
    expect(slower).to.include({ kind: 'slower', service: deploy.service });
    if (slower?.kind === 'slower') expect(Math.abs(slower.sinceMs - deploy.atMs)).to.be.lessThan(600_000);
    const errors = findings.find(({ kind }) => kind === 'errors');
    expect(errors).to.include({ service: burst.service, error: 'TABLE_OR_VIEW_NOT_FOUND', sqlState: '42P01' });
    if (errors?.kind === 'errors') {
      expect(errors.errors).to.be.within(burst.failures, burst.failures + 5);
      expect(errors.fromMs).to.be.within(burst.fromMs - 360_000, burst.toMs);
    }
    const retries = findings.find(({ kind }) => kind === 'retries');
    expect(retries).to.include({ warehouse: storm.warehouse });
    if (retries?.kind === 'retries') {
      expect(retries.fromMs).to.be.lessThan(storm.toMs);
      expect(retries.toMs).to.be.greaterThan(storm.fromMs);
      expect(retries.causes).to.include('503');
    }
  });

  it('is the same fleet each time', () => {
    const again = makeFleet(fleet.story.endMs, 6);
    expect(again.statements).to.deep.equal(fleet.statements);
  });

  it('gives the figures that were counted from it, over HTTP', async () => {
    const known = answersOf(fleet.statements);
    const { current, markers } = await test.client.overview(window);
    expect(current).to.include({
      statements: known.statements,
      failed: known.failed,
      outcomeUnknown: known.outcomeUnknown,
      bytes: known.bytes,
      retries: known.retries,
    });
    expect(current.latency).to.include({ p50: known.p50, p95: known.p95 });
    expect(markers.map(({ service, driverVersion }) => [service, driverVersion])).to.deep.equal([
      ['pricing-engine', '2.1.0'],
    ]);
  });

  it('gives the errors, retries and files that were counted from it', async () => {
    const known = answersOf(fleet.statements);
    const [errors, retries, files] = await Promise.all([
      test.client.errors(window),
      test.client.retries(window),
      test.client.cloudfetch(window),
    ]);
    const kinds = new Map<string, number>();
    for (const { kind, errors: count } of errors.series) {
      if (kind !== null) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    }
    expect([...kinds]).to.have.deep.members([...known.errors]);
    expect(retries).to.include({
      retries: known.retries,
      retried: known.retried,
      saved: known.saved,
      lost: known.lost,
    });
    const told = retries.causes.filter(({ cause }) => cause !== null);
    expect(told.map(({ cause, retries: count }) => [cause, count])).to.have.deep.members([...known.causes]);
    expect(files.slowestFile.max).to.equal(known.slowestFileMs);
    expect(files.filesPresent).to.equal(known.files);
  });

  it('has one service that became six times slower at its deployment, and a burst of one error class', async () => {
    const { deploy, burst } = fleet.story;
    const { p50 } = await test.client.compare({ ...window, split: deploy.atMs, service: deploy.service });
    expect((p50.a ?? 0) / (p50.b ?? 1)).to.be.within(5, 7);
    expect(p50.significant).to.equal(true);
    const failures = fleet.statements.filter(({ timeMs, error }) => error !== null && within(timeMs, burst));
    const inBurst = await test.client.errors({ from: burst.fromMs, to: burst.toMs, service: burst.service });
    expect(inBurst.errors).to.equal(burst.failures);
    expect(inBurst.groups[0]).to.include({ errorClass: 'TABLE_OR_VIEW_NOT_FOUND', service: burst.service });
    expect(failures.length).to.be.at.least(burst.failures);
  });
});
