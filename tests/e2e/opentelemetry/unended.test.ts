import path from 'node:path';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions } from 'databricks-sql-telemetry';
import { DatabricksSqlInstrumentation } from 'databricks-sql-telemetry/opentelemetry';
import { run } from '../process/run';
import { connectTo, inSession, query } from '../support/application';
import type { ReceivedSpan } from '../support/OtlpReceiver';
import { CLIENT, Tracing } from '../support/tracing';
import { rejectionOf, until } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';

const SMALL = 'SELECT id FROM range(1000)';
const LIMIT_MS = 100_000;
const SCRIPT = path.resolve(__dirname, '../process/fixtures/unended.ts');
const outcomesOf = (spans: readonly ReceivedSpan[]): unknown[] =>
  spans.map(({ attributes }) => attributes['databricks.statement.outcome']);

describe('spans of statements that nobody ends', function suite() {
  this.timeout(120_000);
  let workspace: LocalWorkspace;
  let tracing: Tracing;

  beforeEach(async () => {
    workspace = await startFreshWorkspace();
    tracing = await Tracing.start([new DatabricksSqlInstrumentation()]);
  });

  afterEach(async () => {
    await tracing.stop();
    await workspace.close();
  });

  const statements = async (): Promise<ReceivedSpan[]> => (await tracing.ours()).filter(({ kind }) => kind === CLIENT);
  const ended = async (count: number): Promise<ReceivedSpan[]> => {
    let spans: ReceivedSpan[] = [];
    const ask = async (): Promise<void> => void (spans = await statements());
    await until(`${count} spans`, () => (void ask(), spans.length >= count), 15_000);
    return spans;
  };

  for (const telemetryEnabled of [false, true]) {
    it(`end as abandoned at the age of telemetryStatementTtlMs, once, with telemetry ${telemetryEnabled ? 'on' : 'off'}`, async () => {
      const options = { telemetryEnabled, telemetryStatementTtlMs: 1000 };
      await inSession(
        workspace,
        async (session) => {
          const operation = await session.executeStatement(SMALL);
          const [span] = await ended(1);
          expect(span?.status).to.equal(0);
          expect(span?.attributes).to.include({
            'databricks.statement.outcome': 'abandoned',
            'databricks.statement.id': workspace.received.statements()[0]?.statementId,
          });
          // Who goes on reading after all gets the rows, and no second span.
          expect(await operation.fetchAll()).to.have.length(1000);
          await operation.close();
        },
        options,
      );
      expect(outcomesOf(await statements())).to.deep.equal(['abandoned']);
      const counted = await tracing.points('databricks.client.statements');
      expect(counted.map(({ attributes }) => attributes['databricks.statement.outcome'])).to.deep.equal(['abandoned']);
      expect(await tracing.points('db.client.operation.duration')).to.deep.equal([]);
    });
  }

  it('do not end while a call of the application waits for the statement, whatever its age', async () => {
    const options = { telemetryEnabled: false, telemetryStatementTtlMs: 1000 };
    await inSession(
      workspace,
      async (session) => {
        workspace.faults.add({ rpc: 'ExecuteStatement', delayMs: 2500, times: 1 });
        await query(session);
      },
      options,
    );
    expect(outcomesOf(await statements())).to.deep.equal(['delivered']);
  });

  it('end as abandoned, the oldest first, where there are more than telemetryMaxStatementMetrics', async () => {
    const options = { telemetryEnabled: false, telemetryMaxStatementMetrics: 2 };
    await inSession(
      workspace,
      async (session) => {
        for (let i = 0; i < 3; i += 1) await session.executeStatement(SMALL);
        const [oldest, ...others] = await statements();
        expect(oldest?.attributes['databricks.statement.outcome']).to.equal('abandoned');
        expect(oldest?.attributes['databricks.statement.id']).to.equal(workspace.received.statements()[0]?.statementId);
        expect(others).to.deep.equal([]);
      },
      options,
    );
    expect(outcomesOf(await statements())).to.deep.equal(['abandoned', 'session_closed', 'session_closed']);
  });

  it('end as abandoned with their client, where its close() fails before it has come to them', async () => {
    const client = await connectTo(workspace, { telemetryEnabled: false });
    const other = await connectTo(workspace, { telemetryEnabled: false });
    const session = await client.openSession();
    // Nothing comes with the answer to their submission: each is closed by a request of its own.
    for (let i = 0; i < 2; i += 1) await session.executeStatement(SMALL, { maxRows: null });
    await (await other.openSession()).executeStatement(SMALL);
    workspace.faults.add({ rpc: 'CloseOperation', error: { message: 'no', sqlState: '42000' }, times: 1 });
    expect(await rejectionOf(client.close())).not.to.equal(undefined);
    expect(outcomesOf(await statements())).to.deep.equal(['session_closed', 'abandoned']);
    await other.close();
    expect(outcomesOf(await statements())).to.deep.equal(['session_closed', 'abandoned', 'session_closed']);
  });

  it('end as abandoned where their client is connected anew', async () => {
    const client = await connectTo(workspace, { telemetryEnabled: false });
    await (await client.openSession()).executeStatement(SMALL);
    await client.connect({ ...workspace.connectionOptions, telemetryEnabled: false } as ConnectionOptions);
    expect(outcomesOf(await statements())).to.deep.equal(['abandoned']);
    await client.close();
    expect(await statements()).to.have.length(1);
  });

  it('end as abandoned where the process has nothing left to do, before its own listeners are called', async () => {
    const report = await run(workspace, 'beforeExit', undefined, SCRIPT, LIMIT_MS);
    expect([report.code, report.noise]).to.deep.equal([0, '']);
    const [first, ...others] = report.lines.map(({ what }) => what);
    expect([first, others.pop(), others.sort()]).to.deep.equal(['done', 'exiting', ['message', 'span']]);
    const { statementId } = workspace.received.statements()[0] ?? {};
    expect(report.line('span')?.detail).to.deep.include({ status: { code: 0 } });
    expect(report.line('message')?.detail).to.include({ statementId, outcome: 'abandoned' });
  });

  it('end as abandoned when their client is collected as garbage, which they do not delay', async () => {
    const report = await run(workspace, 'garbage', undefined, SCRIPT, LIMIT_MS);
    expect([report.code, report.noise]).to.deep.equal([0, '']);
    expect(report.line('alive')?.detail).to.equal(0);
    const spans = report.lines.filter(({ what }) => what === 'span');
    const found = spans.map(({ detail }) => (detail as ReceivedSpan).attributes['databricks.statement.outcome']);
    expect(found).to.deep.equal(['abandoned', 'abandoned']);
    expect(report.line('message')?.detail).to.include({ outcome: 'abandoned', phases: 0 });
  });
});
