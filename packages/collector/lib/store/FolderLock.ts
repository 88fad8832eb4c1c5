import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { isLock } from './unusable';

/** What an empty database takes. */
const WHOLE_BYTES = 12_288;

/**
 * Keeps other processes out of a data folder, whichever engine they use, so that no two have one journal: the lock of an
 * empty database, which ends with its process. Rejects while another process has it, and where there is no room for it.
 */
export class FolderLock {
  private constructor(private readonly instance: DuckDBInstance) {}

  static async take(folder: string): Promise<FolderLock> {
    const file = join(folder, 'lock.duckdb');
    const take = async (): Promise<FolderLock> => {
      const options = { memory_limit: '64MB', threads: '1' };
      return new FolderLock(await DuckDBInstance.create(file, options));
    };
    // One that was half made, on a full disk or by a process that was killed, holds nothing and locks nobody out.
    const takeAnew = (error: unknown): Promise<FolderLock> => {
      if (!removeHalf(file, error)) throw error;
      return take();
    };
    return take()
      .catch(takeAnew)
      .catch((error: unknown) => {
        removeHalf(file, error);
        throw error;
      });
  }

  release(): void {
    this.instance.closeSync();
  }
}

/** Whether it was there; never one that a process has. */
function removeHalf(file: string, error: unknown): boolean {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size;
  if (bytes === undefined || bytes >= WHOLE_BYTES || isLock(error)) return false;
  rmSync(file);
  return true;
}
