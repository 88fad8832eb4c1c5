import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { harness, type Harness } from './drivers';

describe('a statement', () => {
  let it_: Harness;
  let folder: string;
  const state = async (sql: string): Promise<string | undefined> =>
    it_.rows(sql).then(
      () => undefined,
      (error: unknown) => (error as { response?: { sqlState?: string } }).response?.sqlState,
    );

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'local-workspace-test-'));
    it_ = await harness({ dataDir: join(folder, 'data') });
    await it_.rows('CREATE TABLE people (id INT)');
    await it_.rows('GRANT SELECT ON people TO ada');
  });
  after(async () => {
    await it_.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds texts alone, whatever they look like to the translation', async () => {
    const marks = ['\u00010\u0002', '\u00030;', '\u0003;', '__s0__', '__n0__', ':p', '?'];
    const sly = "' || (SELECT max(table_name) FROM duckdb_tables()) || '";
    for (const mark of marks) {
      const text = `a${mark}b`;
      const rows = await it_.rows(
        `SELECT '${text}' AS text, :p AS p, \`${text}\` AS named FROM (SELECT 1 AS \`${text}\`)`,
        {
          namedParameters: { p: sly },
        },
      );
      expect(rows, JSON.stringify(mark)).to.deep.equal([{ text, p: sly, named: 1 }]);
      await it_.rows('CREATE OR REPLACE TABLE texts (s STRING)');
      await it_.rows(`INSERT INTO texts VALUES ('${text}')`);
      await it_.rows('INSERT INTO texts VALUES (:text)', { namedParameters: { text } });
      expect(await it_.rows('SELECT DISTINCT s FROM texts')).to.deep.equal([{ s: text }]);
    }
  });

  it("leaves the workspace's own tables alone, by whichever name", async () => {
    for (const table of [
      'main.main.grants',
      'main.grants',
      'c_main.grants',
      'c_main.main.grants',
      'c_main.main.history',
    ]) {
      for (const sql of [
        `CREATE OR REPLACE TABLE ${table} AS SELECT 1 AS x`,
        `CREATE OR REPLACE TABLE ${table} (x INT)`,
        `CREATE VIEW ${table} AS SELECT 1 AS x`,
        `DROP TABLE ${table}`,
        `DROP VIEW ${table}`,
        `TRUNCATE TABLE ${table}`,
        `ALTER TABLE ${table} ADD COLUMN x INT`,
        `ALTER TABLE ${table} RENAME TO other`,
        `ALTER TABLE people RENAME TO ${table}`,
        `INSERT INTO ${table} VALUES (1)`,
        `DELETE FROM ${table}`,
        `SELECT * FROM ${table}`,
      ]) {
        expect(await state(sql), sql).to.be.oneOf(['42704', '42P01', '42601', '42K0E', '0A000']);
      }
    }
    expect(await it_.rows('SHOW GRANTS ON people')).to.have.lengthOf(1);
    expect((await it_.rows('DESCRIBE HISTORY people')).length).to.be.greaterThan(0);
  });

  for (const name of ['constructor', '__proto__', 'toString']) {
    it(`knows ${name} as a name like any other`, async () => {
      const refused: readonly [sql: string, sqlState: string][] = [
        [`SELECT * FROM ${name}`, '42P01'],
        [`SELECT * FROM information_schema.${name}`, '42P01'],
        [`INSERT INTO ${name} VALUES (1)`, '42P01'],
        [`SELECT ${name}(1)`, '42883'],
        [`SELECT :${name}`, '42P02'],
        [`SELECT datediff(${name}, current_date(), current_date())`, '42703'],
        [`SET TIME ZONE '${name}'`, '22022'],
      ];
      for (const [sql, sqlState] of refused) expect(await state(sql), sql).to.equal(sqlState);
      expect(await it_.rows(`SELECT date_trunc('${name}', current_timestamp()) AS t`)).to.deep.equal([{ t: null }]);
      const [property] = await it_.rows(`SHOW TBLPROPERTIES people ('${name}')`);
      expect(property?.['value']).to.contain('does not have property');
    });
  }

  it('names no schema that would be a path', async () => {
    for (const name of ['..', '../..', 'a/b', 'a.b', 'a b', '../../../../../../etc']) {
      expect(await state(`CREATE SCHEMA \`${name}\``), name).to.equal('42602');
      expect(await state(`SHOW VOLUMES IN main.\`${name}\``), name).to.equal('42704');
      expect(await state(`CREATE VOLUME main.default.\`${name}\``), name).to.be.oneOf(['22023', '42602']);
    }
    expect(await state('DROP CATALOG IF EXISTS `../..`')).to.equal(undefined);
  });

  it('follows no link out of a volume', async () => {
    await it_.rows('CREATE VOLUME linked');
    const volume = join(folder, 'data/volumes/main/default/linked');
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'secret.csv'), '1\n');
    symlinkSync(outside, join(volume, 'out'));
    symlinkSync(join(outside, 'secret.csv'), join(volume, 'file.csv'));
    symlinkSync(join(outside, 'nothing'), join(volume, 'dangling'));
    symlinkSync(volume, join(volume, 'loop'));
    const path = '/Volumes/main/default/linked';
    expect(await it_.rows(`LIST '${path}'`)).to.deep.equal([]);
    expect(await state(`LIST '${path}/out'`)).to.equal('42K03');
    expect(await state(`COPY INTO people FROM '${path}/out' FILEFORMAT = CSV`)).to.equal('42K03');
    expect(await state(`COPY INTO people FROM '${path}' FILEFORMAT = CSV FILES = ('file.csv')`)).to.equal('42K03');
    const local = join(folder, 'local');
    const staged = (sql: string): Promise<unknown> =>
      it_.session.executeStatement(sql, { stagingAllowedLocalPath: [folder] }).catch((error: unknown) => error);
    expect(String(await staged(`GET '${path}/out/secret.csv' TO '${local}'`))).to.contain('403');
    writeFileSync(local, 'x');
    expect(String(await staged(`PUT '${local}' INTO '${path}/out/new.csv' OVERWRITE`))).to.contain('403');
    expect(await state(`LIST '${path}/${'x'.repeat(300)}'`)).to.equal('22023');
  });

  it('reads the file of a name alone where the name holds a pattern', async () => {
    await it_.rows('CREATE VOLUME patterns');
    await it_.rows('CREATE TABLE read (a STRING)');
    const volume = join(folder, 'data/volumes/main/default/patterns');
    for (const name of ['a*.csv', 'ab.csv', '[a].csv', 'a?.csv']) writeFileSync(join(volume, name), `${name}\n`);
    const copy = (name: string): Promise<Record<string, unknown>[]> =>
      it_.rows(
        `COPY INTO read FROM (SELECT _c0 AS a FROM '/Volumes/main/default/patterns') FILEFORMAT = CSV FILES = ('${name}')`,
      );
    for (const name of ['a*.csv', '[a].csv', 'a?.csv']) await copy(name);
    expect(await it_.rows('SELECT a FROM read ORDER BY a')).to.deep.equal([
      { a: '[a].csv' },
      { a: 'a*.csv' },
      { a: 'a?.csv' },
    ]);
  });

  it('that drops a schema drops its volumes, and says so', async () => {
    await it_.rows('CREATE SCHEMA filled');
    await it_.rows('CREATE VOLUME filled.v');
    expect(await state('DROP SCHEMA filled')).to.equal('2BP01');
    await it_.rows('DROP SCHEMA filled CASCADE');
    await it_.rows('CREATE SCHEMA filled');
    expect(await it_.rows('SHOW VOLUMES IN filled')).to.deep.equal([]);
    await it_.rows('CREATE CATALOG whole');
    await it_.rows('CREATE VOLUME whole.default.v');
    await it_.rows('DROP CATALOG whole CASCADE');
    await it_.rows('CREATE CATALOG whole');
    expect(await it_.rows('SHOW VOLUMES IN whole.default')).to.deep.equal([]);
  });

  it('makes no text and no number that holds everybody up', async () => {
    const answers: readonly [sql: string, outcome: string | number | null][] = [
      ["length(lpad('x', 2000000000, 'ab'))", '53200'],
      ["length(format_string('%2000000000d', 1))", '53200'],
      ["length(format_string('%.300000000f', 1.5D))", '53200'],
      ['length(format_number(1.5D, 300000000))', 342],
      ['round(1.5D, 300000000)', 1.5],
      ['round(1.5, 300000000)', 1.5],
      ['size(sequence(1, 100000000))', '54000'],
      ['size(sequence(0L, 9223372036854775807L, 2L))', '54000'],
      ['size(sequence(1, 1000000))', 1_000_000],
      ["size(array_repeat('x', 50000000))", '54000'],
      ["conv(repeat('9', 1000000), 10, 16)", '22003'],
      ["levenshtein(repeat('ä', 20000), repeat('ö', 20000))", '0A000'],
      ["levenshtein(repeat('a', 5000), repeat('b', 5000))", 5000],
      ["(SELECT sum(levenshtein(repeat('ä', 999), repeat('ö', 990) || id)) FROM range(100000))", '57KD0'],
    ];
    for (const [sql, outcome] of answers) {
      const found = await it_.rows(`SELECT ${sql} AS x`).then(
        ([row]) => row?.['x'],
        (error: unknown) => (error as { response?: { sqlState?: string } }).response?.sqlState,
      );
      expect(found, sql).to.equal(outcome);
    }
  });
});
