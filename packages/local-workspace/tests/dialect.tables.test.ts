import { expect } from 'chai';
import { harness, type Harness } from './drivers';

describe('SQL dialect: what makes and changes tables', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness();
  });
  after(() => it_.close());

  it('creates Delta tables with every clause that has no effect here', async () => {
    await it_.rows(
      "CREATE TABLE IF NOT EXISTS full (id BIGINT NOT NULL COMMENT 'the id', a STRING, d DECIMAL(10,2), ts TIMESTAMP, " +
        'n TIMESTAMP_NTZ, l ARRAY<STRUCT<x: INT>>, m MAP<STRING, INT>, v VARIANT, b BINARY, ' +
        'CONSTRAINT pk PRIMARY KEY (id) NOT ENFORCED) ' +
        "USING DELTA PARTITIONED BY (a) COMMENT 'all of it' TBLPROPERTIES ('delta.appendOnly' = 'true')",
    );
    const described = await it_.rows('DESCRIBE full');
    expect(described.map((row) => row['data_type'])).to.deep.equal([
      'bigint',
      'string',
      'decimal(10,2)',
      'timestamp',
      'timestamp_ntz',
      'array<struct<x:int>>',
      'map<string,int>',
      'variant',
      'binary',
      // The partitions.
      '',
      'data_type',
      'string',
    ]);
  });

  it('moves between catalogs and schemas, and creates and drops them', async () => {
    await it_.rows('CREATE CATALOG IF NOT EXISTS lab');
    await it_.rows('CREATE SCHEMA lab.tests');
    await it_.rows('USE CATALOG lab');
    await it_.rows('USE SCHEMA tests');
    await it_.rows('CREATE TABLE t AS SELECT 1 AS x');
    expect(await it_.rows('SELECT x FROM lab.tests.t')).to.deep.equal([{ x: 1 }]);
    await it_.rows('USE main.default');
    expect(await it_.rows('SELECT x FROM lab.tests.t')).to.deep.equal([{ x: 1 }]);
    await it_.rows('DROP SCHEMA lab.tests CASCADE');
    await it_.rows('DROP CATALOG lab');
    expect((await it_.rows('SHOW CATALOGS')).map((row) => row['catalog'])).to.not.include('lab');
  });

  it('keeps temporary views to their session', async () => {
    await it_.rows('CREATE OR REPLACE TEMPORARY VIEW mine AS SELECT 42 AS x');
    expect(await it_.rows('SELECT x FROM mine')).to.deep.equal([{ x: 42 }]);
    const other = await it_.client.openSession();
    const operation = await other.executeStatement('SELECT x FROM mine');
    const error: unknown = await operation.fetchAll().catch((e: unknown) => e);
    expect(error).to.have.property('message').that.contains('TABLE_OR_VIEW_NOT_FOUND');
    await other.close();
  });

  it('goes on when the table of a temporary view is gone', async () => {
    const session = await it_.client.openSession();
    const run = async (sql: string): Promise<unknown> => (await session.executeStatement(sql)).fetchAll();
    await run('CREATE TABLE going AS SELECT 1 AS x');
    await run('CREATE TEMPORARY VIEW going_view AS SELECT x FROM going');
    await run('DROP TABLE going');
    await run('CREATE TEMPORARY VIEW staying AS SELECT 2 AS x');
    expect(await run('SELECT x FROM staying')).to.deep.equal([{ x: 2 }]);
    await session.close();
  });

  it('inserts values that are expressions', async () => {
    await it_.rows('CREATE OR REPLACE TABLE computed (a DOUBLE, t TIMESTAMP)');
    await it_.rows("INSERT INTO computed VALUES (7 / 2, TIMESTAMP '2024-01-01 00:00:00'), (1, current_timestamp())");
    expect(await it_.rows('SELECT a FROM computed WHERE t < current_timestamp() ORDER BY a DESC')).to.deep.equal([
      { a: 3.5 },
      { a: 1 },
    ]);
    expect((await it_.failure('INSERT INTO computed VALUES (1 / 0, NULL)')).sqlState).to.equal('22012');
  });

  it('inserts the defaults of columns', async () => {
    await it_.rows("CREATE TABLE filled (id INT, name STRING DEFAULT 'n', d DATE DEFAULT DATE'2024-01-02')");
    await it_.rows("INSERT INTO filled VALUES (1, DEFAULT, '2024-05-06'), (2, 'x', default)");
    await it_.rows('INSERT INTO filled (d, id) VALUES (DEFAULT, 3)');
    await it_.rows('UPDATE filled SET name = DEFAULT WHERE id = 2');
    expect(await it_.rows('SELECT id, name, CAST(d AS STRING) AS d FROM filled ORDER BY id')).to.deep.equal([
      { id: 1, name: 'n', d: '2024-05-06' },
      { id: 2, name: 'n', d: '2024-01-02' },
      { id: 3, name: 'n', d: '2024-01-02' },
    ]);
    expect((await it_.failure('INSERT INTO filled VALUES (DEFAULT)')).sqlState).to.equal('42802');
    expect((await it_.failure('INSERT OVERWRITE filled VALUES (1, DEFAULT, DEFAULT)')).message).to.contain(
      'DEFAULT in INSERT OVERWRITE is not supported',
    );
  });

  it('overwrites a table, also with rows made of its own', async () => {
    await it_.rows('CREATE OR REPLACE TABLE overwritten AS SELECT id FROM range(5)');
    expect(await it_.rows('INSERT OVERWRITE overwritten SELECT id + 10 FROM overwritten WHERE id > 2')).to.deep.equal([
      { num_affected_rows: 2, num_inserted_rows: 2 },
    ]);
    expect(await it_.rows('SELECT id FROM overwritten ORDER BY id')).to.deep.equal([{ id: 13 }, { id: 14 }]);
  });

  it('leaves a table as it was when its new rows do not fit', async () => {
    await it_.rows('CREATE TABLE strict (a INT NOT NULL, b STRING)');
    await it_.rows("INSERT INTO strict VALUES (1, 'x'), (2, 'y')");
    const before = await it_.rows('SELECT * FROM strict ORDER BY a');
    for (const [sql, sqlState] of [
      ["INSERT OVERWRITE strict SELECT NULL, 'z'", '23502'],
      ["INSERT INTO strict REPLACE WHERE b = 'x' SELECT NULL, 'x'", '23502'],
      ["INSERT INTO strict REPLACE WHERE b = 'x' VALUES (7, 'x'), (8, NULL)", '44000'],
    ] as const) {
      expect((await it_.failure(sql)).sqlState, sql).to.equal(sqlState);
      expect(await it_.rows('SELECT * FROM strict ORDER BY a'), sql).to.deep.equal(before);
    }
  });

  it('changes nothing for statements with clauses that Databricks does not know', async () => {
    await it_.rows('CREATE TABLE foreign_words (a INT)');
    await it_.rows('INSERT INTO foreign_words VALUES (1), (1)');
    for (const sql of [
      'INSERT INTO foreign_words VALUES (2) RETURNING a',
      'INSERT INTO foreign_words VALUES (2) ON CONFLICT DO NOTHING',
      'INSERT OR REPLACE INTO foreign_words VALUES (2)',
      'INSERT IGNORE INTO foreign_words VALUES (2)',
      'REPLACE INTO foreign_words VALUES (2)',
      'INSERT INTO foreign_words DEFAULT VALUES',
      'DELETE FROM foreign_words WHERE a = 1 LIMIT 1',
      'DELETE FROM foreign_words WHERE a = 1 RETURNING a',
      'DELETE FROM foreign_words USING people WHERE foreign_words.a = 1',
      'UPDATE foreign_words SET a = 2 WHERE a = 1 LIMIT 1',
      'UPDATE foreign_words SET a = 2 ORDER BY a',
      'UPDATE foreign_words SET a = 2 RETURNING a',
      'MERGE INTO foreign_words t USING (SELECT 1 AS a) s ON t.a = s.a WHEN MATCHED THEN DELETE RETURNING a',
    ]) {
      expect((await it_.failure(sql)).sqlState, sql).to.equal('42601');
    }
    expect(await it_.rows('SELECT count(*) AS n FROM foreign_words WHERE a = 1')).to.deep.equal([{ n: 2 }]);
  });

  it('refuses statements of Databricks that are not here by their names', async () => {
    await it_.rows('CREATE TABLE there (a INT)');
    for (const [sql, name] of [
      ['CREATE OR REPLACE TEMPORARY FUNCTION f(x INT) RETURNS INT RETURN x', 'CREATE FUNCTION'],
      ['CREATE OR REPLACE PROCEDURE p() LANGUAGE SQL AS BEGIN SELECT 1; END', 'CREATE PROCEDURE'],
      ['CREATE TEMPORARY TABLE gone (a INT)', 'CREATE TEMPORARY TABLE'],
      ["CREATE EXTERNAL TABLE gone (a INT) LOCATION 's3://b/x'", 'CREATE EXTERNAL TABLE'],
      ["CREATE SCHEMA gone WITH DBPROPERTIES ('a' = 'b')", 'CREATE SCHEMA … WITH DBPROPERTIES'],
      ['CREATE SCHEMA gone DEFAULT COLLATION UTF8_BINARY', 'CREATE SCHEMA … DEFAULT COLLATION'],
      ['CREATE TABLE gone (a BIGINT GENERATED BY DEFAULT AS IDENTITY (START WITH 5))', 'An identity column'],
      ['CREATE TABLE gone (a INT MASK f)', 'A column mask'],
      ['CREATE TABLE gone (a INT) WITH ROW FILTER f ON (a)', 'A row filter'],
      ['ALTER TABLE there ADD PARTITION (a = 1)', 'ALTER TABLE … PARTITION'],
      ["ALTER TABLE there SET LOCATION '/x'", 'ALTER TABLE … SET LOCATION'],
      ['ALTER TABLE there ALTER COLUMN a DROP IDENTITY', 'An identity column'],
      ['ALTER TABLE there ALTER COLUMN a SET MASK f', 'A column mask'],
      ['TRUNCATE TABLE there PARTITION (a = 1)', 'TRUNCATE TABLE … PARTITION'],
      ['INSERT WITH SCHEMA EVOLUTION INTO there SELECT 1', 'INSERT WITH SCHEMA EVOLUTION'],
      ['WITH c AS (SELECT 1 AS a) INSERT INTO there SELECT * FROM c', 'WITH before INSERT'],
      ["INSERT OVERWRITE DIRECTORY '/x' SELECT 1", 'INSERT OVERWRITE DIRECTORY'],
      ['SELECT * FROM there@v0', 'Time travel'],
      [
        'WITH RECURSIVE r(n) MAX RECURSION LEVEL 5 AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 4) SELECT * FROM r',
        'MAX RECURSION LEVEL',
      ],
    ] as const) {
      const { sqlState, message } = await it_.failure(sql);
      expect([sqlState, message.includes(`] ${name}`)], `${sql}: ${message}`).to.deep.equal(['0A000', true]);
    }
  });

  it('keeps no text that is longer than its column is wide', async () => {
    await it_.rows('CREATE TABLE narrow (k INT, v VARCHAR(3))');
    await it_.rows("INSERT INTO narrow VALUES (1, 'abc'), (2, NULL)");
    const longer = "USING (SELECT 1 AS k, 'abcd' AS v) s ON t.k = s.k WHEN MATCHED THEN UPDATE SET";
    for (const sql of [
      "INSERT INTO narrow SELECT 3, 'abcd'",
      "INSERT INTO narrow (v, k) VALUES ('abcd', DEFAULT)",
      "INSERT INTO narrow BY NAME SELECT 'abcd' AS v",
      "UPDATE narrow SET v = concat(v, 'd')",
      `MERGE INTO narrow t ${longer} t.v = s.v`,
      `MERGE INTO narrow t ${longer} *`,
    ]) {
      expect((await it_.failure(sql)).sqlState, sql).to.equal('22001');
    }
    expect(await it_.rows('SELECT * FROM narrow ORDER BY k')).to.deep.equal([
      { k: 1, v: 'abc' },
      { k: 2, v: null },
    ]);
  });

  it('replaces rows under the key that they have', async () => {
    await it_.rows('CREATE TABLE keyed (a INT NOT NULL PRIMARY KEY, b STRING)');
    await it_.rows("INSERT INTO keyed VALUES (1, 'x'), (2, 'y')");
    await it_.rows("INSERT OVERWRITE keyed VALUES (1, 'z')");
    expect(await it_.rows("INSERT INTO keyed REPLACE WHERE a = 1 VALUES (1, 'q')")).to.deep.equal([
      { num_affected_rows: 1, num_inserted_rows: 1 },
    ]);
    expect(await it_.rows('SELECT * FROM keyed')).to.deep.equal([{ a: 1, b: 'q' }]);
  });

  it('updates tables by names with words of the language in them', async () => {
    await it_.rows('CREATE SCHEMA main.order');
    await it_.rows("CREATE TABLE main.order.select AS SELECT 1 AS id, 'a' AS s");
    await it_.rows("UPDATE main.order.select SET s = 'b' WHERE id = 1");
    await it_.rows("UPDATE order.select AS t SET t.s = concat(t.s, 'c') WHERE t.id = 1");
    expect(await it_.rows('SELECT s FROM main.order.select')).to.deep.equal([{ s: 'bc' }]);
    await it_.rows('CREATE TABLE updated AS SELECT 1 AS id');
    for (const name of ['main.default.updated', 'default.updated', '`default`.updated', 'updated']) {
      await it_.rows(`UPDATE ${name} SET id = id + 1`);
    }
    expect(await it_.rows('SELECT id FROM updated')).to.deep.equal([{ id: 5 }]);
    await it_.rows('UPDATE main.default.updated SET default.updated.id = DEFAULT');
    expect(await it_.rows('SELECT id FROM updated')).to.deep.equal([{ id: null }]);
    await it_.rows('CREATE TABLE nested AS SELECT named_struct("x", 1) AS s');
    expect((await it_.failure('UPDATE nested SET s.x = 2')).sqlState).to.equal('0A000');
    expect((await it_.failure('UPDATE nested SET other.s = 2')).sqlState).to.equal('42703');
  });

  it('takes the names of the parameters of Databricks SQL in any case, and knows what holds before they are set', async () => {
    const session = await it_.client.openSession({ configuration: { ANSI_MODE: 'TRUE', 'spark.sql.Kept': '1' } });
    const shown = async (sql: string): Promise<unknown> => (await session.executeStatement(sql)).fetchAll();
    expect(await shown('SET ansi_mode')).to.deep.equal([{ key: 'ansi_mode', value: 'TRUE' }]);
    expect(await shown('SET spark.sql.kept')).to.deep.equal([{ key: 'spark.sql.kept', value: '<undefined>' }]);
    await shown('SET Ansi_Mode = true');
    expect(await shown('SET')).to.deep.equal([
      { key: 'ANSI_MODE', value: 'true' },
      { key: 'spark.sql.Kept', value: '1' },
    ]);
    await shown('RESET ansi_mode');
    expect(await shown('SET ANSI_MODE')).to.deep.equal([{ key: 'ANSI_MODE', value: 'true' }]);
    expect(await shown('SET AUTOCOMMIT')).to.deep.equal([{ key: 'AUTOCOMMIT', value: 'true' }]);
    expect(await shown('SET AUTOCOMMIT = TRUE')).to.deep.equal([{ key: 'AUTOCOMMIT', value: 'TRUE' }]);
    await session.close();
  });

  it('alters tables', async () => {
    await it_.rows('CREATE OR REPLACE TABLE altered (a INT, b INT)');
    await it_.rows("ALTER TABLE altered ADD COLUMNS (c STRING COMMENT 'the c', d TIMESTAMP)");
    await it_.rows('ALTER TABLE altered ADD COLUMN e DOUBLE');
    await it_.rows("ALTER TABLE altered SET TBLPROPERTIES ('x' = 'y')");
    await it_.rows('ALTER TABLE altered DROP COLUMN b');
    await it_.rows('ALTER TABLE altered RENAME COLUMN a TO first');
    await it_.rows('ALTER TABLE altered RENAME TO altered_too');
    expect(
      (await it_.rows('DESCRIBE altered_too')).map((row) => `${String(row['col_name'])} ${String(row['data_type'])}`),
    ).to.deep.equal(['first int', 'c string', 'd timestamp', 'e double']);
    await it_.rows('TRUNCATE TABLE altered_too');
    await it_.rows('DROP TABLE main.default.altered_too');
  });

  it('explains', async () => {
    const [row] = await it_.rows('EXPLAIN EXTENDED SELECT count(*) FROM range(3)');
    expect(row?.['plan']).to.be.a('string').that.is.not.empty;
  });

  it('merges', async () => {
    await it_.rows('CREATE OR REPLACE TABLE target AS SELECT 1 AS k, 10 AS v');
    await it_.rows(
      'MERGE INTO target USING (SELECT id AS k FROM range(1, 3)) s ON target.k = s.k ' +
        'WHEN MATCHED THEN UPDATE SET v = 11 WHEN NOT MATCHED THEN INSERT (k, v) VALUES (s.k, 20)',
    );
    expect(await it_.rows('SELECT k, v FROM target ORDER BY k')).to.deep.equal([
      { k: 1, v: 11 },
      { k: 2, v: 20 },
    ]);
  });

  it('merges from a query in its own dialect, with every clause', async () => {
    await it_.rows("CREATE OR REPLACE TABLE target AS SELECT id AS k, 'old' AS v FROM range(4)");
    await it_.rows(
      "MERGE INTO target AS t USING (SELECT explode(array(1, 2, 9)) AS k, if(true, 'new', '') AS v) AS s ON t.k = s.k " +
        'WHEN MATCHED AND s.k DIV 2 = 1 THEN DELETE WHEN MATCHED THEN UPDATE SET t.v = nvl(s.v, upper(t.v)) ' +
        'WHEN NOT MATCHED THEN INSERT (k, v) VALUES (s.k, :v) WHEN NOT MATCHED BY SOURCE AND t.k = 0 THEN DELETE',
      { namedParameters: { v: 'made' } },
    );
    expect(await it_.rows('SELECT k, v FROM target ORDER BY k')).to.deep.equal([
      { k: 1, v: 'new' },
      { k: 3, v: 'old' },
      { k: 9, v: 'made' },
    ]);
  });

  it('merges all columns by name', async () => {
    await it_.rows("CREATE OR REPLACE TABLE target AS SELECT id AS k, 'old' AS v FROM range(2)");
    await it_.rows("CREATE OR REPLACE TABLE source AS SELECT 'new' AS v, id + 1 AS k FROM range(2)");
    await it_.rows(
      'MERGE INTO target USING source ON target.k = source.k ' +
        'WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *',
    );
    expect(await it_.rows('SELECT k, v FROM target ORDER BY k')).to.deep.equal([
      { k: 0, v: 'old' },
      { k: 1, v: 'new' },
      { k: 2, v: 'new' },
    ]);
  });
});
