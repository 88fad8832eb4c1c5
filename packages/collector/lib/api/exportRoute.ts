import { createReadStream } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { goneOf, HttpError } from '../http/reply';
import type { Exchange } from '../http/Router';
import { EXPORT_FORMATS, type ExportFormat, type Store } from '../store/Store';
import { Parameters, SELECTION_PARAMETERS } from './parameters';

const MEDIA: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};

/** Sends the selection as a file, without holding it in memory. */
export async function exportStatements(store: Store, { url, response }: Exchange): Promise<void> {
  const query = new URLSearchParams(url.searchParams);
  const format = takeFormat(query);
  const selection = new Parameters(query, SELECTION_PARAMETERS, Date.now()).selection();
  await sendFile(await store.export(selection, format, goneOf(response)), format, response);
}

async function sendFile(file: string, format: ExportFormat, response: ServerResponse): Promise<void> {
  try {
    const { size } = await stat(file);
    response.writeHead(200, {
      'content-type': MEDIA[format],
      'content-length': size,
      'content-disposition': `attachment; filename="statements.${format}"`,
      'cache-control': 'no-store',
    });
    await pipeline(createReadStream(file), response);
  } finally {
    await unlink(file);
  }
}

/** `format` also filters by the format of a result; the names of file formats are none of those. */
function takeFormat(query: URLSearchParams): ExportFormat {
  const given = query.getAll('format');
  const [format, another] = EXPORT_FORMATS.filter((name) => given.includes(name));
  if (another !== undefined) throw new HttpError(400, 'invalid_parameter', 'format must name one kind of file.');
  query.delete('format');
  for (const value of given) if (value !== format) query.append('format', value);
  return format ?? 'csv';
}
