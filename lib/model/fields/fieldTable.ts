/* model/fields/: the field table, all that may leave: path, rule, scope and place of each field, and what makes values safe. */
import type { FieldRow, RecordKind } from './fieldRow';
import { FIELDS_OF_CONNECTION } from './fieldsOfConnection';
import { FIELDS_OF_RECORD } from './fieldsOfRecord';
import { LOCAL_FIELDS_OF_RECORD } from './localFieldsOfRecord';

export { keepsRule } from './fieldRow';
export type { FieldRow, RecordKind, ValueRule } from './fieldRow';
export { WIRE_ENUMS } from '../enums';
export type { FieldScope } from '../enums';

/**
 * The one table of fields: all that can leave, and what is known not to. The serialiser, the privacy section of the
 * documentation and the contract tests derive from it. A field that is not in it cannot leave.
 */
export const TELEMETRY_FIELDS: readonly FieldRow[] = [
  ...FIELDS_OF_CONNECTION,
  ...FIELDS_OF_RECORD,
  ...LOCAL_FIELDS_OF_RECORD,
];

export interface WireFieldOptions {
  readonly authenticated: boolean;
  /** With the local fields beside those that the service knows. */
  readonly local?: boolean;
  /** Errors of a connection that failed to open: they describe it, as a session's records would. */
  readonly describesConnection?: boolean;
}

/** The fields of one kind of record as its receiver gets it, each with its path in the log. */
export function wireFields(
  kind: RecordKind,
  { authenticated, local = false, describesConnection = false }: WireFieldOptions,
): readonly FieldRow[] {
  return TELEMETRY_FIELDS.flatMap((row) => {
    const kinds = authenticated ? row.records : (row.unauthenticated ?? []);
    const describes = describesConnection && row.source.from === 'connection' && kinds.includes('connection');
    if (!kinds.includes(kind) && !describes) return [];
    switch (row.scope) {
      case 'All':
      case 'Databricks':
        return [row];
      case 'Local':
        return local && row.onRequest !== true ? [{ ...row, path: `entry.local.${row.path}` }] : [];
      case 'None':
        return [];
    }
  });
}
