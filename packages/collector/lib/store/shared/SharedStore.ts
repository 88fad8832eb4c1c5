import { randomUUID } from 'node:crypto';
import type { JournalEntry } from '../../journal/entry';
import { NewerVersionError, type JournalPosition } from '../../journal/format';
import type { AuditEntry } from '../../steering/rules';
import type { Engine, Loaded } from '../Engine';
import { runQuery, type AnswerOf, type ParametersOf, type QueryName } from '../queries';
import { asking } from '../queries/asking';
import type { Row } from '../Row';
import { arrivalsOf, believed, sortRows, withNames } from '../rows/arrivals';
import { newestOf } from '../rows/history';
import { intakeRows } from '../rows/intake';
import type { Selection } from '../Selection';
import { StoreFailure } from '../StoreFailure';
import type { ExpireReport, ExportFormat, HistoryRow, Removal } from '../Store';
import type { Checkpoint } from './Checkpoint';
import { Connections } from './Connections';
import { firstOnes, keyOf, keyRows } from './Deduplication';
import { exportFile } from './exportFile';
import { folderBytes } from './folderBytes';
import { expire, forgetNames, remove } from './forget';
import { prepare } from './prepare';
import { changeOf, rowOfChange } from './steering';
import { TABLES, type TableName } from './tables';
import { unlessAborted } from './unlessAborted';
import type { Warehouse } from './Warehouse';

/** A collector starts without an engine that has not answered by then. */
const START_MS = 10_000;
/** So often names are looked for that nothing tells of any more. */
const NAMES_EVERY_MS = 3_600_000;

/** Told of its end, of what has a time or a reader that may leave. */
type Work<T> = (signal: AbortSignal) => Promise<T>;

/**
 * A store that several collectors share: this one keeps nothing but its journal, and up to where that was loaded. All
 * that it writes means the same when it is written twice, so a load needs no transaction.
 */
export class SharedStore implements Engine {
  private readonly connections = new Connections();
  private prepared: Promise<void> | undefined;
  private namesMs = -Infinity;

  private constructor(
    private readonly warehouse: Warehouse,
    private readonly checkpoint: Checkpoint,
    private readonly folder: string,
    /** An engine that has not done by then what it was asked is away; questions and exports have their own signals. */
    private readonly timeoutMs: number,
  ) {}

  /** Rejects when the engine refuses; an engine that is away is asked again when it is needed. */
  static async open(
    warehouse: Warehouse,
    checkpoint: Checkpoint,
    folder: string,
    timeoutMs: number,
  ): Promise<SharedStore> {
    const store = new SharedStore(warehouse, checkpoint, folder, timeoutMs);
    const late = AbortSignal.timeout(Math.min(START_MS, timeoutMs));
    await unlessAborted(store.ready(), late).catch(async (error: unknown) => {
      if (late.aborted || store.isAway(error)) return;
      await warehouse.close();
      throw error;
    });
    return store;
  }

  position(): Promise<JournalPosition> {
    return Promise.resolve(this.checkpoint.position);
  }

  async load(entries: readonly JournalEntry[], to: JournalPosition): Promise<Loaded> {
    try {
      const loaded = await this.reached((signal) => this.write(entries, to, signal));
      // Not by a load that was given up and ends after all: the next one may be further by then.
      this.checkpoint.advance(to);
      return loaded;
    } catch (error) {
      this.connections.reset();
      throw error;
    }
  }

  async tries(entries: readonly JournalEntry[]): Promise<void> {
    await this.reached((signal) => this.write(entries, this.checkpoint.position, signal)).finally(() =>
      this.connections.reset(),
    );
  }

  /** The next load or question prepares the engine again. */
  renew(): Promise<void> {
    this.prepared = undefined;
    this.connections.reset();
    return Promise.resolve();
  }

  query<N extends QueryName>(name: N, parameters: ParametersOf<N>, signal?: AbortSignal): Promise<AnswerOf<N>> {
    const { warehouse } = this;
    const database = asking({ rows: (sql) => warehouse.rows(sql, signal) });
    return this.reached(async () => (await runQuery(name, database, parameters)) as AnswerOf<N>, signal);
  }

  async expire(beforeMs: number, _maxBytes: number | undefined, dryRun: boolean): Promise<ExpireReport> {
    const isDue = !dryRun && performance.now() - this.namesMs >= NAMES_EVERY_MS;
    const report = await this.reached(() => expire(this.warehouse, beforeMs, dryRun));
    if (!isDue) return report;
    await this.reached(() => forgetNames(this.warehouse, beforeMs));
    this.namesMs = performance.now();
    // Another collector may have deleted what this one remembers to have written.
    this.connections.reset();
    return report;
  }

  /** The engine keeps older days as it likes. */
  archive(): Promise<void> {
    return Promise.resolve();
  }

