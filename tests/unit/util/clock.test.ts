import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import sinon from 'sinon';
import { nextTurn, sleep, systemClock, toEpochMs, withTimeout } from '../../../lib/util/clock';
import { globalClock } from '../.stubs/globalClock';

const never = new Promise<never>(() => undefined);

describe('withTimeout', () => {
  it('tells how a promise ended', async () => {
    expect(await withTimeout(systemClock, Promise.resolve(7), 1000)).to.deep.equal({ kind: 'fulfilled', value: 7 });
    const reason = new Error('no');
    const rejected = await withTimeout(systemClock, Promise.reject(reason), 1000);
    expect(rejected).to.deep.equal({ kind: 'rejected', reason });
  });

  it('waits no longer than its time', async () => {
    expect(await withTimeout(systemClock, never, 5)).to.deep.equal({ kind: 'timeout' });
  });

  it('waits no longer than its signal allows', async () => {
    const abort = new AbortController();
    const settled = withTimeout(systemClock, never, 100_000, abort.signal);
    abort.abort();
    expect(await settled).to.deep.equal({ kind: 'timeout' });
    expect(await withTimeout(systemClock, never, 100_000, abort.signal)).to.deep.equal({ kind: 'timeout' });
  });
});

describe('sleep', () => {
  it('ends with its time, or with its signal', async () => {
    await sleep(systemClock, 1);
    const abort = new AbortController();
    const sleeping = sleep(systemClock, 100_000, abort.signal);
    abort.abort();
    await sleeping;
    await sleep(systemClock, 100_000, abort.signal);
    expect(abort.signal.aborted).to.equal(true);
  });
});

describe('the clock of the process', () => {
  it('goes on under fake timers of the application, which a test injects where it wants them', () => {
    const fake = sinon.useFakeTimers({ now: 1234 });
    try {
      expect(globalClock.epochMs()).to.equal(1234);
      expect(systemClock.epochMs()).to.be.greaterThan(1234);
      let isDue = false;
      const timer = systemClock.setTimeout(() => (isDue = true), 5);
      fake.tick(1000);
      expect(isDue).to.equal(false);
      systemClock.clearTimeout(timer);
    } finally {
      fake.restore();
    }
  });

  it('never goes back', () => {
    const first = systemClock.now();
    expect(systemClock.now()).to.be.at.least(first);
  });

  it('keeps no context of the application alive in what it calls later', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    await storage.run('of a request', async () => {
      const inTimer = new Promise<void>((resolve) => {
        systemClock.setTimeout(() => resolve(void seen.push(storage.getStore())), 0);
      });
      const inImmediate = new Promise<void>((resolve) => {
        systemClock.setImmediate(() => resolve(void seen.push(storage.getStore())));
      });
      await Promise.all([inTimer, inImmediate]);
    });
    expect(seen).to.deep.equal([undefined, undefined]);
  });

  it('calls nothing that was cleared', async () => {
    const called = sinon.spy();
    systemClock.clearImmediate(systemClock.setImmediate(called));
    systemClock.clearTimeout(systemClock.setTimeout(called, 0));
    await nextTurn(systemClock);
    await sleep(systemClock, 5);
    sinon.assert.notCalled(called);
  });

  it('does not fire a timer at once that is longer than Node.js can hold', async () => {
    const called = sinon.spy();
    const timer = systemClock.setTimeout(called, 2 ** 40);
    await sleep(systemClock, 5);
    systemClock.clearTimeout(timer);
    sinon.assert.notCalled(called);
  });

  for (const [wallMs, expected] of [
    [1.6, 2],
    [-1, 0],
    [NaN, 0],
    [Infinity, 0],
    [8.64e15 + 1, 0],
    [1_700_000_000_000, 1_700_000_000_000],
  ] as const) {
    it(`makes ${expected} of a wall clock that says ${wallMs}`, () => {
      expect(toEpochMs(wallMs)).to.equal(expected);
    });
  }
});
