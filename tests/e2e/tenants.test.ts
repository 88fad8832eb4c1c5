import { expect } from 'chai';
import fc from 'fast-check';
import type { LocalWorkspace, ReceivedTelemetryLog } from 'databricks-local-workspace';
import type { ConnectionOptions, DBSQLClient } from 'databricks-sql-telemetry';
import { arrivedIds, expectAccounted } from './support/accounts';
import { connectTo, type Session } from './support/application';
import { rejectionOf, until } from './support/waiting';
import { startFreshWorkspace } from './support/workspace';

/** Names that no random id can hold: none is hexadecimal. */
const TENANTS = ['olga', 'otto', 'ruth', 'yuri'] as const;
type Tenant = (typeof TENANTS)[number];

const QUICK: Partial<ConnectionOptions> = {
  telemetryFlushIntervalMs: 100,
  telemetryBackoffBaseMs: 1,
  telemetryMaxRetries: 1,
  telemetryCloseTimeoutMs: 2000,
};

/** What one connection of a tenant does in a random interleaving with the others. */
interface Life {
  readonly tenant: Tenant;
  readonly mode: 'authenticated' | 'unauthenticated' | 'opted out';
  readonly queries: number;
  readonly fails: boolean;
  /** Its token is revoked before it closes. */
  readonly isRevoked: boolean;
}

const lives = fc.array(
  fc.record<Life>({
    tenant: fc.constantFrom(...TENANTS),
    mode: fc.oneof(
      { weight: 3, arbitrary: fc.constant('authenticated' as const) },
      fc.constantFrom('unauthenticated' as const, 'opted out' as const),
    ),
    queries: fc.integer({ min: 0, max: 3 }),
    fails: fc.boolean(),
    isRevoked: fc.boolean(),
  }),
  { minLength: 3, maxLength: 7 },
);

/** A connection with a token of its own, one step at a time. */
class Resident {
  readonly steps: Array<() => Promise<unknown>>;
  client: DBSQLClient | undefined;
  sessionId: string | undefined;
  private session: Session | undefined;
  private readonly token: string;

  constructor(
    workspace: LocalWorkspace,
    readonly life: Life,
  ) {
    const { tenant, mode, queries, fails, isRevoked } = life;
    this.token = workspace.issueToken({ tenant });
    const options: object = {
      ...QUICK,
      token: this.token,
      userAgentEntry: tenant,
      telemetryEnabled: mode !== 'opted out',
      telemetryAuthenticatedExport: mode !== 'unauthenticated',
    };
    this.steps = [
      async () => (this.client = await connectTo(workspace, options)),
      () => this.open(),
      ...Array.from({ length: queries }, () => () => query(this.session, 'SELECT current_user() AS me')),
      ...(fails ? [() => rejectionOf(query(this.session, 'SELECT * FROM no_such_table'))] : []),
      async () => this.session?.close(),
      ...(isRevoked ? [async () => workspace.revokeToken(this.token)] : []),
      async () => this.client?.close(),
    ];
  }

  /** Records of its session, its statements, and its error. */
  get records(): number {
    return 2 + this.life.queries + (this.life.fails ? 2 : 0);
  }

  private async open(): Promise<void> {
    this.session = await this.client?.openSession();
    this.sessionId = this.session?.id;
  }
}

async function query(session: Session | undefined, sql = 'SELECT 1 AS one'): Promise<void> {
  const operation = await session?.executeStatement(sql);
  await operation?.fetchAll();
  await operation?.close();
}

/** Runs the steps of all; whose turn it is, fast-check decides. */
async function interleave(residents: readonly Resident[], scheduler: fc.Scheduler): Promise<void> {
  const tasks = residents.map(async ({ steps, life }) => {
    for (const step of steps) await scheduler.schedule(Promise.resolve(), life.tenant).then(step);
  });
  await scheduler.waitFor(Promise.all(tasks));
}

