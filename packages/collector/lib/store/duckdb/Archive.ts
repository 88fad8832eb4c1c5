import type { DuckDBConnection } from '@duckdb/node-api';
import { columnList, STATEMENT_COLUMNS } from '../columns';
import { numberOf } from '../queries/Query';
import type { ExpireReport } from '../Store';
import { bringBack, type Missing, type Shown } from './bringBack';
import { checkpoint } from './checkpoint';
import { DayFiles, type DayFile } from './DayFiles';
import { goingFiles } from './goingFiles';
import { allStatements, isSuperseded } from './schema';
import { inTransaction, readMeta, selectRows, writeMeta } from './sql';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const KEPT_FROM = 'kept from';
/** For so long statements that came late wait for others: a file is written anew for all of them. */
const LATE_FOR_MS = HOUR_MS;

/** What retention deletes. */
export interface Expiring {
  readonly report: ExpireReport;
  /** Hours of the statements, counted from the epoch. */
  readonly hours: readonly number[];
  readonly going: readonly DayFile[];
  readonly beforeMs: number;
  readonly keptMs: number;
}

/**
 * Older days as Parquet files. A log that comes when its statement is in a file already brings it back to the table,
 * where it hides what the file says, until the file is written anew: one statement is one row.
 */
export class Archive implements Shown {
  /** From when on statements are shown: what is older is past its time. */
  keptMs = 0;
  /** End of the newest day that has a file. */
  endMs = 0;
  /** Whether the view looks for statements of the table in the files. */
  private isHiding = false;
  private lateSinceMs: number | undefined;
  private readonly files: DayFiles;

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly folder: string,
    private readonly recentDays: number,
  ) {
    this.files = new DayFiles(connection, folder);
  }

  /** Removes left-overs of an interrupted run and shows the files in the view. */
  async open(): Promise<void> {
    await this.files.removeLeftOvers();
    await this.refresh();
  }

  /** Reads anew what it knows: a transaction may have been undone. */
  async refresh(): Promise<void> {
    this.keptMs = Number((await readMeta(this.connection, KEPT_FROM)) ?? 0);
    await this.refreshView();
  }

  /** Moves whole days that are older than the recent ones. What is left in the table is not older than the result. */
  async archive(nowMs: number): Promise<number> {
    const before = Math.floor(nowMs / DAY_MS - this.recentDays) * DAY_MS;
    const old = await selectRows(
      this.connection,
      `SELECT DISTINCT "timeMs" // ${DAY_MS} AS day FROM statements WHERE "timeMs" < ${before} ORDER BY 1`,
    );
    const days = old.map(({ day }) => numberOf(day));
    const isLate = (day: number): boolean => day * DAY_MS < this.endMs;
    this.lateSinceMs = days.some(isLate) ? (this.lateSinceMs ?? nowMs) : undefined;
    const takesLate = this.lateSinceMs !== undefined && nowMs - this.lateSinceMs >= LATE_FOR_MS;
    const due = takesLate ? days : days.filter((day) => !isLate(day));
    if (takesLate) await this.removeRows(isSuperseded(this.endMs));
    for (const day of due) await this.archiveDay(day);
    if (takesLate) this.lateSinceMs = undefined;
    if (due.length > 0) await checkpoint(this.connection, this.folder);
    return before;
  }

  /** Brings what is in files back to the table, in the transaction of the connection; returns the times by id. */
  bringBack(missing: Missing): Promise<Map<string, number>> {
    return bringBack(this.connection, this.files, this, missing);
  }

  /** Statements at `times` were written to the table: from now on they hide what files say of them. */
  async wrote(times: readonly number[]): Promise<void> {
    if (!this.isHiding && times.some((timeMs) => timeMs < this.endMs)) await this.refreshView();
  }

  /** SQL for ids and times of arrival of what is in files and came since `sinceMs`; undefined when nothing did. */
  async arrivedSince(sinceMs: number): Promise<string | undefined> {
    const young = (await this.files.list()).filter(({ file }) => this.files.writtenMs(file) >= sinceMs);
    if (young.length === 0) return undefined;
    return `${this.files.rowsOf(young)} WHERE "receivedMs" >= ${sinceMs}`;
  }

  /** What is past its time, or beyond `maxBytes`. */
  async expiring(beforeMs: number, maxBytes: number | undefined): Promise<Expiring> {
    const files = await this.files.list();
    const sizeOf = (file: string): number => this.files.sizeOf(file);
    const { going, keptMs } = goingFiles(files, sizeOf, { beforeMs, keptMs: this.keptMs, maxBytes });
    const reached = files.filter((file) => file.fromMs < keptMs && file.toMs >= this.keptMs);
    const older =
      reached.length === 0 ? '' : ` UNION ALL SELECT "timeMs" FROM ${this.files.rowsOf(reached)} WHERE ${this.shown()}`;
    const rows = await selectRows(
      this.connection,
      `SELECT "timeMs" // ${HOUR_MS} AS hour, count(*) AS n FROM (SELECT "timeMs" FROM statements${older}) ` +
        `WHERE "timeMs" < ${keptMs} GROUP BY 1`,
    );
    const report: ExpireReport = {
      statements: rows.reduce((sum, { n }) => sum + numberOf(n), 0),
      files: going.map(({ file }) => file),
      bytes: going.reduce((sum, { file }) => sum + sizeOf(file), 0),
    };
    return { report, hours: rows.map(({ hour }) => numberOf(hour)), going, beforeMs, keptMs };
  }

  /** A file goes when all of it is past its time; until then what is past its time in it is shown no more. */
  async expire({ report, going, beforeMs, keptMs }: Expiring): Promise<void> {
    const old = `"timeMs" < ${keptMs}`;
    const [late] = await selectRows(this.connection, `SELECT count(*) AS n FROM statements WHERE ${old}`);
    // What they hide in a file of a later day would show again.
    if (this.isHiding && numberOf(late?.['n']) > 0) await this.removeRows(isSuperseded(keptMs));
    await inTransaction(this.connection, async () => {
      await this.connection.run(`DELETE FROM statements WHERE ${old}`);
      await this.connection.run(`DELETE FROM errors WHERE ${old}`);
      await this.connection.run(
        `DELETE FROM sessions WHERE coalesce("endMs", "startMs", "lastMs") < ${keptMs - DAY_MS}`,
      );
      await this.connection.run(`DELETE FROM history WHERE "startMs" < ${keptMs}`);
      await this.connection.run(`DELETE FROM intake WHERE "minuteMs" < ${beforeMs}`);
      await this.connection.run(`DELETE FROM intake_names WHERE "minuteMs" < ${beforeMs}`);
      for (const { file } of going) await this.files.forget(file);
      await writeMeta(this.connection, KEPT_FROM, String(keptMs));
      await this.refreshView(keptMs);
    });
    this.keptMs = keptMs;
    for (const { file } of going) this.files.remove(file);
    if (report.statements > 0) await checkpoint(this.connection, this.folder);
  }

  /** Removes what statements of the table hide: they may go before it. */
  async removeHidden(): Promise<void> {
    if (this.isHiding) await this.removeRows(isSuperseded(this.endMs));
  }

  /** Removes the rows of `condition` from every file, by writing the others anew. Returns how many went. */
  async removeRows(condition: string): Promise<number> {
    let removed = 0;
    for (const old of await this.files.list()) {
      const source = this.files.rowsOf([old]);
      const [row] = await selectRows(this.connection, `SELECT count(*) AS n FROM ${source} WHERE ${condition}`);
      const count = numberOf(row?.['n']);
      if (count === 0) continue;
      removed += count;
      const rest = `SELECT * FROM ${source} WHERE NOT coalesce(${condition}, false)`;
      const file = count === old.rowCount ? undefined : await this.files.write(old.day, rest);
      await this.replace([old], file);
    }
    return removed;
  }

  /** Paths of the files, relative to the data folder. */
  async paths(): Promise<string[]> {
    return (await this.files.list()).map(({ file }) => file);
  }

  /** Writes a day's statements to one file, with those of the files that it has. */
  private async archiveDay(day: number): Promise<void> {
    const name = new Date(day * DAY_MS).toISOString().slice(0, 10);
    const range = `"timeMs" >= ${day * DAY_MS} AND "timeMs" < ${(day + 1) * DAY_MS}`;
    const files = (await this.files.list()).filter((file) => file.day === name);
    const older =
      files.length === 0
        ? ''
        : ` UNION ALL BY NAME SELECT * FROM ${this.files.rowsOf(files)} WHERE "timeMs" >= ${this.keptMs}`;
    const file = await this.files.write(
      name,
      `SELECT ${columnList(STATEMENT_COLUMNS)} FROM (SELECT * FROM statements WHERE ${range}${older}) ORDER BY "timeMs"`,
    );
    await this.replace(files, file, `DELETE FROM statements WHERE ${range}`);
  }

  /** Puts `file` in the place of `files`, all of it or nothing; `also` goes with it. */
  private async replace(files: readonly DayFile[], file: string | undefined, also?: string): Promise<void> {
    await inTransaction(this.connection, async () => {
      for (const old of files) await this.files.forget(old.file);
      if (file !== undefined) await this.files.register(file);
      if (also !== undefined) await this.connection.run(also);
      await this.refreshView();
    });
    for (const old of files) this.files.remove(old.file);
  }

  private async refreshView(keptMs = this.keptMs): Promise<void> {
    const files = await this.files.list();
    const newestMs = Math.max(...files.map(({ toMs }) => toMs));
    this.endMs = files.length === 0 ? 0 : (Math.floor(newestMs / DAY_MS) + 1) * DAY_MS;
    const [late] = await selectRows(
      this.connection,
      `SELECT count(*) AS n FROM statements WHERE "timeMs" < ${this.endMs}`,
    );
    this.isHiding = numberOf(late?.['n']) > 0;
    const paths = files.map(({ file }) => this.files.pathOf(file));
    await this.connection.run(allStatements(paths, this.shown(keptMs)));
  }

  /** Which rows of files are shown. */
  private shown(keptMs = this.keptMs): string {
    return `"timeMs" >= ${keptMs}${this.isHiding ? ` AND NOT ${isSuperseded(this.endMs)}` : ''}`;
  }
}
