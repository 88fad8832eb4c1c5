import { expect } from 'chai';
import { harness, type Harness } from './drivers';

/** Statement and the rows it answers; rows are compared as JSON. */
const ANSWERS: readonly [sql: string, rows: unknown][] = [
  [
    'SELECT a, b FROM VALUES (1, array(7, 8)) AS t(a, arr), LATERAL explode(arr) AS e(b) ORDER BY b',
    [
      { a: 1, b: 7 },
      { a: 1, b: 8 },
    ],
  ],
  ["SELECT CAST(INTERVAL '-1 02:03:04' DAY TO SECOND AS INTERVAL DAY) AS i", [{ i: '-1 00:00:00.000000000' }]],
  ["SELECT CAST(INTERVAL '1 02:03:04' DAY TO SECOND AS INTERVAL DAY TO HOUR) AS i", [{ i: '1 02:00:00.000000000' }]],
  ["SELECT CAST(INTERVAL '-1-2' YEAR TO MONTH AS INTERVAL YEAR) AS i", [{ i: '-1-0' }]],
  ["SELECT struct(1 AS a, 'x' AS `b c`) AS s", [{ s: { a: 1, 'b c': 'x' } }]],
  ["SELECT true AND 'abc' LIKE ANY ('a%', 'b%') AS x, NOT ('b' LIKE ALL ('a%')) y", [{ x: true, y: true }]],
  ["SELECT NOT hex(X'1F') LIKE '1%' x, NOT `a b` ILIKE 'A%' y FROM VALUES ('Bb') v(`a b`)", [{ x: false, y: true }]],
  ["SELECT id FROM people WHERE name NOT LIKE ANY ('%a', 'E%') ORDER BY id", [{ id: 1 }, { id: 2 }, { id: 3 }]],
  ["SELECT id FROM people WHERE name NOT LIKE ALL ('%a', 'E%')", [{ id: 2 }]],
  ["SELECT id FROM people WHERE NOT (name ILIKE ANY ('%A', 'e%'))", [{ id: 2 }]],
  ['SELECT id FROM people WHERE (id, name) IN (SELECT max(id), max_by(name, id) FROM people)', [{ id: 3 }]],
  ['SELECT id FROM people WHERE (id, name) NOT IN (SELECT id, name FROM people WHERE id < 3)', [{ id: 3 }]],
  [
    'SELECT (1, 2) IN (SELECT 1, CAST(NULL AS INT)) AS a, (1, 2) IN (SELECT 3, CAST(NULL AS INT)) AS b',
    [{ a: false, b: false }],
  ],
  [
    "SELECT date_format(window.start, 'HH:mm') AS s, date_format(window.end, 'HH:mm') AS e, count(*) AS n FROM VALUES (TIMESTAMP'2024-01-01 00:03:00'), (TIMESTAMP'2024-01-01 00:09:59'), (TIMESTAMP'2024-01-01 00:10:00') AS v(ts) GROUP BY window(ts, '10 minutes') ORDER BY s",
    [
      { s: '00:00', e: '00:10', n: 2 },
      { s: '00:10', e: '00:20', n: 1 },
    ],
  ],
  [
    "SELECT date_format(window(TIMESTAMP'1969-12-31 23:59:00', '1 hour', '1 hour', '15 minutes').start, 'HH:mm') AS s",
    [{ s: '23:15' }],
  ],
  ["SELECT count(*) AS n FROM (SELECT window(t, '1 day') FROM VALUES (now()), (NULL) AS v(t))", [{ n: 1 }]],
  ['SELECT id FROM people ORDER BY ALL DESC', [{ id: 3 }, { id: 2 }, { id: 1 }]],
  [
    'SELECT count(*) AS n FROM people GROUP BY id, name GROUPING SETS ((), (id)) ORDER BY n',
    [{ n: 1 }, { n: 1 }, { n: 1 }, { n: 3 }],
  ],
  [
    'SELECT CAST(1e-9D AS DECIMAL(10,2)) AS a, CAST(-5.125e-7D AS DECIMAL(20,1)) % 7 AS b, CAST(5e-9D AS DECIMAL(20,8)) AS c, CAST(1e-9D AS STRING) AS d',
    [{ a: 0, b: 0, c: 1e-8, d: '1.0E-9' }],
  ],
  [
    "SELECT CAST('-9.9999999999E-5' AS DECIMAL(10,3)) AS a, CAST('1.5e-3' AS DECIMAL(10,3)) AS b, CAST(' +12345e-2 ' AS DECIMAL(10,1)) AS c, CAST('.5E3' AS DECIMAL(10,1)) AS d, TRY_CAST('1e99999999999' AS DECIMAL(38,0)) AS e, CAST('1e-99999999999' AS DECIMAL(38,0)) AS f, CAST(CAST(1.1e-5D AS DECIMAL(38,30)) AS STRING) AS g",
    [{ a: 0, b: 0.002, c: 123.5, d: 500, e: null, f: 0, g: '0.000011000000000000000000000000' }],
  ],
  ["SELECT (1, 'a') AS s", [{ s: { col1: 1, col2: 'a' } }]],
  ["SELECT id FROM people WHERE (id, name) IN ((1, 'Ada'), (2, 'Ada'))", [{ id: 1 }]],
  ["SELECT ''", undefined],
  ['SELECT * FROM (SELECT 1 AS `x:1`)', [{ 'x:1': 1 }]],
  ['EXECUTE/* a */IMMEDIATE "SELECT 1 AS x"', [{ x: 1 }]],
  ["SELECT IDENTIFIER/* a */('upper')('a') AS x", [{ x: 'A' }]],
  ['SELECT `a b` FROM (SELECT 1 AS `a b`)', [{ 'a b': 1 }]],
  ['SELECT name FROM main.default.people WHERE id = 1', [{ name: 'Ada' }]],
  ['SELECT p.name FROM `main`.`default`.`people` AS p ORDER BY id LIMIT 1', [{ name: 'Ada' }]],
  ['SELECT count(*) AS n FROM default.people', [{ n: 3 }]],
  [
    'SELECT current_catalog() AS c, current_schema() AS s, current_database() AS d, current_user() AS u',
    [{ c: 'main', s: 'default', d: 'default', u: 'default@example.com' }],
  ],
  ['SELECT * FROM range(3)', [{ id: 0 }, { id: 1 }, { id: 2 }]],
  ['SELECT id FROM range(2, 8, 3)', [{ id: 2 }, { id: 5 }]],
  ['SELECT explode(array(1, 2)) AS e', [{ e: 1 }, { e: 2 }]],
  ['SELECT t.e FROM people LATERAL VIEW explode(array(1, 2)) t AS e WHERE id = 1', [{ e: 1 }, { e: 2 }]],
  ["SELECT date_format(TIMESTAMP '2024-02-29 12:34:56', 'yyyy-MM-dd HH:mm') AS d", [{ d: '2024-02-29 12:34' }]],
  ["SELECT named_struct('a', 1, 'b', 'x') AS s", [{ s: { a: 1, b: 'x' } }]],
  ["SELECT map('a', 1)['a'] AS v, array(5, 6)[0] AS first, array(5, 6)[1] AS second", [{ v: 1, first: 5, second: 6 }]],
  ["SELECT DATE '2024-01-31' + INTERVAL 1 DAY AS d", [{ d: '2024-02-01T00:00:00.000Z' }]],
  ['SELECT 1 LIMIT ALL', [{ 1: 1 }]],
  ["SELECT CAST('12' AS INT) AS a, '7'::int AS b, try_cast('x' AS INT) AS c", [{ a: 12, b: 7, c: null }]],
  ['SELECT 7 / 2 AS a, 7 % 4 AS b, 7 DIV 2 AS c, -7 % 4 AS d, pmod(-7, 4) AS e', [{ a: 3.5, b: 3, c: 3, d: -3, e: 1 }]],
  ['SELECT try_divide(1, 0) AS a, try_divide(6, 3) AS b', [{ a: null, b: 2 }]],
  ['SELECT sequence(1, 4) AS s, transform(array(1, 2), x -> x * 10) AS t', [{ s: [1, 2, 3, 4], t: [10, 20] }]],
  ['SELECT filter(array(1, 2, 3), x -> x > 1) AS f, exists(array(1, 2), x -> x = 2) AS e', [{ f: [2, 3], e: true }]],
  [
    'SELECT size(array(1, 2)) AS n, array_contains(array(1, 2), 2) AS c, element_at(array(4, 5), 2) AS e',
    [{ n: 2, c: true, e: 5 }],
  ],
  [
    "SELECT concat_ws('-', 'a', 'b') AS c, split('a,b', ',') AS s, substring_index('a.b.c', '.', 2) AS i",
    [{ c: 'a-b', s: ['a', 'b'], i: 'a.b' }],
  ],
  [
    "SELECT nvl(NULL, 1) AS a, if(true, 'y', 'n') AS b, coalesce(NULL, 2) AS c, nullif(1, 1) AS d",
    [{ a: 1, b: 'y', c: 2, d: null }],
  ],
  ["SELECT 'x' <=> NULL AS a, 'abc' RLIKE 'b' AS b, 'abc' LIKE 'a%' AS c", [{ a: false, b: true, c: true }]],
  [
    "SELECT 'it''s' AS a, \"double\" AS b, 'tab\\there' AS c, r'raw\\n' AS d",
    [{ a: "it's", b: 'double', c: 'tab\there', d: 'raw\\n' }],
  ],
  [
    "SELECT concat('a', 1) AS c, concat('a', NULL) AS n, 'a' || NULL AS o, 'a' || 'b' AS p",
    [{ c: 'a1', n: null, o: null, p: 'ab' }],
  ],
  ['SELECT count(1), sum(id), 1 + 1 FROM people', [{ 'count(1)': 3, 'sum(id)': 6, '(1 + 1)': 2 }]],
  ['WITH a AS (SELECT 1 AS x) SELECT x FROM a UNION ALL SELECT 2 ORDER BY x', [{ x: 1 }, { x: 2 }]],
  ['SELECT * EXCEPT (id) FROM people ORDER BY name LIMIT 1', [{ name: 'Ada' }]],
  ['SELECT name, count(*) AS n FROM people GROUP BY ALL ORDER BY name LIMIT 1', [{ name: 'Ada', n: 1 }]],
  ['SELECT id, row_number() OVER (ORDER BY id DESC) AS r FROM people ORDER BY id LIMIT 1', [{ id: 1, r: 3 }]],
  ['SELECT /* comment */ 1 AS x -- rest', [{ x: 1 }]],
  ['SELECT collect_list(id) AS l FROM (SELECT id FROM people ORDER BY id)', [{ l: [1, 2, 3] }]],
  ['SELECT get_json_object(\'{"a": {"b": 5}}\', \'$.a.b\') AS j', [{ j: '5' }]],
  ['SELECT parse_json(\'{"a": {"b": 5}}\'):a.b::int AS j', [{ j: 5 }]],
  [
    "SELECT unix_timestamp(TIMESTAMP'1970-01-01 00:01:00') AS u, from_unixtime(60) AS f, dayofweek(DATE'2024-01-05') AS d, " +
      "weekday(DATE'2024-01-05') AS w",
    [{ u: 60, f: '1970-01-01 00:01:00', d: 6, w: 4 }],
  ],
  [
    'SELECT aggregate(array(1, 2), 3, (a, x) -> a + x) AS a, flatten(array(array(1), array(2))) AS f, slice(array(1, 2, 3), 2, 2) AS s',
    [{ a: 6, f: [1, 2], s: [2, 3] }],
  ],
  [
    "SELECT typeof(1) AS t, format_number(1234.5, 2) AS n, format_string('%d %s', 1, 'x') AS s, bround(2.5) AS b",
    [{ t: 'int', n: '1,234.50', s: '1 x', b: 2 }],
  ],
  ['SELECT current_timestamp() = current_timestamp AS c, localtimestamp() IS NOT NULL AS l', [{ c: true, l: true }]],
  ['SELECT name FROM people a LEFT SEMI JOIN (SELECT 1 AS id) b ON a.id = b.id', [{ name: 'Ada' }]],
  ['SELECT count(*) AS n FROM people a LEFT ANTI JOIN (SELECT 1 AS id) b ON a.id = b.id', [{ n: 2 }]],
  [
    "SELECT posexplode(array('a', 'b'))",
    [
      { pos: 0, col: 'a' },
      { pos: 1, col: 'b' },
    ],
  ],
  [
    "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'default' AND table_name = 'people'",
    [{ table_name: 'people', table_type: 'MANAGED' }],
  ],
  [
    "SELECT column_name, data_type, is_nullable FROM main.information_schema.columns WHERE table_name = 'strict'",
    [{ column_name: 'x', data_type: 'INT', is_nullable: 'NO' }],
  ],
  [
    "SELECT catalog_name, schema_name FROM system.information_schema.schemata WHERE catalog_name = 'main'",
    [{ catalog_name: 'main', schema_name: 'default' }],
  ],
  [
    'SHOW CATALOGS',
    [{ catalog: 'hive_metastore' }, { catalog: 'main' }, { catalog: 'samples' }, { catalog: 'system' }],
  ],
  ["SHOW SCHEMAS IN main LIKE 'def*'", [{ databaseName: 'default' }]],
  ["SHOW TABLES IN main.default LIKE 'peo*'", [{ database: 'default', tableName: 'people', isTemporary: false }]],
  ['SHOW COLUMNS IN people', [{ col_name: 'id' }, { col_name: 'name' }]],
  [
    'DESCRIBE TABLE main.default.people',
    [
      { col_name: 'id', data_type: 'int', comment: null },
      { col_name: 'name', data_type: 'string', comment: null },
    ],
  ],
  [
    'DESCRIBE QUERY SELECT 1 AS x, array(1.5) AS y',
    [
      { col_name: 'x', data_type: 'int', comment: null },
      { col_name: 'y', data_type: 'array<decimal(2,1)>', comment: null },
    ],
  ],
  ['SET spark.sql.shuffle.partitions = 7', [{ key: 'spark.sql.shuffle.partitions', value: '7' }]],
  ['SET spark.sql.shuffle.partitions', [{ key: 'spark.sql.shuffle.partitions', value: '7' }]],
  ['VALUES (1, 2)', undefined],
];

