import {
  int64,
  type FieldRow,
  type RecordKind,
  type RecordPlaces,
  type StatementField,
  type ValueRule,
} from './fieldRow';

/** A field of the records that `at` names. */
export function field(path: string, rule: ValueRule, at: RecordPlaces, description: string): FieldRow {
  const records = Object.keys(at) as RecordKind[];
  return { path, rule, scope: 'All', records, source: { from: 'record', at }, description };
}

/** A field of statement rows. */
export function ofStatement(path: string, rule: ValueRule, statement: StatementField, description: string): FieldRow {
  return field(path, rule, { statement }, description);
}

export function latency(path: string, statement: StatementField, description: string): FieldRow {
  return { ...ofStatement(path, int64(), statement, description), unit: 'ms' };
}

export function count(path: string, statement: StatementField, description: string): FieldRow {
  return { ...ofStatement(path, int64(), statement, description), unit: 'count' };
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
