import {
  copyFileSync,
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LiveHealth } from '../api/Endpoint';
import { CollectorClient, CollectorError } from '../client/CollectorClient';
import { checked, tokensIn } from '../http/Tokens';
import { DATABASE_FILE } from '../store/duckdb/databaseFile';

interface ClientFlags {
  readonly url: string;
  readonly tokenFile?: string;
}

function clientOf({ url, tokenFile }: ClientFlags): CollectorClient {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new Error('--url must be an address such as http://127.0.0.1:4300.');
  }
  const [token] =
    tokenFile === undefined
      ? [process.env['TELEMETRY_COLLECTOR_TOKEN']?.trim()]
      : tokensIn(readFileSync(tokenFile, 'utf8'));
  if (token === undefined && tokenFile !== undefined) throw new Error(`${tokenFile} holds no token.`);
  return new CollectorClient(url, token === undefined ? {} : { token: checked(token) });
}

/** What is there is never 0. */
const sizeOf = (bytes: number): string =>
  bytes < 2 ** 20 ? `${Math.ceil(bytes / 2 ** 10)} kB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;

export async function status(flags: ClientFlags): Promise<void> {
  try {
    const health = await clientOf(flags).health({ from: 0 });
    const { stored, store } = health;
    console.log(`received     ${health.received} logs, ${health.rejected} rejected, ${health.duplicate} duplicate`);
    console.log(`stored       ${stored.statements} statements, ${stored.errors} errors, ${sizeOf(store.bytes)}`);
    showLive(health);
  } catch (error) {
    if (!(error instanceof CollectorError) || error.told['journal'] === undefined) throw error;
    console.log(`stored       ${error.message}`);
    process.exitCode = 1;
    showLive(error.told as unknown as LiveHealth);
  }
}

function showLive(health: LiveHealth): void {
  const { journal, store } = health;
  console.log(`version      ${health.version}, up since ${new Date(health.startedMs).toISOString()}`);
  console.log(`journal      ${sizeOf(journal.bytes)} waiting${journal.failure === null ? '' : `: ${journal.failure}`}`);
  if (journal.damaged + journal.putAside > 0) {
    console.log(`put aside    ${journal.damaged} damaged entries, ${journal.putAside} rows that the store refused`);
  }
  if (store.failure !== null) console.log(`store        cannot load: ${store.failure}`);
  console.log(`lag          ${health.lagMs} ms`);
  if (journal.failure !== null || store.failure !== null) process.exitCode = 1;
}

interface ExportFlags extends ClientFlags {
  readonly output: string;
  readonly from?: string;
  readonly to?: string;
  readonly filter?: readonly string[];
}

export async function exportFile(flags: ExportFlags): Promise<void> {
  const format = extname(flags.output).slice(1);
  if (!['csv', 'jsonl', 'parquet'].includes(format)) throw new Error('The file must end in .csv, .jsonl or .parquet.');
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
  const progress = showProgress(total);
  // It gets its name when it is whole: what had the name before stays until then.
  const partial = `${flags.output}.part`;
  try {
    await pipeline(Readable.fromWeb(response.body as never), progress, createWriteStream(partial));
    renameSync(partial, flags.output);
  } finally {
    rmSync(partial, { force: true });
  }
  console.log(`${flags.output}: ${sizeOf(total)}`);
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

export async function expire(flags: ClientFlags & { readonly dryRun?: boolean }): Promise<void> {
  const { statements, files, bytes, dryRun } = await clientOf(flags).expire(flags.dryRun === true);
  const verb = dryRun ? 'would be deleted' : 'deleted';
  console.log(`${statements} statements ${verb}; ${files.length} files, ${sizeOf(bytes)}`);
  for (const file of files) console.log(`  ${file}`);
}

interface RemoveFlags extends ClientFlags {
  readonly byHost?: string;
  readonly bySession?: string;
  readonly byApplication?: string;
}

export async function remove(flags: RemoveFlags): Promise<void> {
  const { byHost, bySession, byApplication } = flags;
  const [whose, another] = [
    byHost !== undefined && { host: byHost },
    bySession !== undefined && { session: bySession },
    byApplication !== undefined && { application: byApplication },
  ].filter((one) => one !== false);
  if (whose === undefined || another !== undefined) {
    throw new Error('Give one of --by-host, --by-session and --by-application.');
  }
  const { removed } = await clientOf(flags).remove(whose);
  console.log(`${removed} statements removed`);
}

/** With `output` it is moved there: the collector's folder does not grow by each of them. */
export async function backup(flags: ClientFlags & { readonly output?: string }): Promise<void> {
  const { output } = flags;
  if (output !== undefined) makeEmpty(output);
  const { folder } = await clientOf(flags).backup();
  if (output !== undefined) {
    try {
      wholeOrNothing(output, () => cpSync(folder, output, { recursive: true }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  console.log(output ?? folder);
}

/** Two backups in one folder would be neither. */
function makeEmpty(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0) throw new Error(`${folder} holds data already: give another folder.`);
}

/** What `copy` has put into `folder` when it throws is removed. */
function wholeOrNothing(folder: string, copy: () => void): void {
  try {
    copy();
  } catch (error) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
    throw error;
  }
}

/** All of it or nothing. */
export function restore(folder: string, { data }: { readonly data: string }): void {
  const database = join(folder, DATABASE_FILE);
  if (!existsSync(database)) throw new Error(`${folder} is not a backup.`);
  // Its database may be at work, and copied between two writes.
  if (existsSync(join(folder, 'journal'))) throw new Error(`${folder} is a data folder: restore what \`backup\` made.`);
  makeEmpty(data);
  wholeOrNothing(data, () => {
    cpSync(folder, data, { recursive: true, filter: (source) => source !== database });
    // Last, and whole when it gets its name: without a database it is no data folder.
    const copy = join(data, `${DATABASE_FILE}.restoring`);
    copyFileSync(database, copy);
    renameSync(copy, join(data, DATABASE_FILE));
  });
  console.log(`restored to ${data}`);
}
