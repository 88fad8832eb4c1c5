import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { columnList, PARQUET_MARK, STATEMENT_COLUMNS } from '../columns';
import { numberOf } from '../queries/Query';
import { literal } from '../Selection';
import type { ExpireReport } from '../Store';
import { checkpoint } from './checkpoint';
import { allStatements } from './schema';
import { inTransaction, readMeta, selectRows, writeMeta } from './sql';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const KEPT_FROM = 'kept from';

interface ArchivedFile {
  readonly file: string;
  readonly rowCount: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What retention deletes. */
export interface Expiring {
  readonly report: ExpireReport;
  /** Hours of the statements, counted from the epoch. */
  readonly hours: readonly number[];
  readonly going: readonly ArchivedFile[];
  readonly beforeMs: number;
  readonly keptMs: number;
}

/** Older days as Parquet files, one folder a day. A file counts when the database names it: others are left-overs. */
export class Archive {
  private sequence = Date.now();
  /** From when on statements are shown: what is older is past its time. */
  private keptMs = 0;

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
    this.keptMs = Number((await readMeta(this.connection, KEPT_FROM)) ?? 0);
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
    if (days.length > 0) await checkpoint(this.connection, this.folder);
  }

  /** What is past its time, or beyond `maxBytes`. */
  async expiring(beforeMs: number, maxBytes: number | undefined): Promise<Expiring> {
    const { going, keptMs } = this.beyond(await this.files(), beforeMs, maxBytes);
    const rows = await selectRows(
      this.connection,
      `SELECT "timeMs" // ${HOUR_MS} AS hour, count(*) AS n FROM all_statements WHERE "timeMs" < ${keptMs} GROUP BY 1`,
    );
    const report: ExpireReport = {
      statements: rows.reduce((sum, { n }) => sum + numberOf(n), 0),
      files: going.map(({ file }) => file),
      bytes: going.reduce((sum, { file }) => sum + this.sizeOf(file), 0),
    };
    return { report, hours: rows.map(({ hour }) => numberOf(hour)), going, beforeMs, keptMs };
  }

  /** A file goes when all of it is past its time; until then what is past its time in it is shown no more. */
  async expire({ report, going, beforeMs, keptMs }: Expiring): Promise<void> {
    const old = `"timeMs" < ${keptMs}`;
    await inTransaction(this.connection, async () => {
      await this.connection.run(`DELETE FROM statements WHERE ${old}`);
      await this.connection.run(`DELETE FROM errors WHERE ${old}`);
      await this.connection.run(
        `DELETE FROM sessions WHERE coalesce("endMs", "startMs", "lastMs") < ${keptMs - DAY_MS}`,
      );
      await this.connection.run(`DELETE FROM history WHERE "startMs" < ${keptMs}`);
      await this.connection.run(`DELETE FROM intake WHERE "minuteMs" < ${beforeMs}`);
      await this.connection.run(`DELETE FROM intake_names WHERE "minuteMs" < ${beforeMs}`);
      for (const { file } of going) await this.forget(file);
      await writeMeta(this.connection, KEPT_FROM, String(keptMs));
      await this.refreshView(keptMs);
    });
    this.keptMs = keptMs;
    for (const { file } of going) this.removeFile(file);
    if (report.statements > 0) await checkpoint(this.connection, this.folder);
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
      const rest = `SELECT * FROM ${source} WHERE NOT coalesce(${condition}, false)`;
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
        `COPY (${select}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, ${PARQUET_MARK})`,
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

  /** The files that are past their time, or the oldest beyond `maxBytes`, and from when on there is something then. */
  private beyond(
    files: readonly ArchivedFile[],
    beforeMs: number,
    maxBytes = Infinity,
  ): { readonly going: readonly ArchivedFile[]; readonly keptMs: number } {
    const going = files.filter(({ toMs }) => toMs < beforeMs);
    const staying = files.filter(({ toMs }) => toMs >= beforeMs);
    let keptMs = Math.max(beforeMs, this.keptMs);
    let bytes = staying.reduce((sum, { file }) => sum + this.sizeOf(file), 0);
    for (const oldest of staying) {
      if (bytes <= maxBytes) break;
      bytes -= this.sizeOf(oldest.file);
      going.push(oldest);
      keptMs = Math.max(keptMs, oldest.toMs + 1);
    }
    return { going, keptMs };
  }

  private async refreshView(keptMs = this.keptMs): Promise<void> {
    const files = await this.files();
    const older = files.map(({ file }) => join(this.folder, file));
    await this.connection.run(allStatements(older, keptMs));
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
