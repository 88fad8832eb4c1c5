import type { LogLine } from '../options';
import { failureText } from '../store/failureText';
import type { HistoryRow } from '../store/Store';
import { PullState } from './PullState';
import type { HistorySource } from './warehouseHistory';

export interface PullerParts {
  readonly source: HistorySource;
  readonly folder: string;
  readonly intervalMs: number;
  /** Takes in rows; resolves with how many. */
  readonly add: (rows: readonly HistoryRow[]) => Promise<number>;
  readonly log: (line: LogLine) => void;
}

const HOUR_MS = 3_600_000;
/** Rows appear up to an hour late, behind others that are newer. */
const OVERLAP_MS = HOUR_MS;
/** How far back the first pull goes. */
const FIRST_MS = 24 * HOUR_MS;

/** Asks a warehouse for its query history, again and again. What it asked for before it replaces: nothing counts twice. */
export class HistoryPuller {
  private readonly state: PullState;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly parts: PullerParts) {
    this.state = new PullState(parts.folder);
  }

  /** Pulls at once and then after every interval. A pull that fails is logged and tried again at the next. */
  start(): void {
    this.pull();
    this.timer = setInterval(() => this.pull(), this.parts.intervalMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.parts.source.close();
    await this.running;
  }

  private pull(): void {
    this.running ??= this.pullOnce().finally(() => (this.running = undefined));
  }

  private async pullOnce(): Promise<void> {
    const { source, add, log } = this.parts;
    const known = this.state.updatedMs;
    const fromMs = known === undefined ? Date.now() - FIRST_MS : known - OVERLAP_MS;
    let [rows, newestMs] = [0, known ?? 0];
    try {
      for await (const part of source.since(fromMs)) {
        rows += await add(part);
        for (const { updatedMs } of part) if (typeof updatedMs === 'number') newestMs = Math.max(newestMs, updatedMs);
      }
      // A clock ahead of ours must not hide what comes until then.
      if (newestMs > 0) this.state.reached(Math.min(newestMs, Date.now()));
      log({ level: 'info', event: 'history_pulled', rows });
    } catch (error) {
      log({ level: 'error', event: 'history_pull_failed', rows, message: failureText(error) });
    }
  }
}
