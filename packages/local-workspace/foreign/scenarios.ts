/**
 * What every program is told to do: the statements of the scenarios, word for word the same for each driver. A program
 * writes one JSON line for each value set that it saw; `compare.ts` knows how values of a type are compared.
 */

export const SCENARIOS = [
  'token',
  'oauth',
  'types',
  'parameters',
  'large',
  'metadata',
  'errors',
  'cancel',
  'timeout',
  'volumes',
  'configuration',
  'sessions',
  'orm',
  'project',
] as const;

export type Scenario = (typeof SCENARIOS)[number];

/** What a driver can be asked for; the rest is for what is built on one. */
export const DRIVER_SCENARIOS: readonly Scenario[] = SCENARIOS.filter((name) => name !== 'orm' && name !== 'project');

/** One column `v` with `values` and NULL, in this order. */
const column = (name: string, type: string, ...values: string[]): TypeCase => ({
  name,
  type,
  sql: `SELECT v FROM (${[...values, 'NULL']
    .map((value, i) => `SELECT ${i} AS i, CAST(${value} AS ${type}) AS v`)
    .join(' UNION ALL ')}) ORDER BY i`,
});

export interface TypeCase {
  readonly name: string;
  readonly type: string;
  readonly sql: string;
}

const TYPES: readonly TypeCase[] = [
  column('boolean', 'BOOLEAN', 'true', 'false'),
  column('tinyint', 'TINYINT', '-128', '0', '127'),
  column('smallint', 'SMALLINT', '-32768', '0', '32767'),
  column('int', 'INT', '-2147483648', '0', '2147483647'),
  column('bigint', 'BIGINT', '-9223372036854775808', '0', '9223372036854775807', '9007199254740993'),
  column('float', 'FLOAT', '1.5', '-0.1', '3.4028235E38', "'NaN'", "'-Infinity'"),
  column('double', 'DOUBLE', '1.1', '-2.5E-300', '1.7976931348623157E308', "'NaN'", "'Infinity'"),
  column('decimal(10,2)', 'DECIMAL(10,2)', '123.45', '-0.01', '0', '99999999.99'),
  column('decimal(38,18)', 'DECIMAL(38,18)', "'12345678901234567890.123456789012345678'", '0.000000000000000001'),
  column('decimal(38,0)', 'DECIMAL(38,0)', "'99999999999999999999999999999999999999'", '-1'),
  column('string', 'STRING', "'plain'", "''", "'ünï ☃ 💡'", "'it''s \"quoted\"'", "'two\\nlines'"),
  column('binary', 'BINARY', "X'00FF10'", "X''", "X'F09F92A1'"),
  column('date', 'DATE', "'2024-02-29'", "'1970-01-01'", "'1600-01-01'", "'9999-12-31'"),
  column('timestamp', 'TIMESTAMP', "'2024-02-29 12:34:56.789012'", "'1969-12-31 23:59:59.5'", "'2024-07-01 00:00:00'"),
  column('timestamp_ntz', 'TIMESTAMP_NTZ', "'2024-02-29 12:34:56.789012'", "'1969-12-31 23:59:59.5'"),
  column('interval year to month', 'INTERVAL YEAR TO MONTH', "INTERVAL '1-2' YEAR TO MONTH"),
  column('interval day to second', 'INTERVAL DAY TO SECOND', "INTERVAL '3 04:05:06.789' DAY TO SECOND"),
  column('array<int>', 'ARRAY<INT>', 'array(1, NULL, 3)', 'array()'),
  column('array<string>', 'ARRAY<STRING>', "array('a\"b', NULL, '')"),
  column('map<string,int>', 'MAP<STRING, INT>', "map('a', 1, 'b', NULL)"),
  column('struct', 'STRUCT<a: INT, b: STRING>', "named_struct('a', 1, 'b', 'x')", "named_struct('a', NULL, 'b', NULL)"),
  column('array<struct>', 'ARRAY<STRUCT<a: INT, b: STRING>>', "array(named_struct('a', 1, 'b', 'x'))"),
];

export interface ParameterCase {
  readonly name: string;
  readonly type: string;
  readonly sql: string;
  /** Bound in order for `?`; by their names for `:name`. Texts of the values; a program binds its language's own type. */
  readonly bind: readonly { readonly name?: string; readonly type: string; readonly value: string | null }[];
}

const positional = (type: string, value: string | null): ParameterCase => ({
  name: `? ${value === null ? 'null' : type}`,
  type,
  sql: 'SELECT ? AS v',
  bind: [{ type, value }],
});

const PARAMETERS: readonly ParameterCase[] = [
  positional('int', '42'),
  positional('bigint', '9007199254740993'),
  positional('double', '1.25'),
  positional('boolean', 'true'),
  positional('string', `it's "quoted" ☃`),
  positional('decimal', '123.45'),
  positional('date', '2024-02-29'),
  positional('timestamp', '2024-02-29T12:34:56.789'),
  positional('string', null),
  {
    name: '? twice',
    type: 'int',
    sql: 'SELECT id AS v FROM range(100) WHERE id > ? AND id < ? ORDER BY id',
    bind: [
      { type: 'int', value: '10' },
      { type: 'int', value: '14' },
    ],
  },
  {
    name: ':named',
    type: 'string',
    sql: "SELECT concat(:b, '-', :a) AS v",
    bind: [
      { name: 'a', type: 'string', value: 'first' },
      { name: 'b', type: 'string', value: 'second' },
    ],
  },
];

const ERRORS: readonly { readonly name: string; readonly sql: string }[] = [
  { name: 'syntax', sql: 'SELEC 1' },
  { name: 'no such table', sql: 'SELECT * FROM main.default.no_such_table' },
  { name: 'no such column', sql: 'SELECT no_such_column FROM main.default.foreign_types' },
  { name: 'division by zero', sql: 'SELECT 1 / 0' },
  { name: 'bad cast', sql: "SELECT CAST('x' AS INT)" },
  { name: 'raised', sql: "SELECT raise_error('on purpose')" },
];

/** The statements by scenario, as the programs read them. */
export const STATEMENTS = {
  types: TYPES,
  parameters: PARAMETERS,
  large:
    'SELECT id, CAST(id AS STRING) AS text, id * 0.5D AS half, CASE WHEN id % 3 = 0 THEN NULL ELSE id END AS gaps FROM range(200000) ORDER BY id',
  metadata: { catalog: 'main', schema: 'default', table: 'foreign_types' },
  errors: ERRORS,
  slow: 'SELECT sleep(20)',
  zone: 'Asia/Tokyo',
  volume: '/Volumes/main/default/files/foreign',
} as const;

/** What the workspace holds before a program starts. */
export const SETUP: readonly string[] = [
  'CREATE TABLE main.default.foreign_types (id BIGINT NOT NULL, name STRING, price DECIMAL(10,2), day DATE, at TIMESTAMP, tags ARRAY<STRING>)',
  "INSERT INTO main.default.foreign_types VALUES (1, 'one', 1.50, DATE'2024-02-29', TIMESTAMP'2024-02-29 12:00:00', array('a'))",
  'CREATE SCHEMA main.foreign_other',
];
