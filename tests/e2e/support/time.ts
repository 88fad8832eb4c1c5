import sinon from 'sinon';
import { systemClock } from '../../../lib/util/clock';

/** The library's monotonic clock, which a test can put forward. Timers and sockets keep to the real time. */
export class TimeMachine {
  private aheadMs = 0;
  private readonly stub: sinon.SinonStub;

  constructor() {
    const now = systemClock.now.bind(systemClock);
    this.stub = sinon.stub(systemClock, 'now').callsFake(() => now() + this.aheadMs);
  }

  advance(ms: number): void {
    this.aheadMs += ms;
  }

  restore(): void {
    this.stub.restore();
  }
}
