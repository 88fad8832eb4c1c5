import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { PARQUET_MARK } from '../columns';
import { numberOf } from '../queries/Query';
import { literal } from '../Selection';
import { rowsOfFiles } from './schema';
import { selectRows } from './sql';

/** Statements of one day in a Parquet file; the path is relative to the data folder. */
export interface DayFile {
  readonly day: string;
  readonly file: string;
  readonly rowCount: number;
  readonly fromMs: number;
  readonly toMs: number;
}

const FOLDER = 'days';

/** Which Parquet files there are. One counts when the database names it: others are left-overs. */
export class DayFiles {
  private sequence = Date.now();

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly folder: string,
  ) {}

  /** Oldest first. */
  async list(): Promise<DayFile[]> {
    const rows = await selectRows(this.connection, 'SELECT * FROM archive ORDER BY "fromMs"');
    return rows.map((row) => ({
      day: String(row['day']),
      file: String(row['file']),
      rowCount: numberOf(row['rowCount']),
      fromMs: numberOf(row['fromMs']),
      toMs: numberOf(row['toMs']),
    }));
  }

  /** Removes what an interrupted run has left. */
  async removeLeftOvers(): Promise<void> {
    const known = new Set((await this.list()).map(({ file }) => file));
    for (const name of readdirSync(join(this.folder, FOLDER), { recursive: true })) {
      const file = join(FOLDER, String(name));
      const path = this.pathOf(file);
      if (statSync(path, { throwIfNoEntry: false })?.isFile() === true && !known.has(file)) rmSync(path);
    }
  }

  /** Writes the rows of `select` to a file of `day` that nothing names yet, and returns it. */
  async write(day: string, select: string): Promise<string> {
    const folder = join(FOLDER, day);
    // Not recursive: of a read-only file system that says ENOENT.
    if (!existsSync(this.pathOf(folder))) mkdirSync(this.pathOf(folder), { mode: 0o700 });
    this.sequence += 1;
    const file = join(folder, `${this.sequence}.parquet`);
    const temporary = `${this.pathOf(file)}.tmp`;
    try {
      await this.connection.run(
        `COPY (${select}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, ${PARQUET_MARK})`,
      );
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    renameSync(temporary, this.pathOf(file));
    return file;
  }

  /** Names `file`, in the transaction of the connection. */
  async register(file: string): Promise<void> {
    await this.connection.run(
      `INSERT INTO archive SELECT ${literal(relative(FOLDER, dirname(file)))}, ${literal(file)}, count(*), ` +
        `min("timeMs"), max("timeMs") FROM read_parquet(${literal(this.pathOf(file))})`,
    );
  }

  async forget(file: string): Promise<void> {
    await this.connection.run(`DELETE FROM archive WHERE file = ${literal(file)}`);
  }

  /** Removes a file that is forgotten, and its folder when that is empty. */
  remove(file: string): void {
    const path = this.pathOf(file);
    rmSync(path, { force: true });
    if (readdirSync(dirname(path)).length === 0) rmSync(dirname(path), { recursive: true });
  }

  sizeOf(file: string): number {
    return statSync(this.pathOf(file), { throwIfNoEntry: false })?.size ?? 0;
  }

  writtenMs(file: string): number {
    return statSync(this.pathOf(file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }

  /** SQL for the rows of `files`. */
  rowsOf(files: readonly DayFile[]): string {
    return rowsOfFiles(files.map(({ file }) => this.pathOf(file)));
  }

  pathOf(file: string): string {
    return join(this.folder, file);
  }
}
