import { expect } from 'chai';
import sinon from 'sinon';
import { observeThriftConnection } from '../../../lib/observe/observedThriftConnection';

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
  const onRetries = sinon.spy();

  afterEach(() => onRetries.resetHistory());

  it('tells how often an RPC was retried and why, with its method and message', async () => {
    const connection = new Connection(3);
    observeThriftConnection(connection, onRetries).write(REQUEST, 1);
    expect(await connection.written[0]).to.equal(REQUEST);
    sinon.assert.calledOnceWithExactly(onRetries, 'GetInfo', REQUEST, 2, ['OTHER', 'OTHER']);
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
    observeThriftConnection(failing, onRetries).write(REQUEST, 1);
    expect(await connection.written[0]?.catch((thrown: unknown) => thrown)).to.equal(refusal);
    sinon.assert.calledOnceWithExactly(onRetries, 'CloseSession', REQUEST, 1, ['ECONNREFUSED']);
  });

  it('says nothing of an RPC that succeeded at once', async () => {
    const connection = new Connection(1);
    observeThriftConnection(connection, onRetries).write(REQUEST, 1);
    await connection.written[0];
    sinon.assert.notCalled(onRetries);
  });

  it("is the driver's connection in everything else", () => {
    const connection = new Connection(1);
    const observed = observeThriftConnection(connection, onRetries);
    expect(observed).to.be.instanceOf(Connection);
    connection.headers = { authorization: 'newer' };
    expect(observed.headers).to.equal(connection.headers);
  });

  it('returns what it does not know as it is', () => {
    const unknown = [undefined, null, 'text', {}, { write: () => undefined }, { getRetryPolicy: () => undefined }];
    for (const connection of unknown) expect(observeThriftConnection(connection, onRetries)).to.equal(connection);
  });
});
