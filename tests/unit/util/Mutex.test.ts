import { expect } from 'chai';
import { Turn } from '../../../lib/util/Mutex';

describe('Turn', () => {
  const never = new AbortController().signal;

  it('lets one in at a time, in the order in which they asked', async () => {
    const turn = new Turn();
    const order: number[] = [];
    let inside = 0;
    await Promise.all(
      [1, 2, 3, 4].map(async (id) => {
        const giveBack = await turn.take(never);
        inside += 1;
        expect(inside).to.equal(1);
        order.push(id);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        giveBack?.();
      }),
    );
    expect(order).to.deep.equal([1, 2, 3, 4]);
  });

  it('is free again after it was given back', async () => {
    const turn = new Turn();
    (await turn.take(never))?.();
    expect(await turn.take(never)).to.be.a('function');
  });

  it('gives no turn to one who gave up waiting, and skips them', async () => {
    const turn = new Turn();
    const giveBack = await turn.take(never);
    const abort = new AbortController();
    const impatient = turn.take(abort.signal);
    const patient = turn.take(never);
    abort.abort();
    expect(await impatient).to.equal(undefined);
    giveBack?.();
    expect(await patient).to.be.a('function');
  });

  it('gives no turn on an aborted signal', async () => {
    expect(await new Turn().take(AbortSignal.abort())).to.equal(undefined);
  });

  it('passes on once, however often it is given back', async () => {
    const turn = new Turn();
    const first = await turn.take(never);
    const second = turn.take(never);
    const third = turn.take(never);
    first?.();
    first?.();
    await second;
    let thirdIsIn = false;
    void third.then(() => (thirdIsIn = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(thirdIsIn).to.equal(false);
  });
});
