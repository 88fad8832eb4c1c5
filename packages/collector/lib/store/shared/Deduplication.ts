import type { Rows } from '../queries/Query';
import type { Row } from '../Row';
import type { Arrival } from '../rows/arrivals';
import { eventKey } from '../rows/eventKey';
import { inChunks } from './chunks';

export interface Known {
  readonly arrival: Arrival;
  readonly key: string;
}

const hex = (part: bigint): string => BigInt.asUintN(64, part).toString(16).padStart(16, '0');

/** The identity of a log as text. */
export function keyOf({ row }: Arrival): string {
  const { high, low } = eventKey(row);
  return hex(high) + hex(low);
}

/** `arrivals` without those that another load brought before. */
export async function firstOnes(database: Rows, arrivals: readonly Arrival[], loadId: string): Promise<Known[]> {
  const byKey = new Map<string, Arrival>();
  for (const arrival of arrivals) {
    const key = keyOf(arrival);
    if (!byKey.has(key)) byKey.set(key, arrival);
  }
  for (const keys of inChunks([...byKey.keys()])) {
    const list = keys.map((key) => `'${key}'`).join(', ');
    const rows = await database.rows(`SELECT "key", "loadId" FROM event_keys WHERE "key" IN (${list})`);
    // What this very load wrote when it was tried before is no duplicate.
    const own = new Set(rows.flatMap((row) => (row['loadId'] === loadId ? [String(row['key'])] : [])));
    for (const { key } of rows) if (!own.has(String(key))) byKey.delete(String(key));
  }
  return [...byKey].map(([key, arrival]) => ({ arrival, key }));
}

export function keyRows(first: readonly Known[], loadId: string): Row[] {
  return first.map(({ key, arrival }) => ({ key, loadId, receivedMs: arrival.receivedMs }));
}
