import { DuckDBInstance, JsonDuckDBValueConverter } from '@duckdb/node-api';
import { expect } from 'chai';
import { DRIVERS, harness } from './drivers';

const ROWS = 1500;

/** A number below `n` for each row, which every database computes alike. */
const pick = (salt: number, n: number): string => `((id * ${salt * 7919 + 1} + ${salt}) % ${n})`;

/** Columns in SQL that Databricks and DuckDB read alike. */
const COLUMNS: Readonly<Record<string, string>> = {
  truth: `${pick(1, 2)} = 0`,
  tiny: `CAST(${pick(2, 256)} - 128 AS TINYINT)`,
  small: `CAST(${pick(3, 65_536)} - 32768 AS SMALLINT)`,
  plain: `CAST(${pick(4, 4_000_000)} * 1000 - 2000000000 AS INT)`,
  big: `CAST(${pick(5, 9_000_000)} * 1000000000 - 4500000000000000 AS BIGINT)`,
  single: `CAST(${pick(6, 1_000_000)} - 500000 AS FLOAT) * CAST(0.125 AS FLOAT)`,
  double: `CAST(${pick(7, 10_000_000)} AS DOUBLE) * CAST(0.0001 AS DOUBLE)`,
  price: `CAST(${pick(8, 10_000_000)} - 5000000 AS DECIMAL(12, 0)) * CAST(0.01 AS DECIMAL(3, 2))`,
  words: `repeat(CAST(id AS STRING), CAST(${pick(9, 4)} AS INT)) || ' naïve ☃ "q"'`,
  day: `DATE '1960-01-01' + CAST(${pick(10, 40_000)} AS INT)`,
  moment: `CAST('1960-01-01 12:34:56.789' AS TIMESTAMP_NTZ) + CAST(${pick(11, 40_000)} AS INT) * INTERVAL '1' HOUR`,
  list: `array(${pick(12, 1000)}, NULL, id)`,
};

const NAMES = ['id', ...Object.keys(COLUMNS)];
const nullable = Object.entries(COLUMNS).map(
  ([name, sql], i) => `CASE WHEN ${pick(i + 20, 7)} = 0 THEN NULL ELSE ${sql} END AS ${name}`,
);
const QUERY = `SELECT id, ${nullable.join(', ')} FROM range(${ROWS}) ORDER BY id`;

/** Numbers as numbers, days and instants as the milliseconds of UTC; the rest as it is. */
function comparable(value: unknown, column: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => comparable(item, column));
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'string' || column === 'words') return value;
  if (column !== 'day' && column !== 'moment') return Number(value);
  return Date.parse(value.length === 10 ? value : `${value.replace(' ', 'T')}Z`);
}

async function answerOfDuckDb(): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const duck = QUERY.replaceAll('STRING', 'VARCHAR')
    .replaceAll('TIMESTAMP_NTZ', 'TIMESTAMP')
    .replaceAll('array(', 'list_value(');
  const reader = await connection.runAndReadAll(duck.replace(`range(${ROWS})`, `range(${ROWS}) AS r(id)`));
  const rows = reader.convertRows(JsonDuckDBValueConverter);
  connection.closeSync();
  return rows.map((row) => row.map((value, i) => comparable(value, NAMES[i] ?? '')));
}

const FORMATS = [
  { name: 'column-based', config: { arrowEnabled: false } },
  { name: 'inline Arrow', config: { useCloudFetch: false } },
  { name: 'inline Arrow as text', config: { useCloudFetch: false, useArrowNativeTypes: false } },
  { name: 'CloudFetch', config: { useCloudFetch: true } },
  { name: 'CloudFetch as text', config: { useCloudFetch: true, useArrowNativeTypes: false } },
];

describe('values as DuckDB itself answers them', () => {
  let reference: unknown[][];

  before(async () => {
    reference = await answerOfDuckDb();
  });

  for (const { name: driver, Client } of DRIVERS) {
    for (const { name, config } of FORMATS) {
      it(`driver ${driver}, ${name}`, async () => {
        const it_ = await harness({ Client, config, cloudFetch: { thresholdBytes: 0, maxRowsPerFile: 400 } });
        try {
          const rows = await it_.rows(QUERY);
          const values = rows.map((row) => NAMES.map((column) => comparable(row[column], column)));
          expect(values.length).to.equal(ROWS);
          values.forEach((row, i) => expect(row, `row ${i}`).to.deep.equal(reference[i]));
        } finally {
          await it_.close();
        }
      });
    }
  }
});
