import { expect } from 'chai';
import { DRIVERS, harness, type Harness } from './drivers';

interface Case {
  type: string;
  sql: string;
  /** The value through formats with native types. */
  value: unknown;
  /** The value where the driver is given text, when it differs. */
  text?: unknown;
}

const DAY = new Date('2024-02-29T00:00:00.000Z');
const INSTANT = new Date('2024-02-29T12:34:56.789Z');

const CASES: readonly Case[] = [
  { type: 'boolean', sql: 'true', value: true },
  { type: 'tinyint', sql: 'CAST(-128 AS TINYINT)', value: -128 },
  { type: 'smallint', sql: 'CAST(-32768 AS SMALLINT)', value: -32768 },
  { type: 'int', sql: '2147483647', value: 2147483647 },
  { type: 'bigint', sql: 'CAST(9007199254740991 AS BIGINT)', value: 9007199254740991 },
  { type: 'float', sql: 'CAST(1.5 AS FLOAT)', value: 1.5 },
  { type: 'double', sql: 'CAST(-2.25e10 AS DOUBLE)', value: -2.25e10 },
  { type: 'double, a power of two', sql: "CAST('5.562684646268003e-309' AS DOUBLE) * 8", value: 2 ** -1021 },
  { type: 'decimal(10,2)', sql: 'CAST(-12345.67 AS DECIMAL(10,2))', value: -12345.67 },
  { type: 'decimal(38,10)', sql: 'CAST(0.0000000001 AS DECIMAL(38,10))', value: 1e-10 },
  { type: 'decimal(4,0)', sql: 'CAST(42 AS DECIMAL(4,0))', value: 42 },
  { type: 'string', sql: "'naïve ☃ it''s \"quoted\"'", value: 'naïve ☃ it\'s "quoted"' },
  { type: 'long string', sql: "repeat('0123456789', 5)", value: '0123456789'.repeat(5) },
  { type: 'empty string', sql: "''", value: '' },
  { type: 'varchar', sql: "CAST('abc' AS VARCHAR(5))", value: 'abc' },
  { type: 'char', sql: "CAST('abc' AS CHAR(3))", value: 'abc' },
  { type: 'binary', sql: "X'00ff10'", value: Buffer.from([0, 255, 16]) },
  { type: 'date', sql: "DATE '2024-02-29'", value: DAY, text: '2024-02-29' },
  { type: 'timestamp', sql: "TIMESTAMP '2024-02-29 12:34:56.789'", value: INSTANT, text: '2024-02-29 12:34:56.789' },
  {
    type: 'timestamp_ntz',
    sql: "TIMESTAMP_NTZ '2024-02-29 12:34:56.789'",
    value: INSTANT,
    text: '2024-02-29 12:34:56.789',
  },
  { type: 'interval year to month', sql: "INTERVAL '1-2' YEAR TO MONTH", value: '1-2' },
  { type: 'interval day to second', sql: "INTERVAL '1 02:03:04.5' DAY TO SECOND", value: '1 02:03:04.500000000' },
  { type: 'array<int>', sql: 'array(1, NULL, 3)', value: [1, null, 3] },
  { type: 'array<string>', sql: "array('a', 'b\"c')", value: ['a', 'b"c'] },
  { type: 'map<string,int>', sql: "map('a', 1, 'b', 2)", value: { a: 1, b: 2 } },
  { type: 'struct', sql: "named_struct('x', 1, 'y', 'z', 'n', NULL)", value: { x: 1, y: 'z', n: null } },
  { type: 'nested', sql: "array(named_struct('m', map('k', array(1, 2))))", value: [{ m: { k: [1, 2] } }] },
  { type: 'variant', sql: 'parse_json(\'{"a": [1, null]}\')', value: '{"a":[1,null]}' },
  { type: 'void', sql: 'NULL', value: null },
];

const FORMATS = [
  { name: 'column-based', config: { arrowEnabled: false }, format: 'columnar', native: false },
  { name: 'inline Arrow, native types', config: { useCloudFetch: false }, format: 'inline-arrow', native: true },
  {
    name: 'inline Arrow, types as text, no LZ4',
    config: { useCloudFetch: false, useArrowNativeTypes: false, useLZ4Compression: false },
    format: 'inline-arrow',
    native: false,
  },
  { name: 'CloudFetch, native types', config: { useCloudFetch: true }, format: 'cloudfetch', native: true },
  {
    name: 'CloudFetch, types as text, LZ4',
    config: { useCloudFetch: true, useArrowNativeTypes: false },
    format: 'cloudfetch',
    native: false,
    lz4: true,
  },
] as const;

for (const driver of DRIVERS) {
  for (const format of FORMATS) {
    if ('lz4' in format && !driver.lz4) continue;
    describe(`driver ${driver.name}, ${format.name}`, () => {
      let it_: Harness;

      before(async () => {
        const lz4 = 'lz4' in format ? 'always' : 'as-asked';
        it_ = await harness({ Client: driver.Client, config: format.config, cloudFetch: { thresholdBytes: 0, lz4 } });
      });

      after(() => it_.close());

      for (const { type, sql, value, text } of CASES) {
        it(`reads ${type} and its NULL`, async () => {
          const rows = await it_.rows(`SELECT ${sql} AS v UNION ALL SELECT NULL AS v`);
          const isDate = type === 'date';
          const expected =
            text !== undefined && !format.native && !(isDate && format.format !== 'columnar') ? text : value;
          const values = rows.map(({ v }) => v);
          expect(values).to.deep.include.members([expected, null]);
          const [record] = it_.workspace.received.statements().slice(-1);
          expect(record?.resultFormat).to.equal(format.format);
          expect(record?.compressed).to.equal('lz4' in format || (driver.lz4 && isLz4Asked(format)));
        });
      }

      it('reads many rows of every type in order, nulls in between', async () => {
        const columns = CASES.filter(({ type }) => !type.startsWith('interval')).map(
          ({ sql }, i) => `CASE WHEN id % 3 = ${i % 3} THEN NULL ELSE ${sql} END AS c${i}`,
        );
        const rows = await it_.rows(`SELECT id, ${columns.join(', ')} FROM range(3000)`);
        expect(rows).to.have.length(3000);
        rows.forEach((row, id) => {
          if (row['id'] !== id || (id % 3 === 0) !== (row['c0'] === null))
            throw new Error(`row ${id}: ${JSON.stringify(row)}`);
        });
      });
    });
  }
}

function isLz4Asked(format: (typeof FORMATS)[number]): boolean {
  return format.format === 'inline-arrow' && !('useLZ4Compression' in format.config);
}
