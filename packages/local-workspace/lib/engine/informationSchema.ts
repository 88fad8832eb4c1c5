import { own } from '../own';
import { identifier, literal } from '../sql/quote';
import { CATALOGS, COLUMNS, CONSTRAINTS, SCHEMAS, TABLES } from './catalogQueries';

/** A view of the schema: its columns as SQL over `from`, in the order of Databricks' reference. */
interface View {
  readonly from: string;
  readonly columns: Readonly<Record<string, string>>;
}

const NO_TEXT = 'CAST(NULL AS VARCHAR)';
const NO_NUMBER = 'CAST(NULL AS INTEGER)';
const NO_TIME = 'CAST(NULL AS TIMESTAMP WITH TIME ZONE)';
const yesOrNo = (condition: string): string => `CASE WHEN ${condition} THEN 'YES' ELSE 'NO' END`;

/** What is kept of a table with it. */
const kept = (name: string): string => `json_extract_string(notes, '$.${name}')`;
const CREATED = `make_timestamptz(CAST(${kept('createdMs')} AS BIGINT) * 1000)`;
const isText = `data_type = 'VARCHAR'`;
const isNumber = `(data_type LIKE '%INT' OR data_type LIKE 'DECIMAL%' OR data_type IN ('INTEGER', 'FLOAT', 'DOUBLE'))`;

/** Types by their names in that schema, without parameters. */
const DATA_TYPE =
  `CASE WHEN data_type LIKE '%]' THEN 'ARRAY' WHEN data_type LIKE 'DECIMAL%' THEN 'DECIMAL' ` +
  `WHEN data_type LIKE 'STRUCT%' THEN 'STRUCT' WHEN data_type LIKE 'MAP%' THEN 'MAP' ELSE CASE data_type ` +
  `WHEN 'INTEGER' THEN 'INT' WHEN 'BIGINT' THEN 'LONG' WHEN 'SMALLINT' THEN 'SHORT' WHEN 'TINYINT' THEN 'BYTE' ` +
  `WHEN 'VARCHAR' THEN 'STRING' WHEN 'BLOB' THEN 'BINARY' WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'TIMESTAMP' ` +
  `WHEN 'TIMESTAMP' THEN 'TIMESTAMP_NTZ' WHEN 'JSON' THEN 'VARIANT' ELSE data_type END END`;

const OBJECT = { table_catalog: 'catalog', table_schema: 'schema', table_name: 'name' };
const TAGGED = { catalog_name: 'catalog', schema_name: 'schema', table_name: 'name' };
const COLUMN_OBJECT = { ...OBJECT, table_name: 'tbl' };
const CONSTRAINT = { constraint_catalog: 'catalog', constraint_schema: 'schema', constraint_name: 'name' };
const TAG = { tag_name: 'tag.key', tag_value: 'tag.value' };

const texts = (...names: string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, NO_TEXT]));
const MAP_OF_TAGS = 'MAP(VARCHAR, VARCHAR)';
const KEYS = `(SELECT * FROM ${CONSTRAINTS} WHERE type IN ('PRIMARY KEY', 'FOREIGN KEY'))`;
/** Nothing is in it. */
const EMPTY = `(SELECT 1 WHERE false)`;

