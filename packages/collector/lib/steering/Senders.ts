import type { Asker } from './rules';

/** An option of a sender that is in effect, and who set it. */
export interface SenderOption {
  readonly name: string;
  readonly value: string | number | boolean | null;
  readonly setBy: string | null;
}

/** A process that asked for its configuration. */
export interface Sender extends Asker {
  readonly processId: string;
  readonly client: string;
  readonly version: string;
  readonly library: string | null;
  readonly runtime: string | null;
  readonly lastMs: number;
  readonly options: readonly SenderOption[];
}

const KEPT_MS = 3_600_000;
const MAX_SENDERS = 10_000;

/** Who asked lately. In memory: they ask again. */
export class Senders {
  private readonly byProcess = new Map<string, Sender>();

  note(sender: Sender): void {
    this.byProcess.delete(sender.processId);
    this.byProcess.set(sender.processId, sender);
    for (const [id, { lastMs }] of this.byProcess) {
      if (lastMs >= sender.lastMs - KEPT_MS && this.byProcess.size <= MAX_SENDERS) break;
      this.byProcess.delete(id);
    }
  }

  /** Those who asked within the hour, the latest first. */
  list(nowMs: number): Sender[] {
    return [...this.byProcess.values()].filter(({ lastMs }) => lastMs >= nowMs - KEPT_MS).reverse();
  }
}
