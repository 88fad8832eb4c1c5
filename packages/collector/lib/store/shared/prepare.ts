import { NewerVersionError } from '../../journal/format';
import { numberOf } from '../queries/Query';
import { LATER_COLUMNS, SHARED_VERSION, TABLES, viewsOf } from './tables';
import type { Warehouse } from './Warehouse';

/** Makes what is missing of tables and views, also where an earlier version made them. Throws a NewerVersionError. */
export async function prepare(warehouse: Warehouse): Promise<void> {
  await warehouse.createTable(TABLES.meta);
  const [row] = await warehouse.rows(`SELECT max("value") AS version FROM ${TABLES.meta.name}`);
  const found = numberOf(row?.['version']);
  if (found > SHARED_VERSION) throw new NewerVersionError('The store', found, SHARED_VERSION);
  if (found === SHARED_VERSION) return;
  for (const table of Object.values(TABLES)) await warehouse.createTable(table);
  const later = TABLES.statements.columns.filter(({ name }) => LATER_COLUMNS.includes(name));
  for (const column of found === 0 ? [] : later) await warehouse.addColumn(TABLES.statements, column);
  const views = viewsOf((table) => warehouse.merged(table));
  for (const [name, sql] of Object.entries(views)) await warehouse.createView(name, sql);
  const version = { name: 'version', value: SHARED_VERSION, setMs: Date.now() };
  await warehouse.append(TABLES.meta, [version], `version-${SHARED_VERSION}`);
}
