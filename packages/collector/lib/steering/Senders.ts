import { sumOf, type Account } from './account';
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
  /** What became of its records; null where the sender does not say. */
  readonly account: Account | null;
}

const KEPT_MS = 3_600_000;
const MAX_SENDERS = 10_000;
/** Hosts that one process has accounts for. */
const MAX_HOSTS = 20;

interface Noted {
  readonly sender: Sender;
  /** By host of the workspace. */
  readonly accounts: Map<string, Account>;
}

/** Who asked lately. In memory: they ask again. */
export class Senders {
  private readonly byProcess = new Map<string, Noted>();

  note(sender: Sender): void {
    const accounts = this.byProcess.get(sender.processId)?.accounts ?? new Map<string, Account>();
    const host = sender.host ?? '';
    if (sender.account !== null && (accounts.has(host) || accounts.size < MAX_HOSTS))
      accounts.set(host, sender.account);
    this.byProcess.delete(sender.processId);
    this.byProcess.set(sender.processId, { sender, accounts });
    for (const [id, oldest] of this.byProcess) {
      if (oldest.sender.lastMs >= sender.lastMs - KEPT_MS && this.byProcess.size <= MAX_SENDERS) break;
      this.byProcess.delete(id);
    }
  }

  /** Those who asked within the hour, the latest first. */
  list(nowMs: number): Sender[] {
    return [...this.byProcess.values()]
      .filter(({ sender }) => sender.lastMs >= nowMs - KEPT_MS)
      .map(({ sender, accounts }) => ({ ...sender, account: sumOf(accounts.values()) }))
      .reverse();
  }
}
