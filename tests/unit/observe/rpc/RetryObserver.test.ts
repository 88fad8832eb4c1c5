import type { HttpTransactionDetails } from '@databricks/sql/dist/connection/contracts/IConnectionProvider';
import { expect } from 'chai';
import sinon from 'sinon';
import type { FileEnd } from '../../../../lib/contracts/Receiver';
import { RetryObserver } from '../../../../lib/observe/rpc/RetryObserver';
import { ConnectionObserver } from '../../../../lib/observe/connection/ConnectionObserver';
import { systemClock } from '../../../../lib/util/clock';
import { ObservedConnection } from '../../.stubs/observedConnection';
import { connectionInfo } from '../../.stubs/telemetryRecords';
import { linkPage } from '../../.stubs/thriftAnswers';

const FILE = 'https://store.test/0';

function answer(response: unknown): HttpTransactionDetails {
  return { request: { method: 'GET', url: FILE }, response } as unknown as HttpTransactionDetails;
}

/** A policy that tries until it has tried `attempts` times. */
function trying(attempts: number) {
  return {
    shouldRetry: sinon.stub().resolves({ shouldRetry: false }),
    invokeWithRetry: async (operation: () => Promise<HttpTransactionDetails>): Promise<HttpTransactionDetails> => {
      for (let attempt = 1; attempt < attempts; attempt += 1) await operation().catch(() => undefined);
      return operation();
    },
  };
}

describe('RetryObserver', () => {
  let nowMs: number;
  let observer: ConnectionObserver;
  let ends: FileEnd[];
  let causes: (readonly string[] | undefined)[];

  beforeEach(() => {
    nowMs = 0;
    ends = [];
    causes = [];
    const { context, observer: another } = new ObservedConnection();
    const clock = { ...systemClock, now: () => nowMs };
    observer = new ConnectionObserver(connectionInfo(), another.emitter, clock, context);
    observer.audience.set([
      { fileEnded: (end) => void ends.push(end), retried: (_statement, _count, why) => void causes.push(why) },
    ]);
    const statement = observer.statementStarted('session-1', {
      rpc: 'executeStatement',
      operationType: 'EXECUTE_STATEMENT',
      statementType: undefined,
    });
    observer.files.offered(statement, linkPage([10]).results?.resultLinks ?? []);
  });

  it('gives back what the operation gave, and tells how many attempts that took and how long the last one', async () => {
    const taking = [100, 200, 25];
    const file = answer(new Response('body'));
    const operation = async (): Promise<HttpTransactionDetails> => {
      nowMs += taking.shift() ?? 0;
      return file;
    };
    expect(await new RetryObserver(trying(3), observer).invokeWithRetry(operation)).to.equal(file);
    expect(ends).to.have.length(1);
    expect(ends[0]).to.include({ attempts: 3, latencyMs: 25, error: undefined });
  });

  it('throws what the policy throws, the same object, and tells of it', async () => {
    const failure = Object.assign(new Error('no'), { code: 'ECONNRESET', payload: answer(undefined) });
    const thrown: unknown = await new RetryObserver(trying(2), observer)
      .invokeWithRetry(() => Promise.reject(failure))
      .catch((error: unknown) => error);
    expect(thrown).to.equal(failure);
    expect(ends).to.have.length(1);
    expect(ends[0]).to.deep.include({ attempts: 2, latencyMs: undefined });
    expect(ends[0]?.error?.code).to.equal('ECONNRESET');
  });

  it('tells what made the policy try again: statuses, codes of the network, and nothing of any other text', async () => {
    const code = (value: unknown) => Object.assign(new Error('text'), { code: value });
    const outcomes: unknown[] = [
      answer({ status: 503 }),
      code('ECONNRESET'),
      code('ERR_STREAM_PREMATURE_CLOSE'),
      code('secret'),
      code('ESECRET1'),
      'text',
      answer({ status: '429' }),
      answer(new Response('the end')),
    ];
    const operation = async (): Promise<HttpTransactionDetails> => {
      const outcome = outcomes.shift();
      if (outcome instanceof Error) throw outcome;
      return outcome as HttpTransactionDetails;
    };
    await new RetryObserver(trying(8), observer).invokeWithRetry(operation);
    expect(causes).to.deep.equal([
      ['503', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'OTHER', 'OTHER', 'OTHER', 'OTHER'],
    ]);
  });

  it('tells of no retry where the first attempt did', async () => {
    await new RetryObserver(trying(1), observer).invokeWithRetry(async () => answer(new Response('body')));
    expect(ends[0]).to.include({ attempts: 1 });
    expect(causes).to.deep.equal([]);
  });

  it('leaves the decision to the policy', async () => {
    const inner = trying(1);
    const details = answer(undefined);
    expect(await new RetryObserver(inner, observer).shouldRetry(details)).to.deep.equal({ shouldRetry: false });
    sinon.assert.calledOnceWithExactly(inner.shouldRetry, details);
  });
});
