/** Watches for what nobody caught in this process. */
export class Surprises {
  readonly seen: unknown[] = [];
  private readonly note = (thrown: unknown): void => void this.seen.push(thrown);

  start(): void {
    process.on('unhandledRejection', this.note);
    process.on('uncaughtExceptionMonitor', this.note);
  }

  stop(): void {
    process.removeListener('unhandledRejection', this.note);
    process.removeListener('uncaughtExceptionMonitor', this.note);
  }
}
