import { randomUUID } from 'node:crypto';
import type { JournalEntry } from '../../journal/entry';
import { NewerVersionError, type JournalPosition } from '../../journal/format';
import type { AuditEntry } from '../../steering/rules';
import type { Engine, Loaded } from '../Engine';
import { runQuery, type AnswerOf, type ParametersOf, type QueryName } from '../queries';
import { asking } from '../queries/asking';
import { numberOf } from '../queries/Query';
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
import type { FolderLock } from './FolderLock';
import { expire, remove } from './forget';
import { changeOf, rowOfChange } from './steering';
import { LATER_COLUMNS, SHARED_VERSION, TABLES, viewsOf, type TableName } from './tables';
import { unlessAborted } from './unlessAborted';
import type { Warehouse } from './Warehouse';

/**
 * A store that several collectors share: this one keeps nothing but its journal, and up to where that was loaded. All
 * that it writes means the same when it is written twice, so a load needs no transaction.
 */
export class SharedStore implements Engine {
  private readonly connections = new Connections();
  private prepared: Promise<void> | undefined;

  private constructor(
    private readonly warehouse: Warehouse,
    private readonly lock: FolderLock,
    private readonly checkpoint: Checkpoint,
    private readonly folder: string,
  ) {}

  /** Rejects when the engine refuses; an engine that is away is asked again when it is needed. */
  static async open(
    warehouse: Warehouse,
    lock: FolderLock,
    checkpoint: Checkpoint,
    folder: string,
  ): Promise<SharedStore> {
    const store = new SharedStore(warehouse, lock, checkpoint, folder);
    await store.ready().catch(async (error: unknown) => {
      if (store.isAway(error)) return;
      await warehouse.close();
      throw error;
    });
    return store;
  }

  position(): Promise<JournalPosition> {
    return Promise.resolve(this.checkpoint.position);
  }

  load(entries: readonly JournalEntry[], to: JournalPosition): Promise<Loaded> {
    return this.reached(async () => {
      try {
        const loaded = await this.write(entries, this.checkpoint.nextLoad, to);
        this.checkpoint.advance(to);
        return loaded;
      } catch (error) {
        this.connections.reset();
        throw error;
      }
    });
  }

  async tries(entries: readonly JournalEntry[]): Promise<void> {
    await this.reached(() => this.write(entries, this.checkpoint.nextLoad, this.checkpoint.position)).finally(() =>
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

  expire(beforeMs: number, _maxBytes: number | undefined, dryRun: boolean): Promise<ExpireReport> {
    return this.reached(() => expire(this.warehouse, beforeMs, dryRun));
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
    return this.warehouse.close().finally(() => this.lock.release());
  }

  /**
   * Runs `work` on the prepared engine. Rejects with a StoreFailure while the engine is away, and as soon as `signal` is
   * aborted: an engine that says nothing is not waited for.
   */
  private async reached<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await unlessAborted(this.ready().then(work), signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!this.isAway(error)) throw error;
      throw new StoreFailure('away', `${this.warehouse.title} cannot be reached.`);
    }
  }

  /** A store of a newer release is there: it refuses. */
  private isAway(error: unknown): boolean {
    return !(error instanceof NewerVersionError) && this.warehouse.isAway(error);
  }

  private ready(): Promise<void> {
    this.prepared ??= this.prepare().catch((error: unknown) => {
      this.prepared = undefined;
      throw error;
    });
    return this.prepared;
  }

  private async prepare(): Promise<void> {
    const { warehouse } = this;
    await warehouse.createTable(TABLES.meta);
    const [row] = await warehouse.rows(`SELECT max("value") AS version FROM ${TABLES.meta.name}`);
    const found = numberOf(row?.['version']);
    if (found > SHARED_VERSION) throw new NewerVersionError('The store', found, SHARED_VERSION);
    if (found === SHARED_VERSION) return;
    for (const table of Object.values(TABLES)) await warehouse.createTable(table);
    const later = TABLES.statements.columns.filter(({ name }) => LATER_COLUMNS.includes(name));
    for (const column of found === 0 ? [] : later) await warehouse.addColumn(TABLES.statements, column);
    const views = viewsOf((table) => warehouse.merged(table));
    for (const [name, sql] of Object.entries(views)) await warehouse.createView(name, sql);
    const version = { name: 'version', value: SHARED_VERSION, setMs: Date.now() };
    await warehouse.append(TABLES.meta, [version], `version-${SHARED_VERSION}`);
  }

  private async write(entries: readonly JournalEntry[], loadId: string, to: JournalPosition): Promise<Loaded> {
    const { warehouse, connections } = this;
    const arrivals = arrivalsOf(entries);
    const known = await firstOnes(warehouse, arrivals, loadId);
    const first = known.map(({ arrival }) => arrival);
    for (const arrival of first) believed(arrival);
    await connections.read(warehouse, first);
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
