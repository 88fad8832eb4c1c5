import { createNoopMeter, trace, type Meter, type Tracer } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { expect } from 'chai';
import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  DatabricksSqlInstrumentation,
  traceStatements,
  type TraceStatementsOptions,
} from 'databricks-sql-telemetry/opentelemetry';
import { inSession, query } from '../support/application';
import { Surprises } from '../support/surprises';
import { startFreshWorkspace } from '../support/workspace';

const broken = (): never => {
  throw new Error('broken');
};

/** Whatever is asked of it is a function that throws, or another of its kind. */
function brokenBeyond(methods: Readonly<Record<string, unknown>>): object {
  return new Proxy(methods, {
    get: (target, name) => (typeof name === 'string' ? (target[name] ?? broken) : undefined),
  });
}

describe('tracers and meters that fail', () => {
  const surprises = new Surprises();
  const stops: Array<() => void> = [];
  let workspace: LocalWorkspace;

  before(async () => {
    workspace = await startFreshWorkspace();
  });

  afterEach(() => {
    surprises.stop();
    for (const stop of stops.splice(0)) stop();
  });

  after(() => workspace.close());

  /** Until the test is over, or what it returns is called. */
  function startTracing(options?: TraceStatementsOptions): () => void {
    const stop = traceStatements(options);
    stops.push(stop);
    return stop;
  }

  const instrument = (): object => brokenBeyond({});
  const brokenMeter = brokenBeyond({
    createHistogram: instrument,
    createCounter: instrument,
    createObservableCounter: instrument,
    createObservableUpDownCounter: instrument,
  }) as Meter;
  const tracers: Record<string, Tracer> = {
    'a tracer that makes no span': brokenBeyond({}) as Tracer,
    'spans that throw': brokenBeyond({ startSpan: () => brokenBeyond({}) }) as Tracer,
    'spans that throw when they end': brokenBeyond({
      startSpan: () => brokenBeyond({ isRecording: () => true, setAttributes: () => undefined }),
    }) as Tracer,
    'no span at all': { startSpan: () => undefined } as unknown as Tracer,
  };

  for (const [title, tracer] of Object.entries(tracers)) {
    it(`${title}: the query is as without`, async () => {
      startTracing({
        tracer,
        meter: brokenMeter,
        queryTags: true,
        suppressInternalInstrumentation: true,
      });
      const rows: unknown[] = [];
      await inSession(
        workspace,
        async (session) => {
          const operation = await session.executeStatement('SELECT 42 AS answer');
          rows.push(...(await operation.fetchAll()));
          await operation.close();
        },
        { telemetryEnabled: false },
      );
      expect(rows).to.deep.equal([{ answer: 42 }]);
    });
  }

  it('a meter that makes no instrument leaves spans alone', async () => {
    const names: string[] = [];
    const tracer = {
      startSpan: (name: string) => (
        names.push(name),
        trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 })
      ),
    } as unknown as Tracer;
    const stop = startTracing({ tracer, meter: brokenBeyond({}) as Meter });
    await inSession(workspace, (session) => query(session), { telemetryEnabled: false });
    stop();
    await inSession(workspace, (session) => query(session), { telemetryEnabled: false });
    expect(names).to.deep.equal([`localhost:${workspace.port}`]);
  });

  it('a hook that rejects leaves no rejection behind', async () => {
    surprises.start();
    let calls = 0;
    const recording = {
      isRecording: () => true,
      spanContext: () => ({}),
      setAttributes: () => undefined,
      end: () => undefined,
    };
    startTracing({
      tracer: { startSpan: () => recording } as unknown as Tracer,
      meter: false,
      statementHook: (async () => {
        calls += 1;
        throw new Error('hook');
      }) as () => void,
    });
    await inSession(workspace, (session) => query(session), { telemetryEnabled: false });
    await new Promise((resolve) => setImmediate(resolve));
    expect([calls, surprises.seen]).to.deep.equal([1, []]);
  });

  it('traceStatements needs neither, and can do with one of them', async () => {
    startTracing();
    startTracing({ tracer: false, meter: createNoopMeter() });
    await inSession(workspace, (session) => query(session), { telemetryEnabled: false });
    for (const stop of stops) expect(stop).not.to.throw();
    for (const stop of stops) expect(stop).not.to.throw();
  });

  it('the instrumentation is one by its interface, enabled from the start unless told otherwise', () => {
    const instrumentation: Instrumentation = new DatabricksSqlInstrumentation({ enabled: false });
    expect(instrumentation.getConfig().enabled).to.equal(false);
    expect(instrumentation.instrumentationName).to.equal('databricks-sql-telemetry');
    expect(instrumentation.instrumentationVersion).to.match(/^\d+\.\d+\.\d+/);
    const enabled = new DatabricksSqlInstrumentation();
    enabled.disable();
    expect(enabled.getConfig().enabled).to.equal(true);
  });
});
