import { expect } from 'chai';
import sinon from 'sinon';
import { RetryObserver } from '../../../../lib/observe/rpc/RetryObserver';
import { systemClock } from '../../../../lib/util/clock';

/** A policy that tries until it has tried `attempts` times. */
function trying(attempts: number) {
  return {
    shouldRetry: sinon.stub().resolves({ shouldRetry: false }),
    invokeWithRetry: async (operation: () => Promise<string>): Promise<string> => {
      for (let attempt = 1; attempt < attempts; attempt += 1) await operation().catch(() => undefined);
      return operation();
    },
  };
}

describe('RetryObserver', () => {
  let listener: { succeeded: sinon.SinonSpy; failed: sinon.SinonSpy };

  beforeEach(() => {
    listener = { succeeded: sinon.spy(), failed: sinon.spy() };
  });

  it('gives back what the operation gave, and tells how many attempts that took and how long the last one', async () => {
    let nowMs = 0;
    const policy = new RetryObserver(trying(3), listener, { ...systemClock, now: () => nowMs });
    const taking = [100, 200, 25];
    const operation = async (): Promise<string> => {
      nowMs += taking.shift() ?? 0;
      return 'answer';
    };
    expect(await policy.invokeWithRetry(operation)).to.equal('answer');
    sinon.assert.calledOnceWithExactly(listener.succeeded, 'answer', sinon.match({ count: 3 }), 25);
    sinon.assert.notCalled(listener.failed);
  });

  it('throws what the policy throws, the same object, and tells of it', async () => {
    const failure = new Error('no');
    const policy = new RetryObserver(trying(2), listener, systemClock);
    const thrown: unknown = await policy
      .invokeWithRetry(() => Promise.reject(failure))
      .catch((error: unknown) => error);
    expect(thrown).to.equal(failure);
    sinon.assert.calledOnceWithExactly(listener.failed, failure, sinon.match({ count: 2 }));
    sinon.assert.notCalled(listener.succeeded);
  });

  it('tells what made the policy try again: statuses, codes of the network, and nothing of any other text', async () => {
    const code = (value: unknown) => Object.assign(new Error('text'), { code: value });
    const outcomes: unknown[] = [
      { response: { status: 503 } },
      code('ECONNRESET'),
      code('ERR_STREAM_PREMATURE_CLOSE'),
      code('secret'),
      code('ESECRET1'),
      'text',
      { response: { status: '429' } },
      'the end',
    ];
    const operation = async (): Promise<unknown> => {
      const outcome = outcomes.shift();
      if (outcome instanceof Error) throw outcome;
      return outcome;
    };
    await new RetryObserver<unknown>(trying(8) as never, listener, systemClock).invokeWithRetry(operation);
    sinon.assert.calledOnceWithExactly(
      listener.succeeded,
      'the end',
      sinon.match({ causes: ['503', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'OTHER', 'OTHER', 'OTHER', 'OTHER'] }),
      sinon.match.number,
    );
  });

  it('has no causes without a retry', async () => {
    await new RetryObserver(trying(1), listener, systemClock).invokeWithRetry(async () => 'answer');
    sinon.assert.calledOnceWithExactly(
      listener.succeeded,
      'answer',
      { count: 1, causes: undefined },
      sinon.match.number,
    );
  });

  it('leaves the decision to the policy', async () => {
    const inner = trying(1);
    expect(await new RetryObserver(inner, listener, systemClock).shouldRetry('details')).to.deep.equal({
      shouldRetry: false,
    });
    sinon.assert.calledOnceWithExactly(inner.shouldRetry, 'details');
  });
});
