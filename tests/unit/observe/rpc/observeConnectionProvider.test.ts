import { Agent } from 'node:https';
import type { HttpTransactionDetails } from '@databricks/sql/dist/connection/contracts/IConnectionProvider';
import { expect } from 'chai';
import sinon from 'sinon';
import type { IConnectionProvider } from '../../../../lib/contracts/IClientContext';
import type { Statement } from '../../../../lib/model/Statement';
import { observeHeaders, observeRetries } from '../../../../lib/observe/rpc/observeConnectionProvider';
import { TelemetryEventType } from '../../../../lib/telemetry/types';
import { ObservedConnection } from '../../.stubs/observedConnection';
import { linkPage, OPERATION_GUID } from '../../.stubs/thriftAnswers';

const FAILURE = new Error('of the network');
const AGENT = new Agent();
const { CLOUDFETCH_CHUNK } = TelemetryEventType;

function details(url: string, response: Response = new Response('body')): HttpTransactionDetails {
  return { request: { method: 'GET', url }, response } as unknown as HttpTransactionDetails;
}

/** An RPC about the operation with the GUID of these tests. */
function rpcDetails(thriftMethod: string): HttpTransactionDetails {
  const body = Buffer.concat([Buffer.from(thriftMethod), OPERATION_GUID]);
  return { request: { method: 'POST', url: 'https://h/', body }, response: new Response('') } as never;
}

/** The driver's policy, told to try `attempts` times. */
const trying = (attempts: number) => ({
  shouldRetry: async () => ({ shouldRetry: false as const }),
  invokeWithRetry: async (operation: () => Promise<unknown>) => {
    for (let attempt = 1; attempt < attempts; attempt += 1) await operation().catch(() => undefined);
    return operation();
  },
});

/** As the driver's provider: private state, methods on the prototype that use `this`. */
class Provider {
  #headers: object = {};
  policy = trying(1);

  async getThriftConnection(): Promise<never> {
    throw FAILURE;
  }
  async getAgent(): Promise<Agent> {
    return AGENT;
  }
  setHeaders(headers: object): void {
    this.#headers = headers;
  }
  async getRetryPolicy(): Promise<ReturnType<typeof trying>> {
    return this.policy;
  }
  get headers(): object {
    return this.#headers;
  }
}

