import { DBSQLParameter, DBSQLParameterType } from '@databricks/sql';
import { expect } from 'chai';
import { harness, type Harness } from './drivers';

describe('statements that are put together first', () => {
  let it_: Harness;
  before(async () => {
    it_ = await harness();
    await it_.rows('CREATE TABLE people (id INT, `full name` STRING)');
    await it_.rows("INSERT INTO people VALUES (1, 'Ada'), (2, 'Grace')");
  });
  after(() => it_.close());

  it('IDENTIFIER names tables, columns and functions, from strings and from parameters', async () => {
    const ada = [{ n: 'ADA' }];
    const text =
      "SELECT IDENTIFIER('upper')(IDENTIFIER('`full name`')) AS n FROM IDENTIFIER('main.' || 'default.people') WHERE id = 1";
    expect(await it_.rows(text)).to.deep.equal(ada);
    const named = "SELECT upper(IDENTIFIER(:column)) AS n FROM IDENTIFIER(:schema || '.people') WHERE id = :id";
    const namedParameters = {
      column: '`full name`',
      schema: 'default',
      id: new DBSQLParameter({ type: DBSQLParameterType.INTEGER, value: 1 }),
    };
    expect(await it_.rows(named, { namedParameters })).to.deep.equal(ada);
    const ordinal = 'SELECT ? AS a, upper(`full name`) AS n FROM IDENTIFIER(?) WHERE id = ?';
    expect(await it_.rows(ordinal, { ordinalParameters: ['x', 'people', 1] as never })).to.deep.equal([
      { a: 'x', n: 'ADA' },
    ]);
  });

  it('IDENTIFIER stands in statements of every kind', async () => {
    await it_.rows("CREATE SCHEMA IDENTIFIER('other')");
    await it_.rows("CREATE TABLE IDENTIFIER('other.copy') AS SELECT * FROM people");
    await it_.rows("INSERT INTO IDENTIFIER('other.copy') VALUES (3, 'Edgar')");
    await it_.rows("DELETE FROM IDENTIFIER('other.copy') WHERE id = 1");
    expect(await it_.rows("DESCRIBE TABLE IDENTIFIER('other.copy')")).to.have.lengthOf(2);
    await it_.rows("USE SCHEMA IDENTIFIER('other')");
    expect(await it_.rows('SELECT id FROM copy ORDER BY id')).to.deep.equal([{ id: 2 }, { id: 3 }]);
    await it_.rows("DROP TABLE IDENTIFIER('other.copy')");
    await it_.rows('USE SCHEMA default');
  });

  it('EXECUTE IMMEDIATE runs the statement in a string, with what USING gives', async () => {
    expect(await it_.rows("EXECUTE IMMEDIATE 'SELECT 1 AS one'")).to.deep.equal([{ one: 1 }]);
    const ordinal =
      "EXECUTE IMMEDIATE 'SELECT `full name` AS n, ? AS x, ? AS y FROM people WHERE id = ?' USING 'a', -1.5, 2";
    expect(await it_.rows(ordinal)).to.deep.equal([{ n: 'Grace', x: 'a', y: -1.5 }]);
    const named =
      "EXECUTE IMMEDIATE 'SELECT :b AS b, :a AS a FROM IDENTIFIER(:t) LIMIT 1' USING (1 AS a, TRUE AS b, 'people' AS t)";
    expect(await it_.rows(named)).to.deep.equal([{ b: true, a: 1 }]);
    await it_.rows("EXECUTE IMMEDIATE 'CREATE TABLE made AS SELECT NULL AS x, ? AS y' USING 7");
    expect(await it_.rows('SELECT y FROM made')).to.deep.equal([{ y: 7 }]);
  });

  it('OPTIMIZE, VACUUM and ANALYZE answer in their own shape and change nothing', async () => {
    const [optimized] = await it_.rows('OPTIMIZE people ZORDER BY (id, `full name`)');
    expect(Object.keys(optimized ?? {})).to.deep.equal(['path', 'metrics']);
    expect(optimized?.['metrics']).to.deep.include({ numFilesAdded: 0, numFilesRemoved: 0, totalConsideredFiles: 0 });
    expect(await it_.rows('VACUUM main.default.people RETAIN 168 HOURS')).to.deep.equal([
      { path: optimized?.['path'] },
    ]);
    expect(await it_.rows('VACUUM people DRY RUN')).to.deep.equal([]);
    expect(await it_.rows('ANALYZE TABLE people COMPUTE STATISTICS FOR ALL COLUMNS')).to.deep.equal([]);
    expect(await it_.rows('SELECT count(*) AS n FROM people')).to.deep.equal([{ n: 2 }]);
  });
});
