import { channel } from 'node:diagnostics_channel';
import { AlwaysOffSampler, type Sampler } from '@opentelemetry/sdk-trace-node';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  CallbackExporter,
  type ConnectionOptions,
  type DBSQLClient,
  type ExportedStatement,
} from 'databricks-sql-telemetry';
import {
  DatabricksSqlInstrumentation,
  traceStatements,
  type StatementMessage,
} from 'databricks-sql-telemetry/opentelemetry';
import { connectTo, query } from '../support/application';
import { statementRows } from '../support/telemetry';
import { Tracing } from '../support/tracing';
import { rejectionOf, until } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';

const TRACES = 24;
const LARGE = 'SELECT id, repeat(cast(id AS STRING), 20) AS text FROM range(200000)';
const SESSIONS = 20;

describe('sampling of statements within traces', () => {
  let workspace: LocalWorkspace;
  let tracing: Tracing | undefined;
  let stop: (() => void) | undefined;
  beforeEach(async () => {
    workspace = await startFreshWorkspace();
  });
  afterEach(async () => {
    await tracing?.stop();
    stop?.();
    tracing = stop = undefined;
    await workspace.close();
  });

  const start = async (requireParentSpan = false, sampler?: Sampler): Promise<Tracing> =>
    (tracing = await Tracing.start([new DatabricksSqlInstrumentation({ requireParentSpan })], sampler));

  /** The statements that an exporter with a rate of its own gets of a client that does `work`. */
  async function exported(
    sampleRate: number,
    work: (client: DBSQLClient) => Promise<void>,
    options: Partial<ConnectionOptions> = {},
  ): Promise<ExportedStatement[]> {
    const statements: ExportedStatement[] = [];
    const keep = new CallbackExporter((record) => void (record.kind === 'statement' && statements.push(record)), {
      sampleRate,
    });
    const client = await connectTo(workspace, { telemetryExporters: [keep], ...options });
    await work(client);
    await client.close();
    return statements;
  }

  /** Statements of each trace that did two, one in each session, by what was kept of them: none, one or both. */
  function keptOf(statements: readonly ExportedStatement[], traces: readonly string[][]): number[] {
    const ids = new Set(statements.map(({ statementId }) => statementId));
    const counts = [0, 0, 0];
    for (const trace of traces) {
      const count = trace.filter((id) => ids.has(id)).length;
      counts[count] = (counts[count] ?? 0) + 1;
    }
    return counts;
  }

  /** Runs `TRACES` spans with a statement in each of two sessions; notes their ids in `traces`. */
  async function twoEach(own: Tracing, client: DBSQLClient, traces: string[][]): Promise<void> {
    const sessions = [await client.openSession(), await client.openSession()];
    for (let i = 0; i < TRACES; i += 1) {
      await own.inSpan('request', async () => {
        const ids: string[] = [];
        for (const session of sessions) {
          const operation = await session.executeStatement('SELECT 1');
          ids.push(operation.id);
          await operation.fetchAll();
          await operation.close();
        }
        traces.push(ids);
      });
    }
  }

  for (const [what, sampler] of [
    ['took', undefined],
    ['left out', new AlwaysOffSampler()],
  ] as const) {
    it(`keeps those of two sessions in one trace together, where the trace’s own sampler ${what} the trace`, async () => {
      const own = await start(false, sampler);
      const traces: string[][] = [];
      const statements = await exported(0.5, (client) => twoEach(own, client, traces), {
        telemetrySampleRate: 0.5,
      });
      const counts = keptOf(statements, traces);
      expect(counts[1]).to.equal(0);
      expect(counts[2]).to.be.within(3, TRACES - 3);
      expect(statements.map(({ sampleRate }) => sampleRate)).to.deep.equal(statements.map(() => 0.5));
      // The same rate chooses the same traces for every receiver.
      const sent = statementRows(workspace).map((row) => row.sql_statement_id);
      expect(sent).to.have.members(statements.map(({ statementId }) => statementId));
    });
  }

  for (const [what, begin] of [
    ['without OpenTelemetry', async () => undefined],
    ['where no span is made, for want of a parent', () => start(true)],
    ['with a tracer that makes no traces', async () => void (stop = traceStatements())],
  ] as const) {
    it(`is by session ${what}`, async () => {
      await begin();
      const bySession: Record<string, number> = {};
      const statements = await exported(0.5, async (client) => {
        for (let i = 0; i < SESSIONS; i += 1) {
          const session = await client.openSession();
          for (let j = 0; j < 2; j += 1) await query(session);
          await session.close();
        }
      });
      for (const { sessionId } of statements) bySession[String(sessionId)] = (bySession[String(sessionId)] ?? 0) + 1;
      expect(Object.keys(bySession)).to.have.length.within(1, SESSIONS - 1);
      expect([...new Set(Object.values(bySession))]).to.deep.equal([2]);
    });
  }

  it('takes the trace that any subscriber of the channel names, and no name that is none', async () => {
    const names: unknown[] = ['1a', '1b', '1c', '1d', '1e', '1f', '2a', '2b', 7, {}, ''];
    const given = names.flatMap((name) => [name, name]);
    const seen: StatementMessage[] = [];
    const subscriber = (message: unknown): void => {
      seen.push(message as StatementMessage);
      (message as { traceId: unknown }).traceId = given[seen.length - 1];
    };
    const started = channel('tracing:databricks-sql:statement:start');
    started.subscribe(subscriber);
    try {
      const statements = await exported(0.5, async (client) => {
        const sessions = [await client.openSession(), await client.openSession()];
        for (let i = 0; i < names.length; i += 1) for (const session of sessions) await query(session);
      });
      const ids = seen.map(({ statementId }) => String(statementId));
      const pairs = names.map((_, i) => ids.slice(2 * i, 2 * i + 2));
      const named = keptOf(statements, pairs.slice(0, 8));
      expect([named[1], named[0] !== 0, named[2] !== 0]).to.deep.equal([0, true, true]);
      const others = new Set(statements.map(({ statementId }) => statementId));
      // Without a name of a trace each goes with its session: three times the same.
      const fates = pairs.slice(8).map((pair) => pair.map((id) => others.has(id)).join());
      expect(new Set(fates).size).to.equal(1);
    } finally {
      started.unsubscribe(subscriber);
    }
  });

  it('never leaves out one that failed, was cancelled, or took telemetrySlowStatementMs', async () => {
    const own = await start();
    const statements = await exported(
      0,
      async (client) => {
        const [one, other] = [await client.openSession(), await client.openSession()];
        await own.inSpan('request', async () => {
          await query(one);
          await rejectionOf(query(one, 'SELECT * FROM no_such_table'));
          await (await one.executeStatement(LARGE, { maxRows: null })).cancel();
          workspace.faults.add({ rpc: 'ExecuteStatement', delayMs: 1200, times: 1 });
          await query(other, 'SELECT 3');
        });
      },
      { telemetrySlowStatementMs: 1000, telemetrySampleRate: 0 },
    );
    const outcomes = ['failed', 'cancelled', 'delivered'];
    expect(statements.map(({ outcome }) => outcome)).to.have.members(outcomes);
    expect(statements.map(({ sampleRate }) => sampleRate)).to.deep.equal([undefined, undefined, undefined]);
    await until('the records', () => statementRows(workspace).length === 3);
  });
});
