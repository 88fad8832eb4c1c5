import { hasFailedCheckpoint, hasLargeLog } from './checkpoint';
import { isGivenUp, meaningOf } from './failures';
import { Mutex } from './Mutex';
import { closeStore, openStore, type Opened, type StoreSettings } from './Opened';

/** Where a log cannot be brought in, the database is opened anew so often at most: each time all of it is copied. */
const REBUILD_EVERY_MS = 600_000;

/** The database in use. One that the engine has given up (its disk was full) is opened again by whoever needs it next. */
export class Reopening {
  private readonly writing = new Mutex();
  private opened: Opened | undefined;
  private openedMs = performance.now();

  private constructor(
    private readonly settings: StoreSettings,
    opened: Opened,
  ) {
    this.opened = opened;
  }

  static async open(settings: StoreSettings): Promise<Reopening> {
    return new Reopening(settings, await openStore(settings));
  }

  /** Runs `work` alone. Rejects with a StoreFailure where waiting helps. */
  write<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    return this.writing.run(async () => this.attempt(await this.current(), work, (lost) => this.giveUp(lost)));
  }

  /** Runs `work` beside others. Rejects with a StoreFailure where waiting helps. */
  async read<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    const opened = this.opened ?? (await this.writing.run(() => this.current()));
    return this.attempt(opened, work, (lost) => this.writing.run(() => this.giveUp(lost)));
  }

  /** Closes the database; whoever needs it next opens it. */
  renew(): Promise<void> {
    return this.writing.run(async () => {
      if (this.opened !== undefined) await this.giveUp(this.opened);
    });
  }

  /** What `last` leaves undone is in the log of the database; it is closed in any case. */
  close(last: (opened: Opened) => Promise<void>): Promise<void> {
    return this.writing.run(async () => {
      const { opened } = this;
      this.opened = undefined;
      if (opened === undefined) return;
      await last(opened)
        .catch((error: unknown) => {
          if (meaningOf(error) === error) throw error;
        })
        .finally(() => closeStore(opened));
    });
  }

  private async attempt<T>(
    opened: Opened,
    work: (opened: Opened) => Promise<T>,
    giveUp: (lost: Opened) => Promise<void>,
  ): Promise<T> {
    try {
      return await work(opened);
    } catch (error) {
      if (isGivenUp(error)) await giveUp(opened);
      throw meaningOf(error);
    }
  }

  private async current(): Promise<Opened> {
    try {
      if (this.opened !== undefined && this.wantsRebuild()) await this.giveUp(this.opened);
      return (this.opened ??= await this.open());
    } catch (error) {
      throw meaningOf(error);
    }
  }

  private async open(): Promise<Opened> {
    this.openedMs = performance.now();
    return openStore(this.settings);
  }

  /** Opening makes a database anew whose log cannot be brought in otherwise. */
  private wantsRebuild(): boolean {
    const { folder } = this.settings;
    return performance.now() - this.openedMs >= REBUILD_EVERY_MS && hasLargeLog(folder) && hasFailedCheckpoint(folder);
  }

  private async giveUp(lost: Opened): Promise<void> {
    if (this.opened !== lost) return;
    this.opened = undefined;
    await closeStore(lost);
  }
}
