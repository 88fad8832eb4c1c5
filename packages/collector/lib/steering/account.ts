import { keep, WORD } from '../receive/rules';

/** What a sender says became of its records: collected = delivered + rejected + sampled + pending + dropped. */
export interface Account {
  readonly collected: number;
  readonly delivered: number;
  readonly rejected: number;
  readonly sampled: number;
  readonly pending: number;
  readonly dropped: readonly { readonly reason: string; readonly count: number }[];
}

const MAX_REASONS = 30;

/** The account in a body; null where there is none. What is no count is taken for 0, what is no word for no reason. */
export function accountIn(given: unknown): Account | null {
  if (typeof given !== 'object' || given === null) return null;
  const { collected, delivered, rejected, sampled, pending, dropped } = given as Readonly<Record<string, unknown>>;
  return {
    collected: countOf(collected),
    delivered: countOf(delivered),
    rejected: countOf(rejected),
    sampled: countOf(sampled),
    pending: countOf(pending),
    dropped: droppedIn(dropped),
  };
}

function droppedIn(given: unknown): Account['dropped'] {
  if (typeof given !== 'object' || given === null) return [];
  return Object.entries(given)
    .slice(0, MAX_REASONS)
    .flatMap(([name, count]) => {
      const reason = keep(WORD, name);
      return typeof reason === 'string' && countOf(count) > 0 ? [{ reason, count: countOf(count) }] : [];
    });
}

const countOf = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;

/** Of a process that sends for several hosts, each with an account of its own. */
export function sumOf(accounts: Iterable<Account>): Account | null {
  let sum: Account | null = null;
  for (const account of accounts) sum = sum === null ? account : added(sum, account);
  return sum;
}

function added(a: Account, b: Account): Account {
  const dropped = new Map(a.dropped.map(({ reason, count }) => [reason, count]));
  for (const { reason, count } of b.dropped) dropped.set(reason, (dropped.get(reason) ?? 0) + count);
  return {
    collected: a.collected + b.collected,
    delivered: a.delivered + b.delivered,
    rejected: a.rejected + b.rejected,
    sampled: a.sampled + b.sampled,
    pending: a.pending + b.pending,
    dropped: [...dropped].map(([reason, count]) => ({ reason, count })),
  };
}
