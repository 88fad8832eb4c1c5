import { expect } from 'chai';
import { harness, type Harness } from './drivers';

describe('variables of a session', () => {
  let it_: Harness;
  const one = async (sql: string): Promise<unknown> => Object.values((await it_.rows(sql))[0] ?? {})[0];
  const state = async (sql: string): Promise<string | undefined> => (await it_.failure(sql)).sqlState;

  before(async () => {
    it_ = await harness();
    await it_.rows("CREATE TABLE people AS SELECT * FROM VALUES (1, 'Ada'), (2, 'Grace') AS t(id, name)");
  });
  after(() => it_.close());
  afterEach(async () => {
    for (const name of ['a', 'b', 'c', 'id']) await it_.rows(`DROP TEMPORARY VARIABLE IF EXISTS ${name}`);
  });

  it('are declared with a type, a value or both, and NULL without one', async () => {
    await it_.rows('DECLARE OR REPLACE VARIABLE a INT DEFAULT 5');
    await it_.rows("DECLARE b = upper('x')");
    await it_.rows('DECLARE VARIABLE system.session.c DECIMAL(5,2)');
    expect(await it_.rows('SELECT a + 1 AS a, session.b AS b, system.session.c AS c, typeof(c) AS t')).to.deep.equal([
      { a: 6, b: 'X', c: null, t: 'decimal(5,2)' },
    ]);
  });

  for (const value of [
    'true',
    "DATE'2024-02-29'",
    "TIMESTAMP'2024-02-29 12:34:56.789'",
    "TIMESTAMP_NTZ'2024-02-29 12:34:56'",
    '1.50',
    '1.5E300',
    'CAST(1.1 AS FLOAT)',
    "X'00ff'",
    "'it\\'s ☃ \\0'",
    "INTERVAL '1 02:03:04.5' DAY TO SECOND",
    "INTERVAL '-1-2' YEAR TO MONTH",
    "array('a, b', NULL, '\"c\\'')",
    "map('k', array(1, 2))",
    "named_struct('x', 1, 'y z', named_struct('d', DATE'2024-02-29'))",
  ]) {
    it(`hold ${value} as it is`, async () => {
      await it_.rows(`DECLARE a = ${value}`);
      expect(await it_.rows('SELECT a AS v, typeof(a) AS t')).to.deep.equal(
        await it_.rows(`SELECT ${value} AS v, typeof(${value}) AS t`),
      );
    });
  }

  it('are set one by one, together, from a query, and back to what they were declared as', async () => {
    await it_.rows('DECLARE a INT DEFAULT 1 + 1');
    await it_.rows("DECLARE b = ''");
    await it_.rows('SET VAR a = a * 10');
    expect(await one('SELECT a AS a')).to.equal(20);
    await it_.rows("SET VARIABLE a = DEFAULT, b = concat(b, 'x, ', a)");
    expect(await it_.rows('SELECT a, b')).to.deep.equal([{ a: 2, b: 'x, 20' }]);
    await it_.rows('SET VAR (a, b) = (SELECT id, name FROM people WHERE id = a)');
    expect(await it_.rows('SELECT a, b')).to.deep.equal([{ a: 2, b: 'Grace' }]);
    await it_.rows('SET VAR (a, b) = (SELECT id, name FROM people WHERE id = 9)');
    expect(await it_.rows('SELECT a, b')).to.deep.equal([{ a: null, b: null }]);
  });

  it('give way to columns of their name', async () => {
    await it_.rows('DECLARE id = 2');
    expect(await it_.rows('SELECT id, session.id AS v FROM people WHERE id = session.id - 1')).to.deep.equal([
      { id: 1, v: 2 },
    ]);
  });

  it('name tables, are statements, and take what a statement answers', async () => {
    await it_.rows("DECLARE a = 'people'");
    await it_.rows('DECLARE b STRING');
    await it_.rows('DECLARE c INT DEFAULT 2');
    expect(await one('SELECT count(*) AS n FROM IDENTIFIER(a)')).to.equal(2);
    await it_.rows("EXECUTE IMMEDIATE 'SELECT name, id + 10 FROM people WHERE id = ?' INTO b, c USING c");
    expect(await it_.rows('SELECT b, c')).to.deep.equal([{ b: 'Grace', c: 12 }]);
    await it_.rows("SET VAR a = 'SELECT max(name) AS n FROM people WHERE id < :most'");
    expect(await it_.rows('EXECUTE IMMEDIATE a USING c AS most')).to.deep.equal([{ n: 'Grace' }]);
    const options = { namedParameters: { text: 'SELECT ? AS x, ? AS y', x: 'from the client' } };
    expect(await it_.rows('EXECUTE IMMEDIATE :text USING :x, b', options)).to.deep.equal([
      { x: 'from the client', y: 'Grace' },
    ]);
  });

  it('belong to their session', async () => {
    await it_.rows('DECLARE a = 1');
    const other = await it_.client.openSession();
    const error: unknown = await other
      .executeStatement('SELECT a')
      .then((operation) => operation.fetchAll())
      .catch((e: unknown) => e);
    expect(error).to.have.property('message').that.contains('UNRESOLVED_COLUMN');
    await other.close();
  });

  it('stand for nothing in a view', async () => {
    await it_.rows('DECLARE a = 1');
    expect(await state('CREATE VIEW of_variable AS SELECT a AS x')).to.equal('42K0F');
    expect(await state('CREATE TEMPORARY VIEW of_variable AS SELECT a AS x')).to.equal('0A000');
    await it_.rows('CREATE TABLE of_variable AS SELECT a AS x');
    expect(await it_.rows('SELECT x FROM of_variable')).to.deep.equal([{ x: 1 }]);
  });

  it('are refused as Spark refuses them', async () => {
    await it_.rows('DECLARE a INT');
    const refused: readonly [sql: string, sqlState: string][] = [
      ['DECLARE a INT', '42723'],
      ['DECLARE b', '42000'],
      ['DECLARE x.y INT', '42883'],
      ['EXECUTE IMMEDIATE nothing', '42703'],
      ["DECLARE b INT DEFAULT 'x'", '22018'],
      ['SET VAR nothing = 1', '42883'],
      ['SET VAR a = 1, a = 2', '42701'],
      ["SET VAR a = 'x'", '22018'],
      ['SET VAR (a) = (SELECT id FROM people)', '21000'],
      ['SET VAR (a) = (SELECT id, name FROM people LIMIT 1)', '42802'],
      ["EXECUTE IMMEDIATE 'SELECT 1, 2' INTO a", '42802'],
      ["EXECUTE IMMEDIATE 'SELECT 1' INTO nothing", '42703'],
      ["EXECUTE IMMEDIATE 'DROP TABLE people' INTO a", '07501'],
      ['DROP TEMPORARY VARIABLE nothing', '42883'],
      ['SELECT session.nothing', '42703'],
    ];
    for (const [sql, sqlState] of refused) expect(await state(sql), sql).to.equal(sqlState);
    expect(await one('SELECT count(*) AS n FROM people')).to.equal(2);
  });

  it('open no way around the list of functions', async () => {
    await it_.rows("DECLARE a = 'read_text'");
    expect(await state("SELECT * FROM IDENTIFIER(a)('/etc/passwd')")).to.equal('42883');
    expect(await state("SET VAR a = getenv('HOME')")).to.equal('42883');
    expect(await state('DECLARE b = (SELECT count(*) FROM duckdb_settings())')).to.equal('42883');
    const sly = "'') FROM duckdb_settings() -- '' AS VARCHAR";
    await it_.rows('SET VAR a = :sly', { namedParameters: { sly } });
    expect(await one('SELECT a AS a')).to.equal(sly);
  });
});
