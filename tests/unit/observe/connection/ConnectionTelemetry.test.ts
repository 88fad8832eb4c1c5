import { connections } from '@databricks/sql';
import HiveDriver from '@databricks/sql/dist/hive/HiveDriver';
import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import { expect } from 'chai';
import sinon from 'sinon';
import type { IConnectionProvider } from '../../../../lib/contracts/IClientContext';
import { ConnectionTelemetry } from '../../../../lib/observe/connection/ConnectionTelemetry';
import { ExporterRegistry } from '../../../../lib/observe/exporters/ExporterRegistry';
import { ObservedDriver } from '../../../../lib/observe/rpc/ObservedDriver';
import { RetryObserver } from '../../../../lib/observe/rpc/RetryObserver';
import type { ConnectOptionsView } from '../../../../lib/observe/connection/connectOptions';
import { AccountBook } from '../../../../lib/telemetry/pipeline/AccountBook';
import type { TelemetryClientProvider } from '../../../../lib/telemetry/TelemetryClientProvider';
import { TelemetryEventEmitter } from '../../../../lib/telemetry/TelemetryEventEmitter';
import { nextTurn, systemClock } from '../../../../lib/util/clock';
import { resolveConfiguration } from '../../../../lib/model/options';
import { TelemetryEventType, type ErrorStage, type RecordOrigin } from '../../../../lib/telemetry/types';
import { ClientContextStub } from '../../.stubs/ClientContextStub';

const OPTIONS = { host: 'workspace.test', path: '/sql', token: 'secret' };
const FAILURE = new Error('of the pipeline');

