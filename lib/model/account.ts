/** What became of records. Collected = delivered + rejected + dropped by all reasons + sampled + pending, at any time. */
export interface Account {
  readonly collected: number;
  readonly delivered: number;
  readonly rejected: number;
  /** Given up, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Left out on purpose (`telemetrySampleRate`): others are sent for them. */
  readonly sampled: number;
  /** Records that wait, are in an export, or are kept with a statement in flight. */
  readonly pending: number;
}

/** The account that statistics hold, without what else they say. */
export function accountOf({ collected, delivered, rejected, dropped, sampled, pending }: Account): Account {
  return { collected, delivered, rejected, dropped, sampled, pending };
}

export function sumOf(one: Account, other: Account): Account {
  const dropped = { ...one.dropped };
  for (const [reason, count] of Object.entries(other.dropped)) dropped[reason] = (dropped[reason] ?? 0) + count;
  return {
    collected: one.collected + other.collected,
    delivered: one.delivered + other.delivered,
    rejected: one.rejected + other.rejected,
    dropped,
    sampled: one.sampled + other.sampled,
    pending: one.pending + other.pending,
  };
}
