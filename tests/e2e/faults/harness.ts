import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DBSQLClient, type ConnectionOptions, type TelemetryStats } from 'databricks-sql-telemetry';
import sinon from 'sinon';
import { KeepingLogger } from '../support/application';
import { arrivedIds, expectAccounted } from '../support/accounts';
import { until } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';
import type { Fault, World } from './faults';
import { run, timed, WORKS, type Outcome, type Work } from './work';

/** Two session records, three statements, one error. */
const RECORDS = 6;
const CLOSE_TIMEOUT_MS = 300;
/** What one run may differ by on a busy machine; a wait on a fault that hangs or is late takes more. */
const NOISE_MS = 2000;
const JUMP_MS = 5 * 60_000;
/** Reasons that do not say why nothing has arrived. */
const IDLE: readonly string[] = ['closed', 'receivers', 'nothing_yet', 'waiting', 'works'];

const QUICK: Partial<ConnectionOptions> = {
  telemetryFlushIntervalMs: 100,
  telemetryBackoffBaseMs: 5,
  telemetryBackoffMaxMs: 20,
  telemetryCloseTimeoutMs: CLOSE_TIMEOUT_MS,
  telemetryCircuitBreakerTimeout: 20,
};

export type Step = 'connect' | 'open' | Work | 'close';
export const UNNOTICED_STEPS = ['connect', ...WORKS] as const;
export type Run = Readonly<Record<Step, Outcome>>;

/** One row of the table that the matrix prints. */
export interface Row {
  readonly run: Run;
  readonly stats: TelemetryStats | undefined;
  /** Codes of what `explainTelemetry()` says afterwards. */
  readonly reasons: readonly string[];
  readonly arrived: number;
}

/** Every workspace of the matrix: results come inline when small and as files otherwise. */
export function startWorkspace(): Promise<LocalWorkspace> {
  return startFreshWorkspace({ cloudFetch: { thresholdBytes: 1024, maxRowsPerFile: 1000 } });
}

/** The application's day: connect, the works, close. */
async function work(
  client: DBSQLClient,
  options: ConnectionOptions,
  beforeClose: () => Promise<void> | void = () => undefined,
): Promise<Run> {
  const steps: Partial<Record<Step, Outcome>> = {};
  steps.connect = await timed(() => client.connect(options).then(() => 'connected'));
  const session = await client.openSession();
  for (const name of WORKS) steps[name] = await run(session, name);
  await session.close();
  await beforeClose();
  steps.close = await timed(() => client.close());
  return steps as Run;
}

export function runWithoutTelemetry(workspace: LocalWorkspace): Promise<Run> {
  return work(new DBSQLClient({ logger: new KeepingLogger() }), workspace.connectionOptions);
}

export async function runWith(fault: Fault, world: World): Promise<Row> {
  const { workspace } = world;
  fault.arrange?.(world);
  const client = new DBSQLClient({ logger: (fault.logger as KeepingLogger | undefined) ?? new KeepingLogger() });
  fault.prepare?.(client);
  const options = { ...workspace.connectionOptions, telemetryEnabled: true, ...QUICK, ...fault.options?.(world) };
  const clock = fault.clockJumps ? jumpingClock() : undefined;
  try {
    const done = await work(client, options as ConnectionOptions, async () => {
      await fault.meanwhile?.(world);
      if (fault.arrives === 'all') await until('all is delivered', () => isSettled(client));
    });
    const [stats, { reasons }] = [client.getTelemetryStats(), client.explainTelemetry()];
    const arrived = new Set(arrivedIds(workspace)).size;
    return { run: done, stats, reasons: reasons.map(({ code }) => code), arrived };
  } finally {
    clock?.restore();
  }
}

function isSettled(client: DBSQLClient): boolean {
  const stats = client.getTelemetryStats();
  return stats?.collected === RECORDS && stats.pending === 0;
}

/** A machine whose time of day is set forth and back between any two looks at it. */
function jumpingClock(): sinon.SinonStub {
  const real = Date.now.bind(Date);
  let looks = 0;
  return sinon.stub(Date, 'now').callsFake(() => real() + (looks++ % 2 === 0 ? JUMP_MS : -JUMP_MS));
}

/** Same results as without telemetry, no wait for the fault, and `close()` within its limit. */
export function expectUnnoticed({ run: done }: Row, without: readonly Run[]): void {
  for (const step of UNNOTICED_STEPS) {
    for (const run of without) expect(done[step].result, step).to.deep.equal(run[step].result);
    const slowestMs = Math.max(...without.map((run) => run[step].ms));
    expect(done[step].ms, `${step} waits for nothing`).to.be.lessThan(slowestMs + NOISE_MS);
  }
  expect(done.close.result).to.equal(undefined);
  expect(done.close.ms).to.be.lessThan(CLOSE_TIMEOUT_MS + NOISE_MS / 2);
}

/** The driver had to repeat nothing on account of telemetry. */
export function expectNothingRepeated({ workspace }: World): void {
  const { received } = workspace;
  const rpcs = (['OpenSession', 'ExecuteStatement', 'CloseSession'] as const).map(
    (rpc) => received.requests({ rpc }).length,
  );
  expect(rpcs).to.deep.equal([1, WORKS.length, 1]);
  const downloads = received.statements().flatMap(({ files }) => files.map((file) => file.downloads.length));
  expect(new Set(downloads)).to.deep.equal(new Set([1]));
}

/** Every record is accounted for; what should arrive did so, once, and nowhere else. */
export function expectAccounts(fault: Fault, { stats, reasons, arrived }: Row, { workspace, stranger }: World): void {
  expect(stranger.received.telemetryRequests(), 'requests to a stranger').to.deep.equal([]);
  expectAccounted(stats);
  expect(stats.pending).to.equal(0);
  const counts: Record<string, number> = { ...stats.dropped, rejected: stats.rejected };
  for (const [reason, count] of Object.entries(counts)) {
    if (!(fault.counted ?? []).some((name) => name === reason)) expect(count, reason).to.equal(0);
  }
  if (fault.surely !== undefined) expect(stats.dropped[fault.surely], fault.surely).to.be.greaterThan(0);
  switch (fault.arrives) {
    case 'all':
      expect(stats.delivered).to.equal(RECORDS);
      expect(arrivedIds(workspace).length, 'ids arrived').to.equal(RECORDS);
      expect(arrived, 'ids arrived once').to.equal(RECORDS);
      return;
    case 'none':
      expect([stats.delivered, arrived]).to.deep.equal([0, 0]);
      expect(
        reasons.filter((code) => !IDLE.includes(code)),
        'reasons why nothing arrived',
      ).to.not.deep.equal([]);
      // A client that knows that the flag is off collects no more.
      if (stats.flagState !== 'off') expect(stats.collected).to.equal(RECORDS);
      return;
    case 'any':
      expect(arrived).to.be.at.least(stats.delivered);
      expect(stats.collected).to.equal(RECORDS);
  }
}
