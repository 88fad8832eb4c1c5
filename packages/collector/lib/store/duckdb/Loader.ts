import type { DuckDBConnection } from '@duckdb/node-api';
import type { JournalEntry } from '../../journal/entry';
import type { JournalPosition } from '../../journal/format';
import type { TelemetryRow } from '../../receive/decodeLog';
import { ERROR_COLUMNS } from '../columns';
import type { Loaded } from '../Engine';
import type { Row } from '../Row';
import { arrivalsOf, believed, sortRows, withNames, type Arrival, type Whose } from '../rows/arrivals';
import { appendRows } from './appendRows';
import type { Archive } from './Archive';
import { DEDUPLICATED_FOR_MS } from '../rows/eventKey';
import { Deduplication } from './Deduplication';
import { Dimensions } from './Dimensions';
import { writeIntake } from './Intake';
import { Sessions } from './Sessions';
import { Statements } from './Statements';
import { hourOf, type Summaries } from './Summaries';
import { inTransaction, readMeta, writeMeta } from './sql';

const POSITION = 'journal position';
/** Ends a transaction that was only to be tried. */
const UNDONE = new Error('This was only tried.');

/** Turns journal entries into rows. A load and its position in the journal are one transaction: nothing twice. */
export class Loader {
  private readonly dimensions = new Dimensions();
  private readonly sessions = new Sessions(this.dimensions);
  private readonly deduplication = new Deduplication();
  private readonly statements: Statements;
  private expiredMs = 0;

  private constructor(
    private readonly connection: DuckDBConnection,
    private readonly summaries: Summaries,
    private readonly archive: Archive,
  ) {
    this.statements = new Statements(archive);
  }

  /** `summaries` is told which hours a load has changed; in `archive` are statements of older days. */
  static async open(connection: DuckDBConnection, summaries: Summaries, archive: Archive): Promise<Loader> {
    const loader = new Loader(connection, summaries, archive);
    await loader.readNumbers();
    await loader.deduplication.read(connection);
    await loader.statements.read(connection);
    return loader;
  }

  async position(): Promise<JournalPosition> {
    const text = await readMeta(this.connection, POSITION);
    if (text === undefined) return { segment: 0, offset: 0 };
    const [segment = 0, offset = 0] = text.split(' ').map(Number);
    return { segment, offset };
  }

  /** Loads `entries`, which end at `position`. On failure the database is as it was, and the error is thrown. */
  async load(entries: readonly JournalEntry[], position: JournalPosition, nowMs: number): Promise<Loaded> {
    try {
      const { hours, ...loaded } = await inTransaction(this.connection, () => this.write(entries, position, nowMs));
      this.summaries.changedIn(hours);
      return loaded;
    } catch (error) {
      await this.undone();
      throw error;
    }
  }

  /** Rejects as `load` would; the database stays as it is. */
  async tries(entries: readonly JournalEntry[], nowMs: number): Promise<void> {
    try {
      await inTransaction(this.connection, async () => {
        await this.write(entries, await this.position(), nowMs);
        throw UNDONE;
      });
    } catch (error) {
      await this.undone();
      if (error !== UNDONE) throw error;
    }
  }

  /** Forgets what it remembers of connections and sessions: they changed behind its back. */
  refresh(): Promise<void> {
    return this.readNumbers();
  }

  /** Forgets what older statements were remembered by: those that are left in the table came after `beforeMs`. */
  forgetStatements(beforeMs: number): void {
    this.statements.expire(beforeMs);
  }

  /** After a transaction that failed: its commit may have reached the disk nevertheless. */
  private async undone(): Promise<void> {
    this.summaries.changedIn('all');
    await this.readNumbers();
    await this.archive.refresh();
  }

  private async readNumbers(): Promise<void> {
    await this.dimensions.read(this.connection);
    await this.sessions.read(this.connection);
  }

  private async write(
    entries: readonly JournalEntry[],
    position: JournalPosition,
    nowMs: number,
  ): Promise<Loaded & { readonly hours: ReadonlySet<number> }> {
    const { connection } = this;
    await this.expireKeys(nowMs);
    const arrivals = arrivalsOf(entries);
    const first = await this.deduplication.firstOnes(connection, arrivals);
    const rows = first.map(believed);
    await this.sessions.prepare(connection, rows);
    // Two passes: a statement may stand before the log that describes its session.
    for (const row of rows) this.sessions.of(row);
    const { byId, withoutId, errors } = sortRows(first, (row) => this.whose(row));
    await this.dimensions.flush(connection);
    const inherited = await this.sessions.flush(connection);
    const rewritten = await this.statements.write(connection, byId, withoutId.map(rowOf));
    await appendRows(connection, 'errors', ERROR_COLUMNS, errors.map(rowOf));
    const duplicate = arrivals.length - first.length;
    await writeIntake(connection, entries, duplicate, nowMs);
    await writeMeta(connection, POSITION, `${position.segment} ${position.offset}`);
    const written = [...byId.values(), ...withoutId.map(rowOf)];
    const times = written.map(({ timeMs }) => Number(timeMs));
    const hours = new Set([...times, ...inherited, ...rewritten].map(hourOf));
    this.summaries.changingIn(hours);
    return {
      accepted: first.length,
      duplicate,
      statements: () => written.map((row) => this.withNames(row)),
      hours,
    };
  }

  private async expireKeys(nowMs: number): Promise<void> {
    if (nowMs - this.expiredMs < 3_600_000) return;
    this.expiredMs = nowMs;
    await this.deduplication.expire(this.connection, nowMs - DEDUPLICATED_FOR_MS);
  }

  private whose(row: TelemetryRow): Whose {
    const known = this.sessions.of(row);
    return known === undefined
      ? { session: null, dim: this.dimensions.numberOf(row) }
      : { session: known.session, dim: known.dim };
  }

  private withNames(row: Row): Row {
    return withNames(row, this.dimensions.describe(typeof row['dim'] === 'number' ? row['dim'] : null));
  }
}

const rowOf = ([row]: readonly [Row, Arrival]): Row => row;
