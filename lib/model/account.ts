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
