import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { harness, type Harness } from './drivers';

describe('columns as they were declared', () => {
  let it_: Harness;
  let folder: string;
  const described = async (table: string): Promise<unknown[][]> =>
    (await it_.rows(`DESCRIBE ${table}`)).map((row) => [row['col_name'], row['data_type'], row['comment']]);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'local-workspace-test-'));
    it_ = await harness({ dataDir: folder });
    await it_.rows(
      `CREATE TABLE kept (chr CHAR(10), vchr VARCHAR(20), plain STRING, d INTERVAL DAY,
       ym INTERVAL YEAR TO MONTH, ds INTERVAL DAY TO SECOND, n INT)`,
    );
  });
  after(async () => {
    await it_.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const KEPT = [
    ['chr', 'char(10)', null],
    ['vchr', 'varchar(20)', null],
    ['plain', 'string', null],
    ['d', 'interval day', null],
    ['ym', 'interval year to month', null],
    ['ds', 'interval day to second', null],
    ['n', 'int', null],
  ];

  it('are described with widths and kinds of intervals', async () => {
    expect(await described('kept')).to.deep.equal(KEPT);
  });

  it('come from interval literals where a table is made of a query', async () => {
    await it_.rows(
      `CREATE TABLE spans AS SELECT INTERVAL '1' day AS di, INTERVAL '1' month AS mi, INTERVAL '1-2' YEAR TO MONTH AS ym, 1 AS x`,
    );
    expect((await described('spans')).map(([name, type]) => [name, type])).to.deep.equal([
      ['di', 'interval day'],
      ['mi', 'interval month'],
      ['ym', 'interval year to month'],
      ['x', 'int'],
    ]);
    expect(await it_.rows('SELECT di, mi FROM spans')).to.deep.equal([{ di: '1 00:00:00.000000000', mi: '0-1' }]);
    await it_.rows("INSERT INTO spans VALUES (INTERVAL '0' DAY, INTERVAL '0' MONTH, INTERVAL '2' YEAR, 2)");
    await it_.rows('CREATE VIEW shown AS SELECT mi, ym + INTERVAL 1 MONTH AS later, x FROM spans');
    expect(await it_.rows("SELECT mi, later - INTERVAL '1' YEAR AS y FROM shown WHERE x = 2")).to.deep.equal([
      { mi: '0-0', y: '1-1' },
    ]);
  });

  it('are listed with their widths by GetColumns', async () => {
    const operation = await it_.session.getColumns({ catalogName: 'main', tableName: 'kept' });
    const rows = (await operation.fetchAll()) as Record<string, unknown>[];
    await operation.close();
    const facts = rows.map((row) => [row['TYPE_NAME'], row['DATA_TYPE'], row['COLUMN_SIZE']]);
    expect(facts.slice(0, 3)).to.deep.equal([
      ['CHAR(10)', 1, 10],
      ['VARCHAR(20)', 12, 20],
      ['STRING', 12, null],
    ]);
  });

  it('can be added later, stay when a table exists already, and go with it', async () => {
    await it_.rows('ALTER TABLE kept ADD COLUMN later VARCHAR(3)');
    await it_.rows('CREATE TABLE IF NOT EXISTS kept (chr VARCHAR(1))');
    expect(await described('kept')).to.deep.equal([...KEPT, ['later', 'varchar(3)', null]]);
    await it_.rows('CREATE OR REPLACE TABLE gone (a CHAR(2))');
    await it_.rows('CREATE OR REPLACE TABLE gone (a STRING)');
    expect(await described('gone')).to.deep.equal([['a', 'string', null]]);
  });

  it('outlive the workspace', async () => {
    await it_.close();
    it_ = await harness({ dataDir: folder });
    expect((await described('kept')).slice(0, 2)).to.deep.equal(KEPT.slice(0, 2));
  });
});