describe('an observed connection provider', () => {
  let connection: ObservedConnection;
  let own: Provider;
  let provider: IConnectionProvider;
  let statement: Statement;

  beforeEach(() => {
    connection = new ObservedConnection();
    own = new Provider();
    provider = own as unknown as IConnectionProvider;
    observeRetries(provider, connection.observer);
    statement = connection.start();
    connection.observer.files.offered(statement, linkPage([10, 10]).results?.resultLinks ?? []);
  });

  async function request(answer: () => Promise<HttpTransactionDetails>): Promise<unknown> {
    return (await provider.getRetryPolicy()).invokeWithRetry(answer).catch((thrown: unknown) => thrown);
  }

  it('stays the same object, whose class and other objects are untouched', async () => {
    expect(provider).to.be.instanceOf(Provider);
    expect(await provider.getAgent()).to.equal(AGENT);
    expect(Object.keys(provider)).to.deep.equal(['policy']);
    const other = new Provider();
    expect(await other.getRetryPolicy()).to.equal(other.policy);
  });

  it('leaves the decision to the policy that the provider has at the time', async () => {
    own.policy = { ...trying(1), shouldRetry: sinon.stub().resolves({ shouldRetry: false }) };
    const policy = await provider.getRetryPolicy();
    expect(await policy.shouldRetry(details('https://store.test/1'))).to.deep.equal({ shouldRetry: false });
    sinon.assert.calledOnce(own.policy.shouldRetry as sinon.SinonStub);
  });

  describe('with its headers seen', () => {
    it('passes them on', () => {
      observeHeaders(provider);
      const headers = { Authorization: 'Bearer token' };
      provider.setHeaders(headers);
      expect(own.headers).to.equal(headers);
    });

    it('knows the credentials of the newest request', async () => {
      const { authentication } = observeHeaders(provider);
      provider.setHeaders({ Authorization: 'Bearer old' });
      provider.setHeaders({ Authorization: 'Bearer new' });
      expect(await authentication.authenticate()).to.deep.equal({ Authorization: 'Bearer new' });
    });

    it('knows none before the first request, and says when it has come', async () => {
      const { authentication, firstRequest } = observeHeaders(provider);
      expect(await authentication.authenticate()).to.deep.equal({});
      provider.setHeaders({ Authorization: 'Bearer first' });
      await firstRequest;
      expect(await authentication.authenticate()).to.deep.equal({ Authorization: 'Bearer first' });
    });
  });

  describe('and a download', () => {
    it('give the driver what it got, and the statement that was offered the file its count', async () => {
      const answer = details('https://store.test/1', new Response('body', { headers: { 'content-length': '77' } }));
      expect(await request(async () => answer)).to.equal(answer);
      expect(connection.eventsOf(CLOUDFETCH_CHUNK)[0]).to.include({ chunkIndex: 1, bytes: 77 });
    });

    it('take the size that the manifest gave where the answer does not say', async () => {
      await request(async () => details('https://store.test/0'));
      expect(connection.eventsOf(CLOUDFETCH_CHUNK)[0]).to.include({ bytes: 1000 });
    });

    it('take the time of its last attempt, and count the others as retries', async () => {
      own.policy = trying(3);
      await request(async () => details('https://store.test/0'));
      expect(statement.retryCount).to.equal(2);
      expect(connection.eventsOf(CLOUDFETCH_CHUNK)[0]?.latencyMs).to.be.within(0, 1000);
    }).retries(2); // It measures time.

    it('report the number of a file that was refused', async () => {
      await request(async () => details('https://store.test/1', new Response('', { status: 403 })));
      expect(statement.files).to.include({ failed: 1, firstFailed: 1 });
      expect(connection.eventsOf(CLOUDFETCH_CHUNK)).to.have.length(0);
    });

    it('report the number of a file that was given up after retries', async () => {
      const givenUp = Object.assign(new Error(), { payload: details('https://store.test/1') });
      expect(await request(() => Promise.reject(givenUp))).to.equal(givenUp);
      expect(statement.files).to.include({ failed: 1, firstFailed: 1 });
    });

    it('blame nobody for a failure without a trace of its request', async () => {
      for (const thrown of [FAILURE, undefined, Object.assign(new Error(), { payload: {} })]) {
        expect(await request(() => Promise.reject(thrown as Error))).to.equal(thrown);
      }
      expect(statement.files).to.include({ failed: 0, firstFailed: undefined });
    });

    it('count for nobody when nobody was offered the file', async () => {
      const elsewhere = 'https://elsewhere.test/0';
      await request(async () => details(elsewhere));
      await request(() => Promise.reject(Object.assign(new Error(), { payload: details(elsewhere) })));
      expect(statement.retryCount).to.equal(0);
      expect(statement.files).to.include({ failed: 0, firstFailed: undefined });
      expect(connection.eventsOf(CLOUDFETCH_CHUNK)).to.have.length(0);
    });
  });

  describe('and an RPC', () => {
    beforeEach(() => {
      connection.observer.rpcs.add({ thriftMethod: 'CloseOperation', guid: OPERATION_GUID, statement });
      own.policy = trying(2);
    });

    it('count its retries for its statement', async () => {
      await request(async () => rpcDetails('CloseOperation'));
      expect(statement.retryCount).to.equal(1);
      expect(statement.rare?.retryCauses).to.equal('200:1');
    });

    it('count retries that did not help', async () => {
      const givenUp = Object.assign(new Error(), { payload: rpcDetails('CloseOperation'), code: 'ECONNREFUSED' });
      expect(await request(() => Promise.reject(givenUp))).to.equal(givenUp);
      expect(statement.retryCount).to.equal(1);
      expect(statement.rare?.retryCauses).to.equal('ECONNREFUSED:1');
    });

    it('count one that never reached the server for the only statement that has one on its way', async () => {
      await request(() => Promise.reject(FAILURE));
      expect(statement.retryCount).to.equal(1);
    });

    it('tell a receiver of retries, and of none where the only attempt failed', async () => {
      const told: [number, readonly string[] | undefined][] = [];
      connection.observer.audience.set([{ retried: (_statement, count, causes) => void told.push([count, causes]) }]);
      const refused = Object.assign(new Error(), { payload: rpcDetails('CloseOperation') });
      own.policy = trying(1);
      await request(() => Promise.reject(refused));
      expect(told).to.deep.equal([]);
      own.policy = trying(3);
      await request(async () => rpcDetails('CloseOperation'));
      expect(told).to.deep.equal([[2, ['200', '200']]]);
    });

    it('count for nobody when it is another one', async () => {
      await request(async () => rpcDetails('GetOperationStatus'));
      expect(statement.retryCount).to.equal(0);
    });

    it('count nothing when it succeeded at once', async () => {
      own.policy = trying(1);
      await request(async () => rpcDetails('CloseOperation'));
      expect(statement.retryCount).to.equal(0);
    });
  });

  it('gives the driver its answer whatever goes wrong while it is observed', async () => {
    const answer = { request: { method: 'GET', url: 'https://store.test/1' } } as unknown as HttpTransactionDetails;
    expect(await request(async () => answer)).to.equal(answer);
    expect(connection.context.lines).to.have.length(1);
  });
});
