import { expect } from 'chai';
import { DRIVERS, harness, type Harness } from './drivers';

/** Columns as CREATE TABLE declares them, with and without colons between fields and types. */
const COLUMNS = `yes BOOLEAN, tiny TINYINT, small SMALLINT, i INT, big BIGINT, f FLOAT, d DOUBLE, dec DECIMAL(3,2),
  s STRING, c CHAR(20), v VARCHAR(20), ts TIMESTAMP, day DATE, di INTERVAL DAY, mi INTERVAL MONTH, bin BINARY,
  st STRUCT<yes BOOLEAN, big BIGINT, dec DECIMAL(6,4), items: ARRAY<DECIMAL(4,2)>, maps: ARRAY<MAP<STRING, DECIMAL(5,3)>>,
    inner: STRUCT<s: STRING, d: DECIMAL(4,2), n: BIGINT, a: ARRAY<DECIMAL(5,3)>>>,
  decs ARRAY<DECIMAL(4,2)>, lists ARRAY<ARRAY<DECIMAL(5,3)>>, structs ARRAY<STRUCT<s: STRING, d: DECIMAL(3,2)>>,
  m MAP<STRING, DECIMAL(4,2)>, listed MAP<STRING, ARRAY<BIGINT>>, structured MAP<STRING, STRUCT<d: DECIMAL(3,2), n: BIGINT>>`;

/** Literals of other types than those of their columns, which they become. */
const VALUES = `true, 127, 32000, 4000000, 372036854775807, 1.4142, 2.71828182, 3.14, 'some text', 'padded', 'any width',
  '2014-01-17 00:17:13', '2014-01-17', INTERVAL '1' day, INTERVAL '1' month, 'bytes',
  named_struct('yes', false, 'big', 372036854775807, 'dec', 1.4142, 'items', array(1.41, 2.71),
    'maps', array(map('root', 1.4142), map('pi', 3.1415)),
    'INNER', named_struct('s', 'deep', 'd', 3.14, 'n', 314159265359, 'a', array(2.718, 3.141))),
  array(1.41, 2.71, 3.14), array(array(1.414), array(2.718, 3.141)),
  array(named_struct('s', 'e', 'd', 2.71), named_struct('s', 'pi', 'd', 3.14)),
  map('e', 2.71, 'pi', 3.14), map('e', array(271828182846)), map('x', named_struct('d', 3.14, 'n', 314159265359))`;

const ROW = {
  yes: true,
  tiny: 127,
  small: 32000,
  i: 4000000,
  big: 372036854775807,
  f: 1.4142,
  d: 2.71828182,
  dec: 3.14,
  s: 'some text',
  c: 'padded',
  v: 'any width',
  ts: '2014-01-17 00:17:13',
  day: '2014-01-17',
  di: '1 00:00:00.000000000',
  mi: '0-1',
  bin: Buffer.from('bytes'),
  st: {
    yes: false,
    big: 372036854775807,
    dec: 1.4142,
    items: [1.41, 2.71],
    maps: [{ root: 1.414 }, { pi: 3.142 }],
    inner: { s: 'deep', d: 3.14, n: 314159265359, a: [2.718, 3.141] },
  },
  decs: [1.41, 2.71, 3.14],
  lists: [[1.414], [2.718, 3.141]],
  structs: [
    { s: 'e', d: 2.71 },
    { s: 'pi', d: 3.14 },
  ],
  m: { e: 2.71, pi: 3.14 },
  listed: { e: [271828182846] },
  structured: { x: { d: 3.14, n: 314159265359 } },
};

const FORMATS: readonly { name: string; config: Record<string, unknown>; day: boolean; ts: boolean; lz4: boolean }[] = [
  { name: 'columns', config: { arrowEnabled: false }, day: false, ts: false, lz4: false },
  {
    name: 'Arrow with text',
    config: { useArrowNativeTypes: false, useLZ4Compression: false },
    day: true,
    ts: false,
    lz4: false,
  },
  { name: 'Arrow', config: { useArrowNativeTypes: true, useLZ4Compression: false }, day: true, ts: true, lz4: false },
  {
    name: 'Arrow with text, LZ4',
    config: { useArrowNativeTypes: false, useCloudFetch: false },
    day: true,
    ts: false,
    lz4: true,
  },
];

for (const { name: driver, Client, lz4: hasLz4 } of DRIVERS) {
  describe(`a table of every type, driver ${driver}`, () => {
    for (const { name, config, day, ts, lz4 } of FORMATS) {
      if (lz4 && !hasLz4) continue;
      it(`is filled from literals and read in ${name}`, async () => {
        const it_: Harness = await harness({ Client, config });
        try {
          await it_.rows(`CREATE TABLE everything (${COLUMNS})`);
          await it_.rows(`INSERT INTO everything VALUES (${VALUES})`);
          const [row = {}] = await it_.rows('SELECT * FROM everything');
          const date = new Date(`${ROW.day}T00:00:00Z`);
          const instant = new Date(`${ROW.ts.replace(' ', 'T')}Z`);
          expect({ ...row, f: Number(Number(row['f']).toFixed(4)) }).to.deep.equal({
            ...ROW,
            ...(day && { day: date }),
            ...(ts && { ts: instant }),
          });
          expect(it_.workspace.received.statements().at(-1)?.compressed).to.equal(lz4);
        } finally {
          await it_.close();
        }
      });
    }
  });
}
