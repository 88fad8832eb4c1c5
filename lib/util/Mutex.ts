/** Hands out one turn at a time, first come first served. */
export class Turn {
  private busy = false;
  private readonly waiting: Array<() => void> = [];

  /** Waits for the turn; the result gives it back. Undefined when `signal` aborts first. */
  async take(signal: AbortSignal): Promise<(() => void) | undefined> {
    if (signal.aborted) return undefined;
    if (this.busy && !(await this.wait(signal))) return undefined;
    this.busy = true;
    return once(() => this.giveBack());
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

  /** `busy` stays true when someone waits: the turn passes on without a gap in which another could take it. */
  private giveBack(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.busy = false;
    else next();
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
