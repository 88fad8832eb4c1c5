import type { StatementTotals } from '../../telemetry/types';
import { int64, type FieldRow, type RecordKind, type RecordReaders, type ValueRule } from './fieldRow';

/** A field of the records that `readers` names. */
export function field(path: string, rule: ValueRule, readers: RecordReaders, description: string): FieldRow {
  const records = Object.keys(readers) as RecordKind[];
  return { path, rule, scope: 'All', records, source: { from: 'record', readers }, description };
}

/** A field of statement rows. */
export function ofStatement(
  path: string,
  rule: ValueRule,
  read: (totals: StatementTotals) => unknown,
  description: string,
): FieldRow {
  return field(path, rule, { statement: (record) => read(record.statement) }, description);
}

export function latency(path: string, read: (totals: StatementTotals) => unknown, description: string): FieldRow {
  return { ...ofStatement(path, int64(), read, description), unit: 'ms' };
}

export function count(path: string, read: (totals: StatementTotals) => unknown, description: string): FieldRow {
  return { ...ofStatement(path, int64(), read, description), unit: 'count' };
}

export function required(row: FieldRow): FieldRow {
  return { ...row, required: true };
}

/** A field that is also sent without credentials. */
export function minimal(row: FieldRow): FieldRow {
  return { ...row, unauthenticated: row.records };
}

export function local(row: FieldRow): FieldRow {
  return { ...row, scope: 'Local' };
}
