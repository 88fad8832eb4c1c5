import { Agent } from 'node:https';
import type { HttpTransactionDetails } from '@databricks/sql/dist/connection/contracts/IConnectionProvider';
import { expect } from 'chai';
import sinon from 'sinon';
import type { IConnectionProvider } from '../../../../lib/contracts/IClientContext';
import { ObservedConnectionProvider } from '../../../../lib/observe/rpc/ObservedConnectionProvider';
import type { StatementObservation } from '../../../../lib/observe/statement/StatementObservation';
import { TelemetryEventType } from '../../../../lib/telemetry/types';
import { ObservedConnection } from '../../.stubs/observedConnection';
import { linkPage, OPERATION_GUID } from '../../.stubs/thriftAnswers';

const FAILURE = new Error('of the network');
const AGENT = new Agent();

function details(url: string, response: Response = new Response('body')): HttpTransactionDetails {
  return { request: { url }, response } as unknown as HttpTransactionDetails;
}

/** The driver's policy, told to try `attempts` times. */
const trying = (attempts: number) => ({
  shouldRetry: async () => ({ shouldRetry: false as const }),
  invokeWithRetry: async (operation: () => Promise<unknown>) => {
    for (let attempt = 1; attempt < attempts; attempt += 1) await operation().catch(() => undefined);
    return operation();
  },
});

