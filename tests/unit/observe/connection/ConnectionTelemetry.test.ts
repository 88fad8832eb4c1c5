import { connections } from '@databricks/sql';
import HiveDriver from '@databricks/sql/dist/hive/HiveDriver';
import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import { expect } from 'chai';
import sinon from 'sinon';
import type { IConnectionProvider } from '../../../../lib/contracts/IClientContext';
import { ClientTelemetry } from '../../../../lib/observe/connection/ConnectionTelemetry';
import type { TelemetryClientProvider } from '../../../../lib/telemetry/TelemetryClientProvider';
import { nextTurn } from '../../../../lib/util/nextTurn';
import { TelemetryEventEmitter } from '../../../../lib/telemetry/TelemetryEventEmitter';
import { TelemetryEventType, type ErrorStage, type RecordOrigin } from '../../../../lib/telemetry/types';
import { ClientContextStub } from '../../.stubs/ClientContextStub';

const OPTIONS = { host: 'workspace.test', path: '/sql', token: 'secret' };
const FAILURE = new Error('of the pipeline');

describe('ClientTelemetry', () => {
  let context: ClientContextStub;
  let events: TelemetryEventEmitter;
  let lease: { client: Record<'flush' | 'getStats' | 'getAggregator', sinon.SinonStub>; release: sinon.SinonStub };
  let acquire: sinon.SinonStub;
  let telemetry: ClientTelemetry;

  beforeEach(() => {
    context = new ClientContextStub();
    events = new TelemetryEventEmitter(context);
    const client = { flush: sinon.stub().resolves(), getStats: sinon.stub(), getAggregator: sinon.stub() };
    lease = { client, release: sinon.stub().resolves() };
    acquire = sinon.stub().returns(lease);
    const provider = { acquire } as unknown as TelemetryClientProvider;
    telemetry = new ClientTelemetry(context, provider, events, OPTIONS);
  });

  afterEach(() => telemetry.close());

  it('has no part in its host before it was started', async () => {
    expect(telemetry.getStats()).to.equal(undefined);
    await telemetry.flush();
    await telemetry.close();
    sinon.assert.notCalled(acquire);
  });

  it('leases the client of its host in the turn after its start', async () => {
    telemetry.start(undefined);
    sinon.assert.notCalled(acquire);
    await nextTurn();
    sinon.assert.calledOnceWithExactly(acquire, 'workspace.test', sinon.match({ hostname: 'workspace.test' }));
  });

  describe('of a connection whose login could be interactive', () => {
    const interactive = { host: 'workspace.test', path: '/sql', authType: 'databricks-oauth' as const };
    let provider: IConnectionProvider;

    beforeEach(() => {
      telemetry = new ClientTelemetry(context, { acquire } as unknown as TelemetryClientProvider, events, interactive);
      const inner = new connections.HttpConnection(
        { host: 'workspace.test', port: 443, https: true },
        context as never,
      );
      provider = telemetry.observeConnectionProvider(inner);
      telemetry.start({ authenticate: () => Promise.reject(FAILURE) });
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
      telemetry.sessionFailed(FAILURE);
      sinon.assert.calledOnce(acquire);
    });
  });

  it('does not join its host once it was closed', async () => {
    await telemetry.close();
    telemetry.start(undefined);
    sinon.assert.notCalled(acquire);
  });

  it('does not wait for that turn when it is asked for something', async () => {
    telemetry.start(undefined);
    telemetry.getStats();
    sinon.assert.calledOnce(acquire);
    await nextTurn();
    sinon.assert.calledOnce(acquire);
  });

  it('lives on without a lease when there is none to be had', async () => {
    acquire.throws(FAILURE);
    telemetry.start(undefined);
    await nextTurn();
    expect(context.lines).to.deep.equal(['debug telemetry: observation swallowed Error']);
    await telemetry.flush();
  });

  it('flushes its own records until the deadline, by default the close timeout', async () => {
    telemetry.start(undefined);
    await telemetry.flush(30);
    await telemetry.flush();
    sinon.assert.calledWithMatch(lease.client.flush.firstCall, { deadlineMs: 30, connection: sinon.match.object });
    sinon.assert.calledWithMatch(lease.client.flush.secondCall, { deadlineMs: 2000 });
  });

  it('neither flushes nor closes into the application when those fail', async () => {
    telemetry.start(undefined);
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
    telemetry.start(undefined);
    await Promise.all([telemetry.close(), telemetry.close()]);
    sinon.assert.calledOnce(lease.release);
  });

  it('says nothing any more once it is closed', async () => {
    const stages: ErrorStage[] = [];
    events.on(TelemetryEventType.ERROR, ({ stage }) => stages.push(stage));
    telemetry.start(undefined);
    telemetry.connectFailed(FAILURE);
    await telemetry.close();
    telemetry.sessionFailed(FAILURE);
    expect(stages).to.deep.equal(['connect']);
  });

  it('is flushed at the end of the process', async () => {
    telemetry.start(undefined);
    await nextTurn();
    const flushAtExit = process.listeners('beforeExit').at(-1);
    flushAtExit?.(0);
    sinon.assert.calledOnce(lease.client.flush);
  });

  describe('leaves alone', () => {
    it('a driver of unknown shape, and says so once', () => {
      const driver = Object.assign(new HiveDriver({ context: context as never }), { fetchResults: undefined });
      expect(telemetry.observeDriver(driver as unknown as IDriver)).to.equal(driver);
      expect(telemetry.observeDriver(driver as unknown as IDriver)).to.equal(driver);
      expect(context.lines).to.deep.equal(['debug telemetry: driver not observed, its methods differ: -fetchResults']);
    });

    it('a connection provider of unknown shape, and says so once', () => {
      const provider = { getAgent: async () => undefined } as unknown as IConnectionProvider;
      expect(telemetry.observeConnectionProvider(provider)).to.equal(provider);
      expect(telemetry.observeConnectionProvider(provider)).to.equal(provider);
      expect(context.lines).to.have.length(1);
    });
  });

  it('stands in front of one connection provider after another', () => {
    const create = () => new connections.HttpConnection({ host: 'h', port: 1, path: '/' }, context as never);
    const [first, second] = [create(), create()];
    const observed = telemetry.observeConnectionProvider(first);
    expect(observed).to.not.equal(first);
    expect(telemetry.observeConnectionProvider(first)).to.equal(observed);
    expect(telemetry.observeConnectionProvider(second)).to.not.equal(observed);
  });
});
