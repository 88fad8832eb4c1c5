import { expect } from 'chai';
import { harness, type Harness } from './drivers';

const rowsOf = (rows: readonly Record<string, unknown>[]): unknown[][] => rows.map((row) => Object.values(row));

describe('what is noted of tables and views', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness();
    await it_.rows(
      "CREATE TABLE notes (id BIGINT NOT NULL COMMENT 'the id', a ARRAY<STRUCT<x: INT, y: STRING>>, v VARCHAR(10) COMMENT 'wide', " +
        "d DECIMAL(10,2), CONSTRAINT notes_key PRIMARY KEY (id)) USING DELTA PARTITIONED BY (d) COMMENT 'it''s all' " +
        "TBLPROPERTIES ('x.y' = '1', z.w = true)",
    );
    await it_.rows(
      "CREATE OR REPLACE VIEW seen (id COMMENT 'of notes', wide) COMMENT 'a view' TBLPROPERTIES ('k' = 'v') AS (SELECT id, v FROM notes)",
    );
  });
  after(() => it_.close());

  const json = async (table: string): Promise<Record<string, unknown>> => {
    const [row] = await it_.rows(`DESCRIBE TABLE EXTENDED ${table} AS JSON`);
    return JSON.parse(String(row?.['json_metadata'])) as Record<string, unknown>;
  };
  const details = async (table: string): Promise<Record<string, unknown>> => {
    const rows = await it_.rows(`DESCRIBE EXTENDED ${table}`);
    return Object.fromEntries(rows.map((row) => [row['col_name'], row['data_type']]));
  };

  it('is in the information schema, in the columns of Databricks', async () => {
    const where = "WHERE table_schema = 'default' AND table_name IN ('notes', 'seen') ORDER BY table_name";
    const tables = `SELECT table_name, table_type, table_owner, comment, data_source_format, created IS NULL AS unknown FROM system.information_schema.tables ${where}`;
    const owner = 'default@example.com';
    expect(rowsOf(await it_.rows(tables))).to.deep.equal([
      ['notes', 'MANAGED', owner, "it's all", 'DELTA', false],
      ['seen', 'VIEW', owner, 'a view', 'UNKNOWN_DATA_SOURCE_FORMAT', false],
    ]);
    const columns = `SELECT column_name, full_data_type, is_nullable, comment FROM main.information_schema.columns WHERE table_name = 'notes' ORDER BY ordinal_position`;
    expect(rowsOf(await it_.rows(columns))).to.deep.equal([
      ['id', 'bigint', 'NO', 'the id'],
      ['a', 'array<struct<x:int,y:string>>', 'YES', null],
      ['v', 'varchar(10)', 'YES', 'wide'],
      ['d', 'decimal(10,2)', 'YES', null],
    ]);
    const views = "SELECT view_definition FROM information_schema.views WHERE table_name = 'seen'";
    expect(rowsOf(await it_.rows(views))).to.deep.equal([['(SELECT id, v FROM notes)']]);
  });

  it('nobody changes the information schema', async () => {
    for (const sql of [
      "INSERT INTO information_schema.tables (table_name) VALUES ('x')",
      'DROP TABLE main.information_schema.tables',
      'CREATE TABLE information_schema.mine (a INT)',
      'DELETE FROM system.information_schema.columns',
    ]) {
      expect((await it_.failure(sql)).sqlState, sql).to.equal('0A000');
    }
    expect((await it_.failure('SELECT * FROM information_schema.nope')).sqlState).to.equal('42P01');
    expect((await it_.failure('SELECT * FROM nowhere.information_schema.tables')).sqlState).to.equal('42P01');
  });

  it('keys, tags and masks are there by their views', async () => {
    await it_.rows('CREATE TABLE child (id BIGINT, parent BIGINT, FOREIGN KEY (parent) REFERENCES notes (id))');
    const used =
      "SELECT column_name, ordinal_position FROM information_schema.key_column_usage WHERE table_name = 'notes'";
    expect(rowsOf(await it_.rows(used))).to.deep.equal([['id', 1]]);
    const referring =
      'SELECT c.table_name, u.table_name AS parent FROM information_schema.referential_constraints r ' +
      'JOIN information_schema.table_constraints c ON c.constraint_name = r.constraint_name ' +
      'JOIN information_schema.key_column_usage u ON u.constraint_name = r.unique_constraint_name';
    expect(rowsOf(await it_.rows(referring))).to.deep.equal([['child', 'notes']]);
    expect(await it_.rows('SELECT column_name, mask_name FROM information_schema.column_masks')).to.deep.equal([]);
    await it_.rows("ALTER TABLE notes SET TAGS ('team' = 'sales', 'old' = '1')");
    await it_.rows("ALTER TABLE notes UNSET TAGS ('old')");
    await it_.rows("ALTER TABLE notes ALTER COLUMN v SET TAGS ('pii' = 'yes')");
    const tags = 'SELECT table_name, tag_name, tag_value FROM system.information_schema.table_tags';
    expect(rowsOf(await it_.rows(tags))).to.deep.equal([['notes', 'team', 'sales']]);
    const ofColumns = 'SELECT column_name, tag_name, tag_value FROM information_schema.column_tags';
    expect(rowsOf(await it_.rows(ofColumns))).to.deep.equal([['v', 'pii', 'yes']]);
  });

  it('DESCRIBE … AS JSON tells types in their parts', async () => {
    const table = await json('main.default.notes');
    expect(table).to.deep.include({ table_name: 'notes', catalog_name: 'main', schema_name: 'default' });
    expect(table).to.deep.include({
      type: 'MANAGED',
      provider: 'delta',
      comment: "it's all",
      partition_columns: ['d'],
    });
    expect(table['table_properties']).to.deep.equal({ 'x.y': '1', 'z.w': 'true' });
    const text = { name: 'string', collation: 'UTF8_BINARY' };
    const fields = [
      { name: 'x', type: { name: 'int' }, nullable: true },
      { name: 'y', type: text, nullable: true },
    ];
    expect(table['columns']).to.deep.equal([
      { name: 'id', type: { name: 'bigint' }, nullable: false, comment: 'the id' },
      {
        name: 'a',
        type: { name: 'array', element_type: { name: 'struct', fields }, element_nullable: true },
        nullable: true,
      },
      { name: 'v', type: { name: 'varchar', length: 10 }, nullable: true, comment: 'wide' },
      { name: 'd', type: { name: 'decimal', precision: 10, scale: 2 }, nullable: true },
    ]);
    expect(await json('seen')).to.deep.include({ type: 'VIEW', view_text: '(SELECT id, v FROM notes)' });
    await it_.rows('CREATE TEMPORARY VIEW passing AS SELECT 1 AS one');
    expect((await json('passing'))['columns']).to.deep.equal([{ name: 'one', type: { name: 'int' }, nullable: true }]);
  });

  it('DESCRIBE EXTENDED and SHOW TABLE EXTENDED tell it in lines', async () => {
    expect(await details('notes')).to.include({ Type: 'MANAGED', Provider: 'delta', Comment: "it's all" });
    expect(await details('notes')).to.include({ notes_key: 'PRIMARY KEY (`id`)' });
    expect(Object.values(await details('child'))).to.include(
      'FOREIGN KEY (`parent`) REFERENCES `main`.`default`.`notes` (`id`)',
    );
    expect(await details('seen')).to.include({ Type: 'VIEW', 'View Text': '(SELECT id, v FROM notes)' });
    const rows = await it_.rows("SHOW TABLE EXTENDED IN main.default LIKE 'not*|seen'");
    expect(rows.map(({ tableName }) => tableName)).to.deep.equal(['notes', 'seen']);
    expect(rows[0]?.['information']).to.include('Type: MANAGED\n').and.to.include(' |-- d: decimal(10,2) (nullable');
    const { sqlState } = await it_.failure("SHOW TABLE EXTENDED IN main.nowhere LIKE '*'");
    expect(sqlState).to.equal('42704');
  });

  it('properties are shown, changed and taken away', async () => {
    expect(rowsOf(await it_.rows('SHOW TBLPROPERTIES seen'))).to.deep.equal([['k', 'v']]);
    await it_.rows("ALTER VIEW seen SET TBLPROPERTIES ('k' = 'w', more = 2)");
    await it_.rows("ALTER VIEW seen UNSET TBLPROPERTIES IF EXISTS ('k')");
    expect(rowsOf(await it_.rows('SHOW TBLPROPERTIES seen'))).to.deep.equal([['more', '2']]);
    expect(rowsOf(await it_.rows("SHOW TBLPROPERTIES seen ('k')"))[0]?.[1]).to.include('does not have property: k');
    expect((await it_.failure('SHOW TBLPROPERTIES nowhere')).sqlState).to.equal('42P01');
  });

  it('comments change without the declared type of a column being forgotten', async () => {
    await it_.rows("COMMENT ON TABLE notes IS 'new'");
    await it_.rows("COMMENT ON COLUMN main.default.notes.v IS 'newer'");
    await it_.rows("ALTER TABLE notes ALTER COLUMN d COMMENT 'money'");
    const table = await json('notes');
    expect(table['comment']).to.equal('new');
    expect(table['columns']).to.deep.include({
      name: 'v',
      type: { name: 'varchar', length: 10 },
      nullable: true,
      comment: 'newer',
    });
    expect(rowsOf(await it_.rows('DESCRIBE notes')).at(-1)).to.deep.equal(['d', 'decimal(10,2)', 'money']);
    await it_.rows('COMMENT ON COLUMN notes.v IS NULL');
    expect(rowsOf(await it_.rows('DESCRIBE notes'))[2]).to.deep.equal(['v', 'varchar(10)', null]);
    expect((await it_.failure("COMMENT ON COLUMN notes.nope IS 'x'")).sqlState).to.equal('42703');
  });

  it('a comment cannot pass for what is kept', async () => {
    await it_.rows("COMMENT ON TABLE notes IS '\u0001{}\u0001forged'");
    await it_.rows("COMMENT ON COLUMN notes.d IS '\u0001int\u0001forged'");
    expect(await json('notes')).to.deep.include({ comment: '{}forged', owner: 'default@example.com' });
    expect(rowsOf(await it_.rows('DESCRIBE notes')).at(-1)).to.deep.equal(['d', 'decimal(10,2)', 'intforged']);
  });

  it('IF NOT EXISTS leaves the notes of what is there', async () => {
    await it_.rows("CREATE TABLE IF NOT EXISTS seen_again (a INT) COMMENT 'first'");
    await it_.rows("CREATE TABLE IF NOT EXISTS seen_again (a INT) COMMENT 'second'");
    expect((await json('seen_again'))['comment']).to.equal('first');
  });
});

