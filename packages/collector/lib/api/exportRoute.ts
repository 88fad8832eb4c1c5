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

/** Each is a file on the disk until its reader has all of it. */
const AT_ONCE = 4;

/** Sends selections as files, without holding them in memory. */
export class Exports {
  private running = 0;

  constructor(private readonly store: Store) {}

  async send({ url, response }: Exchange): Promise<void> {
    const query = new URLSearchParams(url.searchParams);
    const format = takeFormat(query);
    const selection = new Parameters(query, SELECTION_PARAMETERS, Date.now()).selection();
    if (this.running >= AT_ONCE) {
      throw new HttpError(429, 'too_many_exports', 'Too many exports run already.', { 'retry-after': '30' });
    }
    this.running += 1;
    try {
      await sendFile(await this.store.export(selection, format, goneOf(response)), format, response);
    } finally {
      this.running -= 1;
    }
  }
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
  const format = EXPORT_FORMATS.find((name) => given.includes(name));
  query.delete('format');
  for (const value of given) if (value !== format) query.append('format', value);
  return format ?? 'csv';
}
