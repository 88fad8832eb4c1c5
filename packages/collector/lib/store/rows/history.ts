import type { HistoryRow } from '../Store';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The newest word on each statement, by its id in small letters. */
export function newestOf(rows: readonly HistoryRow[]): HistoryRow[] {
  const newest = new Map<string, HistoryRow>();
  for (const row of rows) {
    const id = String(row['statementId']).toLowerCase();
    newest.set(id, { ...row, statementId: id, statementUuid: UUID.test(id) ? id : null });
  }
  return [...newest.values()];
}
