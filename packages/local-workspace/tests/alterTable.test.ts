import { expect } from 'chai';
import { harness, type Harness } from './drivers';

describe('changes of tables and views', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness();
  });
  after(() => it_.close());

  /** What is in the brackets of SHOW CREATE TABLE. */
  const inside = async (name: string): Promise<string[]> =>
    (await shown(name))
      .replace(/^[^(]*\(\n/, '')
      .replace(/\)\nUSING[^]*$/, '')
      .split(',\n')
      .map((line) => line.trim());
  const shown = async (name: string): Promise<string> =>
    String((await it_.rows(`SHOW CREATE TABLE ${name}`))[0]?.['createtab_stmt']);
  const failure = async (sql: string): Promise<[string | undefined, string | undefined]> => {
    const { sqlState, message } = await it_.failure(sql);
    return [sqlState, /\[([A-Z_.]+)\]/.exec(message)?.[1]];
  };
  const run = async (...statements: string[]): Promise<void> => {
    for (const sql of statements) expect(await it_.rows(sql), sql).to.deep.equal([]);
  };

  it('a CHECK is added when all rows meet it, holds from then on, and goes by its name', async () => {
    await it_.rows("CREATE TABLE checked (a INT, s STRING DEFAULT 's') COMMENT 'kept' TBLPROPERTIES ('k' = 'v')");
    await it_.rows('INSERT INTO checked (a) VALUES (1), (50)');
    await run("ALTER TABLE checked SET TAGS ('team' = 'x')");
    const before = await it_.rows('DESCRIBE DETAIL checked');
    expect(await failure('ALTER TABLE checked ADD CONSTRAINT small CHECK (a < 10)')).to.deep.equal([
      '23512',
      'DELTA_NEW_CHECK_CONSTRAINT_VIOLATION',
    ]);
    await run('ALTER TABLE checked ADD CONSTRAINT small CHECK (a < 100)');
    expect((await it_.failure('INSERT INTO checked (a) VALUES (100)')).sqlState).to.equal('23001');
    expect(await it_.rows('SELECT * FROM checked ORDER BY a')).to.deep.equal([
      { a: 1, s: 's' },
      { a: 50, s: 's' },
    ]);
    expect(await inside('checked')).to.deep.equal([
      'a INT',
      "s STRING DEFAULT 's'",
      'CONSTRAINT `small` CHECK (a < 100)',
    ]);
    expect(await shown('checked')).to.include("COMMENT 'kept'\nTBLPROPERTIES (\n  'k' = 'v')");
    expect((await it_.rows('DESCRIBE DETAIL checked'))[0]).to.include({ id: before[0]?.['id'] });
    const tags = "SELECT tag_name FROM information_schema.table_tags WHERE table_name = 'checked'";
    expect(await it_.rows(tags)).to.deep.equal([{ tag_name: 'team' }]);
    expect(await failure('ALTER TABLE checked ADD CONSTRAINT SMALL CHECK (a > 0)')).to.deep.equal([
      '42710',
      'DELTA_CONSTRAINT_ALREADY_EXISTS',
    ]);
    await run('ALTER TABLE checked DROP CONSTRAINT Small', 'ALTER TABLE checked DROP CONSTRAINT IF EXISTS small');
    await it_.rows('INSERT INTO checked (a) VALUES (100)');
    expect(await failure('ALTER TABLE checked DROP CONSTRAINT small')).to.deep.equal([
      '42704',
      'DELTA_CONSTRAINT_DOES_NOT_EXIST',
    ]);
    expect((await it_.rows('DESCRIBE HISTORY checked')).map(({ operation }) => operation)).to.deep.equal([
      'WRITE',
      'DROP CONSTRAINT',
      'ADD CONSTRAINT',
      'WRITE',
      'CREATE TABLE',
    ]);
  });

  it('keys are added and dropped', async () => {
    await run(
      'CREATE TABLE parent (id BIGINT, x INT)',
      'CREATE TABLE child (id BIGINT, parent BIGINT)',
      'ALTER TABLE parent ADD CONSTRAINT parent_key PRIMARY KEY (id) NOT ENFORCED RELY',
      'ALTER TABLE child ADD CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES parent (id)',
      'ALTER TABLE child ADD PRIMARY KEY (id)',
    );
    expect(await inside('parent')).to.include('CONSTRAINT `parent_key` PRIMARY KEY (`id`)');
    expect(await inside('child')).to.include.members([
      'CONSTRAINT `child_id_pk` PRIMARY KEY (`id`)',
      'CONSTRAINT `of_parent` FOREIGN KEY (`parent`) REFERENCES `main`.`default`.`parent` (`id`)',
    ]);
    expect((await it_.failure('ALTER TABLE parent DROP PRIMARY KEY')).sqlState).to.equal('0A000');
    await run(
      'ALTER TABLE child DROP FOREIGN KEY (parent)',
      'ALTER TABLE child DROP CONSTRAINT child_id_pk CASCADE',
      'ALTER TABLE parent DROP PRIMARY KEY',
      'ALTER TABLE parent DROP PRIMARY KEY IF EXISTS',
    );
    expect(await inside('child')).to.deep.equal(['id BIGINT NOT NULL', 'parent BIGINT']);
    expect(await failure('ALTER TABLE parent DROP PRIMARY KEY')).to.deep.equal([
      '42704',
      'DELTA_CONSTRAINT_DOES_NOT_EXIST',
    ]);
  });

  it('rows that do not fit a key leave the table as it was', async () => {
    await run('CREATE TABLE twice (a INT, b INT)');
    await it_.rows('INSERT INTO twice VALUES (1, 1), (1, 2)');
    expect((await it_.failure('ALTER TABLE twice ADD CONSTRAINT k PRIMARY KEY (a)')).sqlState).to.equal('23001');
    expect(await it_.rows('SELECT * FROM twice ORDER BY b')).to.deep.equal([
      { a: 1, b: 1 },
      { a: 1, b: 2 },
    ]);
    expect(await inside('twice')).to.deep.equal(['a INT', 'b INT']);
  });

  it('columns keep what they are declared with', async () => {
    await run(
      "CREATE TABLE wide (a INT, v VARCHAR(3) DEFAULT 'q' COMMENT 'vv', PRIMARY KEY (a)) PARTITIONED BY (a)",
      'ALTER TABLE wide RENAME COLUMN v TO w',
      "ALTER TABLE wide ALTER COLUMN w SET DEFAULT 'z'",
      "ALTER TABLE wide ADD COLUMNS (c INT COMMENT 'three', d VARCHAR(3))",
      "ALTER TABLE wide ADD COLUMN after STRING COMMENT 'five';",
    );
    const rest = ["c INT COMMENT 'three'", 'd VARCHAR(3)', "after STRING COMMENT 'five'"];
    const key = 'CONSTRAINT `wide_a_pkey` PRIMARY KEY (`a`)';
    const first = 'a INT NOT NULL';
    expect(await inside('wide')).to.deep.equal([first, "w VARCHAR(3) DEFAULT 'z' COMMENT 'vv'", ...rest, key]);
    await run('ALTER TABLE wide ALTER COLUMN w TYPE STRING', 'ALTER TABLE wide ALTER COLUMN d TYPE VARCHAR(9)');
    expect((await inside('wide')).slice(1, 4)).to.deep.equal([
      "w STRING DEFAULT 'z' COMMENT 'vv'",
      "c INT COMMENT 'three'",
      'd VARCHAR(9)',
    ]);
    await run('ALTER TABLE wide ALTER COLUMN w DROP DEFAULT');
    expect((await inside('wide'))[1]).to.equal("w STRING COMMENT 'vv'");
  });

  it('a renamed column is that by which a table is partitioned, clustered and tagged', async () => {
    await run(
      'CREATE TABLE parts (a INT, k INT, CONSTRAINT named PRIMARY KEY (a, k)) PARTITIONED BY (k)',
      "ALTER TABLE parts ALTER COLUMN k SET TAGS ('t' = '1')",
      'ALTER TABLE parts RENAME COLUMN k TO kk',
      'CREATE TABLE clustered (a INT) CLUSTER BY (a)',
      'ALTER TABLE clustered RENAME COLUMN a TO b',
    );
    expect(await shown('parts')).to.include(
      'CONSTRAINT `named` PRIMARY KEY (`a`, `kk`))\nUSING delta\nPARTITIONED BY (kk)',
    );
    expect(await shown('clustered')).to.include('CLUSTER BY (b)');
    const tags = "SELECT column_name FROM information_schema.column_tags WHERE table_name = 'parts'";
    expect(await it_.rows(tags)).to.deep.equal([{ column_name: 'kk' }]);
  });

  it('columns that checks and generated columns are made with stay as they are, as in Delta', async () => {
    await run('CREATE TABLE made (x INT, y INT, g INT GENERATED ALWAYS AS (x + 1), CONSTRAINT c CHECK (`y` > 0))');
    for (const sql of ['RENAME COLUMN y TO z', 'DROP COLUMN y', 'ALTER COLUMN y TYPE BIGINT', 'DROP COLUMNS (y)']) {
      expect(await failure(`ALTER TABLE made ${sql}`), sql).to.deep.equal([
        '42K09',
        'DELTA_CONSTRAINT_DEPENDENT_COLUMN_CHANGE',
      ]);
    }
    expect(await failure('ALTER TABLE made RENAME COLUMN x TO z')).to.deep.equal([
      '42K09',
      'DELTA_GENERATED_COLUMNS_DEPENDENT_COLUMN_CHANGE',
    ]);
  });

  it('columns move, and several go at once', async () => {
    await run('CREATE TABLE moved (a INT, b STRING, c INT, d INT)');
    await it_.rows("INSERT INTO moved VALUES (1, 'b', 3, 4)");
    await run('ALTER TABLE moved ALTER COLUMN c FIRST', 'ALTER TABLE moved ALTER COLUMN a AFTER b');
    expect(Object.entries((await it_.rows('SELECT * FROM moved'))[0] ?? {})).to.deep.equal(
      Object.entries({ c: 3, b: 'b', a: 1, d: 4 }),
    );
    await run('ALTER TABLE moved DROP COLUMNS (a, D)', 'ALTER TABLE moved DROP COLUMNS IF EXISTS (a)');
    expect(await inside('moved')).to.deep.equal(['c INT', 'b STRING']);
    const unknown = ['42703', 'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION'];
    for (const sql of ['DROP COLUMNS (b, a)', 'DROP COLUMN a', 'ALTER COLUMN a FIRST', 'RENAME COLUMN a TO z']) {
      expect(await failure(`ALTER TABLE moved ${sql}`), sql).to.deep.equal(unknown);
    }
    expect(await inside('moved')).to.deep.equal(['c INT', 'b STRING']);
    expect(await failure('ALTER TABLE moved ADD COLUMN b INT')).to.deep.equal(['42710', 'FIELD_ALREADY_EXISTS']);
  });

  it('a default may be made of several values', async () => {
    await run('CREATE TABLE computed (a INT, b INT DEFAULT 7 - 2 NOT NULL)', 'ALTER TABLE computed ADD COLUMN c INT');
    await run('ALTER TABLE computed ALTER COLUMN c SET DEFAULT 2 * 3');
    await it_.rows('INSERT INTO computed (a) VALUES (1)');
    expect(await it_.rows('SELECT * FROM computed')).to.deep.equal([{ a: 1, b: 5, c: 6 }]);
  });

  it('columns are added in their places, and all are said anew', async () => {
    await run("CREATE TABLE placed (a INT COMMENT 'one', b VARCHAR(5) DEFAULT 'x', CONSTRAINT pa CHECK (a > 0))");
    await it_.rows("INSERT INTO placed VALUES (1, 'b')");
    await run("ALTER TABLE placed ADD COLUMNS (y INT FIRST, z DATE COMMENT 'it' AFTER a, w INT AFTER z)");
    const items = ['y INT', "a INT COMMENT 'one'", "z DATE COMMENT 'it'", 'w INT', "b VARCHAR(5) DEFAULT 'x'"];
    expect(await inside('placed')).to.deep.equal([...items, 'CONSTRAINT `pa` CHECK (a > 0)']);
    expect(Object.entries((await it_.rows('SELECT * FROM placed'))[0] ?? {})).to.deep.equal(
      Object.entries({ y: null, a: 1, z: null, w: null, b: 'b' }),
    );
    for (const [sql, ...expected] of [
      ['ADD COLUMN q INT AFTER nope', '42704', 'FIELD_NOT_FOUND'],
      ['ADD COLUMNS (q INT, a INT FIRST)', '42710', 'FIELD_ALREADY_EXISTS'],
      ['ADD COLUMNS (q INT FIRST, q INT)', '42711', 'COLUMN_ALREADY_EXISTS'],
      ['REPLACE COLUMNS (a INT, q INT)', '0AKDC', 'DELTA_UNSUPPORTED_ALTER_TABLE_REPLACE_COL_OP'],
    ] as const) {
      expect(await failure(`ALTER TABLE placed ${sql}`), sql).to.deep.equal(expected);
    }
    expect(await inside('placed')).to.deep.equal([...items, 'CONSTRAINT `pa` CHECK (a > 0)']);
    await run('ALTER TABLE placed REPLACE COLUMNS (b VARCHAR(5), a INT, w INT, y INT, n STRING, z DATE)');
    expect(Object.entries((await it_.rows('SELECT * FROM placed'))[0] ?? {})).to.deep.equal(
      Object.entries({ b: 'b', a: 1, w: null, y: null, n: null, z: null }),
    );
    const [last] = await it_.rows('DESCRIBE HISTORY placed LIMIT 1');
    expect(last?.['operation']).to.equal('REPLACE COLUMNS');
  });

  it('clustering and owners change', async () => {
    await run('CREATE TABLE owned (a INT, b INT)', 'ALTER TABLE owned CLUSTER BY (b, a)');
    expect(await shown('owned')).to.include('CLUSTER BY (b, a)');
    await run('ALTER TABLE owned CLUSTER BY NONE', 'ALTER TABLE owned OWNER TO `new@example.com`');
    expect(await shown('owned')).to.not.include('CLUSTER BY');
    const rows = await it_.rows('DESCRIBE EXTENDED owned');
    const details = Object.fromEntries(rows.map((row) => [row['col_name'], row['data_type']] as [string, unknown]));
    expect(details).to.include({ Owner: 'new@example.com', 'Created By': 'default@example.com' });
    expect((await failure('ALTER TABLE owned CLUSTER BY (z)'))[0]).to.equal('42703');
    await run('CREATE TABLE split (a INT) PARTITIONED BY (a)');
    expect((await failure('ALTER TABLE split CLUSTER BY (a)'))[0]).to.equal('42000');
    expect((await failure('ALTER TABLE nowhere CLUSTER BY (a)'))[0]).to.equal('42P01');
  });

  it('a view gets another query or name and keeps its notes', async () => {
    await run(
      "CREATE VIEW view (one COMMENT 'c') COMMENT 'a view' TBLPROPERTIES ('k' = 'v') AS SELECT a FROM owned",
      'ALTER VIEW view AS SELECT a AS x, b FROM owned;',
      'ALTER VIEW view RENAME TO other_view',
    );
    expect(await shown('other_view')).to.equal(
      "CREATE VIEW main.default.other_view (\n  x,\n  b)\nCOMMENT 'a view'\nTBLPROPERTIES (\n  'k' = 'v')\n" +
        'WITH SCHEMA COMPENSATION\nAS SELECT a AS x, b FROM owned',
    );
    expect(await it_.rows('SELECT x, b FROM other_view')).to.deep.equal([]);
    const arity = 'CREATE_VIEW_COLUMN_ARITY_MISMATCH';
    expect(await failure('CREATE VIEW bad (a, b) AS SELECT 1')).to.deep.equal([
      '21S01',
      `${arity}.NOT_ENOUGH_DATA_COLUMNS`,
    ]);
    expect(await failure('CREATE VIEW bad (a) AS SELECT 1, 2')).to.deep.equal([
      '21S01',
      `${arity}.TOO_MANY_DATA_COLUMNS`,
    ]);
    expect((await failure('ALTER VIEW owned AS SELECT 1 AS a'))[0]).to.equal('42809');
    expect((await failure('ALTER VIEW nowhere RENAME TO x'))[0]).to.equal('42P01');
    expect((await failure('ALTER TABLE other_view ADD CONSTRAINT c CHECK (x > 0)'))[0]).to.equal('42809');
  });
});
