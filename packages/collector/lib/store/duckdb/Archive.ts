import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { columnList, STATEMENT_COLUMNS } from '../columns';
import { numberOf } from '../queries/Query';
import { literal } from '../Selection';
import type { ExpireReport } from '../Store';
import { allStatements } from './schema';
import { inTransaction, selectRows } from './sql';

const DAY_MS = 86_400_000;

interface ArchivedFile {
  readonly file: string;
  readonly rowCount: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Older days as Parquet files, one folder a day. A file counts when the database names it: others are left-overs. */
export class Archive {
  private sequence = Date.now();

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly folder: string,
    private readonly recentDays: number,
  ) {}

  /** Removes left-overs of an interrupted run and shows the files in the view. */
  async open(): Promise<void> {
    const known = new Set((await this.files()).map(({ file }) => file));
    for (const name of readdirSync(join(this.folder, 'days'), { recursive: true })) {
      const file = join('days', String(name));
      const path = join(this.folder, file);
      if (statSync(path, { throwIfNoEntry: false })?.isFile() === true && !known.has(file)) rmSync(path);
    }
    await this.refreshView();
  }

  /** Moves whole days that are older than the recent ones. */
  async archive(nowMs: number): Promise<void> {
    const before = Math.floor(nowMs / DAY_MS - this.recentDays) * DAY_MS;
    const days = await selectRows(
      this.connection,
      `SELECT DISTINCT "timeMs" // ${DAY_MS} AS day FROM statements WHERE "timeMs" < ${before} ORDER BY 1`,
    );
    for (const row of days) await this.archiveDay(numberOf(row['day']));
    if (days.length > 0) await this.connection.run('CHECKPOINT');
  }

  async expire(beforeMs: number, maxBytes: number | undefined, dryRun: boolean): Promise<ExpireReport> {
    const files = await this.files();
    const going = files.filter(({ toMs }) => toMs < beforeMs);
    const staying = files.filter(({ toMs }) => toMs >= beforeMs);
    let bytes = staying.reduce((sum, { file }) => sum + this.sizeOf(file), 0);
    while (maxBytes !== undefined && bytes > maxBytes && staying.length > 0) {
      const oldest = staying.shift();
      if (oldest === undefined) break;
      bytes -= this.sizeOf(oldest.file);
      going.push(oldest);
    }
    const [recent] = await selectRows(
      this.connection,
      `SELECT count(*) AS n FROM statements WHERE "timeMs" < ${beforeMs}`,
    );
    const report: ExpireReport = {
      statements: numberOf(recent?.['n']) + going.reduce((sum, { rowCount }) => sum + rowCount, 0),
      files: going.map(({ file }) => file),
      bytes: going.reduce((sum, { file }) => sum + this.sizeOf(file), 0),
    };
    if (dryRun) return report;
    const keptFromMs = Math.max(beforeMs, ...going.map(({ toMs }) => toMs + 1));
    await inTransaction(this.connection, async () => {
      await this.connection.run(`DELETE FROM statements WHERE "timeMs" < ${beforeMs}`);
      await this.connection.run(`DELETE FROM errors WHERE "timeMs" < ${keptFromMs}`);
      await this.connection.run(
        `DELETE FROM sessions WHERE coalesce("endMs", "startMs", "lastMs") < ${keptFromMs - DAY_MS}`,
      );
      await this.connection.run(`DELETE FROM history WHERE "startMs" < ${keptFromMs}`);
      await this.connection.run(`DELETE FROM intake WHERE "minuteMs" < ${beforeMs}`);
      await this.connection.run(`DELETE FROM intake_names WHERE "minuteMs" < ${beforeMs}`);
      for (const { file } of going) await this.forget(file);
      await this.refreshView();
    });
    for (const { file } of going) this.removeFile(file);
    if (report.statements > 0) await this.connection.run('CHECKPOINT');
    return report;
  }

  /** Removes the rows of `condition` from every file, by writing the others anew. Returns how many went. */
  async removeRows(condition: string): Promise<number> {
    let removed = 0;
    for (const old of await this.files()) {
      const source = `read_parquet(${literal(join(this.folder, old.file))})`;
      const [row] = await selectRows(this.connection, `SELECT count(*) AS n FROM ${source} WHERE ${condition}`);
      const count = numberOf(row?.['n']);
      if (count === 0) continue;
      removed += count;
      const rest = `SELECT ${columnList(STATEMENT_COLUMNS)} FROM ${source} WHERE NOT coalesce(${condition}, false)`;
      const file = count === old.rowCount ? undefined : await this.write(dirname(old.file), rest);
      await inTransaction(this.connection, async () => {
        await this.forget(old.file);
        if (file !== undefined) await this.register(dirname(old.file), file);
        await this.refreshView();
      });
      this.removeFile(old.file);
    }
    return removed;
  }

  /** Paths of the files, relative to the data folder. */
  async paths(): Promise<string[]> {
    return (await this.files()).map(({ file }) => file);
  }

  private async archiveDay(day: number): Promise<void> {
    const range = `"timeMs" >= ${day * DAY_MS} AND "timeMs" < ${(day + 1) * DAY_MS}`;
    const folder = join('days', new Date(day * DAY_MS).toISOString().slice(0, 10));
    const file = await this.write(
      folder,
      `SELECT ${columnList(STATEMENT_COLUMNS)} FROM statements WHERE ${range} ORDER BY "timeMs"`,
    );
    await inTransaction(this.connection, async () => {
      await this.register(folder, file);
      await this.connection.run(`DELETE FROM statements WHERE ${range}`);
      await this.refreshView();
    });
  }

  private async write(folder: string, select: string): Promise<string> {
    // Not recursive: of a read-only file system that says ENOENT.
    if (!existsSync(join(this.folder, folder))) mkdirSync(join(this.folder, folder), { mode: 0o700 });
    this.sequence += 1;
    const file = join(folder, `${this.sequence}.parquet`);
    const temporary = `${join(this.folder, file)}.tmp`;
    try {
      await this.connection.run(
        `COPY (${select}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)`,
      );
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    renameSync(temporary, join(this.folder, file));
    return file;
  }

  private async register(folder: string, file: string): Promise<void> {
    await this.connection.run(
      `INSERT INTO archive SELECT ${literal(relative('days', folder))}, ${literal(file)}, count(*), min("timeMs"), ` +
        `max("timeMs") FROM read_parquet(${literal(join(this.folder, file))})`,
    );
  }

  private async forget(file: string): Promise<void> {
    await this.connection.run(`DELETE FROM archive WHERE file = ${literal(file)}`);
  }

  private async refreshView(): Promise<void> {
    const files = await this.files();
    await this.connection.run(allStatements(files.map(({ file }) => join(this.folder, file))));
  }

  private async files(): Promise<ArchivedFile[]> {
    const rows = await selectRows(this.connection, 'SELECT * FROM archive ORDER BY "fromMs"');
    return rows.map((row) => ({
      file: String(row['file']),
      rowCount: numberOf(row['rowCount']),
      fromMs: numberOf(row['fromMs']),
      toMs: numberOf(row['toMs']),
    }));
  }

  private sizeOf(file: string): number {
    return statSync(join(this.folder, file), { throwIfNoEntry: false })?.size ?? 0;
  }

  private removeFile(file: string): void {
    const path = join(this.folder, file);
    rmSync(path, { force: true });
    if (readdirSync(dirname(path)).length === 0) rmSync(dirname(path), { recursive: true });
  }
}
