import { expect } from 'chai';
import sinon from 'sinon';
import { CountedRetryPolicy } from '../../../../lib/observe/rpc/CountedRetryPolicy';

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

describe('CountedRetryPolicy', () => {
  let listener: { succeeded: sinon.SinonSpy; failed: sinon.SinonSpy };

  beforeEach(() => {
    listener = { succeeded: sinon.spy(), failed: sinon.spy() };
  });

  it('gives back what the operation gave, and tells how many attempts that took and when the last began', async () => {
    const beforeMs = performance.now();
    const policy = new CountedRetryPolicy(trying(3), listener);
    expect(await policy.invokeWithRetry(async () => 'answer')).to.equal('answer');
    sinon.assert.calledOnceWithExactly(listener.succeeded, 'answer', sinon.match({ count: 3 }));
    expect(listener.succeeded.firstCall.args[1].lastStartedAtMs).to.be.at.least(beforeMs);
    sinon.assert.notCalled(listener.failed);
  });

  it('throws what the policy throws, the same object, and tells of it', async () => {
    const failure = new Error('no');
    const policy = new CountedRetryPolicy(trying(2), listener);
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
    await new CountedRetryPolicy<unknown>(trying(8) as never, listener).invokeWithRetry(operation);
    sinon.assert.calledOnceWithExactly(
      listener.succeeded,
      'the end',
      sinon.match({ causes: ['503', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'OTHER', 'OTHER', 'OTHER', 'OTHER'] }),
    );
  });

  it('has no causes without a retry', async () => {
    await new CountedRetryPolicy(trying(1), listener).invokeWithRetry(async () => 'answer');
    sinon.assert.calledOnceWithExactly(listener.succeeded, 'answer', sinon.match({ count: 1, causes: undefined }));
  });

  it('leaves the decision to the policy', async () => {
    const inner = trying(1);
    expect(await new CountedRetryPolicy(inner, listener).shouldRetry('details')).to.deep.equal({ shouldRetry: false });
    sinon.assert.calledOnceWithExactly(inner.shouldRetry, 'details');
  });
});
