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
const NUMBER = /^\d+(?:\.\d*)?(?:[eE]\+?\d+)?$/;
const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))? ?(?:Z|UTC|([+-]\d\d)(?::?(\d\d))?)?$/i;
/** Milliseconds; numbers outside of them are seconds or microseconds. */
const [EARLIEST_MS, LATEST_MS] = [Date.UTC(2000), Date.UTC(2100)];

/** A row without one of them is rejected. */
export const NEEDED_COLUMNS = ['statement_id', 'start_time'] as const;

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
      const number = Math.round(numberOf(value));
      return Number.isSafeInteger(number) && number >= 0 ? number : null;
    }
    case 'time': {
      const ms = Math.floor(msOf(value));
      return ms >= EARLIEST_MS && ms < LATEST_MS ? ms : null;
    }
  }
}

function numberOf(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : NaN;
}

/** Exports write UTC without saying so. */
function msOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  const [, date, time = '00:00', hours = '+00', minutes = '00'] = TIME.exec(String(value)) ?? [];
  return date === undefined ? numberOf(value) : Date.parse(`${date}T${time}${hours}:${minutes}`);
}
