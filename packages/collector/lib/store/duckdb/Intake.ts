import type { DuckDBConnection } from '@duckdb/node-api';
import type { JournalEntry } from '../../journal/entry';
import { intakeRows } from '../rows/intake';
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

/** Writes what became of the logs of `entries`, in the transaction of `connection`. */
export async function writeIntake(
  connection: DuckDBConnection,
  entries: readonly JournalEntry[],
  duplicate: number,
  nowMs: number,
): Promise<void> {
  const rows = intakeRows(entries, duplicate, nowMs);
  if (rows === undefined) return;
  await appendRows(connection, 'intake', INTAKE, [rows.intake]);
  await appendRows(connection, 'intake_names', NAMES, rows.names);
}
