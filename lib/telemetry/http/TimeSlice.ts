import { nextTurn, type Clock } from '../../util/clock';

/** Longest time that encoding keeps the event loop. A turn costs about 2 µs. */
const SLICE_MS = 0.05;

/** The work between two turns of the event loop. Begins with a turn: something else has been done in the present one. */
export class TimeSlice {
  private endMs = 0;

  constructor(private readonly clock: Clock) {}

  /** Gives the event loop a turn when less than `share` of the slice is left. */
  async pause(share = 0): Promise<void> {
    if (this.clock.now() <= this.endMs - SLICE_MS * share) return;
    await nextTurn(this.clock);
    this.renew();
  }

  renew(): void {
    this.endMs = this.clock.now() + SLICE_MS;
  }

  get isOver(): boolean {
    return this.clock.now() > this.endMs;
  }
}
