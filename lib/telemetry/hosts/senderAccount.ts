import type { DropReason } from '../../model/enums';

/** What a collector of one's own is told of the records of a host: counts, and only those drop reasons that occurred. */
export interface SenderAccount {
  readonly collected: number;
  readonly delivered: number;
  readonly rejected: number;
  readonly sampled: number;
  readonly pending: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}

/** Of counts that name every reason, and of more beside them. */
export function senderAccount(stats: SenderAccount): SenderAccount {
  const { collected, delivered, rejected, sampled, pending, dropped } = stats;
  const occurred = Object.entries(dropped).filter(([, count]) => count > 0);
  return { collected, delivered, rejected, sampled, pending, dropped: Object.fromEntries(occurred) };
}
