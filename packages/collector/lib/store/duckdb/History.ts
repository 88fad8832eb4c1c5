import type { DuckDBConnection } from '@duckdb/node-api';
import type { HistoryRow } from '../Store';
import { newestOf } from '../rows/history';
import { appendRows, type AppendColumn } from './appendRows';

const NUMBERS =
  'startMs endMs updatedMs totalMs waitingForComputeMs waitingAtCapacityMs compilationMs executionMs resultFetchMs ' +
  'taskMs readBytes readRows producedRows spilledBytes';

const COLUMNS: readonly AppendColumn[] = [
  { name: 'statementId', type: 'VARCHAR' },
  { name: 'statementUuid', type: 'UUID' },
  ...NUMBERS.split(' ').map((name) => ({ name, type: 'BIGINT' as const })),
  { name: 'fromResultCache', type: 'BOOLEAN' },
  { name: 'warehouse', type: 'VARCHAR' },
  { name: 'executionStatus', type: 'VARCHAR' },
  { name: 'statementType', type: 'VARCHAR' },
];

/** Takes in rows of the query history; the newest word on a statement replaces the older one. */
export async function writeHistory(connection: DuckDBConnection, rows: readonly HistoryRow[]): Promise<number> {
  const newest = newestOf(rows);
  await connection.run('CREATE OR REPLACE TEMP TABLE incoming_history AS SELECT * FROM history LIMIT 0');
  await appendRows(connection, 'incoming_history', COLUMNS, newest);
  await connection.run('DELETE FROM history WHERE "statementId" IN (SELECT "statementId" FROM incoming_history)');
  await connection.run('INSERT INTO history BY NAME SELECT * FROM incoming_history');
  return newest.length;
}
