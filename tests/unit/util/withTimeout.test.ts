import { expect } from 'chai';
import { settleWithin } from '../../../lib/util/withTimeout';

const never = new Promise<never>(() => undefined);

describe('settleWithin', () => {
  it('tells how a promise ended', async () => {
    expect(await settleWithin(Promise.resolve(7), 1000)).to.deep.equal({ kind: 'fulfilled', value: 7 });
    const reason = new Error('no');
    expect(await settleWithin(Promise.reject(reason), 1000)).to.deep.equal({ kind: 'rejected', reason });
  });

  it('waits no longer than its time', async () => {
    expect(await settleWithin(never, 5)).to.deep.equal({ kind: 'timeout' });
  });

  it('waits no longer than its signal allows', async () => {
    const abort = new AbortController();
    const settled = settleWithin(never, 100_000, abort.signal);
    abort.abort();
    expect(await settled).to.deep.equal({ kind: 'timeout' });
    expect(await settleWithin(never, 100_000, abort.signal)).to.deep.equal({ kind: 'timeout' });
  });
});