describe('a session in a schema that is not there', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness();
  });
  after(() => it_.close());

  it('opens, makes the schema and then works in it', async () => {
    const session = await it_.client.openSession({ initialCatalog: 'main', initialSchema: 'later' });
    const rows = async (sql: string): Promise<unknown[]> => {
      const operation = await session.executeStatement(sql);
      return operation.fetchAll();
    };
    const failure = async (sql: string): Promise<string> =>
      rows(sql).then(
        () => 'succeeded',
        (error: unknown) => String(error),
      );
    expect(await rows('SELECT current_schema() AS s')).to.deep.equal([{ s: 'later' }]);
    expect(await failure('CREATE TABLE t (a INT)')).to.include('SCHEMA_NOT_FOUND');
    expect(await failure('SELECT * FROM t')).to.include('TABLE_OR_VIEW_NOT_FOUND');
    expect(await rows('CREATE TABLE main.default.elsewhere (a INT)')).to.deep.equal([]);
    await rows('CREATE SCHEMA IF NOT EXISTS main.later');
    await rows('CREATE TABLE t (a INT)');
    await rows('INSERT INTO t VALUES (1)');
    expect(await rows('SELECT a FROM main.later.t')).to.deep.equal([{ a: 1 }]);
    await rows('DROP SCHEMA main.later CASCADE');
    expect(await rows('SELECT 1 AS still')).to.deep.equal([{ still: 1 }]);
    await session.close();
  });

  it('INSERT … BY NAME finds the columns by their names', async () => {
    await it_.rows('CREATE TABLE named (a INT, b STRING, c DOUBLE)');
    await it_.rows("INSERT INTO named BY NAME SELECT 'x' AS b, 3 AS a");
    expect(await it_.rows('SELECT * FROM named')).to.deep.equal([{ a: 3, b: 'x', c: null }]);
    expect((await it_.failure('INSERT INTO named BY NAME SELECT 1 AS nope')).sqlState).to.equal('42KDG');
    await it_.rows('INSERT OVERWRITE named BY NAME SELECT c, a + 1 AS a FROM named');
    expect(await it_.rows('SELECT * FROM named')).to.deep.equal([{ a: 4, b: null, c: null }]);
  });

  it('INSERT … REPLACE ON and USING are refused by name', async () => {
    await it_.rows('CREATE TABLE replaced (a INT)');
    for (const sql of [
      'INSERT INTO TABLE replaced AS t REPLACE ON (t.a <=> s.a) (SELECT 1 AS a) AS s',
      'INSERT INTO replaced REPLACE USING (a) SELECT 1 AS a',
    ]) {
      expect(await it_.failure(sql), sql).to.include({ sqlState: '0A000' });
    }
  });
});
