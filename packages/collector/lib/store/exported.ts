import { SUMMARY_FIELDS } from './queries/summary';
import type { ExportFormat } from './Store';

/** SQL for the columns of an export. In a CSV file a text that a table program would run gets a `'` in front. */
export function exportedColumns(format: ExportFormat): string {
  return SUMMARY_FIELDS.map(({ name, type }) =>
    format === 'csv' && type === 'string'
      ? `CASE WHEN regexp_matches("${name}", '^[=+@-]') THEN chr(39) || "${name}" ELSE "${name}" END AS "${name}"`
      : `"${name}"`,
  ).join(', ');
}
