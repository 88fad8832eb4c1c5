import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'chai';
import { harness, type Harness } from './drivers';

const VOLUME = '/Volumes/main/default/landing';

describe('volumes and COPY INTO', () => {
  let folder: string;
  let it_: Harness;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'local-workspace-test-'));
    it_ = await harness({ dataDir: join(folder, 'data') });
    await it_.rows('CREATE VOLUME landing');
  });
  after(async () => {
    await it_.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await it_.rows('DROP VOLUME landing');
    await it_.rows('CREATE VOLUME main.default.landing');
    await it_.rows('CREATE OR REPLACE TABLE target (id BIGINT, name STRING, amount DECIMAL(10,2), day DATE)');
  });

  const path = (name: string): string => join(folder, 'data/volumes/main/default/landing', name);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  const parquet = async (name: string, query: string): Promise<void> => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const made = join(folder, 'made.parquet');
    await connection.run(`COPY (${query}) TO '${made}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    mkdirSync(dirname(path(name)), { recursive: true });
    copyFileSync(made, path(name));
  };
  const copy = (rest: string): Promise<Record<string, unknown>[]> => it_.rows(`COPY INTO target FROM ${rest}`);
  const counts = (rows: number): object[] => [
    { num_affected_rows: rows, num_inserted_rows: rows, num_skipped_corrupt_files: 0 },
  ];
  const PARQUET = "SELECT i::BIGINT AS ID, 'n' || i AS name, (i * 1.5)::DECIMAL(10,2) AS amount FROM range(3) t(i)";

  it('volumes are created, shown, described and dropped; names know no case', async () => {
    await it_.rows("CREATE VOLUME IF NOT EXISTS Main.Default.LANDING COMMENT 'x'");
    expect((await it_.failure('CREATE VOLUME landing')).message).to.include('VOLUME_ALREADY_EXISTS');
    await it_.rows('CREATE VOLUME other');
    expect(await it_.rows("SHOW VOLUMES IN default LIKE 'land*'")).to.deep.equal([
      { database: 'default', volume_name: 'landing' },
    ]);
    expect(await it_.rows('DESCRIBE VOLUME landing')).to.have.lengthOf(1);
    await it_.rows('DROP VOLUME other');
    expect((await it_.failure('DROP VOLUME other')).message).to.include('VOLUME_DOES_NOT_EXIST');
    await it_.rows('DROP VOLUME IF EXISTS other');
    expect((await it_.failure('CREATE VOLUME nowhere.v')).message).to.include('SCHEMA_NOT_FOUND');
    expect((await it_.failure("CREATE EXTERNAL VOLUME v LOCATION 's3://x'")).sqlState).to.equal('0A000');
  });

  it('LIST shows a folder, a file, and what is missing', async () => {
    write('a/b.csv', 'x\n');
    write('c.csv', 'yy\n');
    const rows = await it_.rows(`LIST '${VOLUME}'`);
    expect(rows.map(({ path: at, name, size }) => [at, name, size])).to.deep.equal([
      [`${VOLUME}/a/`, 'a/', 0],
      [`${VOLUME}/c.csv`, 'c.csv', 3],
    ]);
    expect(Date.now() - Number(rows[1]?.['modification_time'])).to.be.within(-2_000, 60_000);
    expect(await it_.rows(`LIST '${VOLUME}/' LIMIT 1`)).to.have.lengthOf(1);
    expect(await it_.rows(`LIST '${VOLUME}/a/b.csv'`)).to.have.lengthOf(1);
    expect((await it_.failure(`LIST '${VOLUME}/nothing'`)).message).to.include('PATH_NOT_FOUND');
    for (const outside of ['/etc', '/Volumes', `${VOLUME}/../../..`, '/Volumes/main/../x']) {
      expect((await it_.failure(`LIST '${outside}'`)).sqlState, outside).to.equal('22023');
    }
  });

  it('Parquet by name, whatever the case; what a file lacks is NULL', async () => {
    await parquet('a.parquet', PARQUET);
    expect(await copy(`'${VOLUME}' FILEFORMAT = PARQUET`)).to.deep.equal(counts(3));
    expect(await it_.rows('SELECT * FROM target ORDER BY id')).to.deep.equal([
      { id: 0, name: 'n0', amount: 0, day: null },
      { id: 1, name: 'n1', amount: 1.5, day: null },
      { id: 2, name: 'n2', amount: 3, day: null },
    ]);
  });

  it('a file is copied once, unless it changed or force is set; a new table knows of none', async () => {
    await parquet('a.parquet', PARQUET);
    await parquet('deep/b.parquet', PARQUET);
    write('_SUCCESS', '');
    const all = `'${VOLUME}' FILEFORMAT = PARQUET`;
    expect(await copy(all)).to.deep.equal(counts(6));
    expect(await copy(all)).to.deep.equal(counts(0));
    await parquet('a.parquet', 'SELECT 7::BIGINT AS id');
    expect(await copy(all)).to.deep.equal(counts(1));
    expect(await copy(`${all} COPY_OPTIONS ('force' = 'true')`)).to.deep.equal(counts(4));
    expect(await it_.rows('SELECT count(*) AS n FROM target')).to.deep.equal([{ n: 11 }]);
    await it_.rows('DROP TABLE target');
    await it_.rows('CREATE TABLE target (id BIGINT, name STRING, amount DECIMAL(10,2))');
    expect(await copy(all)).to.deep.equal(counts(4));
  });

  it('remembers what was copied after a restart', async () => {
    const own = mkdtempSync(join(tmpdir(), 'local-workspace-test-'));
    const first = await harness({ dataDir: own });
    await first.rows('CREATE VOLUME v');
    writeFileSync(join(own, 'volumes/main/default/v/a.json'), '{"a":1}\n');
    await first.rows('CREATE TABLE t (a BIGINT)');
    const statement = "COPY INTO t FROM '/Volumes/main/default/v' FILEFORMAT = JSON";
    expect((await first.rows(statement))[0]).to.include({ num_inserted_rows: 1 });
    await first.close();
    const second = await harness({ dataDir: own });
    expect((await second.rows(statement))[0]).to.include({ num_inserted_rows: 0 });
    expect(await second.rows('SHOW TABLES')).to.have.lengthOf(1);
    await second.close();
    rmSync(own, { recursive: true });
  });

  it('CSV with its options: header, delimiter, quote, NULL, types', async () => {
    write('a.csv', 'id;name;amount;day\n1;"a;b";1.25;2024-02-29\n2;none;;\n');
    const options = "'header' = 'true', 'delimiter' = ';', 'inferSchema' = 'true', 'nullValue' = 'none'";
    expect(
      (await it_.failure(`COPY INTO target FROM '${VOLUME}' FILEFORMAT = CSV FORMAT_OPTIONS ('x' = '1')`)).sqlState,
    ).to.equal('0A000');
    expect(await copy(`'${VOLUME}' FILEFORMAT = CSV FORMAT_OPTIONS (${options})`)).to.deep.equal(counts(2));
    const rows = await it_.rows(
      'SELECT id, name, CAST(amount AS STRING) AS amount, CAST(day AS STRING) AS day FROM target ORDER BY id',
    );
    expect(rows[0]).to.deep.equal({ id: 1, name: 'a;b', amount: '1.25', day: '2024-02-29' });
    expect(rows[1]).to.include({ id: 2, name: null });
  });

  it('a query over the files casts what they hold: columns without a header are _c0, _c1', async () => {
    write('a.csv', '1,one\n2,two\n');
    const query = `(SELECT CAST(_c0 AS BIGINT) + 10 AS id, upper(_c1) AS name FROM '${VOLUME}' WHERE _c0 <> '2')`;
    expect(await copy(`${query} FILEFORMAT = CSV`)).to.deep.equal(counts(1));
    expect(await it_.rows('SELECT id, name FROM target')).to.deep.equal([{ id: 11, name: 'ONE' }]);
    const again = `COPY INTO target FROM '${VOLUME}' FILEFORMAT = CSV COPY_OPTIONS ('force' = 'true')`;
    expect((await it_.failure(again)).message).to.include('COPY_INTO_SCHEMA_MISMATCH');
    write('b.csv', 'id\n3\n');
    const text = `COPY INTO target FROM '${VOLUME}' FILEFORMAT = CSV FILES = ('b.csv') FORMAT_OPTIONS ('header' = 'true')`;
    expect((await it_.failure(text)).message).to.include('DELTA_FAILED_TO_MERGE_FIELDS');
  });

  it('JSON lines and documents; moments stay text as Spark has them', async () => {
    write('a.jsonl', '{"id": 1, "name": "2024-01-01"}\n{"id": 2, "amount": 2.5}\n');
    expect(await copy(`'${VOLUME}' FILEFORMAT = JSON`)).to.deep.equal(counts(2));
    write('b.json', '[\n{"id": 3},\n{"id": 4}\n]');
    const rest = `FILEFORMAT = JSON FILES = ('b.json') FORMAT_OPTIONS ('multiLine' = 'true')`;
    expect(await copy(`'${VOLUME}' ${rest}`)).to.deep.equal(counts(2));
    expect(await it_.rows('SELECT id, name FROM target ORDER BY id LIMIT 2')).to.deep.equal([
      { id: 1, name: '2024-01-01' },
      { id: 2, name: null },
    ]);
  });

  it('files are chosen by name and by pattern', async () => {
    for (const name of ['a1', 'a2', 'b1']) await parquet(`${name}.parquet`, PARQUET);
    expect(await copy(`'${VOLUME}' FILEFORMAT = PARQUET FILES = ('b1.parquet')`)).to.deep.equal(counts(3));
    expect(await copy(`'${VOLUME}' FILEFORMAT = PARQUET PATTERN = '{a,b}[12].parquet'`)).to.deep.equal(counts(6));
    const missing = `COPY INTO target FROM '${VOLUME}' FILEFORMAT = PARQUET FILES = ('none.parquet')`;
    expect((await it_.failure(missing)).message).to.include('PATH_NOT_FOUND');
  });

  it('mergeSchema adds the columns that a table lacks', async () => {
    await parquet('a.parquet', `${PARQUET.replace('FROM', ', true AS fresh FROM')}`);
    const rest = `'${VOLUME}' FILEFORMAT = PARQUET`;
    expect((await it_.failure(`COPY INTO target FROM ${rest}`)).message).to.include('`fresh`');
    expect(await copy(`${rest} COPY_OPTIONS ('mergeSchema' = 'true')`)).to.deep.equal(counts(3));
    expect(await it_.rows('SELECT DISTINCT fresh FROM target')).to.deep.equal([{ fresh: true }]);
  });

  it('copies all or nothing: a value that does not fit, a file that is none', async () => {
    await parquet('a.parquet', 'SELECT 1::BIGINT AS id, 123456789012::DECIMAL(18,2) AS amount');
    expect((await it_.failure(`COPY INTO target FROM '${VOLUME}' FILEFORMAT = PARQUET`)).sqlState).to.equal('22003');
    write('broken.parquet', 'no parquet');
    const broken = await it_.failure(
      `COPY INTO target FROM '${VOLUME}' FILEFORMAT = PARQUET FILES = ('broken.parquet')`,
    );
    expect(broken.sqlState).to.equal('KD001');
    expect(broken.message).to.not.include(folder);
    expect(await it_.rows('SELECT count(*) AS n FROM target')).to.deep.equal([{ n: 0 }]);
    await parquet('a.parquet', PARQUET);
    expect(await copy(`'${VOLUME}' FILEFORMAT = PARQUET PATTERN = 'a*'`)).to.deep.equal(counts(3));
  });

  it('reads nothing but volumes, into tables that exist, in formats that it knows', async () => {
    const refused: readonly (readonly [string, string])[] = [
      [`COPY INTO target FROM '/etc' FILEFORMAT = CSV`, '22023'],
      [`COPY INTO target FROM 's3://bucket/x' FILEFORMAT = CSV`, '0A000'],
      [`COPY INTO target FROM '${VOLUME}/../../../catalogs' FILEFORMAT = PARQUET`, '22023'],
      [`COPY INTO nowhere FROM '${VOLUME}' FILEFORMAT = CSV`, '42P01'],
      [`COPY INTO target FROM '${VOLUME}' FILEFORMAT = AVRO`, '0A000'],
      [`COPY INTO target FROM '${VOLUME}' FILEFORMAT = CSV VALIDATE ALL`, '0A000'],
      [`COPY INTO target FROM '${VOLUME}' FILEFORMAT CSV`, '42601'],
      [`COPY INTO target FROM '${VOLUME}' FILEFORMAT = CSV COPY_OPTIONS ('x' = '1')`, '0A000'],
      [`SELECT * FROM __copied`, '42P01'],
      [`SELECT * FROM main.main.copied_files`, '42P01'],
    ];
    for (const [sql, state] of refused) expect((await it_.failure(sql)).sqlState, sql).to.equal(state);
  });
});
