import type { Compressors } from 'hyparquet' with { 'resolution-mode': 'import' };
import { HISTORY_COLUMNS, NEEDED_COLUMNS, type HistoryRecord } from './historyRows';

/** What the pages of a file may hold when they are decompressed. */
const MAX_PAGE_BYTES = 256 * 2 ** 20;

/**
 * Rows of a Parquet file, a row group at a time; columns that are not kept are not decoded. Throws for
 * any other file, and without the columns that are needed.
 */
export async function* parquetRecords(body: Buffer): AsyncGenerator<HistoryRecord[]> {
  const [{ parquetMetadata, parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const file = body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(file);
  const names = new Set(metadata.schema.map(({ name }) => name));
  if (!NEEDED_COLUMNS.every((name) => names.has(name))) throw new Error('A column is missing.');
  const columns = HISTORY_COLUMNS.filter((name) => names.has(name));
  const bounded = boundedBy(compressors, MAX_PAGE_BYTES);
  let rowStart = 0;
  for (const { num_rows: rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(rows);
    yield await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors: bounded });
    rowStart = rowEnd;
  }
}

/** A file says itself how large its pages are. */
function boundedBy(compressors: Compressors, maxBytes: number): Compressors {
  let left = maxBytes;
  const entries = Object.entries(compressors).map(([name, decompress]) => {
    const bounded: typeof decompress = (input, outputLength) => {
      left -= outputLength;
      if (left < 0) throw new RangeError('The pages of the file are too large.');
      return decompress(input, outputLength);
    };
    return [name, bounded] as const;
  });
  return Object.fromEntries(entries);
}
