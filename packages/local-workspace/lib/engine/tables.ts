import type { KnownTable } from '../sql/compile/context';
import { identifier, literal } from '../sql/quote';
import { CATALOG_PREFIX, HIDDEN_SCHEMAS } from '../sql/rewrite';
import { parseDuckType } from './duckTypeNames';
import { DECLARED_TYPE } from './catalogQueries';
import { informationSchema } from './informationSchema';
import type { PlanContext } from './plan';
import type { SqlType } from './types';

/**
 * The tables and views that exist of `names`, by name as written in lower case. Nothing else can be read by a statement:
 * what is not found here is not looked for in DuckDB.
 */
export async function resolveTables(
  names: readonly string[][],
  context: PlanContext,
): Promise<Record<string, KnownTable>> {
  const tables: Record<string, KnownTable> = {};
  for (const parts of names) {
    const written = parts.join('.').toLowerCase();
    const found =
      (parts.length === 1 ? await temporaryView(written, context) : undefined) ?? (await table(parts, context));
    if (found) tables[written] = found;
  }
  return tables;
}

async function temporaryView(name: string, { session, connection }: PlanContext): Promise<KnownTable | undefined> {
  if (!session.temporaryViews.has(name)) return undefined;
  const columns = await columnsOf(connection, 'temp', 'main', name);
  return columns && { sql: `temp.main.${identifier(name)}`, columns };
}

async function table(
  parts: readonly string[],
  { database, session, connection }: PlanContext,
): Promise<KnownTable | undefined> {
  if (parts.length > 3) return undefined;
  const name = parts.at(-1) ?? '';
  const catalog = (parts.at(-3) ?? session.catalog).toLowerCase();
  const schema = (parts.at(-2) ?? session.schema).toLowerCase();
  if (HIDDEN_SCHEMAS.has(schema)) return undefined;
  const owner = CATALOG_PREFIX + catalog;
  const key = [owner, schema, name.toLowerCase()].join('\0');
  const known = database.tables.get(key);
  if (known) return known;
  const { version } = database;
  const found =
    schema === 'information_schema'
      ? await informationTable(catalog, name, { database, connection })
      : await storedTable(connection, owner, schema, name);
  if (found && version === database.version) database.tables.set(key, found);
  return found;
}

async function storedTable(
  connection: PlanContext['connection'],
  owner: string,
  schema: string,
  name: string,
): Promise<KnownTable | undefined> {
  const columns = await columnsOf(connection, owner, schema, name);
  return columns && { sql: [owner, schema, name].map(identifier).join('.'), columns };
}

/** `system.information_schema` tells of all catalogs. */
async function informationTable(
  catalog: string,
  name: string,
  { database, connection }: Pick<PlanContext, 'database' | 'connection'>,
): Promise<KnownTable | undefined> {
  const isSystem = catalog === 'system';
  const sql = informationSchema(isSystem ? undefined : catalog, name);
  if (sql === undefined || !(isSystem || (await database.hasCatalog(connection, catalog)))) return undefined;
  const reader = await connection.runAndReadAll(`DESCRIBE ${sql}`);
  const rows = reader.getRowsJson() as [string, string][];
  return { sql, columns: rows.map(([column, type]) => ({ name: column, type: parseDuckType(type) })) };
}

async function columnsOf(
  connection: PlanContext['connection'],
  owner: string,
  schema: string,
  name: string,
): Promise<KnownTable['columns'] | undefined> {
  const reader = await connection.runAndReadAll(
    `SELECT column_name, data_type, ${DECLARED_TYPE} FROM duckdb_columns() WHERE database_name = ${literal(owner)} ` +
      `AND lower(schema_name) = ${literal(schema)} AND lower(table_name) = ${literal(name.toLowerCase())} ORDER BY column_index`,
  );
  const rows = reader.getRowsJson() as [string, string, string | null][];
  if (rows.length === 0) return undefined;
  return rows.map(([name, type, declared]) => {
    const width = /^(?:var)?char\((\d+)\)$/.exec(declared ?? '')?.[1];
    return {
      name,
      type: intervalNamed(declared ?? '') ?? parseDuckType(type),
      ...(width !== undefined && { width: Number(width) }),
    };
  });
}

/** DuckDB has one type of intervals: which of Spark's a column has is kept with it. */
function intervalNamed(declared: string): SqlType | undefined {
  const unit = /^interval (\w+)/.exec(declared)?.[1];
  if (unit === undefined) return undefined;
  const isLong = unit === 'year' || unit === 'month';
  return { kind: isLong ? 'interval year to month' : 'interval day to second', detail: declared };
}
