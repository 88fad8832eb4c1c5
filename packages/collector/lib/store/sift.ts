import type { JournalEntry } from '../journal/entry';
import type { TelemetryRow } from '../receive/decodeLog';
import type { Engine } from './Engine';
import { failureText } from './failureText';
import { StoreFailure } from './StoreFailure';

export interface Sifted {
  /** What the store takes in of the entry; the rest counts as rejected. */
  readonly entry: JournalEntry;
  readonly refused: readonly TelemetryRow[];
  /** Why the store refused the last of them. */
  readonly reason: string;
}

/**
 * Parts the rows of `entry` that the store takes in from those, `most` at most, that it refuses each by itself. Throws
 * when it takes in nothing at all, or when waiting helps: then it is not the rows.
 */
export async function sift(store: Engine, entry: JournalEntry, most: number): Promise<Sifted> {
  const refused: TelemetryRow[] = [];
  let reason = '';
  await store.tries([{ ...entry, rows: [] }]);
  const takenOf = async (rows: readonly TelemetryRow[]): Promise<readonly TelemetryRow[]> => {
    try {
      await store.tries([{ ...entry, rows }]);
      return rows;
    } catch (error) {
      if (error instanceof StoreFailure || refused.length >= most) throw error;
      reason = failureText(error);
    }
    if (rows.length <= 1) {
      refused.push(...rows);
      return [];
    }
    const middle = rows.length >> 1;
    return [...(await takenOf(rows.slice(0, middle))), ...(await takenOf(rows.slice(middle)))];
  };
  const rows = await takenOf(entry.rows);
  const rejected = refused.length === 0 ? {} : { not_storable: refused.length };
  return { entry: { ...entry, rows, rejected: { ...entry.rejected, ...rejected } }, refused, reason };
}
