import type { DuckDBConnection } from '@duckdb/node-api';

const ORDERS = 1_000_000;
const CUSTOMERS = 50_000;
const TRIPS = 22_000;

/** Pseudo-random but repeatable choice out of `n`, different for each `salt`. */
const pick = (salt: number, n: number): string => `CAST(hash(i + ${salt}000000007) % ${n} AS INTEGER)`;
const oneOf = (salt: number, values: readonly string[]): string =>
  `[${values.map((value) => `'${value}'`).join(', ')}][1 + ${pick(salt, values.length)}]`;

const FIRST_NAMES = ['Ada', 'Grace', 'Edgar', 'Barbara', 'Tim', 'Radia', 'Leslie', 'Shafi', 'Donald', 'Frances'];
const LAST_NAMES = [
  'Lovelace',
  'Hopper',
  'Codd',
  'Liskov',
  'Lee',
  'Perlman',
  'Lamport',
  'Goldwasser',
  'Knuth',
  'Allen',
];

/** `main.default.orders` (a million rows), `main.default.customers`, `samples.nyctaxi.trips`. Skips what exists. */
export async function seedDemo(connection: DuckDBConnection): Promise<void> {
  await connection.run(`CREATE TABLE IF NOT EXISTS c_main."default".customers AS SELECT
    CAST(i AS BIGINT) AS customer_id,
    ${oneOf(1, FIRST_NAMES)} || ' ' || ${oneOf(2, LAST_NAMES)} AS name,
    'customer' || i || '@example.com' AS email,
    ${oneOf(3, ['DE', 'FR', 'GB', 'IN', 'JP', 'NL', 'US', 'BR'])} AS country,
    DATE '2015-01-01' + ${pick(4, 3650)} AS signed_up,
    ${pick(5, 5)} = 0 AS newsletter
    FROM range(${CUSTOMERS}) t(i)`);
  await connection.run(`CREATE TABLE IF NOT EXISTS c_main."default".orders AS SELECT
    CAST(i AS BIGINT) AS order_id,
    CAST(${pick(11, CUSTOMERS)} AS BIGINT) AS customer_id,
    TIMESTAMPTZ '2023-01-01 00:00:00+00' + to_seconds(${pick(12, 63_072_000)}) AS ordered_at,
    ${oneOf(13, ['NEW', 'PAID', 'PACKED', 'SHIPPED', 'DELIVERED', 'RETURNED'])} AS status,
    CAST(1 + ${pick(14, 9)} AS INTEGER) AS quantity,
    CAST((100 + ${pick(15, 99_900)}) / 100.0 AS DECIMAL(10, 2)) AS unit_price,
    ${pick(16, 30)} / 100.0 AS discount,
    CASE WHEN ${pick(17, 4)} = 0 THEN NULL ELSE 'Ring the bell ' || ${pick(18, 7)} || ' times, order ' || i END AS note,
    ${oneOf(19, ['web', 'app', 'store', 'phone'])} AS channel,
    ${pick(20, 10)} = 0 AS gift
    FROM range(${ORDERS}) t(i)`);
  await connection.run('CREATE SCHEMA IF NOT EXISTS c_samples.nyctaxi');
  await connection.run(`CREATE TABLE IF NOT EXISTS c_samples.nyctaxi.trips AS SELECT
    TIMESTAMPTZ '2016-01-01 00:00:00+00' + to_seconds(${pick(31, 5_184_000)}) AS tpep_pickup_datetime,
    TIMESTAMPTZ '2016-01-01 00:00:00+00' + to_seconds(${pick(31, 5_184_000)} + 120 + ${pick(32, 3000)}) AS tpep_dropoff_datetime,
    CAST(${pick(33, 2000)} / 100.0 AS DOUBLE) AS trip_distance,
    CAST(3 + ${pick(34, 6000)} / 100.0 AS DOUBLE) AS fare_amount,
    10001 + ${pick(35, 280)} AS pickup_zip,
    10001 + ${pick(36, 280)} AS dropoff_zip
    FROM range(${TRIPS}) t(i)`);
}