function driverLogOf({ log }: ReceivedTelemetryLog): { session_id?: string } {
  return (log['entry'] as { sql_driver_log: { session_id?: string } }).sql_driver_log;
}

function expectNothingPersonal({ log, request }: ReceivedTelemetryLog): void {
  expect(request.headers).to.not.have.any.keys('authorization', 'x-databricks-org-id');
  const text = JSON.stringify([log, request.headers]);
  expect(text).to.not.match(/session_id|statement_id|workspace_id|6021602160216021|warehouses/);
  for (const name of TENANTS) expect(text).to.not.contain(name);
}

describe('tenants of one host', function suite() {
  this.timeout(60_000);
  let workspace: LocalWorkspace;

  beforeEach(async () => {
    workspace = await startFreshWorkspace({ orgId: '6021602160216021', tokens: TENANTS.map((name) => ({ name })) });
  });
  afterEach(() => workspace.close());

  const logsOf = (tenant: Tenant): ReceivedTelemetryLog[] => workspace.received.telemetryLogs({ tenant });
  const connect = (tenant: Tenant, options: object = {}): Promise<DBSQLClient> =>
    connectTo(workspace, { ...QUICK, token: workspace.issueToken({ tenant }), ...options });

  /** Every log came with the token of the tenant whose session it tells of, or tells of nobody. */
  function expectNoForeignToken(): void {
    const owners = new Map(workspace.received.sessions().map(({ sessionId, tenant }) => [sessionId, tenant]));
    for (const received of workspace.received.telemetryLogs({ accepted: 'any' })) {
      if (received.authenticated) expect(owners.get(driverLogOf(received).session_id ?? '')).to.equal(received.tenant);
      else expectNothingPersonal(received);
    }
  }

  function expectRecordsOf({ life, client, sessionId, records }: Resident): void {
    const rows = workspace.received.telemetryLogs().filter((log) => driverLogOf(log).session_id === sessionId);
    if (life.mode !== 'authenticated') expect(rows.length, life.mode).to.equal(0);
    else if (life.isRevoked) expect(rows.length).to.be.at.most(records);
    else expect(rows.length, JSON.stringify(client?.getTelemetryStats())).to.equal(records);
    if (life.mode === 'opted out') expect(client?.getTelemetryStats()).to.equal(undefined);
    else expectAccounted(client?.getTelemetryStats());
  }

  it('share nothing but the host, however their lives interleave', async () => {
    const client = await connect('olga');
    await until('the flag is read', () => client.getTelemetryStats()?.flagState === 'on');
    await client.close();
    await fc.assert(
      fc.asyncProperty(lives, fc.scheduler(), async (plan, scheduler) => {
        workspace.received.clear();
        const residents = plan.map((life) => new Resident(workspace, life));
        await interleave(residents, scheduler);
        expectNoForeignToken();
        const ids = arrivedIds(workspace);
        expect(new Set(ids).size, 'ids arrived once').to.equal(ids.length);
        for (const resident of residents) expectRecordsOf(resident);
        const anonymous = residents.filter(({ life }) => life.mode === 'unauthenticated');
        expect(workspace.received.telemetryLogs({ authenticated: false }).length).to.equal(
          anonymous.reduce((sum, { records }) => sum + records, 0),
        );
      }),
      { numRuns: 15, interruptAfterTimeLimit: 30_000 },
    );
  });

  for (const status of [400, 401, 403]) {
    it(`a ${status} for one is no loss for the others`, async () => {
      workspace.faults.add({ route: 'telemetry-ext', tenant: 'olga', status });
      const clients = await Promise.all(TENANTS.map((tenant) => connect(tenant)));
      for (const client of clients) await query(await client.openSession());
      for (const client of clients) await client.close();
      expect(logsOf('olga')).to.deep.equal([]);
      for (const tenant of ['otto', 'ruth', 'yuri'] as const) expect(logsOf(tenant).length, tenant).to.equal(3);
      const stats = clients[0]?.getTelemetryStats();
      expectAccounted(stats);
      expect([stats.rejected, stats.delivered]).to.deep.equal([3, 9]);
      expectNoForeignToken();
    });
  }

  for (const what of ['hang', 'fail'] as const) {
    it(`credentials of one that ${what} do not hold up the others`, async () => {
      let isOver = false;
      const headers = { Authorization: `Bearer ${workspace.issueToken({ tenant: 'olga' })}` };
      const end = new AbortController();
      const refused = new Promise<never>((_, reject) => {
        end.signal.addEventListener('abort', () => reject(new Error('no credentials')));
      });
      refused.catch(() => undefined);
      if (what === 'fail') end.abort();
      const provider = { authenticate: () => (isOver ? refused : Promise.resolve(headers)) };
      const olga = await connect('olga', { token: undefined, authType: 'custom', provider });
      const otto = await connect('otto', { telemetryCloseTimeoutMs: 20_000 });
      const sessions = await Promise.all([olga.openSession(), otto.openSession()]);
      await olga.flushTelemetry();
      const session = await otto.openSession();
      // From here on telemetry cannot have what olga's queries still had.
      await query(sessions[0]);
      isOver = true;
      await query(session);
      const startedMs = performance.now();
      await otto.close();
      expect(logsOf('otto').length).to.equal(5);
      expect(performance.now() - startedMs).to.be.lessThan(10_000);
      const closing = rejectionOf(olga.close());
      end.abort();
      expect(await closing).to.be.instanceOf(Error);
      expectNoForeignToken();
    }).retries(2); // It measures time.
  }

  it('one that opted out is not heard of, the others are', async () => {
    const olga = await connect('olga', { telemetryEnabled: false });
    const otto = await connect('otto');
    for (const client of [olga, otto]) await query(await client.openSession());
    await olga.close();
    await otto.close();
    expect([logsOf('olga').length, logsOf('otto').length]).to.deep.equal([0, 3]);
    expect(otto.getTelemetryStats()?.collected).to.equal(3);
  });

  it('one whose token is no good is not heard of, the others as ever', async () => {
    const otto = await connect('otto');
    const stranger = await connect('olga', { token: 'dapi-unknown' });
    await query(await otto.openSession());
    expect(await rejectionOf(stranger.openSession())).to.be.instanceOf(Error);
    await stranger.close();
    await otto.close();
    expect(workspace.received.requests({ route: 'telemetry-unauth' })).to.deep.equal([]);
    expect(workspace.received.telemetryLogs().length).to.equal(3);
    expect(stranger.getTelemetryStats()?.dropped.no_credentials).to.equal(1);
    expectNoForeignToken();
  });

  it('one whose token is no good and that allows it is heard of without credentials, ids and organisation', async () => {
    const otto = await connect('otto');
    const stranger = await connect('olga', { token: 'dapi-unknown', telemetryAnonymousErrors: true });
    await query(await otto.openSession());
    expect(await rejectionOf(stranger.openSession())).to.be.instanceOf(Error);
    await stranger.close();
    await otto.close();
    const anonymous = workspace.received.telemetryLogs({ authenticated: false });
    expect(anonymous.length).to.equal(1);
    expect(logsOf('otto').length).to.equal(3);
    expect(workspace.received.telemetryLogs().length).to.equal(4);
    expectNoForeignToken();
  });

  it('what fails after the connection is never sent without credentials', async () => {
    workspace.faults.add({ route: 'telemetry-ext', status: 401 });
    const client = await connect('olga');
    const session = await client.openSession();
    expect(await rejectionOf(query(session, 'SELECT * FROM no_such_table'))).to.be.instanceOf(Error);
    await client.close();
    expect(workspace.received.requests({ route: 'telemetry-unauth' })).to.deep.equal([]);
    expect(client.getTelemetryStats()?.rejected).to.equal(4);
  });
});
