import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { STATEMENT_COLUMNS } from '../columns';
import { appendRows, type AppendColumn } from '../duckdb/appendRows';
import { exportedColumns } from '../exported';
import type { Row } from '../Row';
import { SUMMARY_FIELDS, summariesSql } from '../queries/summary';
import { condition, literal, type Selection } from '../Selection';
import { COPY_OPTIONS, type ExportFormat } from '../Store';
import { withScratch } from './scratch';
import type { Warehouse } from './Warehouse';

const TYPES = new Map(STATEMENT_COLUMNS.map(({ name, type }) => [name, type === 'UUID' ? 'VARCHAR' : type]));
const COLUMNS: readonly AppendColumn[] = SUMMARY_FIELDS.map(({ name, type }) => ({
  name,
  type: TYPES.get(name) ?? (type === 'number' ? 'INTEGER' : 'VARCHAR'),
}));
let sequence = Date.now();

/** Writes the selection to a file in `folder`, in the format and order in which every engine exports it. */
export async function exportFile(
  warehouse: Warehouse,
  folder: string,
  selection: Selection,
  format: ExportFormat,
  signal: AbortSignal | undefined,
): Promise<string> {
  mkdirSync(join(folder, 'tmp'), { recursive: true, mode: 0o700 });
  const file = join(folder, 'tmp', `export-${(sequence += 1)}.${format}`);
  const source = summariesSql(`SELECT * FROM all_statements WHERE ${condition(selection)}`);
  try {
    await withScratch(`${file}.duckdb`, async (connection) => {
      const declared = COLUMNS.map(({ name, type }) => `"${name}" ${type}`).join(', ');
      await connection.run(`CREATE TABLE exported (${declared})`);
      for await (const rows of warehouse.pages(source, signal)) {
        await appendRows(connection, 'exported', COLUMNS, rows as Row[]);
      }
      await connection.run(
        `COPY (SELECT ${exportedColumns(format)} FROM exported ORDER BY "timeMs") TO ${literal(file)} (${COPY_OPTIONS[format]})`,
      );
    });
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
  return file;
}
