import { expect } from 'chai';
import sinon from 'sinon';
import { systemClock } from '../../../lib/util/clock';
import { Countdown } from '../../../lib/util/Countdown';
import { globalClock } from '../.stubs/globalClock';

function blockFor(ms: number): void {
  const endMs = systemClock.now() + ms;
  while (systemClock.now() < endMs);
}

describe('Countdown', () => {
  afterEach(() => sinon.restore());

  it('is over once, when its time is', async () => {
    const clock = sinon.useFakeTimers();
    let over = 0;
    const countdown = new Countdown(globalClock, 100, () => (over += 1));
    await clock.tickAsync(99);
    expect([over, countdown.leftMs]).to.deep.equal([0, 1]);
    await clock.tickAsync(10_000);
    expect([over, countdown.leftMs, clock.countTimers()]).to.deep.equal([1, 0, 0]);
  });

  it('is never over when it was cancelled, also in the turn before its end', async () => {
    const clock = sinon.useFakeTimers();
    let over = 0;
    const countdown = new Countdown(globalClock, 100, () => (over += 1));
    const late = new Countdown(globalClock, 0, () => (over += 1));
    countdown.cancel();
    late.cancel();
    await clock.tickAsync(10_000);
    expect([over, clock.countTimers()]).to.deep.equal([0, 0]);
  });

  it('is over in a later turn when there is no time at all', async () => {
    for (const ms of [0, -5, NaN]) {
      let over = 0;
      new Countdown(systemClock, ms, () => (over += 1));
      expect(over).to.equal(0);
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(over, String(ms)).to.equal(1);
    }
  });

  it('loses little to an event loop that is held up', async () => {
    let isOver = false;
    const countdown = new Countdown(systemClock, 200, () => (isOver = true));
    blockFor(600);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).to.equal(false);
    expect(countdown.leftMs).to.be.within(100, 161);
    countdown.cancel();
  }).retries(2); // It measures time.
});
