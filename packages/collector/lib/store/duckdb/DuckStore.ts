import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { JournalEntry } from '../../journal/entry';
import type { JournalPosition } from '../../journal/format';
import type { Engine, Loaded } from '../Engine';
import { runQuery, type AnswerOf, type ParametersOf, type QueryName } from '../queries';
import { numberOf } from '../queries/Query';
import { SUMMARY_FIELDS, summariesSql } from '../queries/summary';
import { condition, literal, type Selection } from '../Selection';
import type { ExpireReport, ExportFormat, HistoryRow, Removal } from '../Store';
import { Archive } from './Archive';
import { writeHistory } from './History';
import { Loader } from './Loader';
import { Mutex } from './Mutex';
import { openDatabase, type DuckSettings } from './open';
import { QueryPool } from './QueryPool';
import { inTransaction, selectRows } from './sql';

const COPY_OPTIONS: Readonly<Record<ExportFormat, string>> = {
  csv: 'FORMAT csv, HEADER',
  jsonl: 'FORMAT json',
  parquet: 'FORMAT parquet, COMPRESSION zstd',
};

/** The embedded store: recent rows in one DuckDB file, older days as Parquet. One process at a time. */
export class DuckStore implements Engine {
  private readonly writing = new Mutex();
  private sequence = Date.now();

  private constructor(
    private readonly folder: string,
    private readonly instance: DuckDBInstance,
    private readonly writer: DuckDBConnection,
    private readonly pool: QueryPool,
    private readonly loader: Loader,
    private readonly archived: Archive,
  ) {}

  static async open(settings: DuckSettings & { readonly recentDays: number }): Promise<DuckStore> {
    const instance = await openDatabase(settings);
    const writer = await instance.connect();
    const archive = new Archive(writer, settings.folder, settings.recentDays);
    await archive.open();
    const loader = await Loader.open(writer);
    return new DuckStore(settings.folder, instance, writer, await QueryPool.open(instance), loader, archive);
  }

  position(): Promise<JournalPosition> {
    return this.loader.position();
  }

  load(entries: readonly JournalEntry[], to: JournalPosition): Promise<Loaded> {
    return this.writing.run(() => this.loader.load(entries, to, Date.now()));
  }

  async query<N extends QueryName>(name: N, parameters: ParametersOf<N>): Promise<AnswerOf<N>> {
    return (await runQuery(name, this.pool, parameters)) as AnswerOf<N>;
  }

  expire(beforeMs: number, maxBytes: number | undefined, dryRun: boolean): Promise<ExpireReport> {
    return this.writing.run(() => this.archived.expire(beforeMs, maxBytes, dryRun));
  }

  archive(nowMs: number): Promise<void> {
    return this.writing.run(() => this.archived.archive(nowMs));
  }

  remove(removal: Removal): Promise<number> {
    return this.writing.run(() => this.removeAll(removal));
  }

  addHistory(rows: readonly HistoryRow[]): Promise<number> {
    return this.writing.run(() => inTransaction(this.writer, () => writeHistory(this.writer, rows)));
  }

  async export(selection: Selection, format: ExportFormat): Promise<string> {
    const file = join(this.folder, 'tmp', `export-${(this.sequence += 1)}.${format}`);
    const source = summariesSql(`SELECT * FROM all_statements WHERE ${condition(selection)}`);
    const names = SUMMARY_FIELDS.map(({ name }) => `"${name}"`).join(', ');
    await this.pool.rows(
      `COPY (SELECT ${names} FROM (${source}) ORDER BY "timeMs") TO ${literal(file)} (${COPY_OPTIONS[format]})`,
    );
    return file;
  }

  backup(): Promise<string> {
    return this.writing.run(async () => {
      const target = join(this.folder, 'backups', new Date().toISOString().replaceAll(/[:.]/g, '-'));
      mkdirSync(target, { recursive: true, mode: 0o700 });
      await this.writer.run(`ATTACH ${literal(join(target, 'telemetry.duckdb'))} AS backup`);
      const [row] = await selectRows(this.writer, 'SELECT current_database() AS name');
      await this.writer.run(`COPY FROM DATABASE "${String(row?.['name'])}" TO backup`);
      await this.writer.run('DETACH backup');
      for (const file of await this.archived.paths()) {
        mkdirSync(dirname(join(target, file)), { recursive: true, mode: 0o700 });
        copyFileSync(join(this.folder, file), join(target, file));
      }
      const configuration = join(this.folder, 'configuration.json');
      if (existsSync(configuration)) copyFileSync(configuration, join(target, 'configuration.json'));
      return target;
    });
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
    return this.writing.run(async () => {
      await this.writer.run('CHECKPOINT');
      this.pool.close();
      this.writer.closeSync();
      this.instance.closeSync();
    });
  }

  private async removeAll(removal: Removal): Promise<number> {
    const where = removalCondition(removal);
    const removed = await this.archived.removeRows(where);
    const [row] = await selectRows(this.writer, `SELECT count(*) AS n FROM statements WHERE ${where}`);
    await inTransaction(this.writer, async () => {
      await this.writer.run(
        `DELETE FROM history WHERE "statementUuid" IN (SELECT "statementUuid" FROM statements WHERE ${where})`,
      );
      await this.writer.run(`DELETE FROM statements WHERE ${where}`);
      await this.writer.run(`DELETE FROM errors WHERE ${where}`);
      if (removal.kind === 'session') {
        await this.writer.run(`DELETE FROM sessions WHERE "sessionId" = ${literal(removal.sessionId)}`);
      } else {
        await this.writer.run(`DELETE FROM sessions WHERE dim IN (${dimsOf(removal)})`);
        await this.writer.run(`DELETE FROM dims WHERE dim IN (${dimsOf(removal)})`);
      }
    });
    await this.loader.refresh();
    await this.writer.run('CHECKPOINT');
    return removed + numberOf(row?.['n']);
  }
}

function dimsOf(removal: Exclude<Removal, { kind: 'session' }>): string {
  const value = removal.kind === 'host' ? removal.host : removal.application;
  const columns = removal.kind === 'host' ? ['host'] : ['service', '"clientAppName"', '"processName"'];
  return `SELECT dim FROM dims WHERE ${columns.map((column) => `${column} = ${literal(value)}`).join(' OR ')}`;
}

function removalCondition(removal: Removal): string {
  return removal.kind === 'session'
    ? `session IN (SELECT session FROM sessions WHERE "sessionId" = ${literal(removal.sessionId)})`
    : `dim IN (${dimsOf(removal)})`;
}