const FAILURES: readonly [sql: string, sqlState: string, message: string][] = [
  ['SELEC 1', '42601', '[PARSE_SYNTAX_ERROR]'],
  ['SELECT FROM', '42601', '[PARSE_SYNTAX_ERROR]'],
  ["SELECT 'open", '42601', 'unclosed quote'],
  ['', '42601', 'end of input'],
  ['SELECT 1; SELECT 2', '42601', 'one statement at a time'],
  ['SHOW TABLES IN a b c', '42601', "near 'b'"],
  ['SELECT * FROM nowhere', '42P01', '[TABLE_OR_VIEW_NOT_FOUND] The table or view `nowhere`'],
  ['SELECT * FROM nocatalog.default.t', '42P01', '[TABLE_OR_VIEW_NOT_FOUND]'],
  ['SELECT nothing FROM people', '42703', '`nothing`'],
  ['SELECT no_such_function(1)', '42883', '`no_such_function`'],
  ['SELECT 1 / 0', '22012', '[DIVIDE_BY_ZERO]'],
  ['SELECT 1 % 0', '22012', '[REMAINDER_BY_ZERO]'],
  ["SELECT CAST('x' AS INT)", '22018', '[CAST_INVALID_INPUT]'],
  ['SELECT CAST(300 AS TINYINT)', '22003', '[ARITHMETIC_OVERFLOW]'],
  ["SELECT raise_error('my message')", 'P0001', '[USER_RAISED_EXCEPTION] my message'],
  ['CREATE TABLE people (x INT)', '42P07', '[TABLE_OR_VIEW_ALREADY_EXISTS]'],
  ['CREATE TABLE nowhere.default.t (x INT)', '42704', "[NO_SUCH_CATALOG_EXCEPTION] Catalog 'nowhere'"],
  ['CREATE VIEW nowhere.default.v AS SELECT 1 AS x', '42704', "[NO_SUCH_CATALOG_EXCEPTION] Catalog 'nowhere'"],
  ['CREATE SCHEMA main.default', '42P06', '[SCHEMA_ALREADY_EXISTS]'],
  ['USE CATALOG nowhere', '42704', '[NO_SUCH_CATALOG_EXCEPTION]'],
  ['USE SCHEMA nowhere', '42704', '[SCHEMA_NOT_FOUND]'],
  ['DESCRIBE nowhere', '42P01', '[TABLE_OR_VIEW_NOT_FOUND]'],
  ['SELECT name, count(*) FROM people', '42803', '[MISSING_AGGREGATION]'],
  ['INSERT INTO strict VALUES (NULL)', '23502', '[DELTA_NOT_NULL_CONSTRAINT_VIOLATED]'],
  ['OPTIMIZE people WHERE id > 1', '0A000', 'OPTIMIZE … WHERE'],
  ['OPTIMIZE nowhere', '42P01', '[TABLE_OR_VIEW_NOT_FOUND]'],
  ['VACUUM nowhere', '42P01', '[TABLE_OR_VIEW_NOT_FOUND]'],
  ['ANALYZE TABLE people', '42601', '[PARSE_SYNTAX_ERROR]'],
  ['BEGIN SELECT 1; END', '0A000', 'SQL scripting'],
  ['SELECT nothing, no_such_function(1) FROM nowhere', '42883', '`no_such_function`'],
  ["SELECT window(TIMESTAMP'2024-01-01 00:00:00', '10 minutes', '5 minutes')", '0A000', 'windows that overlap'],
  ["SELECT window(TIMESTAMP'2024-01-01 00:00:00', '1 month')", '0A000', "window() of '1 month'"],
  ['SELECT * EXCEPT (nothing) FROM people', '42703', '[UNRESOLVED_COLUMN'],
  ['SELECT id FROM people ORDER BY map(id, name)', '42K09', 'INVALID_ORDERING_TYPE'],
  ['SELECT DISTINCT id AS x FROM people ORDER BY id', '42703', '[UNRESOLVED_COLUMN'],
  ["SELECT id FROM people WHERE 'true'", '42K09', 'FILTER_NOT_BOOLEAN'],
  ['SELECT * FROM people PIVOT (count(id) FOR upper(name) IN (1))', '42601', '[PARSE_SYNTAX_ERROR]'],
  ["SELECT session_window(TIMESTAMP'2024-01-01 00:00:00', '1 day')", '0A000', 'session_window()'],
  ['SELECT id FROM people WHERE (id, name) IN (SELECT id FROM people)', '42K09', 'IN_SUBQUERY_LENGTH_MISMATCH'],
  ['ALTER TABLE people RENAME TO other.people', '0A000', 'another schema'],
  ['EXECUTE IMMEDIATE some_variable', '42703', '[UNRESOLVED_COLUMN'],
  ["EXECUTE IMMEDIATE 'SELECT 1' INTO x", '42703', '[UNRESOLVED_COLUMN'],
  ["EXECUTE IMMEDIATE 'SELECT ?'", '42P02', '[UNBOUND_SQL_PARAMETER]'],
  ["EXECUTE IMMEDIATE 'EXECUTE IMMEDIATE \\'SELECT 1\\''", '07501', '[NESTED_EXECUTE_IMMEDIATE]'],
  ["SELECT * FROM IDENTIFIER('no where')", '42601', '[PARSE_SYNTAX_ERROR]'],
  ["SELECT * FROM IDENTIFIER('people; DROP TABLE people')", '42601', '[PARSE_SYNTAX_ERROR]'],
  ["SELECT * FROM IDENTIFIER('nowhere')", '42P01', '[TABLE_OR_VIEW_NOT_FOUND]'],
  ['SELECT * FROM IDENTIFIER(name) AS t', '0A000', 'IDENTIFIER()'],
  ['SELECT * FROM csv.`/Volumes/main/default/v/f.csv`', '0A000', 'csv.`path`'],
  ["COPY INTO people FROM 's3://x' FILEFORMAT = CSV", '0A000', 'COPY INTO'],
  ['PRAGMA version', '0A000', 'PRAGMA'],
  ['BEGIN TRANSACTION', '0A000', 'BEGIN'],
  ['ROLLBACK', '0A000', 'ROLLBACK'],
  ['SET autocommit = FALSE', '0A000', 'SET AUTOCOMMIT = FALSE'],
  ["ATTACH '/tmp/x.db' AS x", '0A000', 'ATTACH'],
  ['EXPLAIN INSERT OVERWRITE people SELECT 1, NULL', '0A000', 'EXPLAIN of anything but a query'],
  ["CREATE TABLE other USING CSV LOCATION '/x' OPTIONS (header = true)", '0A000', 'CREATE TABLE without columns'],
  ['CREATE TABLE IF NOT EXISTS main.default.other', '0A000', 'CREATE TABLE without columns'],
  ['CREATE TABLE numbered (id BIGINT GENERATED ALWAYS AS IDENTITY)', '0A000', 'identity column'],
  ['SELECT * FROM people VERSION AS OF 1', '0A000', 'Time travel'],
  ["SELECT from_json('{}', 'a INT')", '0A000', 'from_json()'],
  ["SELECT * FROM read_text('/etc/passwd')", '42883', '[UNRESOLVED_ROUTINE]'],
  ["SELECT * FROM read_csv('/etc/hosts')", '42883', '[UNRESOLVED_ROUTINE]'],
  ["SELECT * FROM glob('/*')", '42883', '[UNRESOLVED_ROUTINE]'],
  ["SELECT * FROM '/etc/passwd'", '42', ''],
];

