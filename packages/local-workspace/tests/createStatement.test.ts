import { expect } from 'chai';
import { harness, type Harness } from './drivers';
import { RestClient } from './rest';

describe('SHOW CREATE TABLE', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness();
    await it_.rows(
      "CREATE TABLE made (id BIGINT NOT NULL COMMENT 'the id', name STRING DEFAULT 'it\\'s (a, b)' NOT NULL, d DECIMAL(10,2) DEFAULT -1, " +
        "ts TIMESTAMP DEFAULT current_timestamp() COMMENT 'a \\\\ and a \\'', g BIGINT COMMENT 'next' GENERATED ALWAYS AS (id + 1), " +
        'CONSTRAINT made_key PRIMARY KEY (id), CONSTRAINT `c-d` CHECK (d < 100)) ' +
        "PARTITIONED BY (d) COMMENT 'it''s all' TBLPROPERTIES ('x.y' = '1', a = true)",
    );
  });
  after(() => it_.close());

  const shown = async (name: string): Promise<string> =>
    String((await it_.rows(`SHOW CREATE TABLE ${name}`))[0]?.['createtab_stmt']);
  const described = async (name: string): Promise<unknown[]> =>
    (await it_.rows(`DESCRIBE EXTENDED ${name}`)).filter((row) => row['col_name'] !== 'Created Time');

  const MADE = [
    'CREATE TABLE main.default.made (',
    "  id BIGINT NOT NULL COMMENT 'the id',",
    "  name STRING NOT NULL DEFAULT 'it\\'s (a, b)',",
    '  d DECIMAL(10,2) DEFAULT -1,',
    "  ts TIMESTAMP DEFAULT current_timestamp() COMMENT 'a \\\\ and a \\'',",
    "  g BIGINT GENERATED ALWAYS AS (id + 1) COMMENT 'next',",
    '  CONSTRAINT `made_key` PRIMARY KEY (`id`),',
    '  CONSTRAINT `c-d` CHECK (d < 100))',
    'USING delta',
    'PARTITIONED BY (d)',
    "COMMENT 'it\\'s all'",
    'TBLPROPERTIES (',
    "  'a' = 'true',",
    "  'x.y' = '1')",
  ].join('\n');

  it('writes a table as Databricks does, by Thrift and by the Statement Execution API', async () => {
    expect(await it_.rows('SHOW CREATE TABLE default.made')).to.deep.equal([{ createtab_stmt: MADE }]);
    const answer = await new RestClient(it_.workspace).execute('SHOW CREATE TABLE main.default.made');
    expect(answer.manifest?.schema.columns).to.deep.equal([
      { name: 'createtab_stmt', type_text: 'STRING', type_name: 'STRING', position: 0 },
    ]);
    expect(answer.result?.data_array).to.deep.equal([[MADE]]);
  });

  const TABLES: readonly string[] = [
    'CREATE TABLE again (id INT, made_id BIGINT, CONSTRAINT of_made FOREIGN KEY (made_id) REFERENCES made (id)) CLUSTER BY (id, made_id)',
    'CREATE TABLE again (`1a` INT, `a b` INT, `select` INT, `x``y` STRUCT<`c d`: INT, e: ARRAY<MAP<STRING, DATE>>> COMMENT "of `x`", `2` INT)',
    'CREATE TABLE again (a INTERVAL DAY TO SECOND, b INTERVAL YEAR, c VARIANT, d TIMESTAMP_NTZ, e VARCHAR(10), f CHAR(3), h BINARY, i TINYINT, j FLOAT)',
    "CREATE TABLE again (d DATE DEFAULT DATE'2024-01-02', b BOOLEAN DEFAULT true NOT NULL, s STRING DEFAULT NULL COMMENT 'none', CHECK (b OR d IS NULL))",
    "CREATE TABLE again USING delta COMMENT 'of a query' AS SELECT 1 AS a, array('x') AS b",
    "CREATE VIEW again (id COMMENT 'of made', other) COMMENT 'it''s a view' TBLPROPERTIES ('k' = 'v') AS SELECT id, name FROM made WHERE name <> 'x'",
  ];
  for (const sql of TABLES) {
    it(`answers what makes the same again: ${sql.slice(0, 60)}`, async () => {
      await it_.rows(sql);
      const [text, before] = [await shown('again'), await described('again')];
      await it_.rows(`DROP ${sql.startsWith('CREATE VIEW') ? 'VIEW' : 'TABLE'} again`);
      await it_.rows(text);
      expect(await shown('again')).to.equal(text);
      expect(await described('again')).to.deep.equal(before);
      await it_.rows(`DROP ${sql.startsWith('CREATE VIEW') ? 'VIEW' : 'TABLE'} again`);
    });
  }

  it('keeps what the made table does: defaults, generated columns, checks', async () => {
    await it_.rows((await shown('made')).replace('main.default.made', 'remade'));
    await it_.rows('INSERT INTO remade (id) VALUES (1)');
    expect(await it_.rows('SELECT id, name, d, g, ts IS NULL AS timeless FROM remade')).to.deep.equal([
      { id: 1, name: "it's (a, b)", d: -1, g: 2, timeless: false },
    ]);
    expect((await it_.failure('INSERT INTO remade (id, d) VALUES (2, 100)')).sqlState).to.equal('23001');
    expect((await it_.failure('INSERT INTO remade (id) VALUES (1)')).sqlState).to.equal('23001');
  });

  it('a column that is declared with the partitions is the last of the table', async () => {
    await it_.rows(
      "CREATE TABLE parts (id INT, a ARRAY<INT>) PARTITIONED BY (state VARCHAR(2) COMMENT 'two', n DECIMAL(3, 1)) COMMENT 'all'",
    );
    expect(await shown('parts')).to.equal(
      "CREATE TABLE main.default.parts (\n  id INT,\n  a ARRAY<INT>,\n  state VARCHAR(2) COMMENT 'two',\n  n DECIMAL(3,1))\n" +
        "USING delta\nPARTITIONED BY (state, n)\nCOMMENT 'all'",
    );
    await it_.rows("INSERT INTO parts VALUES (1, array(2), 'CA', 1.5)");
    expect(await it_.rows('SHOW PARTITIONS parts')).to.deep.equal([{ state: 'CA', n: 1.5 }]);
  });

  it('writes a view with its query', async () => {
    await it_.rows("CREATE VIEW seen (id COMMENT 'of made') AS SELECT id FROM made");
    expect(await shown('seen')).to.equal(
      "CREATE VIEW main.default.seen (\n  id COMMENT 'of made')\nWITH SCHEMA COMPENSATION\nAS SELECT id FROM made",
    );
  });

  it('a comment leaves the default of its column', async () => {
    await it_.rows("CREATE TABLE commented (a INT DEFAULT 4, v VARCHAR(3) DEFAULT 'v')");
    await it_.rows("COMMENT ON COLUMN commented.a IS 'four'");
    await it_.rows("ALTER TABLE commented ALTER COLUMN v COMMENT 'five\u0002six'");
    expect(await shown('commented')).to.include(
      "(\n  a INT DEFAULT 4 COMMENT 'four',\n  v VARCHAR(3) DEFAULT 'v' COMMENT 'fivesix')",
    );
  });

  it('refuses what it does not write', async () => {
    await it_.rows('CREATE TEMPORARY VIEW passing AS SELECT 1 AS a');
    expect(await it_.failure('SHOW CREATE TABLE passing')).to.deep.include({ sqlState: '0A000' });
    expect((await it_.failure('SHOW CREATE TABLE passing')).message).to.include('ON_TEMPORARY_VIEW');
    expect((await it_.failure('SHOW CREATE TABLE made AS SERDE')).message).to.include('AS SERDE');
    expect((await it_.failure('SHOW CREATE TABLE nowhere')).sqlState).to.equal('42P01');
    expect((await it_.failure('SHOW CREATE TABLE made nonsense')).sqlState).to.equal('42601');
  });
});
