import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry } from '../../journal/entry';
import type { JournalPosition } from '../../journal/format';
import type { Engine, Loaded } from '../Engine';
import { exportedColumns } from '../exported';
import { runQuery, type AnswerOf, type ParametersOf, type QueryName } from '../queries';
import { summariesSql } from '../queries/summary';
import { FUTURE_MS } from '../rows/arrivals';
import { condition, literal, type Selection } from '../Selection';
import { COPY_OPTIONS, type ExpireReport, type ExportFormat, type HistoryRow, type Removal } from '../Store';
import { backUp } from './backup';
import { checkpoint, checkpointLarge } from './checkpoint';
import { forgetNames } from './forgetNames';
import { writeHistory } from './History';
import type { StoreSettings } from './Opened';
import { removeAll } from './removal';
import { Reopening } from './Reopening';
import { inTransaction } from './sql';

/** So often names are looked for that nothing tells of any more. */
const NAMES_EVERY_MS = 3_600_000;

/** Of those who do not go away. */
const NEVER = new AbortController().signal;

/** The embedded store: recent rows in one DuckDB file, older days as Parquet. One process at a time. */
export class DuckStore implements Engine {
  private sequence = Date.now();
  private namesMs = -Infinity;

  private constructor(
    private readonly folder: string,
    private readonly database: Reopening,
  ) {}

  static async open(settings: StoreSettings): Promise<DuckStore> {
    return new DuckStore(settings.folder, await Reopening.open(settings));
  }

  position(): Promise<JournalPosition> {
    return this.database.write(({ loader }) => loader.position());
  }

  load(entries: readonly JournalEntry[], to: JournalPosition): Promise<Loaded> {
    return this.database.write(async ({ loader, writer, folder }) => {
      await checkpointLarge(writer, folder);
      return loader.load(entries, to, Date.now());
    });
  }

  tries(entries: readonly JournalEntry[]): Promise<void> {
    return this.database.write(({ loader }) => loader.tries(entries, Date.now()));
  }

  renew(): Promise<void> {
    return this.database.renew();
  }

  query<N extends QueryName>(name: N, parameters: ParametersOf<N>, signal: AbortSignal = NEVER): Promise<AnswerOf<N>> {
    return this.database.read(async ({ summaries, pool }) => {
      const database = summaries.over({ rows: (sql) => pool.rows(sql, signal) });
      return (await runQuery(name, database, parameters)) as AnswerOf<N>;
    });
  }

  expire(beforeMs: number, maxBytes: number | undefined, dryRun: boolean): Promise<ExpireReport> {
    return this.database.write(async ({ archive, summaries, writer, loader }) => {
      const expiring = await archive.expiring(beforeMs, maxBytes);
      if (dryRun) return expiring.report;
      await summaries.duringChange(expiring.hours, () => archive.expire(expiring));
      if (performance.now() - this.namesMs >= NAMES_EVERY_MS) {
        this.namesMs = performance.now();
        if (await forgetNames(writer, expiring.keptMs)) await loader.refresh();
      }
      return expiring.report;
    });
  }

  archive(nowMs: number): Promise<void> {
    return this.database.write(async ({ archive, loader }) => {
      const beforeMs = await archive.archive(nowMs);
      loader.forgetStatements(beforeMs - FUTURE_MS);
    });
  }

  remove(removal: Removal): Promise<number> {
    return this.database.write((opened) => opened.summaries.duringChange('all', () => removeAll(opened, removal)));
  }

  addHistory(rows: readonly HistoryRow[]): Promise<number> {
    return this.database.write(({ writer }) => inTransaction(writer, () => writeHistory(writer, rows)));
  }

  export(selection: Selection, format: ExportFormat, signal: AbortSignal = NEVER): Promise<string> {
    const file = join(this.folder, 'tmp', `export-${(this.sequence += 1)}.${format}`);
    const source = summariesSql(`SELECT * FROM all_statements WHERE ${condition(selection)}`);
    return this.database.read(async ({ pool }) => {
      try {
        await pool.rows(
          `COPY (SELECT ${exportedColumns(format)} FROM (${source}) ORDER BY "timeMs") TO ${literal(file)} (${COPY_OPTIONS[format]})`,
          signal,
        );
      } catch (error) {
        rmSync(file, { force: true });
        throw error;
      }
      return file;
    });
  }

  backup(): Promise<string> {
    return this.database.write((opened) => backUp(opened, this.folder));
  }

  async size(): Promise<number> {
    let bytes = 0;
    for (const name of readdirSync(this.folder, { recursive: true })) {
      if (String(name).startsWith('backups')) continue;
      const stat = statSync(join(this.folder, String(name)), { throwIfNoEntry: false });
      if (stat?.isFile() === true) bytes += stat.size;
    }
    return Promise.resolve(bytes);
  }

  close(): Promise<void> {
    return this.database.close(({ writer, folder }) => checkpoint(writer, folder));
  }
}
