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

/** How far ahead the clock of a test has been. */
let farthestMs = 0;

/**
 * For the tests of one `describe`: a clock for each that is `apartMs` ahead of all that such tests have seen. What there is so
 * many of a minute begins anew.
 */
export function timesApart(apartMs: number): Pick<TimeMachine, 'advance'> {
  let machine: TimeMachine | undefined;
  let aheadMs = 0;
  const advance = (ms: number): void => {
    machine?.advance(ms);
    aheadMs += ms;
    farthestMs = Math.max(farthestMs, aheadMs);
  };
  beforeEach(() => {
    machine = new TimeMachine();
    aheadMs = 0;
    advance(farthestMs + apartMs);
  });
  afterEach(() => machine?.restore());
  return { advance };
}
