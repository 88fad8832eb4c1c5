import { expect } from 'chai';
import { Mutex } from '../../../lib/util/Mutex';

describe('Mutex', () => {
  const never = new AbortController().signal;

  it('lets one in at a time, in the order in which they asked', async () => {
    const mutex = new Mutex();
    const order: number[] = [];
    let inside = 0;
    await Promise.all(
      [1, 2, 3, 4].map(async (id) => {
        const release = await mutex.acquire(never);
        inside += 1;
        expect(inside).to.equal(1);
        order.push(id);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        release?.();
      }),
    );
    expect(order).to.deep.equal([1, 2, 3, 4]);
  });

  it('is free again after it was released', async () => {
    const mutex = new Mutex();
    (await mutex.acquire(never))?.();
    expect(await mutex.acquire(never)).to.be.a('function');
  });

  it('passes over one who gave up waiting', async () => {
    const mutex = new Mutex();
    const release = await mutex.acquire(never);
    const abort = new AbortController();
    const impatient = mutex.acquire(abort.signal);
    const patient = mutex.acquire(never);
    abort.abort();
    expect(await impatient).to.equal(undefined);
    release?.();
    expect(await patient).to.be.a('function');
  });

  it('lets nobody in on an aborted signal', async () => {
    expect(await new Mutex().acquire(AbortSignal.abort())).to.equal(undefined);
  });

  it('passes on once, however often it is released', async () => {
    const mutex = new Mutex();
    const first = await mutex.acquire(never);
    const second = mutex.acquire(never);
    const third = mutex.acquire(never);
    first?.();
    first?.();
    await second;
    let thirdIsIn = false;
    void third.then(() => (thirdIsIn = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(thirdIsIn).to.equal(false);
  });
});
