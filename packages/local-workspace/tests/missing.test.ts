import { expect } from 'chai';
import { harness, type Harness } from './drivers';
import { RestClient } from './rest';

describe('statements about what is not there, or is of the other kind', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness();
    await it_.rows('CREATE TABLE found (a INT)');
    await it_.rows('CREATE VIEW seen AS SELECT a FROM found');
  });
  after(() => it_.close());

  const failure = async (sql: string): Promise<[string | undefined, string | undefined]> => {
    const { sqlState, message } = await it_.failure(sql);
    return [sqlState, /\[([A-Z_.]+)\]/.exec(message)?.[1]];
  };

  it('IF EXISTS has nothing to do where catalog, schema or object are missing', async () => {
    for (const what of ['TABLE', 'VIEW', 'VOLUME']) {
      for (const name of ['nocat.s.t', 'main.nos.t', 'main.default.nothing']) {
        expect(await it_.rows(`DROP ${what} IF EXISTS ${name}`), `${what} ${name}`).to.deep.equal([]);
      }
    }
    const answer = await new RestClient(it_.workspace).execute('DROP TABLE IF EXISTS nocat.s.t');
    expect(answer.status.state).to.equal('SUCCEEDED');
    expect(await it_.rows('DROP SCHEMA IF EXISTS nocat.s')).to.deep.equal([]);
  });

  it('a catalog that is not there is what is missing', async () => {
    for (const sql of [
      'DROP TABLE nocat.s.t',
      'DROP VIEW nocat.s.t',
      'DROP VOLUME nocat.s.t',
      'DROP SCHEMA nocat.s',
      'CREATE VOLUME nocat.s.t',
      'SHOW VOLUMES IN nocat.s',
      'SHOW TABLES IN nocat.s',
      'SHOW FUNCTIONS IN nocat.s',
      "SHOW TABLE EXTENDED IN nocat.s LIKE '*'",
      'USE nocat.s',
    ]) {
      expect(await failure(sql), sql).to.deep.equal(['42704', 'NO_SUCH_CATALOG_EXCEPTION']);
    }
    expect((await it_.failure('DROP TABLE nocat.s.t')).message).to.include("Catalog 'nocat' was not found.");
    for (const sql of ['DROP VOLUME main.nos.t', 'SHOW TABLES IN main.nos', 'USE main.nos', 'DROP SCHEMA nos']) {
      expect(await failure(sql), sql).to.deep.equal(['42704', 'SCHEMA_NOT_FOUND']);
    }
  });

  it('a table that is not there goes by the name that it was called by', async () => {
    for (const sql of ['DROP TABLE', 'DROP VIEW', 'TRUNCATE TABLE']) {
      const { sqlState, message } = await it_.failure(`${sql} main.nos.t`);
      expect([sqlState, message.includes('The table or view `main`.`nos`.`t` cannot be found')], sql).to.deep.equal([
        '42P01',
        true,
      ]);
    }
    const { message } = await it_.failure('ALTER TABLE nocat.s.t ADD COLUMN b INT');
    expect(message).to.include('[TABLE_OR_VIEW_NOT_FOUND] The table or view `nocat`.`s`.`t` cannot');
  });

  it('tables are not dropped as views, nor views as tables', async () => {
    for (const sql of [
      'DROP VIEW found',
      'DROP VIEW IF EXISTS found',
      'DROP TABLE seen',
      'DROP TABLE IF EXISTS seen',
    ]) {
      expect(await failure(sql), sql).to.deep.equal(['42809', 'WRONG_COMMAND_FOR_OBJECT_TYPE']);
    }
    expect((await it_.failure('DROP VIEW found')).message).to.include('Use DROP TABLE instead.');
  });

  it('what changes tables does nothing to views', async () => {
    for (const sql of [
      'TRUNCATE TABLE seen',
      'ALTER TABLE seen ADD COLUMN b INT',
      'DELETE FROM seen',
      'UPDATE seen SET a = 1',
      'INSERT INTO seen VALUES (1)',
    ]) {
      expect(await failure(sql), sql).to.deep.equal(['42809', 'EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE']);
    }
  });

  it('a temporary view is dropped by its name', async () => {
    await it_.rows('CREATE TEMPORARY VIEW passing AS SELECT 1 AS a');
    await it_.rows('DROP VIEW passing');
    expect((await it_.failure('SELECT * FROM passing')).sqlState).to.equal('42P01');
    expect((await it_.failure('DROP VIEW passing')).sqlState).to.equal('42P01');
  });
});
