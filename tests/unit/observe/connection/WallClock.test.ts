import { expect } from 'chai';
import sinon from 'sinon';
import { WallClock } from '../../../../lib/observe/connection/WallClock';

describe('WallClock', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => (clock = sinon.useFakeTimers({ now: 5000, toFake: ['Date'] })));
  afterEach(() => clock.restore());

  it('gives the wall-clock time of a monotonic one', () => {
    const wallClock = new WallClock();
    expect(wallClock.at(100)).to.equal(5000);
    expect(wallClock.at(100.5)).to.equal(5000.5);
  });

  it('asks the system at most once a second', () => {
    const wallClock = new WallClock();
    wallClock.at(100);
    clock.setSystemTime(9000);
    expect(wallClock.at(1099)).to.equal(5999);
    expect(wallClock.at(1100)).to.equal(9000);
  });

  it('asks again when the monotonic clock starts anew', () => {
    const wallClock = new WallClock();
    wallClock.at(100);
    clock.setSystemTime(7000);
    expect(wallClock.at(50)).to.equal(7000);
  });
});
