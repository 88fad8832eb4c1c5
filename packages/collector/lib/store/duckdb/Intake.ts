import type { DuckDBConnection } from '@duckdb/node-api';
import type { JournalEntry } from '../../journal/entry';
import type { Row } from '../Row';
import { appendRows, type AppendColumn } from './appendRows';

const INTAKE: readonly AppendColumn[] = [
  { name: 'minuteMs', type: 'BIGINT' },
  ...['received', 'accepted', 'duplicate', 'rejected', 'lagMs'].map((name) => ({ name, type: 'INTEGER' as const })),
];
const NAMES: readonly AppendColumn[] = [
  { name: 'minuteMs', type: 'BIGINT' },
  { name: 'kind', type: 'VARCHAR' },
  { name: 'name', type: 'VARCHAR' },
  { name: 'count', type: 'INTEGER' },
];

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

/** Writes what became of the logs of `entries`, in the transaction of `connection`. */
export async function writeIntake(
  connection: DuckDBConnection,
  entries: readonly JournalEntry[],
  duplicate: number,
  nowMs: number,
): Promise<void> {
  const first = entries[0];
  if (first === undefined) return;
  const minuteMs = Math.floor(first.receivedMs / 60_000) * 60_000;
  const total = (of: (entry: JournalEntry) => number): number => entries.reduce((all, entry) => all + of(entry), 0);
  const row: Row = {
    minuteMs,
    received: total((entry) => entry.received),
    accepted: total((entry) => entry.rows.length) - duplicate,
    duplicate,
    rejected: total((entry) => sum(entry.rejected)),
    lagMs: Math.max(0, nowMs - first.receivedMs),
  };
  await appendRows(connection, 'intake', INTAKE, [row]);

  const named = new Map<string, Row & { count: number }>();
  const add = (kind: string, counts: Readonly<Record<string, number>>): void => {
    for (const [name, count] of Object.entries(counts)) {
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
  await appendRows(connection, 'intake_names', NAMES, [...named.values()]);
}
