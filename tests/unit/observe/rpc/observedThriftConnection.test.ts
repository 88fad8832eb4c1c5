import { expect } from 'chai';
import sinon from 'sinon';
import { observeThriftConnection } from '../../../../lib/observe/rpc/observedThriftConnection';

const REQUEST = Buffer.from('request');

/** As much of the driver's connection as its subclasses see: `write` asks `this` for a policy and uses it. */
class Connection {
  headers = {};
  readonly written: Promise<unknown>[] = [];

  constructor(private readonly attempts: number) {}

  async getRetryPolicy(_method?: string) {
    const { attempts } = this;
    return {
      shouldRetry: async () => ({ shouldRetry: false as const }),
      invokeWithRetry: async (operation: () => Promise<unknown>) => {
        for (let attempt = 1; attempt < attempts; attempt += 1) await operation().catch(() => undefined);
        return operation();
      },
    };
  }

  write(data: Buffer, _sequenceId: number): void {
    const send = async (): Promise<unknown> => {
      const policy = await this.getRetryPolicy('GetInfo');
      return policy.invokeWithRetry(async () => data);
    };
    this.written.push(send());
  }
}

describe('observeThriftConnection', () => {
  const onRetry = sinon.spy();

  afterEach(() => onRetry.resetHistory());

  it('tells how often an RPC was retried and why, with its method and message', async () => {
    const connection = new Connection(3);
    observeThriftConnection(connection, onRetry).write(REQUEST, 1);
    expect(await connection.written[0]).to.equal(REQUEST);
    expect(onRetry.args).to.deep.equal([
      ['GetInfo', REQUEST, 'OTHER'],
      ['GetInfo', REQUEST, 'OTHER'],
    ]);
  });

  it('tells of retries that did not help', async () => {
    const connection = new Connection(2);
    const refusal = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const failing = Object.assign(Object.create(connection) as Connection, {
      write(this: Connection): void {
        const send = async (): Promise<unknown> =>
          (await this.getRetryPolicy('CloseSession')).invokeWithRetry(() => Promise.reject(refusal));
        this.written.push(send());
      },
    });
    observeThriftConnection(failing, onRetry).write(REQUEST, 1);
    expect(await connection.written[0]?.catch((thrown: unknown) => thrown)).to.equal(refusal);
    sinon.assert.calledOnceWithExactly(onRetry, 'CloseSession', REQUEST, 'ECONNREFUSED');
  });

  it('tells messages apart that are on their way at once', async () => {
    const connection = new Connection(2);
    const observed = observeThriftConnection(connection, onRetry);
    const requests = [1, 2, 3].map((number) => Buffer.from(`request ${number}`));
    requests.forEach((request, index) => observed.write(request, index));
    await Promise.all(connection.written);
    expect(onRetry.args.map(([, request]) => request as Buffer)).to.deep.equal(requests);
  });

  it('keeps no messages of a connection that asks for no policies', async () => {
    const silent = { write: () => undefined, getRetryPolicy: async () => ({ invokeWithRetry: () => undefined }) };
    const observed = observeThriftConnection(silent, onRetry) as unknown as Connection;
    for (let i = 0; i <= 1024; i += 1) observed.write(Buffer.from(`${i}`), i);
    await observed.getRetryPolicy('GetInfo');
    expect(await observed.getRetryPolicy('GetInfo'), 'nothing is left to report').to.have.keys('invokeWithRetry');
  });

  it('says nothing of an RPC that succeeded at once', async () => {
    const connection = new Connection(1);
    observeThriftConnection(connection, onRetry).write(REQUEST, 1);
    await connection.written[0];
    sinon.assert.notCalled(onRetry);
  });

  it("is the driver's connection in everything else", () => {
    const connection = new Connection(1);
    const observed = observeThriftConnection(connection, onRetry);
    expect(observed).to.be.instanceOf(Connection);
    connection.headers = { authorization: 'newer' };
    expect(observed.headers).to.equal(connection.headers);
  });

  it('returns what it does not know as it is', () => {
    const unknown = [undefined, null, 'text', {}, { write: () => undefined }, { getRetryPolicy: () => undefined }];
    for (const connection of unknown) expect(observeThriftConnection(connection, onRetry)).to.equal(connection);
  });
});
