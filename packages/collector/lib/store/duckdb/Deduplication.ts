import { listValue, type DuckDBConnection } from '@duckdb/node-api';
import type { Arrival } from '../rows/arrivals';
import { appendRows, type AppendColumn } from './appendRows';
import { Bloom } from './Bloom';
import { eventKey, filterKey, type EventKey } from '../rows/eventKey';

const KEY_COLUMNS: readonly AppendColumn[] = [
  { name: 'high', type: 'BIGINT' },
  { name: 'low', type: 'BIGINT' },
  { name: 'receivedMs', type: 'BIGINT' },
];

/** Which logs came before. The filter in memory only spares the question; the database has the answer. */
export class Deduplication {
  private readonly seen = new Bloom();

  async read(connection: DuckDBConnection): Promise<void> {
    const result = await connection.stream('SELECT high, max("receivedMs") FROM event_keys GROUP BY high');
    for await (const rows of result.yieldRows()) {
      for (const [high, receivedMs] of rows)
        if (typeof high === 'bigint') this.seen.add(filterKey(high), Number(receivedMs));
    }
  }

  /** `arrivals` without those that came before; the keys of the rest are written in the transaction of `connection`. */
  async firstOnes(connection: DuckDBConnection, arrivals: readonly Arrival[]): Promise<Arrival[]> {
    const inBatch = new Map<string, { arrival: Arrival; key: EventKey }>();
    for (const arrival of arrivals) {
      const key = eventKey(arrival.row);
      if (!inBatch.has(key.name)) inBatch.set(key.name, { arrival, key });
    }
    const doubtful = [...inBatch.values()].flatMap(({ key }) => (this.seen.mayHave(key.filter) ? [key] : []));
    if (doubtful.length > 0) {
      const names = new Map(doubtful.map(({ high, low, name }) => [`${high}/${low}`, name]));
      const reader = await connection.runAndReadAll(
        'SELECT high, low FROM event_keys WHERE high IN (SELECT unnest($1::BIGINT[]))',
        [listValue(doubtful.map(({ high }) => high))],
      );
      for (const [high, low] of reader.getRows()) inBatch.delete(names.get(`${String(high)}/${String(low)}`) ?? '');
    }
    const first = [...inBatch.values()];
    for (const { arrival, key } of first) this.seen.add(key.filter, arrival.receivedMs);
    await appendRows(
      connection,
      'event_keys',
      KEY_COLUMNS,
      first.map(({ arrival, key: { high, low } }) => ({ high, low, receivedMs: arrival.receivedMs })),
    );
    return first.map(({ arrival }) => arrival);
  }

  /** Forgets what is older than `beforeMs`. */
  async expire(connection: DuckDBConnection, beforeMs: number): Promise<void> {
    await connection.run('DELETE FROM event_keys WHERE "receivedMs" < $1', [BigInt(beforeMs)]);
    this.seen.expire(beforeMs);
  }
}
