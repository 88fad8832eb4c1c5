import type { FieldRow, RecordKind } from './fieldRow';
import { FIELDS_OF_CONNECTION } from './fieldsOfConnection';
import { FIELDS_OF_RECORD } from './fieldsOfRecord';

export { keepsRule } from './fieldRow';
export type { FieldRow, FieldScope, RecordKind, ValueRule } from './fieldRow';
export { WIRE_ENUMS } from './wireEnums';

/**
 * The one table of fields: all that can leave, and what is known not to. The serialiser, the privacy section of the
 * documentation and the contract tests derive from it. A field that is not in it cannot leave.
 */
export const TELEMETRY_FIELDS: readonly FieldRow[] = [...FIELDS_OF_CONNECTION, ...FIELDS_OF_RECORD];

/** The fields of one kind of record as the Databricks service gets it. */
export function wireFields(kind: RecordKind, options: { readonly authenticated: boolean }): readonly FieldRow[] {
  return TELEMETRY_FIELDS.filter(
    (row) =>
      (row.scope === 'All' || row.scope === 'Databricks') &&
      (options.authenticated ? row.records : (row.unauthenticated ?? [])).includes(kind),
  );
}
