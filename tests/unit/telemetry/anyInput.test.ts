import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { TelemetryOptions } from '../../../lib/model/options';
import { Statement } from '../../../lib/model/Statement';
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
import { TelemetryEventType, type RecordOrigin, type TelemetryEvent } from '../../../lib/telemetry/types';
import { ClientContextStub } from '../.stubs/ClientContextStub';
import { connectionInfo, connectionRecord, errorRecord, statementRecord } from '../.stubs/telemetryRecords';
import { TelemetryExporterStub } from '../.stubs/TelemetryExporterStub';

const RUNS = { numRuns: 60 };

function refuse(): never {
  throw new Error('hands off');
}
const refuseNames = (_target: unknown, key: string | symbol): false => (typeof key === 'symbol' ? false : refuse());
/** Nothing can be done with it, but for what fast-check does. */
const untouchable: unknown = new Proxy(refuse, {
  get: refuseNames,
  has: refuseNames,
  ownKeys: refuse,
  getPrototypeOf: refuse,
  getOwnPropertyDescriptor: refuse,
  set: refuse,
  apply: refuse,
});

const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withTypedArray: true }),
  fc.constantFrom(untouchable, refuse, Symbol('odd'), new Error('odd'), Promise.resolve()),
);
const number = fc.oneof(fc.double(), fc.constantFrom(NaN, -1, 0, 1e300, -Infinity, undefined));
/** Not long enough to be waited for in a test. */
const shortMs = fc.constantFrom(NaN, -1, 0, 1, 5, -Infinity);
const host = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', '[', ':::', '//', 'h:99999999'));

const EVENT_TYPES = fc.constantFrom(...Object.values(TelemetryEventType));
const event: fc.Arbitrary<TelemetryEvent> = fc
  .oneof(
    { weight: 1, arbitrary: anything },
    {
      weight: 6,
      arbitrary: fc.record(
        {
          eventType: fc.oneof({ weight: 6, arbitrary: EVENT_TYPES }, anything),
          statementId: fc.oneof(fc.constantFrom('a', 'b'), anything),
          timestamp: fc.oneof(number, anything),
          connection: fc.oneof(fc.constant(connectionInfo()), anything),
          sessionId: anything,
          statement: fc.oneof(fc.constant(new Statement(undefined, 's', undefined, 0, 0)), anything),
          outcome: fc.oneof(fc.constantFrom('delivered', 'failed'), anything),
          latencyMs: fc.oneof(number, anything),
          chunkIndex: anything,
          bytes: anything,
          stage: fc.oneof(fc.constantFrom('connect', 'fetch'), anything),
          error: anything,
          thrown: fc.oneof(fc.constant({ retainedBytes: NaN }), anything),
          isTerminal: anything,
        },
        { requiredKeys: [] },
      ),
    },
  )
  .map((value) => value as TelemetryEvent);

function expectBalance(aggregator: MetricsAggregator): void {
  const { collected, delivered, rejected, dropped, pending } = aggregator.getStats();
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  expect(collected).to.equal(delivered + rejected + lost + pending);
}

/** A text is a file that is written: of any name, but not in any folder. */
const fileOf = (value: unknown): unknown =>
  typeof value === 'string' ? path.join(tmpdir(), Buffer.from(value).toString('hex')) : value;

const options: fc.Arbitrary<TelemetryOptions> = fc
  .dictionary(
    fc.constantFrom(
      'telemetryBatchSize',
      'telemetryMaxPendingMetrics',
      'telemetryMaxPendingBytes',
      'telemetryLogLevel',
      'telemetryEndpoint',
      'telemetryDryRun',
      'telemetryCompression',
      'telemetryCircuitBreakerThreshold',
      'telemetryCircuitBreakerTimeout',
      'telemetryAuthenticatedExport',
    ),
    fc.oneof(number, fc.anything()),
  )
  .map((some) => {
    const given = 'telemetryDryRun' in some ? { ...some, telemetryDryRun: fileOf(some['telemetryDryRun']) } : some;
    return { ...given, telemetryCloseTimeoutMs: 20, telemetryFeatureFlagTimeoutMs: 100 } as TelemetryOptions;
  });

/** A connection that cannot be used, each in its own way; none reaches a network. */
const origin: fc.Arbitrary<RecordOrigin> = fc
  .tuple(anything, anything, anything, anything)
  .map(([credentials, headers, userAgent, tls]) => ({
    ...connectionInfo().origin,
    headers: headers as RecordOrigin['headers'],
    userAgent: userAgent as string,
    tls: tls as RecordOrigin['tls'],
    authenticate: async () => credentials as Record<string, string>,
    getAgent: () => Promise.reject(new Error('no network')),
  }));

describe('whatever it is given,', () => {
  it('MetricsAggregator takes it, keeps its books, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 30 }), options, number, anything, async (events, some, ms, id) => {
        const aggregator = new MetricsAggregator(new ClientContextStub(some), new TelemetryExporterStub());
        for (const each of events) {
          aggregator.processEvent(each);
          expectBalance(aggregator);
        }
        aggregator.completeStatement(id as string);
        aggregator.setMode({ kind: 'hold' }, ms);
        aggregator.setMode({ kind: 'open' }, ms);
        for (const each of events) aggregator.processEvent(each);
        await aggregator.flush({ deadlineMs: ms });
        await aggregator.flush({ connection: id as never });
        await aggregator.close({ deadlineMs: 50 });
        expectBalance(aggregator);
        expect(aggregator.getStats()).to.include({ pending: 0, inFlightStatements: 0 });
      }),
      { numRuns: 150 },
    );
  });

  it('MetricsAggregator stays within its bounds', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const exporter = new TelemetryExporterStub();
        const bounds = {
          telemetryMaxPendingMetrics: 5,
          telemetryMaxStatementMetrics: 3,
          telemetryMaxPendingBytes: 4096,
        };
        const aggregator = new MetricsAggregator(new ClientContextStub(bounds), exporter);
        aggregator.setMode({ kind: 'hold' });
        for (const each of [...events, ...events]) aggregator.processEvent(each);
        expect(aggregator.getStats().inFlightStatements).to.be.at.most(3);
        expect(aggregator.getStats().pending).to.be.at.most(5 + 5);
        for (let i = 0; i < 20; i += 1)
          aggregator.processEvent({ eventType: TelemetryEventType.CONNECTION_OPEN, timestamp: 1 });
        expect(aggregator.getStats().pending).to.be.at.most(5 + 5);
      }),
      RUNS,
    );
  });

  it('TelemetryEventEmitter throws nothing, with and without listeners', () => {
    fc.assert(
      fc.property(event, fc.boolean(), (data, hasListeners) => {
        const emitter = new TelemetryEventEmitter(new ClientContextStub());
        emitter.attach(new MetricsAggregator(new ClientContextStub(), new TelemetryExporterStub()));
        if (hasListeners) for (const type of Object.values(TelemetryEventType)) emitter.on(type, refuse);
        emitter.emitConnectionOpen(data as never);
        emitter.emitConnectionClose(data as never);
        emitter.emitStatementStart(data as never);
        emitter.emitStatementComplete(data as never);
        emitter.emitCloudFetchChunk(data as never);
        emitter.emitError(data as never);
      }),
      RUNS,
    );
  });

  it('ExceptionClassifier says yes or no', () => {
    fc.assert(
      fc.property(anything, (thrown) => {
        expect(ExceptionClassifier.isTerminal(thrown)).to.be.a('boolean');
        expect(ExceptionClassifier.isRetryable(thrown)).to.be.a('boolean');
      }),
      RUNS,
    );
  });

  it('CircuitBreaker has one of its three states, and passes on what an operation fails with', async () => {
    await fc.assert(
      fc.asyncProperty(options, host, number, anything, async (some, name, ms, thrown) => {
        const context = new ClientContextStub(some);
        const registry = new CircuitBreakerRegistry(context, new HostRegistry());
        for (const breaker of [registry.get(name), new CircuitBreaker(context)]) {
          breaker.tryAcquire()?.failure(ms);
          breaker.tryAcquire()?.release();
          breaker.tryAcquire()?.success();
          expect(['CLOSED', 'OPEN', 'HALF_OPEN']).to.include(breaker.getState());
          expect(breaker.retryAfterMs()).to.be.a('number');
          const caught = await breaker.execute(() => Promise.reject(thrown)).catch((reason: unknown) => [reason]);
          expect(caught).to.be.an('array');
        }
      }),
      RUNS,
    );
  });

  it('DatabricksTelemetryExporter has each record in one place', async () => {
    const record = fc.oneof(
      fc.tuple(origin, anything).map(([own, odd]) => ({ connection: { ...connectionInfo(), origin: own }, odd })),
      anything.map((connection) => ({ connection, odd: connection })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 4 }), options, host, async (some, given, name) => {
        const context = new ClientContextStub({ ...given, telemetryMaxRetries: 0, telemetryDryRun: () => undefined });
        const breakers = new CircuitBreakerRegistry(context, new HostRegistry());
        const exporter = new DatabricksTelemetryExporter(context, name, breakers);
        const batch = some.flatMap(({ connection, odd }) => {
          const its = { connection: connection as never };
          const error = errorRecord({ ...its, stage: odd as never, error: odd as never, thrown: odd as never });
          return [connectionRecord({ ...its, latencyMs: odd as never }), statementRecord(its), error];
        });
        const result = await exporter.export(batch);
        const dropped = Object.values(result.dropped).reduce((sum, count) => sum + count, 0);
        expect(result.delivered + result.rejected + dropped + result.retained.length).to.equal(batch.length);
        await exporter.export([connectionRecord(), undefined, untouchable] as never);
        await exporter.close();
      }),
      RUNS,
    );
  });

  it('FeatureFlagCache has an answer, and rejects nothing', async () => {
    await fc.assert(
      fc.asyncProperty(host, origin, options, async (name, own, some) => {
        const cache = new FeatureFlagCache(new ClientContextStub(some), new HostRegistry());
        cache.getOrCreateContext(name, own);
        expect(await cache.refresh(name)).to.be.oneOf(['unknown', 'off']);
        expect(await cache.isTelemetryEnabled(name)).to.equal(false);
        expect(await cache.fetchFeatureFlag(name)).to.equal(false);
        expect(cache.peek(name).leaseCount).to.equal(1);
        cache.releaseContext(name, own);
        cache.releaseContext(name, own);
        expect(cache.peek(name).leaseCount).to.equal(0);
      }),
      RUNS,
    );
  });

  it('TelemetryClient and its provider reject nothing, and end in time', async () => {
    await fc.assert(
      fc.asyncProperty(host, origin, options, shortMs, event, async (name, own, some, deadlineMs, odd) => {
        const context = new ClientContextStub(some);
        const hosts = new HostRegistry();
        const provider = new TelemetryClientProvider(context, hosts);
        const clients = [new TelemetryClient(context, name, hosts), provider.getOrCreateClient(name, own)];
        const lease = provider.acquire(name, own);
        for (const client of clients) {
          client.attach(own);
          client.getAggregator().processEvent(odd);
          await client.flush({ deadlineMs });
          client.detach(own);
          client.detach(undefined);
          expect(client.getStats().host).to.be.a('string');
        }
        await Promise.all([lease.release({ deadlineMs }), provider.releaseClient(name), provider.releaseClient(name)]);
        for (const client of clients) {
          await client.close();
          expect(client.getStats().pending).to.equal(0);
        }
      }),
      { numRuns: 25 },
    );
  });
});
