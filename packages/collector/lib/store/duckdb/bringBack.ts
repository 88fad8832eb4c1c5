import type { DuckDBConnection } from '@duckdb/node-api';
import type { Row } from '../Row';
import { DEDUPLICATED_FOR_MS } from '../rows/eventKey';
import type { DayFile, DayFiles } from './DayFiles';
import { idsOf } from './ids';

const DAY_MS = 86_400_000;

/** What is shown of files. */
export interface Shown {
  /** From when on. */
  readonly keptMs: number;
  /** End of the newest day that has a file. */
  readonly endMs: number;
}

/** Statements whose rows are new to the table, though they may be in files. */
export interface Missing {
  readonly rows: readonly Row[];
  /** Those of `rows` whose statement may have come in the last 48 hours. */
  readonly doubtful: readonly Row[];
}

/**
 * Brings statements that are in files back to the table, in the transaction of the connection, and returns their times by
 * id. The doubtful are looked for in what came in the last 48 hours; others where they tell a time of a day that has a
 * file, or of the next: there, and in the day before.
 */
export async function bringBack(
  connection: DuckDBConnection,
  dayFiles: DayFiles,
  { keptMs, endMs }: Shown,
  { rows, doubtful }: Missing,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const late = rows.filter(({ timeMs }) => Number(timeMs) < endMs + DAY_MS);
  if (endMs === 0 || (late.length === 0 && doubtful.length === 0)) return found;
  const take = async (files: readonly DayFile[], wanted: readonly Row[], sinceMs: number): Promise<void> => {
    if (files.length === 0) return;
    for (const { column, type, list } of idsOf(wanted)) {
      const reader = await connection.runAndReadAll(
        `INSERT INTO statements BY NAME SELECT * FROM ${dayFiles.rowsOf(files)} WHERE "timeMs" >= ${keptMs} ` +
          `AND "receivedMs" >= ${sinceMs} AND "${column}" IN (SELECT unnest($1::VARCHAR[])::${type}) ` +
          `RETURNING "${column}"::VARCHAR, "timeMs"`,
        [list],
      );
      for (const [id, timeMs] of reader.getRows()) found.set(String(id).toLowerCase(), Number(timeMs));
    }
  };
  const times = late.map(({ timeMs }) => Number(timeMs));
  const [fromMs, toMs] = [(Math.floor(Math.min(...times) / DAY_MS) - 1) * DAY_MS, Math.max(...times)];
  const files = await dayFiles.list();
  const near = late.length === 0 ? [] : files.filter((file) => file.toMs >= fromMs && file.fromMs <= toMs);
  const youngMs = Date.now() - DEDUPLICATED_FOR_MS;
  const young = files.filter((file) => !near.includes(file) && dayFiles.writtenMs(file.file) >= youngMs);
  await take(near, [...new Set([...late, ...doubtful])], 0);
  await take(young, doubtful, youngMs);
  return found;
}
