/** Lets one at a time in, first come first served. */
export class Mutex {
  private isHeld = false;
  private readonly waiting: Array<() => void> = [];

  /** Waits to be let in; the result lets the next one in. Undefined when `signal` aborts first. */
  async acquire(signal: AbortSignal): Promise<(() => void) | undefined> {
    if (signal.aborted) return undefined;
    if (this.isHeld && !(await this.wait(signal))) return undefined;
    this.isHeld = true;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.release();
    };
  }

  private wait(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const proceed = (): void => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(proceed), 1);
        resolve(false);
      };
      this.waiting.push(proceed);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** It stays held when somebody waits: it passes on without a gap in which another could take it. */
  private release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.isHeld = false;
    else next();
  }
}
