import { expect } from 'chai';
import fc from 'fast-check';
import { CircuitBreaker } from '../../../lib/telemetry/CircuitBreaker';
import { CircuitBreakerRegistry } from '../../../lib/telemetry/CircuitBreakerRegistry';
import { DatabricksTelemetryExporter } from '../../../lib/telemetry/DatabricksTelemetryExporter';
import { ExceptionClassifier } from '../../../lib/telemetry/ExceptionClassifier';
import { FeatureFlagCache } from '../../../lib/telemetry/FeatureFlagCache';
import { HostRegistry } from '../../../lib/telemetry/hosts/HostRegistry';
import { MetricsAggregator } from '../../../lib/telemetry/MetricsAggregator';
import { TelemetryClient } from '../../../lib/telemetry/TelemetryClient';
import { TelemetryClientProvider } from '../../../lib/telemetry/TelemetryClientProvider';
import { TelemetryEventEmitter } from '../../../lib/telemetry/TelemetryEventEmitter';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { TelemetryExporterStub } from '../.stubs/TelemetryExporterStub';

function refuse(): never {
  throw new Error('hands off');
}

/** What JavaScript lets somebody give in any place. */
const ODD: readonly unknown[] = [
  ...[undefined, null, NaN, -1, 5n, '', 'text', true, Symbol('odd'), [], {}, refuse, new Date(NaN), new Map()],
  ...[new Error('odd'), { deadlineMs: 'soon', connection: 7 }, { kind: 'shut' }, { kind: 'off' }, [null, 7]],
  Object.create(null),
];

type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

/** A component, and those of its methods that are open to everybody. */
interface Component {
  readonly made: () => object;
  readonly methods: readonly string[];
}

/** Nothing reaches a network. */
const OPTIONS = {
  ...{ telemetryEnabled: true, telemetryCloseTimeoutMs: 20, telemetryFeatureFlagTimeoutMs: 100 },
  ...{ telemetryMaxRetries: 0, telemetryDryRun: () => undefined },
};
const context = (): ClientContextStub => new ClientContextStub(OPTIONS);

const COMPONENTS: Readonly<Record<string, Component>> = {
  FeatureFlagCache: {
    made: () => new FeatureFlagCache(context(), new HostRegistry()),
    methods: ['getOrCreateContext', 'peek', 'isTelemetryEnabled', 'refresh', 'fetchFeatureFlag', 'releaseContext'],
  },
  TelemetryClientProvider: {
    made: () => new TelemetryClientProvider(context(), new HostRegistry()),
    methods: ['acquire', 'getOrCreateClient', 'releaseClient'],
  },
  TelemetryClient: {
    made: () => new TelemetryClient(context(), 'a.test', new HostRegistry()),
    methods: ['getAggregator', 'attach', 'getStats', 'diagnose', 'flush', 'detach', 'close', 'flush'],
  },
  CircuitBreakerRegistry: {
    made: () => new CircuitBreakerRegistry(context(), new HostRegistry()),
    methods: ['get'],
  },
  CircuitBreaker: { made: () => new CircuitBreaker(context()), methods: ['getState', 'retryAfterMs', 'tryAcquire'] },
  ExceptionClassifier: { made: () => ExceptionClassifier, methods: ['isTerminal', 'isRetryable'] },
  TelemetryEventEmitter: {
    made: () => new TelemetryEventEmitter(context()),
    methods: [
      ...['setEnabled', 'attach', 'emitConnectionOpen', 'emitConnectionClose', 'emitStatementStart'],
      ...['emitStatementComplete', 'emitCloudFetchChunk', 'emitError'],
    ],
  },
  MetricsAggregator: {
    made: () => new MetricsAggregator(context(), new TelemetryExporterStub()),
    methods: ['processEvent', 'completeStatement', 'setMode', 'processEvent', 'flush', 'getStats', 'close', 'flush'],
  },
  DatabricksTelemetryExporter: {
    made: () =>
      new DatabricksTelemetryExporter(context(), 'a.test', new CircuitBreakerRegistry(context(), new HostRegistry())),
    methods: ['export', 'close', 'export'],
  },
};

describe('whatever arguments it is called with,', () => {
  for (const [name, { made, methods }] of Object.entries(COMPONENTS)) {
    it(`${name} throws nothing, and rejects nothing`, async () => {
      const odd = fc.constantFrom(...ODD);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(odd, odd), { minLength: methods.length }), async (given) => {
          const component = made() as Methods;
          for (const [index, method] of methods.entries()) {
            const call = component[method];
            if (call === undefined) throw new Error(`${name} has no method ${method}`);
            await Reflect.apply(call, component, given[index] ?? []);
          }
        }),
        { numRuns: 60, endOnFailure: true },
      );
    });
  }

  it('a breaker passes on what it is given to run, and how that fails', async () => {
    for (const operation of ODD) {
      const caught: unknown = await new CircuitBreaker(context()).execute(operation as never).catch((e: unknown) => e);
      expect(caught).to.be.instanceOf(Error);
    }
  });
});
