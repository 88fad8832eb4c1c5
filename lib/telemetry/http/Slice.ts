/** Longest time that encoding keeps the event loop. A turn costs about 2 µs. */
const SLICE_MS = 0.05;

/** The work between two turns of the event loop. */
export class Slice {
  private endMs = performance.now() + SLICE_MS;

  /** Gives the event loop a turn when less than `share` of the slice is left. */
  async pause(share = 0): Promise<void> {
    if (performance.now() <= this.endMs - SLICE_MS * share) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.renew();
  }

  renew(): void {
    this.endMs = performance.now() + SLICE_MS;
  }

  get isOver(): boolean {
    return performance.now() > this.endMs;
  }
}
