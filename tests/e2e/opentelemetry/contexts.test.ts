import { setTimeout as sleep } from 'node:timers/promises';
import { context, createContextKey, diag, DiagLogLevel, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DatabricksSqlInstrumentation } from 'databricks-sql-telemetry/opentelemetry';
import { inSession, query, type Session } from '../support/application';
import { CLIENT, Tracing } from '../support/tracing';
import { rejectionOf } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';

const LARGE = 'SELECT id, repeat(cast(id AS STRING), 20) AS text FROM range(60000)';
/** The SDK's own key, by its name. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
const REMOTE = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1, isRemote: true };

describe('spans and the application’s own contexts', function suite() {
  this.timeout(60_000);
  let workspace: LocalWorkspace;
  let tracing: Tracing;

  beforeEach(async () => {
    workspace = await startFreshWorkspace({ cloudFetch: { maxRowsPerFile: 20_000, thresholdBytes: 1 << 18 } });
  });

  afterEach(async () => {
    diag.disable();
    await tracing.stop();
    await workspace.close();
  });

  const start = async (...given: ConstructorParameters<typeof DatabricksSqlInstrumentation>): Promise<void> => {
    tracing = await Tracing.start([new DatabricksSqlInstrumentation(...given)]);
  };
  const run = (work: (session: Session) => Promise<unknown>) =>
    inSession(workspace, async (session) => void (await work(session)), { telemetryEnabled: false });
  const statements = async () => (await tracing.ours()).filter(({ kind }) => kind === CLIENT);
  const activeId = (): string | undefined => trace.getActiveSpan()?.spanContext().spanId;

  for (const suppressInternalInstrumentation of [false, true]) {
    it(`leave these as they were, in loops and handlers too, with suppressInternalInstrumentation: ${suppressInternalInstrumentation}`, async () => {
      await start({ suppressInternalInstrumentation });
      const seen: Array<string | undefined> = [];
      const look = (): number => seen.push(activeId());
      const own = await tracing.inSpan('reads', async () => {
        await run(async (session) => {
          const looped = await session.executeStatement(LARGE);
          look();
          // Drivers before 1.13 do not wait for the result that they iterate over.
          await looped.finished();
          for await (const _ of looped.iterateChunks({ maxRows: 25_000, autoClose: true })) look();
          const streamed = await session.executeStatement(LARGE);
          await streamed.finished();
          const stream = streamed.toNodeStream({
            mode: 'chunks',
            iteratorOptions: { maxRows: 25_000, autoClose: true },
          });
          stream.on('data', look);
          await new Promise((resolve, reject) => {
            stream.once('close', () => resolve(look()));
            stream.once('error', reject);
          });
          await Promise.all([
            query(session).then(look),
            new Promise((resolve) => setTimeout(() => resolve(look()), 1)),
          ]);
        });
        look();
        return activeId();
      });
      expect(seen.length).to.be.greaterThan(8);
      expect([...new Set(seen)]).to.deep.equal([own]);
      // Nor is a statement part of an earlier one.
      await run((session) => context.with(ROOT_CONTEXT, () => query(session)));
      expect((await statements()).map(({ parentSpanId }) => parentSpanId || undefined)).to.deep.equal([
        ...[own, own, own],
        undefined,
      ]);
    });
  }

  it('are none where the application suppresses tracing, nor are the driver’s requests', async () => {
    await start();
    await run((session) =>
      context.with(context.active().setValue(SUPPRESS_TRACING, true), () => query(session, LARGE)),
    );
    expect(await statements()).to.deep.equal([]);
    // The session was opened and closed outside.
    expect((await tracing.requests()).length).to.equal(2);
  });

  it('have a parent in another process, which is enough for requireParentSpan', async () => {
    await start({ requireParentSpan: true });
    await run((session) => context.with(trace.setSpanContext(ROOT_CONTEXT, REMOTE), () => query(session)));
    const [span] = await statements();
    expect([span?.traceId, span?.parentSpanId]).to.deep.equal([REMOTE.traceId, REMOTE.spanId]);
  });

  it('are two for each statement where there are two instrumentations, which OpenTelemetry’s own log says', async () => {
    const lines: string[] = [];
    const keep = (line: string): void => void lines.push(line);
    diag.setLogger({ error: keep, warn: keep, info: keep, debug: keep, verbose: keep }, DiagLogLevel.WARN);
    const second = new DatabricksSqlInstrumentation({ enabled: false });
    await start();
    second.enable();
    await run((session) => query(session));
    second.disable();
    expect(await statements()).to.have.length(2);
    expect(lines).to.deep.equal(['databricks-sql-telemetry: each statement has 2 spans, of as many instrumentations']);
  });

  it('are ended once and not touched afterwards, however their statements end', async () => {
    const lines: string[] = [];
    const keep = (line: string, ...more: unknown[]): void => void lines.push([line, ...more].map(String).join(' '));
    diag.setLogger({ error: keep, warn: keep, info: keep, debug: keep, verbose: keep }, DiagLogLevel.WARN);
    await start({ fileSpans: true, returnedRows: true });
    await run(async (session) => {
      await query(session, LARGE);
      const broken = await session.executeStatement(LARGE);
      for await (const _ of broken.iterateChunks({ maxRows: 100, autoClose: true })) break;
      const cancelled = await session.executeStatement(LARGE, { maxRows: null });
      await cancelled.cancel();
      await cancelled.close();
      await rejectionOf(query(session, 'SELECT * FROM no_such_table'));
      workspace.faults.add({ route: 'cloudfetch', status: 403 });
      const refused = await session.executeStatement(LARGE);
      await rejectionOf(refused.fetchAll());
      await rejectionOf(refused.fetchAll());
      await refused.close();
      await refused.close();
      // Files that were on their way.
      await sleep(100);
    });
    expect((await statements()).map(({ attributes }) => attributes['databricks.statement.outcome'])).to.deep.equal([
      'delivered',
      'closed_unfetched',
      'cancelled',
      'failed',
      'failed',
    ]);
    expect(lines).to.deep.equal([]);
  });
});
