import {
  TELEMETRY_FIELDS,
  WIRE_ENUMS,
  type FieldRow,
  type FieldScope,
  type ValueRule,
} from '../../lib/model/fields/fieldTable';
import { code, table } from './markdown';

const PREFIX = 'entry.sql_driver_log.';
const RECORDS = { connection: 'session', statement: 'statement', error: 'error' } as const;

function typeOf(rule: ValueRule): string {
  switch (rule.type) {
    case 'string':
      return `string ≤ ${rule.maxLength}`;
    case 'enum':
      return `enum ${code(rule.enumName)}`;
    case 'int64 digits':
      return 'int64';
    case 'share':
      return 'number';
    case 'int64':
    case 'bool':
      return rule.type;
  }
}

function unitOf({ unit }: FieldRow): string {
  return unit === undefined || unit === 'count' ? '' : `, ${unit}`;
}

/** What readers call these records. */
export function recordNames(kinds: FieldRow['records']): string[] {
  return kinds.map((kind) => RECORDS[kind]);
}

function names(kinds: FieldRow['records']): string {
  return kinds.length === Object.keys(RECORDS).length ? 'all' : recordNames(kinds).join(', ');
}

function presenceOf(row: FieldRow): string {
  return row.onRequest === true ? 'on request' : row.required === true ? 'always' : 'if known';
}

function fieldsIn(...scopes: FieldScope[]): FieldRow[] {
  return TELEMETRY_FIELDS.filter((row) => scopes.includes(row.scope));
}

/** The fields that the workspace gets. */
export function wireFieldTable(): string {
  const fields = fieldsIn('All', 'Databricks');
  const isOfHead = (row: FieldRow): boolean => !row.path.startsWith(PREFIX);
  const rows = [...fields.filter(isOfHead), ...fields.filter((row) => !isOfHead(row))].map((row) => [
    code(row.path.replace(PREFIX, '')),
    typeOf(row.rule) + unitOf(row),
    names(row.records),
    presenceOf(row),
    row.unauthenticated === undefined ? 'no' : names(row.unauthenticated),
    row.description,
  ]);
  return table(['field', 'type', 'records', 'present', 'without credentials', 'what it is'], rows);
}

/** The fields that stay in the process. */
export function localFieldTable(): string {
  const rows = fieldsIn('Local').map((row) => [
    code(row.path),
    typeOf(row.rule) + unitOf(row),
    names(row.records),
    presenceOf(row),
    row.description,
  ]);
  return table(['field', 'type', 'records', 'present', 'what it is'], rows);
}

/** The fields that the service knows and that are never filled. */
export function neverFieldTable(): string {
  const rows = fieldsIn('None').map((row) => [code(row.path.replace(PREFIX, '')), row.description]);
  return table(['field of the service', 'why it stays empty'], rows);
}

export function enumTable(): string {
  const rows = Object.entries(WIRE_ENUMS).map(([name, values]) => [code(name), values.map(code).join(' ')]);
  return table(['enum', 'values'], rows);
}
