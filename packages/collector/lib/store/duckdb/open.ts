import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { NewerVersionError } from '../../journal/format';
import { literal } from '../Selection';
import { bytesOf, DATABASE_FILE, LOG_FILE } from './databaseFile';
import { MIGRATIONS } from './migrations';
import { inTransaction, readMeta, writeMeta } from './sql';
import { STORE_VERSION, TABLES } from './schema';

export interface DuckSettings {
  readonly folder: string;
  readonly memoryMb: number;
  readonly threads: number;
}

const VERSION = 'store version';

/** Opens or makes the database of `folder`, brings it to this release's version, and locks its settings. */
export async function openDatabase({ folder, memoryMb, threads }: DuckSettings): Promise<DuckDBInstance> {
  mkdirSync(join(folder, 'days'), { recursive: true, mode: 0o700 });
  mkdirSync(join(folder, 'tmp'), { recursive: true, mode: 0o700 });
  const instance = await instanceOf(folder, {
    memory_limit: `${memoryMb}MB`,
    threads: String(threads),
    temp_directory: join(folder, 'tmp'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
    // None that the engine makes by itself: it does not look whether there is room.
    checkpoint_threshold: '1TB',
  });
  const connection = await instance.connect();
  try {
    await migrate(connection, folder);
    await connection.run('PRAGMA disable_checkpoint_on_shutdown');
    await connection.run(`SET allowed_directories = [${literal(`${folder}/`)}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  }
  connection.closeSync();
  return instance;
}

/** A database that there was no room to make leaves no part of it, which nothing could open. */
async function instanceOf(folder: string, settings: Record<string, string>): Promise<DuckDBInstance> {
  const file = join(folder, DATABASE_FILE);
  const isNew = bytesOf(folder, DATABASE_FILE) + bytesOf(folder, LOG_FILE) === 0;
  if (isNew) rmSync(file, { force: true });
  return DuckDBInstance.create(file, settings).catch((error: unknown) => {
    if (isNew) rmSync(file, { force: true });
    throw error;
  });
}

/** All of it or nothing: what a migration that was killed has made is a left-over. */
async function migrate(connection: DuckDBConnection, folder: string): Promise<void> {
  await inTransaction(connection, async () => {
    await connection.run(TABLES[0] ?? '');
    const stored = await readMeta(connection, VERSION);
    const found = Number(stored ?? STORE_VERSION);
    if (found > STORE_VERSION) throw new NewerVersionError('The store', found, STORE_VERSION);
    for (const step of MIGRATIONS.slice(found - 1)) await step(connection, folder);
    for (const table of TABLES) await connection.run(table);
    // Only then: a database must open on a full disk too.
    if (found !== STORE_VERSION || stored === undefined) await writeMeta(connection, VERSION, String(STORE_VERSION));
  });
}
