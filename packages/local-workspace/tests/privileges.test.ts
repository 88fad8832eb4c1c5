import { expect } from 'chai';
import { harness, type Harness } from './drivers';

describe('privileges', () => {
  let it_: Harness;
  before(async () => {
    it_ = await harness();
    await it_.rows('CREATE SCHEMA sales');
    await it_.rows('CREATE TABLE sales.orders (id INT)');
  });
  after(() => it_.close());

  const grants = (on: string): Promise<unknown[][]> =>
    it_.rows(`SHOW GRANTS ${on}`).then((rows) => rows.map((row) => Object.values(row)));

  it('are shown once they are granted, those of schema and catalog too', async () => {
    await it_.rows('GRANT SELECT, MODIFY ON TABLE sales.orders TO `ada@example.com`');
    await it_.rows('GRANT USE SCHEMA ON SCHEMA sales TO analysts');
    await it_.rows('GRANT ALL PRIVILEGES ON CATALOG main TO `all of us`');
    expect(await grants('ON sales.orders')).to.deep.equal([
      ['ada@example.com', 'MODIFY', 'TABLE', 'main.sales.orders'],
      ['ada@example.com', 'SELECT', 'TABLE', 'main.sales.orders'],
      ['analysts', 'USE SCHEMA', 'SCHEMA', 'main.sales'],
      ['all of us', 'ALL PRIVILEGES', 'CATALOG', 'main'],
    ]);
    expect(await grants('analysts ON SCHEMA sales')).to.deep.equal([
      ['analysts', 'USE SCHEMA', 'SCHEMA', 'main.sales'],
    ]);
    const [row = {}] = await it_.rows('SHOW GRANTS ON CATALOG main');
    expect(Object.keys(row)).to.deep.equal(['Principal', 'ActionType', 'ObjectType', 'ObjectKey']);
  });

  it('are granted once however often, and gone when they are revoked', async () => {
    await it_.rows('GRANT SELECT ON sales.orders TO `ada@example.com`');
    await it_.rows('REVOKE MODIFY ON TABLE sales.orders FROM `ada@example.com`');
    expect(await grants('`ada@example.com` ON sales.orders')).to.deep.equal([
      ['ada@example.com', 'SELECT', 'TABLE', 'main.sales.orders'],
    ]);
    await it_.rows('REVOKE ALL PRIVILEGES ON sales.orders FROM `ada@example.com`');
    expect(await grants('`ada@example.com` ON sales.orders')).to.deep.equal([]);
  });

  it('go with their object', async () => {
    await it_.rows('CREATE TABLE sales.gone (id INT)');
    await it_.rows('GRANT SELECT ON sales.gone TO someone');
    await it_.rows('DROP TABLE sales.gone');
    await it_.rows('CREATE TABLE sales.gone (id INT)');
    expect(await grants('someone ON sales.gone')).to.deep.equal([]);
  });

  it('need an object that is there, and a privilege that there is', async () => {
    const states = [
      'GRANT SELECT ON nothing TO x',
      'GRANT USE SCHEMA ON SCHEMA nowhere TO x',
      'GRANT FLY ON sales.orders TO x',
    ];
    const failures = await Promise.all(states.map((sql) => it_.failure(sql)));
    expect(failures.map(({ sqlState }) => sqlState)).to.deep.equal(['42P01', '42704', '42601']);
    const refused = await it_.failure('GRANT EXECUTE ON FUNCTION f TO x');
    expect(refused.sqlState).to.equal('0A000');
    expect(refused.message).to.contain('FUNCTION');
  });
});

describe('the history of a table', () => {
  let it_: Harness;
  before(async () => {
    it_ = await harness();
  });
  after(() => it_.close());

  const history = async (table: string): Promise<unknown[][]> => {
    const rows = await it_.rows(`DESCRIBE HISTORY ${table}`);
    return rows.map((row) => [Number(row['version']), row['operation'], row['operationMetrics']]);
  };

  it('tells every change, newest first', async () => {
    await it_.rows('CREATE TABLE changing (a INT, b STRING)');
    await it_.rows("INSERT INTO changing VALUES (1, 'x'), (2, 'y')");
    await it_.rows("UPDATE changing SET b = 'z' WHERE a = 1");
    await it_.rows('DELETE FROM changing WHERE a = 2');
    await it_.rows('ALTER TABLE changing ADD COLUMNS (c INT)');
    await it_.rows('CREATE OR REPLACE TABLE changing AS SELECT 1 AS a');
    expect(await history('changing')).to.deep.equal([
      [5, 'CREATE OR REPLACE TABLE AS SELECT', {}],
      [4, 'ADD COLUMNS', {}],
      [3, 'DELETE', { numDeletedRows: '1' }],
      [2, 'UPDATE', { numUpdatedRows: '1' }],
      [1, 'WRITE', { numOutputRows: '2' }],
      [0, 'CREATE TABLE', {}],
    ]);
    const [newest = {}] = await it_.rows('DESCRIBE HISTORY main.default.changing LIMIT 1');
    expect(newest).to.include({ version: 5, readVersion: 4, isBlindAppend: false, userId: null });
    expect(newest['timestamp']).to.be.a('date');
  });

  it('is that of the table alone: a statement that fails or does nothing leaves none, and a new table begins anew', async () => {
    await it_.rows('CREATE TABLE brief (a INT)');
    await it_.rows('CREATE TABLE IF NOT EXISTS brief (a INT)');
    await it_.failure('INSERT INTO brief SELECT 1/0');
    expect(await history('brief')).to.deep.equal([[0, 'CREATE TABLE', {}]]);
    await it_.rows('DROP TABLE brief');
    await it_.rows('CREATE TABLE brief AS SELECT 1 AS a');
    expect(await history('brief')).to.deep.equal([[0, 'CREATE TABLE AS SELECT', {}]]);
  });

  it('is refused for a view and for what is not there', async () => {
    await it_.rows('CREATE VIEW glance AS SELECT 1 AS a');
    expect((await it_.failure('DESCRIBE HISTORY glance')).sqlState).to.equal('42809');
    expect((await it_.failure('DESCRIBE HISTORY nothing')).sqlState).to.equal('42P01');
  });
});
