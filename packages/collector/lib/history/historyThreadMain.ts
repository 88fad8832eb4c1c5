/** The thread that reads an uploaded query history: nothing but allowed columns leaves it. */
import { parentPort, workerData } from 'node:worker_threads';
import { historyRows, type HistoryRecord, type ReadHistory } from './historyRows';
import type { HistoryUpload } from './readHistory';
import { parquetRecords } from './parquetRecords';
import { csvRecords, jsonRecords } from './textRecords';

const ROWS_PER_PART = 5_000;

async function* recordsOf({ bytes, type }: HistoryUpload): AsyncGenerator<readonly HistoryRecord[]> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 'application/vnd.apache.parquet') yield* parquetRecords(body);
  else if (type === 'text/csv') yield csvRecords(textOf(body));
  else yield jsonRecords(textOf(body));
}

/** Without the mark that some programs put before UTF-8. */
const textOf = (body: Buffer): string => body.toString('utf8').replace(/^\ufeff/, '');

async function read(upload: HistoryUpload): Promise<void> {
  for await (const records of recordsOf(upload)) {
    for (let start = 0; start < records.length; start += ROWS_PER_PART) {
      const part: ReadHistory = historyRows(records.slice(start, start + ROWS_PER_PART));
      parentPort?.postMessage(part);
    }
  }
}

void read(workerData as HistoryUpload);
