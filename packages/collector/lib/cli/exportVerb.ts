import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { clientOf, sizeOf, type ClientFlags } from './clientFlags';
import { writeOutput } from './writeOutput';

export const EXPORT_FORMATS: readonly string[] = ['csv', 'jsonl', 'parquet'];

interface ExportFlags extends ClientFlags {
  readonly output: string;
  readonly format?: string;
  readonly from?: string;
  readonly to?: string;
  readonly filter?: readonly string[];
}

export async function exportFile(flags: ExportFlags): Promise<void> {
  const format = flags.format ?? extname(flags.output).slice(1);
  if (!EXPORT_FORMATS.includes(format))
    throw new Error(`Give --format, or a file that ends in .${EXPORT_FORMATS.join(', .')}.`);
  const filters = filtersOf(flags.filter ?? []);
  const response = await clientOf(flags).export({
    ...filters,
    // It names the format of the file, and the formats of results to choose.
    format: [format, ...(filters['format'] ?? [])],
    from: timeOf(flags.from),
    to: timeOf(flags.to),
  });
  const total = Number(response.headers.get('content-length') ?? 0);
  if (response.body === null) throw new Error('The collector sent nothing.');
  const source = Readable.fromWeb(response.body as never);
  const isFile = await writeOutput(flags.output, source, showProgress(total));
  // What is no file may be where this would be read as a part of it.
  (isFile ? console.log : console.error)(`${flags.output}: ${sizeOf(total)}`);
}

/** The values of each name: any of them. */
function filtersOf(given: readonly string[]): Record<string, string[]> {
  const filters: Record<string, string[]> = {};
  for (const filter of given) {
    const [name, value] = filter.split(/=(.*)/s, 2);
    if (name === undefined || value === undefined) throw new Error('A filter is name=value.');
    if (name === 'from' || name === 'to') throw new Error(`--${name} says the time.`);
    (filters[name] ??= []).push(value);
  }
  return filters;
}

/** Says on a terminal how far it is; passes everything on. */
function showProgress(total: number): (source: AsyncIterable<Buffer>) => AsyncIterable<Buffer> {
  return async function* (source) {
    let done = 0;
    for await (const part of source) {
      done += part.length;
      if (process.stderr.isTTY) process.stderr.write(`\r${((100 * done) / Math.max(1, total)).toFixed(0)} %`);
      yield part;
    }
    if (process.stderr.isTTY) process.stderr.write('\n');
  };
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isSafeInteger(ms)) throw new Error(`${text} is neither a date nor milliseconds.`);
  return ms;
}
