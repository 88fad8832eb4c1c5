import { expect } from 'chai';
import { harness, type Harness } from './drivers';
import { RestClient } from './rest';

describe('tables that are made of others', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness();
    await it_.rows(
      "CREATE TABLE source (id BIGINT NOT NULL COMMENT 'the id', v VARCHAR(3) DEFAULT 'x', g BIGINT GENERATED ALWAYS AS (id + 1), " +
        "CONSTRAINT small CHECK (id < 100), PRIMARY KEY (id)) PARTITIONED BY (v) COMMENT 'all of it' TBLPROPERTIES ('a' = 'b')",
    );
    await it_.rows('INSERT INTO source (id) VALUES (1), (2)');
    await it_.rows('CREATE VIEW seen AS SELECT id FROM source');
  });
  after(() => it_.close());

  const shown = async (name: string): Promise<string> =>
    String((await it_.rows(`SHOW CREATE TABLE ${name}`))[0]?.['createtab_stmt']);
  const failure = async (sql: string): Promise<[string | undefined, string | undefined]> => {
    const { sqlState, message } = await it_.failure(sql);
    return [sqlState, /\[([A-Z_.]+)\]/.exec(message)?.[1]];
  };
  const metrics = (found: number, removed: number, copied: number): Record<string, number | null> => ({
    source_table_size: null,
    source_num_of_files: found,
    num_removed_files: removed,
    num_copied_files: copied,
    removed_files_size: removed > 0 ? null : 0,
    copied_files_size: copied > 0 ? null : 0,
  });
  const body =
    "(\n  id BIGINT NOT NULL COMMENT 'the id',\n  v VARCHAR(3) DEFAULT 'x',\n  g BIGINT GENERATED ALWAYS AS (id + 1),\n" +
    '  CONSTRAINT `small` CHECK (id < 100))\nUSING delta\nPARTITIONED BY (v)\n';

  it('CREATE TABLE … LIKE takes the definition and no rows', async () => {
    expect(await it_.rows("CREATE TABLE like_it LIKE source TBLPROPERTIES ('c' = 'd')")).to.deep.equal([]);
    expect(await shown('like_it')).to.equal(
      `CREATE TABLE main.default.like_it ${body}COMMENT 'all of it'\nTBLPROPERTIES (\n  'a' = 'b',\n  'c' = 'd')`,
    );
    expect(await it_.rows('SELECT * FROM like_it')).to.deep.equal([]);
    await it_.rows('CREATE TABLE like_view LIKE seen USING delta');
    expect(await shown('like_view')).to.equal('CREATE TABLE main.default.like_view (\n  id BIGINT)\nUSING delta');
    await it_.rows('CREATE TABLE IF NOT EXISTS like_view LIKE source');
    expect((await it_.rows('DESCRIBE like_view')).length).to.equal(1);
  });

  it('a clone has the definition and the rows, and answers its metrics', async () => {
    const sql = "CREATE TABLE main.default.deep DEEP CLONE source TBLPROPERTIES ('c' = 'd')";
    expect(await it_.rows(sql)).to.deep.equal([metrics(1, 0, 1)]);
    expect(await shown('deep')).to.equal(
      `CREATE TABLE main.default.deep ${body}TBLPROPERTIES (\n  'a' = 'b',\n  'c' = 'd')`,
    );
    expect(await it_.rows('SELECT * FROM deep ORDER BY id')).to.deep.equal([
      { id: 1, v: 'x', g: 2 },
      { id: 2, v: 'x', g: 3 },
    ]);
    expect((await it_.failure('INSERT INTO deep (id) VALUES (100)')).sqlState).to.equal('23001');
    expect((await it_.rows('DESCRIBE HISTORY deep'))[0]).to.deep.include({
      operation: 'CLONE',
      operationParameters: { source: 'main.default.source', isShallow: 'false', properties: '{"c":"d"}' },
    });
    const answer = await new RestClient(it_.workspace).execute('CREATE TABLE shallow SHALLOW CLONE source');
    expect(answer.manifest?.schema.columns.map((column) => column['type_text'])).to.deep.equal(
      Array.from({ length: 6 }, () => 'BIGINT'),
    );
    expect(answer.result?.data_array).to.deep.equal([[null, '1', '0', '0', '0', '0']]);
  });

  it('a clone replaces a table, also its own source, and lives apart from it', async () => {
    await it_.rows('CREATE TABLE target (z INT)');
    await it_.rows('INSERT INTO target VALUES (1)');
    expect(await it_.rows('CREATE OR REPLACE TABLE target CLONE source')).to.deep.equal([metrics(1, 1, 1)]);
    expect(await it_.rows('REPLACE TABLE target SHALLOW CLONE target')).to.deep.equal([metrics(1, 1, 0)]);
    await it_.rows('DELETE FROM target WHERE id = 1');
    expect(await it_.rows('SELECT id FROM target')).to.deep.equal([{ id: 2 }]);
    expect(await it_.rows('SELECT count(*) AS n FROM source')).to.deep.equal([{ n: 2 }]);
    expect(await it_.rows('CREATE TABLE IF NOT EXISTS target CLONE source')).to.deep.equal([]);
    expect(await it_.rows('SELECT id FROM target')).to.deep.equal([{ id: 2 }]);
    expect((await it_.rows('DESCRIBE HISTORY target')).map(({ operation }) => operation)).to.deep.equal([
      'DELETE',
      'CLONE',
      'CLONE',
      'WRITE',
      'CREATE TABLE',
    ]);
  });

  it('fails as Databricks does', async () => {
    expect(await failure('CREATE TABLE source CLONE source')).to.deep.equal(['42P07', 'TABLE_OR_VIEW_ALREADY_EXISTS']);
    expect(await failure('CREATE TABLE source LIKE source')).to.deep.equal(['42P07', 'TABLE_OR_VIEW_ALREADY_EXISTS']);
    expect(await failure('REPLACE TABLE nowhere CLONE source')).to.deep.equal(['42P01', 'TABLE_OR_VIEW_NOT_FOUND']);
    expect(await failure('CREATE TABLE made CLONE nowhere')).to.deep.equal(['42P01', 'TABLE_OR_VIEW_NOT_FOUND']);
    expect(await failure('CREATE TABLE made CLONE seen')).to.deep.equal(['0AKDC', 'DELTA_CLONE_UNSUPPORTED_SOURCE']);
    expect(await failure('CREATE TABLE no.default.made LIKE source')).to.deep.equal([
      '42704',
      'NO_SUCH_CATALOG_EXCEPTION',
    ]);
    expect(await failure('CREATE TABLE main.no.made CLONE source')).to.deep.equal(['42704', 'SCHEMA_NOT_FOUND']);
    expect((await it_.failure('CREATE TABLE made CLONE source VERSION AS OF 1')).message).to.include('Time travel');
  });

  it('what fails on the way leaves the table that was there', async () => {
    await it_.rows('CREATE TABLE kept (id BIGINT, PRIMARY KEY (id))');
    await it_.rows('INSERT INTO kept VALUES (7)');
    await it_.rows('CREATE TABLE child (id BIGINT, FOREIGN KEY (id) REFERENCES kept (id))');
    expect((await it_.failure('CREATE OR REPLACE TABLE kept CLONE source')).sqlState).to.be.a('string');
    expect(await it_.rows('SELECT * FROM kept')).to.deep.equal([{ id: 7 }]);
  });
});
