import { expect } from 'chai';
import { harness, type Harness } from './drivers';
import { RestClient } from './rest';

describe('statements that tell of partitions, functions and the session', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness();
    await it_.rows('CREATE TABLE parted (a INT, y INT, m STRING) PARTITIONED BY (y, m)');
    await it_.rows("INSERT INTO parted VALUES (1, 2024, '02'), (2, 2024, '01'), (3, 2023, '12'), (4, 2023, '12')");
    await it_.rows('CREATE VIEW seen AS SELECT a FROM parted');
  });
  after(() => it_.close());

  const names = async (sql: string): Promise<unknown[]> => (await it_.rows(sql)).map((row) => row['function']);
  const failure = async (sql: string): Promise<[string | undefined, string | undefined]> => {
    const { sqlState, message } = await it_.failure(sql);
    return [sqlState, /\[([A-Z_.]+)\]/.exec(message)?.[1]];
  };

  it('SHOW PARTITIONS has a column for each that a table is partitioned by, and a row for each partition', async () => {
    const rows = [
      { y: 2023, m: '12' },
      { y: 2024, m: '01' },
      { y: 2024, m: '02' },
    ];
    expect(await it_.rows('SHOW PARTITIONS default.parted')).to.deep.equal(rows);
    expect(await it_.rows('SHOW PARTITIONS parted PARTITION (Y = 2024)')).to.deep.equal(rows.slice(1));
    expect(await it_.rows("SHOW PARTITIONS parted PARTITION (y = 2024, m = '02')")).to.deep.equal(rows.slice(2));
    const answer = await new RestClient(it_.workspace).execute('SHOW PARTITIONS parted');
    expect(answer.manifest?.schema.columns.map((column) => column['type_text'])).to.deep.equal(['INT', 'STRING']);
  });

  it('SHOW PARTITIONS fails as Delta does', async () => {
    await it_.rows('CREATE TABLE whole (a INT)');
    expect(await failure('SHOW PARTITIONS whole')).to.deep.equal([
      '42809',
      'DELTA_SHOW_PARTITION_IN_NON_PARTITIONED_TABLE',
    ]);
    expect(await failure('SHOW PARTITIONS parted PARTITION (a = 1)')).to.deep.equal([
      '42P10',
      'DELTA_SHOW_PARTITION_IN_NON_PARTITIONED_COLUMN',
    ]);
    expect(await failure('SHOW PARTITIONS seen')).to.deep.equal(['42809', 'EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE']);
    expect(await failure('SHOW PARTITIONS nowhere')).to.deep.equal(['42P01', 'TABLE_OR_VIEW_NOT_FOUND']);
    expect(await failure('SHOW PARTITIONS parted PARTITION (y = y)')).to.deep.equal(['42601', 'PARSE_SYNTAX_ERROR']);
  });

  it('SHOW FUNCTIONS tells the functions of a kind, by name or pattern', async () => {
    expect(await it_.rows('SHOW USER FUNCTIONS')).to.deep.equal([]);
    for (const sql of [
      "SHOW SYSTEM FUNCTIONS LIKE 'ab*|trim'",
      "SHOW ALL FUNCTIONS 'ab*|trim'",
      "SHOW FUNCTIONS FROM main.default LIKE 'AB*|trim'",
    ]) {
      expect(await names(sql), sql).to.deep.equal(['abs', 'trim']);
    }
    expect(await names('SHOW FUNCTIONS trim')).to.deep.equal(['trim']);
    expect(await names('SHOW SYSTEM FUNCTIONS default.trim')).to.deep.equal(['trim']);
    expect(await failure('SHOW FUNCTIONS IN nowhere')).to.deep.equal(['42704', 'SCHEMA_NOT_FOUND']);
  });

  it('DESCRIBE FUNCTION knows what can be called', async () => {
    expect(await it_.rows('DESCRIBE FUNCTION EXTENDED Abs')).to.deep.equal([
      { function_desc: 'Function: abs' },
      { function_desc: 'Usage: N/A.' },
    ]);
    expect(await failure('DESC FUNCTION nowhere')).to.deep.equal(['42883', 'UNRESOLVED_ROUTINE']);
    expect((await it_.failure('DESC FUNCTION from_json')).sqlState).to.equal('0A000');
  });

  it('SHOW CURRENT and SET -v tell where and how the session works', async () => {
    expect(await it_.rows('SHOW CURRENT SCHEMA')).to.deep.equal([{ catalog: 'main', namespace: 'default' }]);
    const session = await it_.client.openSession({ configuration: { Ansi_Mode: 'TRUE', 'spark.sql.kept': '1' } });
    const operation = await session.executeStatement('SET -v');
    const settings = (await operation.fetchAll()) as Record<string, unknown>[];
    expect(Object.keys(settings[0] ?? {})).to.deep.equal(['key', 'value', 'meaning', 'Since version']);
    const values = Object.fromEntries(settings.map(({ key, value }) => [key, value] as [string, unknown]));
    expect(values).to.include({ ANSI_MODE: 'TRUE', TIMEZONE: 'UTC', 'spark.sql.kept': '1' });
    await session.close();
  });

  it('REFRESH and the statements about caches have nothing to do; what they name has to be there', async () => {
    await it_.rows('CREATE TEMPORARY VIEW passing AS SELECT 1 AS a');
    for (const sql of [
      'REFRESH TABLE parted',
      'REFRESH main.default.seen',
      'REFRESH TABLE passing',
      'CACHE LAZY TABLE parted',
      'CACHE TABLE seen',
      'UNCACHE TABLE parted',
      'UNCACHE TABLE IF EXISTS nowhere',
      'CLEAR CACHE',
    ]) {
      expect(await it_.rows(sql), sql).to.deep.equal([]);
    }
    for (const sql of ['REFRESH TABLE nowhere', 'CACHE TABLE nowhere', 'UNCACHE TABLE nowhere']) {
      expect(await failure(sql), sql).to.deep.equal(['42P01', 'TABLE_OR_VIEW_NOT_FOUND']);
    }
    expect((await it_.failure('CACHE TABLE made AS SELECT 1')).message).to.include('CACHE TABLE of a query is not');
    expect((await it_.failure('REFRESH MATERIALIZED VIEW seen')).sqlState).to.equal('0A000');
    expect((await it_.failure("REFRESH '/x'")).sqlState).to.equal('0A000');
  });
});
