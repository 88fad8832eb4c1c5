import { expireAside } from './journal/asideFiles';
import type { Settings } from './options';
import { failureText } from './store/failureText';
import type { ExpireReport, Store } from './store/Store';

const EVERY_MS = 30_000;
const DAY_MS = 86_400_000;
/** So long nothing goes by itself after the clock was set forward by more than a day: it may be set back. */
const WAIT_AFTER_JUMP_MS = 3_600_000;

/** How far the clock on the wall is ahead of the one that nobody sets. */
const clockAheadMs = (): number => Date.now() - performance.now();

/** Moves older days to their files and deletes what has expired, every half minute. */
export class Retention {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> | undefined;
  private aheadMs = clockAheadMs();
  private waitsUntilMs = 0;

  constructor(
    private readonly store: Store,
    private readonly settings: Pick<Settings, 'data' | 'retentionDays' | 'retentionBytes' | 'log'>,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running ??= this.run().finally(() => (this.running = undefined));
    }, EVERY_MS);
    this.timer.unref();
  }

  async expire(dryRun: boolean): Promise<ExpireReport> {
    const { retentionDays, retentionBytes } = this.settings;
    const beforeMs = Math.floor(Date.now() - retentionDays * DAY_MS);
    // First what gives room: on a full disk nothing could be moved.
    const { files, ...report } = await this.store.expire(beforeMs, retentionBytes, dryRun);
    const aside = expireAside(this.settings.data, beforeMs, dryRun);
    if (!dryRun) await this.store.archive(Date.now());
    return { ...report, files: [...files, ...aside] };
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private isClockDoubtful(): boolean {
    const aheadMs = clockAheadMs();
    const jumpedMs = aheadMs - this.aheadMs;
    this.aheadMs = aheadMs;
    if (jumpedMs > DAY_MS) {
      this.waitsUntilMs = performance.now() + WAIT_AFTER_JUMP_MS;
      this.settings.log({ level: 'warn', event: 'clock_jumped', forwardMs: Math.round(jumpedMs) });
    }
    return performance.now() < this.waitsUntilMs;
  }

  private async run(): Promise<void> {
    if (this.isClockDoubtful()) return;
    try {
      const { statements, files } = await this.expire(false);
      if (statements > 0 || files.length > 0) {
        this.settings.log({ level: 'info', event: 'expired', statements, files: files.length });
      }
    } catch (error) {
      this.settings.log({ level: 'error', event: 'retention_failed', message: failureText(error) });
    }
  }
}
