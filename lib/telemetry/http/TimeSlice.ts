import { performance } from 'node:perf_hooks';
import { nextTurn } from '../../util/nextTurn';

/** Longest time that encoding keeps the event loop. A turn costs about 2 µs. */
const SLICE_MS = 0.05;

/** The work between two turns of the event loop. Begins with a turn: something else has been done in the present one. */
export class Slice {
  private endMs = 0;

  /** Gives the event loop a turn when less than `share` of the slice is left. */
  async pause(share = 0): Promise<void> {
    if (performance.now() <= this.endMs - SLICE_MS * share) return;
    await nextTurn();
    this.renew();
  }

  renew(): void {
    this.endMs = performance.now() + SLICE_MS;
  }

  get isOver(): boolean {
    return performance.now() > this.endMs;
  }
}