describe('SQL dialect', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness();
    await it_.rows('CREATE TABLE people (id INT, name STRING)');
    await it_.rows("INSERT INTO TABLE people VALUES (1, 'Ada'), (2, 'Grace'), (3, 'Edgar')");
    await it_.rows('CREATE TABLE strict (x INT NOT NULL)');
  });
  after(() => it_.close());

  for (const [sql, expected] of ANSWERS) {
    it(`answers ${sql}`, async () => {
      const rows = await it_.rows(sql);
      if (expected !== undefined) expect(JSON.parse(JSON.stringify(rows))).to.deep.equal(expected);
      else expect(rows).to.not.be.empty;
    });
  }

  for (const [sql, sqlState, message] of FAILURES) {
    it(`refuses ${sql || 'an empty statement'} with ${sqlState}`, async () => {
      const failure = await it_.failure(sql);
      expect(failure.message).to.contain(message);
      expect(failure.sqlState?.startsWith(sqlState), failure.sqlState).to.equal(true);
    });
  }

  it('shows a statement that it cannot read, with a mark where', async () => {
    const failure = await it_.failure('SELECT id\nFROM FROM people\nWHERE 1');
    expect(failure.message).to.contain(
      "Syntax error at or near 'FROM'. SQLSTATE: 42601 (line 2, pos 5)\n\n" +
        '== SQL ==\nSELECT id\nFROM FROM people\n-----^^^\nWHERE 1',
    );
    for (const sql of ['SHOW TABLES IN here there', "SELECT 'open", 'SELECT 1; SELECT 2']) {
      expect((await it_.failure(sql)).message)
        .to.match(/== SQL ==\n[^]+$/)
        .that.contains(sql);
    }
    const long = await it_.failure(`SELECT FROM FROM ${' '.repeat(4_000)} people`);
    expect(long.message).to.contain('(line 1, pos ').and.not.contain('== SQL ==');
  });
});
