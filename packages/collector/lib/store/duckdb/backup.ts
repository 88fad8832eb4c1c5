import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copyDatabase } from './copyDatabase';
import { DATABASE_FILE } from './databaseFile';
import type { Opened } from './Opened';

/** Copies the database and the files of older days to a folder of `folder` and returns its path; all of it, or nothing. */
export async function backUp(opened: Opened, folder: string): Promise<string> {
  const target = join(folder, 'backups', new Date().toISOString().replaceAll(/[:.]/g, '-'));
  mkdirSync(target, { recursive: true, mode: 0o700 });
  try {
    await copyAll(opened, folder, target);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw error;
  }
  return target;
}

async function copyAll({ writer, archive }: Opened, folder: string, target: string): Promise<void> {
  await copyDatabase(writer, join(target, DATABASE_FILE));
  for (const file of await archive.paths()) {
    mkdirSync(dirname(join(target, file)), { recursive: true, mode: 0o700 });
    copyFileSync(join(folder, file), join(target, file));
  }
  const configuration = join(folder, 'configuration.json');
  if (existsSync(configuration)) copyFileSync(configuration, join(target, 'configuration.json'));
}