  async remove(removal: Removal): Promise<number> {
    const removed = await this.reached(() => remove(this.warehouse, removal));
    this.connections.reset();
    return removed;
  }

  async addHistory(rows: readonly HistoryRow[]): Promise<number> {
    const newest = newestOf(rows);
    const addedMs = Date.now();
    const written = newest.map((row) => ({ ...row, addedMs }));
    const name = `history-${randomUUID()}`;
    await this.reached(() => this.warehouse.append(TABLES.history, written, name));
    return newest.length;
  }

  export(selection: Selection, format: ExportFormat, signal?: AbortSignal): Promise<string> {
    return this.reached(() => exportFile(this.warehouse, this.folder, selection, format, signal), signal);
  }

  backup(): Promise<string> {
    const { title } = this.warehouse;
    return Promise.reject(new StoreFailure('elsewhere', `The statements are in ${title}: back them up there.`));
  }

  ruleChanges(): Promise<AuditEntry[]> {
    return this.reached(async () =>
      (await this.warehouse.rows('SELECT * FROM steering ORDER BY "atMs", "id"')).map(changeOf),
    );
  }

  async addRuleChanges(changes: readonly AuditEntry[]): Promise<void> {
    const rows = changes.map(rowOfChange);
    await this.reached(() => this.warehouse.append(TABLES.steering, rows, `steering-${randomUUID()}`));
  }

  /** Of this collector's own folder: what the engine holds is the engine's to say. */
  size(): Promise<number> {
    return Promise.resolve(folderBytes(this.folder));
  }

  close(): Promise<void> {
    return this.warehouse.close();
  }

  /**
   * Runs `work` on the prepared engine. Rejects with a StoreFailure while the engine is away, when it has not done its
   * work in time, and as soon as `leaving` is aborted: an engine that says nothing is not waited for.
   */
  private async reached<T>(work: Work<T>, leaving?: AbortSignal): Promise<T> {
    const signal = leaving ?? AbortSignal.timeout(this.timeoutMs);
    try {
      return await unlessAborted(
        this.ready().then(() => work(signal)),
        signal,
      );
    } catch (error) {
      leaving?.throwIfAborted();
      if (!signal.aborted && !this.isAway(error)) throw error;
      throw new StoreFailure('away', `${this.warehouse.title} cannot be reached.`);
    }
  }

  /** A store of a newer release is there: it refuses. */
  private isAway(error: unknown): boolean {
    return !(error instanceof NewerVersionError) && this.warehouse.isAway(error);
  }

  private ready(): Promise<void> {
    this.prepared ??= prepare(this.warehouse).catch((error: unknown) => {
      this.prepared = undefined;
      throw error;
    });
    return this.prepared;
  }

  private async write(entries: readonly JournalEntry[], to: JournalPosition, signal: AbortSignal): Promise<Loaded> {
    const { warehouse, connections } = this;
    const loadId = this.checkpoint.nextLoad;
    const database = { rows: (sql: string) => warehouse.rows(sql, signal) };
    const arrivals = arrivalsOf(entries);
    const known = await firstOnes(database, arrivals, loadId);
    const first = known.map(({ arrival }) => arrival);
    for (const arrival of first) believed(arrival);
    await connections.lookUp(database, first);
    // One that was given up meanwhile must not take out what the next one has taken in.
    signal.throwIfAborted();
    connections.takeIn(first);
    const { byId, withoutId, errors } = sortRows(first, connections.whose);
    const rows: Partial<Record<TableName, readonly Row[]>> = {
      statements: [
        ...[...byId].map(([key, row]) => ({ key, ...row })),
        ...withoutId.map(([row, arrival]) => ({ key: `event:${keyOf(arrival)}`, ...row })),
      ],
      errors: errors.map(([row, arrival]) => ({ key: keyOf(arrival), ...row })),
      ...connections.take(),
    };
    const duplicate = arrivals.length - first.length;
    const counted = intakeRows(entries, duplicate, Date.now());
    if (counted !== undefined) {
      rows.intake = [{ loadId, ...counted.intake }];
      rows.intakeNames = counted.names.map((row) => ({ key: `${loadId} ${row['kind']} ${row['name']}`, ...row }));
    }
    const name = `${loadId}-${to.segment}-${to.offset}`;
    const tables = Object.entries(rows) as [TableName, readonly Row[]][];
    await Promise.all(tables.map(([table, part]) => warehouse.append(TABLES[table], part, name)));
    // Last: a log counts as known only when all that it says is stored.
    await warehouse.append(TABLES.eventKeys, keyRows(known, loadId), name);
    const statements = (): Row[] =>
      [...byId.values(), ...withoutId.map(([row]) => row)].map((row) =>
        withNames(row, connections.describe(row['dim'])),
      );
    return { accepted: first.length, duplicate, statements };
  }
}
