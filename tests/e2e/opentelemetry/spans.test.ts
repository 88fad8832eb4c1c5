import { context, ROOT_CONTEXT, trace, type Span } from '@opentelemetry/api';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import type { ConnectionOptions } from 'databricks-sql-telemetry';
import {
  DatabricksSqlInstrumentation,
  type DatabricksSqlInstrumentationConfig,
  type StatementMessage,
} from 'databricks-sql-telemetry/opentelemetry';
import { inSession, query, type Session } from '../support/application';
import { hasQueryTags } from '../support/driver';
import type { ReceivedSpan } from '../support/OtlpReceiver';
import { CLIENT, INTERNAL, Tracing } from '../support/tracing';
import { rejectionOf } from '../support/waiting';
import { startFreshWorkspace } from '../support/workspace';

const LARGE = 'SELECT id, repeat(cast(id AS STRING), 20) AS text FROM range(200000)';

describe('statements as spans', function suite() {
  this.timeout(60_000);
  let workspace: LocalWorkspace;
  let tracing: Tracing;

  beforeEach(async () => {
    workspace = await startFreshWorkspace({
      cloudFetch: { maxRowsPerFile: 20_000, thresholdBytes: 1 << 18 },
      // However late an answer is, it is not waited for.
      asyncAfterMs: 60_000,
    });
  });

  afterEach(async () => {
    await tracing.stop();
    await workspace.close();
  });

  const start = async (config: DatabricksSqlInstrumentationConfig = {}): Promise<void> => {
    tracing = await Tracing.start([new DatabricksSqlInstrumentation(config)]);
  };

  /** Runs `work` in a session of a client whose telemetry is off. */
  const run = (work: (session: Session) => Promise<unknown>, options: Partial<ConnectionOptions> = {}) =>
    inSession(workspace, async (session) => void (await work(session)), { telemetryEnabled: false, ...options });

  const statementSpan = async (): Promise<ReceivedSpan> => {
    const spans = (await tracing.ours()).filter(({ kind }) => kind === CLIENT);
    expect(spans).to.have.length(1);
    return spans[0] as ReceivedSpan;
  };
  const childrenOf = async ({ spanId }: ReceivedSpan): Promise<ReceivedSpan[]> =>
    (await tracing.ours()).filter(({ parentSpanId }) => parentSpanId === spanId);

  it('are one CLIENT span each, from the call to the end of its consumption, with its phases below', async () => {
    await start();
    await run((session) => query(session));
    const span = await statementSpan();
    const [statement] = workspace.received.statements();
    expect(span.name).to.equal(`localhost:${workspace.port}`);
    expect(span.status).to.equal(0);
    expect(span.attributes).to.deep.include({
      'db.system.name': 'databricks',
      'server.address': 'localhost',
      'server.port': workspace.port,
      'databricks.statement.id': statement?.statementId,
      'databricks.statement.outcome': 'delivered',
      'databricks.statement.type': 'QUERY',
    });
    const children = await childrenOf(span);
    expect(children.map(({ name }) => name)).to.have.members(['submit', 'fetch']);
    for (const child of children) {
      expect(child.kind).to.equal(INTERNAL);
      expect(child.startMs).to.be.at.least(span.startMs);
      expect(child.endMs).to.be.at.most(span.endMs + 0.001);
    }
  });

  it('have the span that was active at the call as parent, also when the rows are read later and elsewhere', async () => {
    await start();
    await run(async (session) => {
      const operation = await tracing.inSpan('submits', () => session.executeStatement('SELECT 1'));
      await tracing.inSpan('reads', () => operation.fetchAll());
    });
    const [submits] = (await tracing.spans()).filter(({ name }) => name === 'submits');
    const span = await statementSpan();
    expect(span.parentSpanId).to.equal(submits?.spanId);
    expect(span.traceId).to.equal(submits?.traceId);
    expect(span.endMs).to.be.greaterThan(submits?.endMs ?? Infinity);
  });

  it('are parents of the driver’s own requests, wherever these come from', async () => {
    await start();
    await run(async (session) => {
      const operation = await session.executeStatement(LARGE);
      await tracing.inSpan('reads', () => operation.fetchAll());
      await operation.close();
    });
    const span = await statementSpan();
    const requests = await tracing.requests();
    const isOfSession = (path: string): boolean => path.startsWith('/sql/1.0/');
    const below = requests.filter(({ span: request }) => request.parentSpanId === span.spanId);
    const files = requests.filter(({ path }) => !isOfSession(path));
    expect(files.length).to.be.greaterThan(1);
    expect(below.filter(({ path }) => !isOfSession(path))).to.have.length(files.length);
    // But for the two of the session.
    expect(requests.length - below.length).to.equal(2);
  });

  it('show no request of the driver with suppressInternalInstrumentation', async () => {
    await start({ suppressInternalInstrumentation: true });
    await tracing.inSpan('request of a user', () =>
      run(async (session) => {
        const operation = await session.executeStatement(LARGE);
        await operation.fetchAll();
        await operation.close();
        await session.getTables({ catalogName: 'main' });
      }),
    );
    expect(await tracing.requests()).to.deep.equal([]);
    expect((await tracing.ours()).filter(({ kind }) => kind === CLIENT)).to.have.length(2);
  });

  it('carry what CloudFetch did as attributes, and a span for each file on request', async () => {
    await start({ fileSpans: true });
    await run((session) => query(session, LARGE));
    const span = await statementSpan();
    const files = span.attributes['databricks.cloudfetch.files'] as number;
    expect(files).to.be.greaterThan(1);
    expect(span.attributes['databricks.result.format']).to.equal('EXTERNAL_LINKS');
    const downloads = (await childrenOf(span)).filter(({ name }) => name === 'download');
    const indexes = downloads.map(({ attributes }) => attributes['databricks.cloudfetch.file_index'] as number);
    expect(indexes.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: files }, (_, index) => index));
    for (const { attributes } of downloads) {
      expect(attributes['databricks.cloudfetch.file_bytes']).to.be.greaterThan(0);
    }
  });

  it('tell how long the warehouse was waited for, and how often it was asked', async () => {
    await workspace.close();
    workspace = await startFreshWorkspace({ asyncAfterMs: 1 });
    await start();
    await run((session) => query(session, 'SELECT sleep(0.3)'));
    const span = await statementSpan();
    const wait = (await childrenOf(span)).find(({ name }) => name === 'wait');
    const [statement] = workspace.received.statements();
    expect(statement?.polls).to.be.greaterThan(0);
    expect(wait?.attributes['databricks.poll.count']).to.equal(statement?.polls);
    expect(span.attributes['databricks.poll.count']).to.equal(statement?.polls);
  });

  it('are errors by SQLSTATE and error class, without the text', async () => {
    await start({ errorMessages: true });
    await run((session) => rejectionOf(query(session, 'SELECT * FROM no_such_table')));
    const span = await statementSpan();
    expect(span.status).to.equal(2);
    expect(span.statusMessage ?? '').to.equal('');
    expect(span.attributes['db.response.status_code']).to.equal('42P01/TABLE_OR_VIEW_NOT_FOUND');
    expect(span.attributes['error.type']).to.equal('42P01/TABLE_OR_VIEW_NOT_FOUND');
    expect(await tracing.exported()).not.to.contain('no_such_table');
  });

  it('have texts where both the client and the instrumentation were told so', async () => {
    await start({ statementText: true, errorMessages: true });
    await run((session) => rejectionOf(query(session, 'SELECT * FROM no_such_table')), {
      telemetryStatementText: true,
    });
    const span = await statementSpan();
    expect(span.attributes['db.query.text']).to.equal('SELECT * FROM no_such_table');
    expect(span.statusMessage).to.contain('no_such_table');
  });

  it('have none where the client alone was told so', async () => {
    await start();
    await run((session) => rejectionOf(query(session, 'SELECT * FROM no_such_table')), {
      telemetryStatementText: true,
    });
    const span = await statementSpan();
    expect(span.attributes).not.to.have.property('db.query.text');
    expect([span.status, span.statusMessage ?? '']).to.deep.equal([2, '']);
    expect(await tracing.exported()).not.to.contain('no_such_table');
  });

  it('are named after the operation and the session’s database', async () => {
    await start();
    const client = await inSession(workspace, () => Promise.resolve(), { telemetryEnabled: false });
    await client.connect({ ...workspace.connectionOptions, telemetryEnabled: false } as ConnectionOptions);
    const session = await client.openSession({ initialCatalog: 'main', initialSchema: 'default' });
    await query(session);
    await (await session.getSchemas()).fetchAll();
    await client.close();
    const spans = (await tracing.ours()).filter(({ kind }) => kind === CLIENT);
    expect(spans.map(({ name }) => name)).to.deep.equal(['main|default', 'getSchemas main|default']);
    expect(spans.map(({ attributes }) => attributes['db.namespace'])).to.deep.equal(['main|default', 'main|default']);
    expect(spans[1]?.attributes['db.operation.name']).to.equal('getSchemas');
  });

  it('are made only within a span of the application’s with requireParentSpan', async () => {
    await start({ requireParentSpan: true });
    await run(async (session) => {
      await context.with(ROOT_CONTEXT, () => query(session, 'SELECT 1'));
      await tracing.inSpan('request of a user', () => query(session, 'SELECT 2'));
    });
    const span = await statementSpan();
    const [parent] = (await tracing.spans()).filter(({ name }) => name === 'request of a user');
    expect(span.parentSpanId).to.equal(parent?.spanId);
  });

  it('go through the statementHook before they end, and what it throws stays there', async () => {
    const seen: StatementMessage[] = [];
    await start({
      statementHook: (span: Span, statement) => {
        seen.push(statement);
        span.setAttribute('team', 'reports');
        throw new Error('hook');
      },
    });
    await run((session) => query(session));
    expect((await statementSpan()).attributes['team']).to.equal('reports');
    expect(seen).to.have.length(1);
    expect(seen[0]?.summary?.outcome).to.equal('delivered');
    expect(seen[0]).to.be.frozen;
  });

  it('leave their trace’s id in the warehouse’s query history with queryTags, beside the application’s tags', async () => {
    await start({ queryTags: true });
    await run((session) => session.executeStatement('SELECT 1', { queryTags: { team: 'reports' } }));
    const { traceId } = await statementSpan();
    const tags = workspace.received.statements()[0]?.queryTags;
    // An older driver has no tags at all, the application's own included.
    if (hasQueryTags) expect(tags).to.contain(`trace_id:${traceId}`).and.to.contain('team:reports');
    else expect(tags).to.equal(undefined);
  });

  it('stop with the instrumentation', async () => {
    const instrumentation = new DatabricksSqlInstrumentation();
    tracing = await Tracing.start([instrumentation]);
    instrumentation.disable();
    await run((session) => query(session));
    expect(await tracing.ours()).to.deep.equal([]);
    instrumentation.enable();
    await run((session) => query(session));
    await statementSpan();
  });

  it('make no request but the driver’s own', async () => {
    await start();
    await tracing.inSpan('request of a user', () => run((session) => query(session)));
    await statementSpan();
    const routes = new Set(workspace.received.requests().map(({ route }) => route));
    expect([...routes]).to.deep.equal(['thrift']);
    expect(trace.getActiveSpan()).to.equal(undefined);
  });
});
