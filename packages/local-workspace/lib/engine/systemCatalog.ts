import { literal } from '../sql/quote';
import { CATALOGS, COLUMNS, SCHEMAS, TABLES } from './catalogQueries';
import { INFORMATION_COLUMNS } from './informationSchema';

/** The catalog that every warehouse has: nothing but `information_schema` is in it, which tells of all others. */
const SYSTEM = 'system';
const SCHEMA = 'information_schema';

export const isSystemCatalog = (catalog: string): boolean => catalog.toLowerCase() === SYSTEM;

export const isSystemSchema = (catalog: string, schema: string): boolean =>
  isSystemCatalog(catalog) && schema.toLowerCase() === SCHEMA;

/** Relations as in `catalogQueries.ts`, with what is in `system`. */
export const ALL_CATALOGS = `(SELECT catalog FROM ${CATALOGS} UNION ALL SELECT '${SYSTEM}')`;

export const ALL_SCHEMAS = `(SELECT catalog, schema FROM ${SCHEMAS} UNION ALL SELECT '${SYSTEM}', '${SCHEMA}')`;

const NAMES = Object.keys(INFORMATION_COLUMNS).map(literal).join(', ');

export const ALL_TABLES =
  `(SELECT catalog, schema, name, type, comment FROM ${TABLES} ` +
  `UNION ALL SELECT '${SYSTEM}', '${SCHEMA}', unnest([${NAMES}]), 'VIEW', NULL)`;

const TYPES: ReadonlyMap<string, string> = new Map([
  ...['ordinal_position', 'position_in_unique_constraint', 'partition_ordinal_position', 'maximum_cardinality'].map(
    (name) => [name, 'INTEGER'] as const,
  ),
  ...['numeric_precision', 'numeric_precision_radix', 'numeric_scale', 'datetime_precision', 'interval_precision'].map(
    (name) => [name, 'INTEGER'] as const,
  ),
  ...['character_maximum_length', 'character_octet_length'].map((name) => [name, 'INTEGER'] as const),
  ...['created', 'last_altered'].map((name) => [name, 'TIMESTAMP WITH TIME ZONE'] as const),
  ['is_materialized', 'BOOLEAN'],
]);

const ROWS = Object.entries(INFORMATION_COLUMNS).flatMap(([table, columns]) =>
  columns.map((name, i) => `(${literal(table)}, ${literal(name)}, ${i + 1}, ${literal(TYPES.get(name) ?? 'VARCHAR')})`),
);

export const ALL_COLUMNS =
  `(SELECT catalog, schema, tbl, name, position, data_type, is_nullable, column_default, declared_type, comment FROM ${COLUMNS} ` +
  `UNION ALL SELECT '${SYSTEM}', '${SCHEMA}', tbl, name, position, data_type, true, NULL, NULL, NULL ` +
  `FROM (VALUES ${ROWS.join(', ')}) AS v(tbl, name, position, data_type))`;
