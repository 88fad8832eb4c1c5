import { DBSQLParameter, DBSQLParameterType } from '@databricks/sql';
import { expect } from 'chai';
import { harness, type Harness } from './drivers';

const { STRING, DATE, TIMESTAMP, FLOAT, DECIMAL, DOUBLE, INTEGER, BIGINT, SMALLINT, TINYINT, BOOLEAN, VOID } =
  DBSQLParameterType;

const CASES: readonly [type: string, parameter: DBSQLParameter, typeName: string, value: unknown][] = [
  ['STRING', new DBSQLParameter({ type: STRING, value: 'it\'s \\ "x" ; --' }), 'string', 'it\'s \\ "x" ; --'],
  ['BOOLEAN', new DBSQLParameter({ type: BOOLEAN, value: false }), 'boolean', false],
  ['TINYINT', new DBSQLParameter({ type: TINYINT, value: -7 }), 'tinyint', -7],
  ['SMALLINT', new DBSQLParameter({ type: SMALLINT, value: 300 }), 'smallint', 300],
  ['INTEGER', new DBSQLParameter({ type: INTEGER, value: 70000 }), 'int', 70000],
  ['BIGINT', new DBSQLParameter({ type: BIGINT, value: 5_000_000_000n }), 'bigint', 5_000_000_000],
  ['FLOAT', new DBSQLParameter({ type: FLOAT, value: 1.5 }), 'float', 1.5],
  ['DOUBLE', new DBSQLParameter({ type: DOUBLE, value: 1e100 }), 'double', 1e100],
  ['DECIMAL', new DBSQLParameter({ type: DECIMAL, value: '123.456' }), 'decimal(6,3)', 123.456],
  ['DATE', new DBSQLParameter({ type: DATE, value: '2024-02-29' }), 'date', new Date('2024-02-29')],
  ['TIMESTAMP', new DBSQLParameter({ type: TIMESTAMP, value: new Date(1e12) }), 'timestamp', new Date(1e12)],
  [
    'TIMESTAMP_NTZ',
    new DBSQLParameter({ type: DBSQLParameterType.TIMESTAMP_NTZ, value: '2024-02-29 01:02:03' }),
    'timestamp_ntz',
    new Date('2024-02-29T01:02:03Z'),
  ],
  ['INTERVAL MONTH', new DBSQLParameter({ type: DBSQLParameterType.INTERVALMONTH, value: '14' }), '', '1-2'],
  [
    'INTERVAL DAY',
    new DBSQLParameter({ type: DBSQLParameterType.INTERVALDAY, value: '3' }),
    '',
    '3 00:00:00.000000000',
  ],
  ['VOID', new DBSQLParameter({ type: VOID, value: null }), '', null],
];

describe('parameters', () => {
  let it_: Harness;

  before(async () => {
    it_ = await harness();
  });
  after(() => it_.close());

  for (const [type, parameter, , value] of CASES) {
    it(`binds ${type} by name and by position`, async () => {
      expect(await it_.rows('SELECT :p AS v', { namedParameters: { p: parameter } })).to.deep.equal([{ v: value }]);
      expect(await it_.rows('SELECT ? AS v', { ordinalParameters: [parameter] })).to.deep.equal([{ v: value }]);
    });
  }

  it('infers types of plain values', async () => {
    const rows = await it_.rows('SELECT :i AS i, :d AS d, :s AS s, :b AS b, :n AS n', {
      namedParameters: { i: 1, d: 1.5, s: 'x', b: true, n: null as unknown as string },
    });
    expect(rows).to.deep.equal([{ i: 1, d: 1.5, s: 'x', b: true, n: null }]);
  });

  it('binds a name used twice, and in LIMIT', async () => {
    const rows = await it_.rows('SELECT id + :x AS v FROM range(10) WHERE id > :x LIMIT :n', {
      namedParameters: { x: 2, n: 2 },
    });
    expect(rows).to.deep.equal([{ v: 5 }, { v: 6 }]);
  });

  it('never reads a value as SQL', async () => {
    const evil = "'); DROP TABLE x; SELECT ('";
    expect(await it_.rows('SELECT :v AS v', { namedParameters: { v: evil } })).to.deep.equal([{ v: evil }]);
  });

  it('keeps values of one run out of the next', async () => {
    for (const value of ['a', 'b']) {
      expect(await it_.rows('SELECT :v AS v', { namedParameters: { v: value } })).to.deep.equal([{ v: value }]);
    }
  });

  it('refuses an unbound parameter and a value that does not fit its type', async () => {
    const unbound = await it_.failure('SELECT :missing', { namedParameters: { other: 1 } });
    expect(unbound).to.include({ sqlState: '42P02' });
    const bad = await it_.failure('SELECT :x', {
      namedParameters: { x: new DBSQLParameter({ type: INTEGER, value: 'x' }) },
    });
    expect(bad.sqlState).to.equal('22018');
    const notMonths = new DBSQLParameter({ type: DBSQLParameterType.INTERVALMONTH, value: '2-6' });
    expect((await it_.failure('SELECT :x', { namedParameters: { x: notMonths } })).sqlState).to.equal('22006');
    const notABoolean = new DBSQLParameter({ type: BOOLEAN, value: 'maybe' });
    expect((await it_.failure('SELECT :x', { namedParameters: { x: notABoolean } })).sqlState).to.equal('22018');
  });
});

describe('markers without a name', () => {
  let it_: Harness;
  before(async () => {
    it_ = await harness();
    await it_.rows('CREATE TABLE numbered (id INT, name STRING)');
    await it_.rows("INSERT INTO numbered VALUES (1, 'one'), (2, 'two'), (3, 'three')");
  });
  after(() => it_.close());

  const run = (sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> =>
    it_.rows(sql, { ordinalParameters: values as never });

  it('take values by their place in the text, in whichever clause they stand', async () => {
    expect(await run('SELECT ? AS a, name FROM numbered WHERE id = ?', 'x', 2)).to.deep.equal([
      { a: 'x', name: 'two' },
    ]);
    expect(await run('SELECT ? AS a FROM (SELECT ? AS b) WHERE b = ? LIMIT 1', 'x', 7, 7)).to.deep.equal([{ a: 'x' }]);
    expect(
      await run('WITH w AS (SELECT ? AS b) SELECT b, ? AS c FROM w JOIN numbered ON id = ?', 'b', 'c', 3),
    ).to.deep.equal([{ b: 'b', c: 'c' }]);
    expect(
      await run(
        'SELECT count(*) AS n, ? AS a FROM numbered GROUP BY id > ? HAVING count(*) >= ? ORDER BY n',
        'x',
        1,
        2,
      ),
    ).to.deep.equal([{ n: 2, a: 'x' }]);
    await run('UPDATE numbered SET name = ? WHERE id = ?', 'ONE', 1);
    await run('INSERT INTO numbered SELECT id + ?, ? FROM numbered WHERE id = ?', 10, 'eleven', 1);
    expect(await it_.rows('SELECT id, name FROM numbered WHERE id IN (1, 11) ORDER BY id')).to.deep.equal([
      { id: 1, name: 'ONE' },
      { id: 11, name: 'eleven' },
    ]);
  });

  it('without a value are named by their place', async () => {
    const error: unknown = await run('SELECT ? AS a, ? AS b', 1).catch((thrown: unknown) => thrown);
    expect(String(error)).to.include('unbound parameter: _1');
  });
});