describe('ObservedConnectionProvider', () => {
  let connection: ObservedConnection;
  let inner: Record<'getThriftConnection' | 'getAgent' | 'setHeaders' | 'getRetryPolicy', sinon.SinonStub>;
  let provider: ObservedConnectionProvider;
  let statement: StatementObservation;

  beforeEach(() => {
    connection = new ObservedConnection();
    inner = {
      getThriftConnection: sinon.stub(),
      getAgent: sinon.stub().resolves(AGENT),
      setHeaders: sinon.stub(),
      getRetryPolicy: sinon.stub().resolves(trying(1)),
    };
    provider = new ObservedConnectionProvider(inner as unknown as IConnectionProvider, connection.observer);
    statement = connection.start();
    const { resultLinks } = linkPage([10, 10]).results ?? {};
    connection.observer.linksOffered(statement, resultLinks ?? []);
  });

  async function download(answer: () => Promise<HttpTransactionDetails>): Promise<unknown> {
    return (await provider.getRetryPolicy()).invokeWithRetry(answer).catch((thrown: unknown) => thrown);
  }

  it('gives the agent of the driver and passes headers on', async () => {
    const headers = { Authorization: 'Bearer token' };
    expect(await provider.getAgent()).to.equal(AGENT);
    provider.setHeaders(headers);
    sinon.assert.calledOnceWithExactly(inner.setHeaders, headers);
  });

  it('knows the credentials of the newest request', async () => {
    provider.setHeaders({ Authorization: 'Bearer old' });
    provider.setHeaders({ Authorization: 'Bearer new' });
    expect(await provider.authentication.authenticate()).to.deep.equal({ Authorization: 'Bearer new' });
  });

  it('knows no credentials before the first request, and says when it has come', async () => {
    expect(await provider.authentication.authenticate()).to.deep.equal({});
    provider.setHeaders({ Authorization: 'Bearer first' });
    await provider.firstRequest;
    expect(await provider.authentication.authenticate()).to.deep.equal({ Authorization: 'Bearer first' });
  });

  describe('a download', () => {
    it('gives the driver what it got, and is counted for the statement that was offered the file', async () => {
      const answer = details('https://store.test/1', new Response('body', { headers: { 'content-length': '77' } }));
      expect(await download(async () => answer)).to.equal(answer);
      expect(connection.eventsOf(TelemetryEventType.CLOUDFETCH_CHUNK)[0]).to.include({ chunkIndex: 1, bytes: 77 });
    });

    it('has the size that the manifest gave where the answer does not say', async () => {
      await download(async () => details('https://store.test/0'));
      expect(connection.eventsOf(TelemetryEventType.CLOUDFETCH_CHUNK)[0]).to.include({ bytes: 1000 });
    });

    it('takes the time of its last attempt, and counts the others as retries', async () => {
      inner.getRetryPolicy.resolves(trying(3));
      await download(async () => details('https://store.test/0'));
      expect(statement.aggregate.retryCount).to.equal(2);
      expect(connection.eventsOf(TelemetryEventType.CLOUDFETCH_CHUNK)[0]?.latencyMs).to.be.within(0, 1000);
    });

    it('that was refused failed, with its number', async () => {
      await download(async () => details('https://store.test/1', new Response('', { status: 403 })));
      expect(statement.aggregate.failedChunkId).to.equal(1);
      expect(connection.eventsOf(TelemetryEventType.CLOUDFETCH_CHUNK)).to.have.length(0);
    });

    it('that was given up after retries failed, with its number', async () => {
      const givenUp = Object.assign(new Error(), { payload: details('https://store.test/1') });
      expect(await download(() => Promise.reject(givenUp))).to.equal(givenUp);
      expect(statement.aggregate.failedChunkId).to.equal(1);
    });

    it('that failed without a trace of its request counts for nobody', async () => {
      for (const thrown of [FAILURE, undefined, Object.assign(new Error(), { payload: {} })]) {
        expect(await download(() => Promise.reject(thrown as Error))).to.equal(thrown);
      }
      expect(statement.aggregate.failedChunkId).to.equal(undefined);
    });

    it('of something that nobody was offered counts for nobody', async () => {
      const elsewhere = 'https://elsewhere.test/0';
      await download(async () => details(elsewhere));
      await download(() => Promise.reject(Object.assign(new Error(), { payload: details(elsewhere) })));
      expect(statement.aggregate).to.include({ retryCount: 0, failedChunkId: undefined });
      expect(connection.eventsOf(TelemetryEventType.CLOUDFETCH_CHUNK)).to.have.length(0);
    });
  });

  describe('the Thrift connection', () => {
    const policyOf = async (thrift: { getRetryPolicy(method: string): unknown }) => thrift.getRetryPolicy('GetInfo');

    class Thrift {
      sent: Promise<unknown> = Promise.resolve();

      async getRetryPolicy(_method?: string): Promise<ReturnType<typeof trying>> {
        return trying(2);
      }

      write(data: Buffer): void {
        this.sent = this.getRetryPolicy('GetInfo').then((policy) => policy.invokeWithRetry(async () => data));
        SENT.push(this.sent);
      }
    }
    const SENT: Promise<unknown>[] = [];

    it('is one object for as long as the driver has one', async () => {
      const [first, second] = [new Thrift(), new Thrift()];
      inner.getThriftConnection.resolves(first);
      const observed = await provider.getThriftConnection();
      expect(observed).to.be.instanceOf(Thrift);
      expect(await provider.getThriftConnection()).to.equal(observed);
      expect(await policyOf(observed as Thrift)).to.have.property('invokeWithRetry');
      inner.getThriftConnection.resolves(second);
      expect(await provider.getThriftConnection()).to.not.equal(observed);
    });

    it('tells which statement was retried', async () => {
      inner.getThriftConnection.resolves(new Thrift());
      connection.observer.rpcs.add({ thriftMethod: 'GetInfo', guid: OPERATION_GUID, observation: statement });
      ((await provider.getThriftConnection()) as Thrift).write(OPERATION_GUID);
      await Promise.all(SENT);
      expect(statement.aggregate.retryCount).to.equal(1);
    });

    it('is asked for again when there was none to be had', async () => {
      inner.getThriftConnection.onFirstCall().rejects(FAILURE).onSecondCall().resolves(new Thrift());
      expect(await provider.getThriftConnection().catch((thrown: unknown) => thrown)).to.equal(FAILURE);
      expect(await provider.getThriftConnection()).to.be.instanceOf(Thrift);
    });
  });
});
