import { format, resolveConfig } from 'prettier';
import { TELEMETRY_FIELDS, WIRE_ENUMS, type FieldRow, type ValueRule } from '../../lib/model/fields/fieldTable';
import { recordNames } from './fieldTable';

function ruleAsJson(rule: ValueRule): object {
  switch (rule.type) {
    case 'string':
      return { type: 'string', pattern: rule.pattern.source, flags: rule.pattern.flags, maxLength: rule.maxLength };
    case 'int64 digits':
      return { type: 'int64', pattern: rule.pattern.source, maxLength: rule.maxLength };
    case 'int64':
      return { type: 'int64', min: rule.min, max: rule.max };
    case 'enum':
      return { type: 'enum', enum: rule.enumName };
    case 'bool':
      return { type: 'bool' };
    case 'share':
      return { type: 'number', above: 0, below: 1 };
  }
}

function fieldAsJson(row: FieldRow): object {
  return {
    path: row.path,
    ...(row.scope === 'None' ? {} : ruleAsJson(row.rule)),
    ...(row.unit === undefined ? {} : { unit: row.unit }),
    leaves: row.scope === 'All' || row.scope === 'Databricks',
    ...(row.scope === 'Local' && row.onRequest !== true ? { toOwnCollector: `entry.local.${row.path}` } : {}),
    records: recordNames(row.records),
    recordsWithoutCredentials: recordNames(row.unauthenticated ?? []),
    required: row.required === true,
    description: row.description,
  };
}

/** The field table for programs: `docs/fields.json`. */
export async function fieldsAsJson(file: string): Promise<string> {
  const list = { fields: TELEMETRY_FIELDS.map(fieldAsJson), enums: WIRE_ENUMS };
  return format(JSON.stringify(list), { ...(await resolveConfig(file)), parser: 'json' });
}
