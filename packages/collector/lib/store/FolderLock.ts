import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/**
 * Keeps other processes out of a data folder, whichever engine they use, so that no two have one journal: the lock of an
 * empty database, which ends with its process. Rejects while another process has it.
 */
export class FolderLock {
  private constructor(private readonly instance: DuckDBInstance) {}

  static async take(folder: string): Promise<FolderLock> {
    const options = { memory_limit: '64MB', threads: '1' };
    return new FolderLock(await DuckDBInstance.create(join(folder, 'lock.duckdb'), options));
  }

  release(): void {
    this.instance.closeSync();
  }
}
