import { expect } from 'chai';
import sinon from 'sinon';
import { sleep, systemClock } from '../../../lib/util/clock';
import { globalClock } from '../.stubs/globalClock';

describe('sleep', () => {
  afterEach(() => sinon.restore());

  it('ends after its time', async () => {
    const clock = sinon.useFakeTimers();
    let over = false;
    void sleep(globalClock, 100).then(() => (over = true));
    await clock.tickAsync(99);
    expect(over).to.equal(false);
    await clock.tickAsync(1);
    expect(over).to.equal(true);
  });

  it('ends as soon as its signal aborts, and at once when that has happened', async () => {
    const abort = new AbortController();
    const long = sleep(systemClock, 1_000_000, abort.signal);
    abort.abort();
    await long;
    await sleep(systemClock, 1_000_000, abort.signal);
  });
});