const VIEWS: Readonly<Record<string, View | undefined>> = {
  catalogs: {
    from: CATALOGS,
    columns: { catalog_name: 'catalog', ...texts('catalog_owner', 'comment'), created: NO_TIME },
  },
  schemata: {
    from: SCHEMAS,
    columns: {
      catalog_name: 'catalog',
      schema_name: 'schema',
      ...texts('schema_owner', 'comment'),
      created: NO_TIME,
      created_by: NO_TEXT,
      last_altered: NO_TIME,
      last_altered_by: NO_TEXT,
    },
  },
  tables: {
    from: TABLES,
    columns: {
      ...OBJECT,
      table_type: `CASE type WHEN 'TABLE' THEN 'MANAGED' ELSE type END`,
      is_insertable_into: yesOrNo(`type = 'TABLE'`),
      commit_action: `'PRESERVE'`,
      table_owner: kept('owner'),
      comment: 'comment',
      created: CREATED,
      created_by: `coalesce(${kept('createdBy')}, ${kept('owner')})`,
      last_altered: CREATED,
      last_altered_by: kept('owner'),
      data_source_format: `CASE type WHEN 'TABLE' THEN upper(coalesce(${kept('provider')}, 'delta')) ELSE 'UNKNOWN_DATA_SOURCE_FORMAT' END`,
      storage_sub_directory: NO_TEXT,
      storage_path: NO_TEXT,
    },
  },
  views: {
    from: `(SELECT * FROM ${TABLES} WHERE type = 'VIEW')`,
    columns: {
      ...OBJECT,
      view_definition: kept('text'),
      check_option: `'NONE'`,
      is_updatable: `'NO'`,
      is_insertable_into: `'NO'`,
      sql_path: NO_TEXT,
      is_materialized: 'false',
    },
  },
  columns: {
    from: COLUMNS,
    columns: {
      ...COLUMN_OBJECT,
      column_name: 'name',
      ordinal_position: 'CAST(position - 1 AS INTEGER)',
      column_default: 'column_default',
      is_nullable: yesOrNo('is_nullable'),
      full_data_type: 'coalesce(declared_type, __databricks_type(data_type))',
      data_type: DATA_TYPE,
      character_maximum_length: `CASE WHEN ${isText} THEN 0 END`,
      character_octet_length: `CASE WHEN ${isText} THEN 0 END`,
      numeric_precision: 'numeric_precision',
      numeric_precision_radix: `CASE WHEN ${isNumber} THEN 10 END`,
      numeric_scale: 'numeric_scale',
      datetime_precision: `CASE WHEN data_type LIKE 'TIMESTAMP%' OR data_type = 'DATE' THEN 0 END`,
      interval_type: NO_TEXT,
      interval_precision: NO_NUMBER,
      maximum_cardinality: NO_NUMBER,
      is_identity: `'NO'`,
      ...texts('identity_generation', 'identity_start', 'identity_increment', 'identity_maximum', 'identity_minimum'),
      identity_cycle: NO_TEXT,
      is_generated: `'NO'`,
      generation_expression: NO_TEXT,
      is_system_time_period_start: `'NO'`,
      is_system_time_period_end: `'NO'`,
      system_time_period_timestamp_generation: NO_TEXT,
      is_updatable: `'YES'`,
      partition_ordinal_position: NO_NUMBER,
      comment: 'comment',
    },
  },
  table_constraints: {
    from: KEYS,
    columns: {
      ...CONSTRAINT,
      ...COLUMN_OBJECT,
      constraint_type: 'type',
      is_deferrable: `'NO'`,
      initially_deferred: `'NO'`,
      enforced: `'YES'`,
      comment: NO_TEXT,
    },
  },
  key_column_usage: {
    from: `(SELECT *, unnest(columns) AS key_column, generate_subscripts(columns, 1) AS place FROM ${KEYS})`,
    columns: {
      ...CONSTRAINT,
      ...COLUMN_OBJECT,
      column_name: 'key_column',
      ordinal_position: 'CAST(place AS INTEGER)',
      position_in_unique_constraint: `CASE type WHEN 'FOREIGN KEY' THEN CAST(place AS INTEGER) END`,
    },
  },
  referential_constraints: {
    from: `(SELECT f.*, p.name AS parent FROM ${CONSTRAINTS} AS f JOIN ${CONSTRAINTS} AS p ON p.type = 'PRIMARY KEY'
      AND f.type = 'FOREIGN KEY' AND p.catalog = f.catalog AND p.schema = f.schema AND p.tbl = f.referenced_table)`,
    columns: {
      ...CONSTRAINT,
      unique_constraint_catalog: 'catalog',
      unique_constraint_schema: 'schema',
      unique_constraint_name: 'parent',
      match_option: `'FULL'`,
      update_rule: `'NO ACTION'`,
      delete_rule: `'NO ACTION'`,
    },
  },
  table_tags: {
    from: `(SELECT *, unnest(map_entries(CAST(json_extract(notes, '$.tags') AS ${MAP_OF_TAGS}))) AS tag FROM ${TABLES})`,
    columns: { ...TAGGED, ...TAG },
  },
  column_tags: {
    from: `(SELECT *, unnest(map_entries(of_column.value)) AS tag FROM
      (SELECT *, unnest(map_entries(CAST(json_extract(notes, '$.columnTags') AS MAP(VARCHAR, ${MAP_OF_TAGS})))) AS of_column
       FROM ${TABLES}))`,
    columns: { ...TAGGED, column_name: 'of_column.key', ...TAG },
  },
  schema_tags: { from: EMPTY, columns: texts('catalog_name', 'schema_name', 'tag_name', 'tag_value') },
  catalog_tags: { from: EMPTY, columns: texts('catalog_name', 'tag_name', 'tag_value') },
  column_masks: {
    from: EMPTY,
    columns: {
      ...texts('table_catalog', 'table_schema', 'table_name', 'column_name'),
      ...texts('mask_catalog', 'mask_schema', 'mask_name', 'using_columns'),
    },
  },
  row_filters: {
    from: EMPTY,
    columns: {
      ...texts('table_catalog', 'table_schema', 'table_name'),
      ...texts('filter_catalog', 'filter_schema', 'filter_name', 'target_columns'),
    },
  },
};

/** Columns of each table of the schema. */
export const INFORMATION_COLUMNS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(VIEWS).map(([name, view]) => [name, Object.keys(view?.columns ?? {})]),
);

/** The table `name` of `information_schema`, of one catalog or of all, as a DuckDB query in brackets. */
export function informationSchema(catalog: string | undefined, name: string): string | undefined {
  const view = own(VIEWS, name.toLowerCase());
  if (view === undefined) return undefined;
  const { from, columns } = view;
  const limit = catalog === undefined || from === EMPTY ? '' : ` WHERE catalog = ${literal(catalog)}`;
  const list = Object.entries(columns).map(([column, sql]) => `${sql} AS ${identifier(column)}`);
  return `(SELECT ${list.join(', ')} FROM ${from}${limit})`;
}
