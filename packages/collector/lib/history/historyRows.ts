import type { HistoryRow } from '../store/Store';

type Kind = 'time' | 'number' | 'boolean' | 'word';
/** A row as it came, by the names of the columns. */
export type HistoryRecord = Readonly<Record<string, unknown>>;

/** The columns of `system.query.history` that are kept, and under which names. Nothing else reaches the disk. */
const COLUMNS: Readonly<Record<string, readonly [name: string, kind: Kind]>> = {
  statement_id: ['statementId', 'word'],
  start_time: ['startMs', 'time'],
  end_time: ['endMs', 'time'],
  update_time: ['updatedMs', 'time'],
  total_duration_ms: ['totalMs', 'number'],
  waiting_for_compute_duration_ms: ['waitingForComputeMs', 'number'],
  waiting_at_capacity_duration_ms: ['waitingAtCapacityMs', 'number'],
  compilation_duration_ms: ['compilationMs', 'number'],
  execution_duration_ms: ['executionMs', 'number'],
  result_fetch_duration_ms: ['resultFetchMs', 'number'],
  total_task_duration_ms: ['taskMs', 'number'],
  read_bytes: ['readBytes', 'number'],
  read_rows: ['readRows', 'number'],
  produced_rows: ['producedRows', 'number'],
  spilled_local_bytes: ['spilledBytes', 'number'],
  from_result_cache: ['fromResultCache', 'boolean'],
  'compute.warehouse_id': ['warehouse', 'word'],
  execution_status: ['executionStatus', 'word'],
  statement_type: ['statementType', 'word'],
};
const WORD = /^[\w.:-]{1,128}$/;

/** The columns to ask for; `compute` is a struct of which only the warehouse is kept. */
export const HISTORY_COLUMNS: readonly string[] = [
  ...Object.keys(COLUMNS).filter((name) => !name.includes('.')),
  'compute',
];

export interface ReadHistory {
  readonly rows: HistoryRow[];
  /** Rows without a statement id or start. */
  readonly rejected: number;
}

/** What may be kept of `records`. Total. */
export function historyRows(records: readonly HistoryRecord[]): ReadHistory {
  const rows: HistoryRow[] = [];
  let rejected = 0;
  for (const record of records) {
    const row = historyRow(record);
    if (row === undefined) rejected += 1;
    else rows.push(row);
  }
  return { rows, rejected };
}

function historyRow(record: HistoryRecord): HistoryRow | undefined {
  const warehouse = record['compute.warehouse_id'] ?? structOf(record['compute'])?.['warehouse_id'];
  const row: Record<string, string | number | boolean | null> = {};
  for (const [column, [name, kind]] of Object.entries(COLUMNS)) {
    row[name] = cellOf(kind, column === 'compute.warehouse_id' ? warehouse : record[column]);
  }
  return row['statementId'] === null || row['startMs'] === null ? undefined : row;
}

/** A struct comes as an object, or as its JSON where a format has none. */
function structOf(value: unknown): HistoryRecord | undefined {
  if (typeof value === 'object' && value !== null) return value as HistoryRecord;
  if (typeof value !== 'string' || !value.startsWith('{')) return undefined;
  try {
    return JSON.parse(value) as HistoryRecord;
  } catch {
    return undefined;
  }
}

function cellOf(kind: Kind, value: unknown): string | number | boolean | null {
  if (value === null || value === undefined || value === '') return null;
  switch (kind) {
    case 'word':
      return typeof value === 'string' && WORD.test(value) ? value : null;
    case 'boolean':
      return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
    case 'number': {
      const number = Number(value);
      return Number.isSafeInteger(Math.round(number)) ? Math.round(number) : null;
    }
    case 'time': {
      const ms = msOf(value);
      return Number.isSafeInteger(ms) ? ms : null;
    }
  }
}

function msOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'string' ? Date.parse(withZone(value)) : Number(value);
}

/** Exports write UTC without saying so. */
function withZone(text: string): string {
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`;
}
