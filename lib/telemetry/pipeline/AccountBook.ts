import { accountOf, sumOf, type Account } from '../../model/account';
import type { Slot } from '../hosts/HostRegistry';

/** Receivers whose accounts are kept after their last pipeline has ended; the oldest are forgotten. */
const MAX_ENDED = 1000;

/**
 * What became of the records for each receiver since the process began. Pipelines come and go with the connections; a
 * receiver's sums do not go back with them.
 */
export class AccountBook {
  private readonly running = new Set<{ readonly receiver: string; readonly read: () => Account }>();
  private readonly ended = new Map<string, Account>();

  /** A pipeline to `receiver` begins, whose account `read` gives at any time. Returns what is called when it has ended; idempotent. */
  open(receiver: string, read: () => Account): () => void {
    const pipeline = { receiver, read };
    this.running.add(pipeline);
    return () => {
      if (!this.running.delete(pipeline)) return;
      add(this.ended, receiver, read());
      for (const oldest of this.ended.keys()) {
        if (this.ended.size <= MAX_ENDED) break;
        this.ended.delete(oldest);
      }
    };
  }

  /** Each receiver, once. */
  reports(): Array<Account & { readonly receiver: string }> {
    const sums = new Map(this.ended);
    for (const { receiver, read } of this.running) add(sums, receiver, read());
    return [...sums].map(([receiver, account]) => ({ receiver, ...account }));
  }
}

function add(sums: Map<string, Account>, receiver: string, account: Account): void {
  const before = sums.get(receiver);
  sums.set(receiver, before === undefined ? accountOf(account) : sumOf(before, account));
}

/** The accounts of all receivers. */
export const ACCOUNTS_SLOT: Slot<AccountBook> = { create: () => new AccountBook() };
