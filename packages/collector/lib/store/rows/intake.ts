import type { JournalEntry } from '../../journal/entry';
import type { Row } from '../Row';

/** Senders choose the names: beyond this many of a load the rest counts as one. */
const MAX_NAMES = 200;
export const OTHER_NAMES = '(others)';

export interface IntakeRows {
  readonly intake: Row;
  readonly names: readonly Row[];
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

/** What became of the logs of `entries`, by minute; undefined when there are none. */
export function intakeRows(entries: readonly JournalEntry[], duplicate: number, nowMs: number): IntakeRows | undefined {
  const first = entries[0];
  if (first === undefined) return undefined;
  const minuteMs = Math.floor(first.receivedMs / 60_000) * 60_000;
  const total = (of: (entry: JournalEntry) => number): number => entries.reduce((all, entry) => all + of(entry), 0);
  const intake: Row = {
    minuteMs,
    received: total((entry) => entry.received),
    accepted: total((entry) => entry.rows.length) - duplicate,
    duplicate,
    rejected: total((entry) => sum(entry.rejected)),
    lagMs: Math.max(0, nowMs - first.receivedMs),
  };
  const named = new Map<string, Row & { count: number }>();
  const add = (kind: string, counts: Readonly<Record<string, number>>): void => {
    for (const [given, count] of Object.entries(counts)) {
      const name = named.has(`${kind} ${given}`) || named.size < MAX_NAMES ? given : OTHER_NAMES;
      const known = named.get(`${kind} ${name}`);
      if (known === undefined) named.set(`${kind} ${name}`, { minuteMs, kind, name, count });
      else known.count += count;
    }
  };
  for (const entry of entries) {
    add('rejected', entry.rejected);
    add('unknown', entry.unknownFields);
    add('invalid', entry.invalidFields);
  }
  return { intake, names: [...named.values()] };
}
