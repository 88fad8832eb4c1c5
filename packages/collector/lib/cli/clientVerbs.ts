import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveHealth } from '../api/Endpoint';
import { CollectorError } from '../client/CollectorClient';
import { DATABASE_FILE } from '../store/duckdb/databaseFile';
import { clientOf, sizeOf, type ClientFlags } from './clientFlags';

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
