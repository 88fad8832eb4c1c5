import type { HistoryRow } from '../store/Store';

/** The columns of `system.query.history` that are kept, and under which names. Nothing else reaches the disk. */
const COLUMNS: Readonly<Record<string, readonly [name: string, kind: 'time' | 'number' | 'boolean' | 'word']>> = {
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

export interface ReadHistory {
  readonly rows: HistoryRow[];
  /** Rows without a statement id or start. */
  readonly rejected: number;
}

/** Rows out of a JSON array, JSON lines or CSV with a header. Throws a SyntaxError. */
export function readHistory(text: string, contentType: string): ReadHistory {
  const records = contentType === 'text/csv' ? csvRecords(text) : jsonRecords(text);
  const rows: HistoryRow[] = [];
  let rejected = 0;
  for (const record of records) {
    const row = historyRow(record);
    if (row === undefined) rejected += 1;
    else rows.push(row);
  }
  return { rows, rejected };
}

function historyRow(record: Readonly<Record<string, unknown>>): HistoryRow | undefined {
  const compute = record['compute'];
  const warehouse =
    record['compute.warehouse_id'] ??
    (typeof compute === 'object' && compute !== null
      ? (compute as Record<string, unknown>)['warehouse_id']
      : undefined);
  const row: Record<string, string | number | boolean | null> = {};
  for (const [column, [name, kind]] of Object.entries(COLUMNS)) {
    row[name] = cellOf(kind, column === 'compute.warehouse_id' ? warehouse : record[column]);
  }
  return row['statementId'] === null || row['startMs'] === null ? undefined : row;
}

function cellOf(kind: 'time' | 'number' | 'boolean' | 'word', value: unknown): string | number | boolean | null {
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
      const ms = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(withZone(value)) : NaN;
      return Number.isSafeInteger(ms) ? ms : null;
    }
  }
}

/** Exports write UTC without saying so. */
function withZone(text: string): string {
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`;
}

function jsonRecords(text: string): Record<string, unknown>[] {
  const trimmed = text.trim();
  const parsed: unknown[] = trimmed.startsWith('[')
    ? (JSON.parse(trimmed) as unknown[])
    : trimmed.split('\n').flatMap((line): unknown[] => (line.trim() === '' ? [] : [JSON.parse(line)]));
  return parsed.map((record) =>
    typeof record === 'object' && record !== null && !Array.isArray(record) ? (record as Record<string, unknown>) : {},
  );
}

function csvRecords(text: string): Record<string, unknown>[] {
  const [header, ...lines] = csvLines(text);
  if (header === undefined) return [];
  return lines.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index]])));
}

/** RFC 4180: quoted cells may hold commas, quotes and line breaks. */
function csvLines(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  for (const [, separator, quoted, plain] of text.matchAll(/(^|,|\r?\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)) {
    if (separator?.endsWith('\n') === true || lines.length === 0) lines.push((line = []));
    line.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  }
  return lines.filter((cells) => cells.length > 1 || cells[0] !== '');
}