describe('ConnectionTelemetry', () => {
  let context: ClientContextStub;
  let events: TelemetryEventEmitter;
  let lease: { client: Record<'flush' | 'getStats' | 'getAggregator', sinon.SinonStub>; release: sinon.SinonStub };
  let acquire: sinon.SinonStub;
  let telemetry: ConnectionTelemetry;

  const create = (options: ConnectOptionsView): ConnectionTelemetry => {
    const provider = { acquire } as unknown as TelemetryClientProvider;
    const config = resolveConfiguration(context.getConfig());
    return new ConnectionTelemetry(
      context,
      { provider, events, exporters: [], registry: new ExporterRegistry(new AccountBook()), others: () => [] },
      options,
      config,
      [],
      systemClock,
    );
  };

  beforeEach(() => {
    context = new ClientContextStub();
    events = new TelemetryEventEmitter(context);
    const client = { flush: sinon.stub().resolves(), getStats: sinon.stub(), getAggregator: sinon.stub() };
    lease = { client, release: sinon.stub().resolves() };
    acquire = sinon.stub().returns(lease);
    telemetry = create(OPTIONS);
  });

  afterEach(() => telemetry.close());

  it('has no part in its host before it was started', async () => {
    expect(telemetry.getStats()).to.equal(undefined);
    await telemetry.flush();
    await telemetry.close();
    sinon.assert.notCalled(acquire);
  });

  it('leases the client of its host in the turn after its start', async () => {
    telemetry.start(undefined, undefined);
    sinon.assert.notCalled(acquire);
    await nextTurn(systemClock);
    sinon.assert.calledOnceWithExactly(acquire, 'workspace.test', sinon.match({ hostname: 'workspace.test' }));
  });

  describe('of a connection whose login could be interactive', () => {
    const interactive = { host: 'workspace.test', path: '/sql', authType: 'databricks-oauth' as const };
    let provider: IConnectionProvider;

    beforeEach(() => {
      telemetry = create(interactive);
      provider = providerOfDriver();
      telemetry.start({ authenticate: () => Promise.reject(FAILURE) }, provider);
    });

    it('joins its host at the first request, with the credentials of that request', async () => {
      sinon.assert.notCalled(acquire);
      provider.setHeaders({ Authorization: 'Bearer issued' });
      await Promise.resolve();
      sinon.assert.calledOnce(acquire);
      const [, origin] = acquire.firstCall.args as [string, RecordOrigin];
      expect(await origin.authenticate()).to.deep.equal({ Authorization: 'Bearer issued' });
    });

    it('joins its host to report a session that could not be opened', () => {
      telemetry.sessionFailed(telemetry.sessionStarted(), FAILURE, false);
      sinon.assert.calledOnce(acquire);
    });
  });

  it('does not join its host once it was closed', async () => {
    await telemetry.close();
    telemetry.start(undefined, undefined);
    sinon.assert.notCalled(acquire);
  });

  it('does not wait for that turn when it is asked for something', async () => {
    telemetry.start(undefined, undefined);
    telemetry.getStats();
    sinon.assert.calledOnce(acquire);
    await nextTurn(systemClock);
    sinon.assert.calledOnce(acquire);
  });

  it('lives on without a lease when there is none to be had', async () => {
    acquire.throws(FAILURE);
    telemetry.start(undefined, undefined);
    await nextTurn(systemClock);
    expect(context.lines).to.deep.equal(['debug telemetry: observation swallowed Error']);
    await telemetry.flush();
  });

  it('flushes its own records until the deadline, by default the close timeout', async () => {
    telemetry.start(undefined, undefined);
    await telemetry.flush(30);
    await telemetry.flush();
    sinon.assert.calledWithMatch(lease.client.flush.firstCall, { deadlineMs: 30, connection: sinon.match.object });
    sinon.assert.calledWithMatch(lease.client.flush.secondCall, { deadlineMs: 2000 });
  });

  it('neither flushes nor closes into the application when those fail', async () => {
    telemetry.start(undefined, undefined);
    lease.client.flush.rejects(FAILURE);
    lease.release.rejects(FAILURE);
    await telemetry.flush();
    await telemetry.close();
    expect(context.lines).to.deep.equal([
      'debug telemetry: flush swallowed Error',
      'debug telemetry: close swallowed Error',
    ]);
  });

  it('gives its lease back once', async () => {
    telemetry.start(undefined, undefined);
    await Promise.all([telemetry.close(), telemetry.close()]);
    sinon.assert.calledOnce(lease.release);
  });

  it('says nothing any more once it is closed', async () => {
    const stages: ErrorStage[] = [];
    events.on(TelemetryEventType.ERROR, ({ stage }) => stages.push(stage));
    telemetry.start(undefined, undefined);
    telemetry.connectFailed(FAILURE);
    await telemetry.close();
    telemetry.sessionFailed(telemetry.sessionStarted(), FAILURE, false);
    expect(stages).to.deep.equal(['connect']);
  });

  it('is flushed at the end of the process', async () => {
    telemetry.start(undefined, undefined);
    await nextTurn(systemClock);
    // As `emit` would call it, which then forgets it; other listeners stay.
    const flushAtExit = process.rawListeners('beforeExit').at(-1);
    flushAtExit?.call(process, 0);
    sinon.assert.calledOnce(lease.client.flush);
  });

  const providerOfDriver = (): IConnectionProvider => {
    const where = { host: 'workspace.test', port: 443, path: '/', https: true };
    return new connections.HttpConnection(where, context as never);
  };

  describe('leaves alone', () => {
    it('a driver of unknown shape, and says so once', async () => {
      const driver = Object.assign(new HiveDriver({ context: context as never }), { fetchResults: undefined });
      const getDriver = async (): Promise<IDriver> => driver as unknown as IDriver;
      expect(await telemetry.observeDriver(getDriver())).to.equal(driver);
      expect(await telemetry.observedDriver).to.equal(driver);
      expect(context.lines).to.deep.equal(['debug telemetry: driver not observed, its methods differ: -fetchResults']);
    });

    it('a connection provider of unknown shape, and says so once', () => {
      const provider = { getAgent: async () => undefined } as unknown as IConnectionProvider;
      telemetry.start(undefined, provider);
      expect(Object.keys(provider)).to.deep.equal(['getAgent']);
      expect(context.lines).to.have.length(1);
    });
  });

  it('stands in front of the driver with one object for all calls', async () => {
    const driver = new HiveDriver({ context: context as never });
    const getDriver = async (): Promise<IDriver> => driver;
    const observed = await telemetry.observeDriver(getDriver());
    expect(observed).to.be.instanceOf(ObservedDriver);
    expect(await telemetry.observedDriver).to.equal(observed);
  });

  it('observes the retries of one connection provider, which stays the same object', async () => {
    const provider = providerOfDriver();
    telemetry.start(undefined, provider);
    expect(provider).to.be.instanceOf(connections.HttpConnection);
    expect(await provider.getRetryPolicy()).to.be.instanceOf(RetryObserver);
    expect(await providerOfDriver().getRetryPolicy()).to.not.be.instanceOf(RetryObserver);
  });
});
