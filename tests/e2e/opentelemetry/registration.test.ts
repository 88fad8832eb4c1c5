import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import { DatabricksSqlInstrumentation, traceStatements } from 'databricks-sql-telemetry/opentelemetry';
import { connectTo, inSession, query, type Session } from '../support/application';
import { Surprises } from '../support/surprises';
import { CLIENT, Tracing } from '../support/tracing';
import { startFreshWorkspace } from '../support/workspace';

const DURATION = 'db.client.operation.duration';
const off = { telemetryEnabled: false };

describe('spans and metrics of an SDK that comes, changes and goes', () => {
  const surprises = new Surprises();
  const stops: Array<() => Promise<void> | void> = [];
  let workspace: LocalWorkspace;

  beforeEach(async () => {
    workspace = await startFreshWorkspace();
    surprises.start();
  });

  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    surprises.stop();
    expect(surprises.seen.splice(0)).to.deep.equal([]);
    await workspace.close();
  });

  const started = async (...given: Parameters<typeof Tracing.start>): Promise<Tracing> => {
    const tracing = await Tracing.start(...given);
    stops.push(() => tracing.stop());
    return tracing;
  };
  const run = (work: (session: Session) => Promise<unknown> = query) =>
    inSession(workspace, async (session) => void (await work(session)), off);
  const statements = async (tracing: Tracing) => (await tracing.ours()).filter(({ kind }) => kind === CLIENT);

  const EARLY: Record<string, () => void> = {
    'traceStatements()': () => void stops.push(traceStatements()),
    'an instrumentation by itself': () => {
      const instrumentation = new DatabricksSqlInstrumentation();
      stops.push(() => instrumentation.disable());
    },
    'registerInstrumentations()': () => {
      const instrumentations = [new DatabricksSqlInstrumentation()];
      stops.push(registerInstrumentations({ instrumentations }));
    },
  };
  for (const [who, begin] of Object.entries(EARLY)) {
    it(`${who} before the providers are registered makes both when a session is opened afterwards`, async () => {
      begin();
      await run();
      const tracing = await started();
      await run();
      expect(await statements(tracing)).to.have.length(1);
      expect(await tracing.points(DURATION)).to.have.length(1);
    });
  }

  it('go to another provider from the moment it is set', async () => {
    const instrumentation = new DatabricksSqlInstrumentation();
    const tracing = await started([instrumentation]);
    await run();
    const exporter = new InMemorySpanExporter();
    const other = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    instrumentation.setTracerProvider(other);
    await run();
    expect(await statements(tracing)).to.have.length(1);
    expect(
      exporter.getFinishedSpans().filter(({ parentSpanContext }) => parentSpanContext === undefined),
    ).to.have.length(1);
    await other.shutdown();
  });

  it('survive a provider that throws when it is set', async () => {
    const broken = (): never => {
      throw new Error('provider');
    };
    const instrumentation = new DatabricksSqlInstrumentation();
    stops.push(() => instrumentation.disable());
    instrumentation.setTracerProvider({ getTracer: broken });
    instrumentation.setMeterProvider({ getMeter: broken });
    await run();
  });

  it('leave queries alone while the SDK shuts down under load, and afterwards', async () => {
    const tracing = await Tracing.start([new DatabricksSqlInstrumentation({ suppressInternalInstrumentation: true })]);
    const rows: number[] = [];
    await run(async (session) => {
      const read = async (): Promise<void> => {
        const operation = await session.executeStatement('SELECT id FROM range(50)');
        rows.push((await operation.fetchAll()).length);
      };
      const before = Array.from({ length: 5 }, read);
      const stopped = tracing.stop();
      const during = Array.from({ length: 5 }, read);
      await Promise.all([...before, stopped, ...during]);
      await read();
    });
    expect(rows).to.deep.equal(Array.from({ length: 11 }, () => 50));
  });

  it('end with what nobody closed, when its client closes', async () => {
    const tracing = await started([new DatabricksSqlInstrumentation()]);
    const client = await connectTo(workspace, off);
    const [one, other] = [await client.openSession(), await client.openSession()];
    await one.executeStatement('SELECT 1');
    // Rows in the answers themselves: drivers before 1.16 leave the failure of a download that they began ahead to nobody.
    await (await other.executeStatement('SELECT id FROM range(50)')).fetchChunk({ maxRows: 10 });
    await one.close();
    await client.close();
    const outcomes = (await statements(tracing)).map(({ attributes }) => attributes['databricks.statement.outcome']);
    expect(outcomes).to.deep.equal(['session_closed', 'session_closed']);
  });

  const READERS: Record<string, [expected: string, read: (session: Session) => Promise<void>]> = {
    'rows one by one': [
      'delivered',
      async (session) => {
        const operation = await session.executeStatement('SELECT id FROM range(3000)');
        let count = 0;
        for await (const _ of operation.iterateRows({ autoClose: true })) count += 1;
        expect(count).to.equal(3000);
      },
    ],
    'some rows, and then stops': [
      'closed_unfetched',
      async (session) => {
        const operation = await session.executeStatement('SELECT id FROM range(3000)');
        for await (const _ of operation.iterateChunks({ maxRows: 100, autoClose: true })) break;
      },
    ],
    'a stream': [
      'delivered',
      async (session) => {
        const operation = await session.executeStatement('SELECT id FROM range(3000)');
        let count = 0;
        for await (const _ of operation.toNodeStream({ mode: 'rows', iteratorOptions: { autoClose: true } }))
          count += 1;
        expect(count).to.equal(3000);
      },
    ],
  };
  for (const [what, [expected, read]] of Object.entries(READERS)) {
    it(`end as ${expected} for who reads ${what}`, async () => {
      const tracing = await started([new DatabricksSqlInstrumentation()]);
      await run(async (session) => {
        await read(session);
        // Before the session closes.
        const [span] = await statements(tracing);
        expect(span?.attributes['databricks.statement.outcome']).to.equal(expected);
      });
    });
  }
});
