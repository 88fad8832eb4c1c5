import type { DuckDBConnection } from '@duckdb/node-api';
import type { JournalEntry } from '../../journal/entry';
import type { JournalPosition } from '../../journal/format';
import type { TelemetryRow } from '../../receive/decodeLog';
import { ERROR_COLUMNS } from '../columns';
import { appendRows, type Row } from './appendRows';
import { DEDUPLICATED_FOR_MS, Deduplication, type Arrival } from './Deduplication';
import { Dimensions } from './Dimensions';
import { writeIntake } from './Intake';
import { Sessions } from './Sessions';
import { isStatementLog, mergeInto, statementIdCells, statementRow } from './statementRow';
import { Statements } from './Statements';
import { inTransaction, readMeta, writeMeta } from './sql';

const POSITION = 'journal position';
/** A clock further off than this is not believed: the time of arrival stands in its place. */
const FUTURE_MS = 3_600_000;
const PAST_MS = 60 * 86_400_000;

/** What a load brought. */
export interface Loaded {
  readonly position: JournalPosition;
  readonly accepted: number;
  readonly duplicate: number;
  /** The statements of this load, with the names of their connection. Computed when asked for. */
  readonly statements: () => readonly Row[];
}

/** Turns journal entries into rows. A load and its position in the journal are one transaction: nothing twice. */
export class Loader {
  private readonly dimensions = new Dimensions();
  private readonly sessions = new Sessions(this.dimensions);
  private readonly deduplication = new Deduplication();
  private readonly statements = new Statements();
  private expiredMs = 0;

  private constructor(private readonly connection: DuckDBConnection) {}

  static async open(connection: DuckDBConnection): Promise<Loader> {
    const loader = new Loader(connection);
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
      return await inTransaction(this.connection, () => this.write(entries, position, nowMs));
    } catch (error) {
      await this.readNumbers();
      throw error;
    }
  }

  /** Forgets what it remembers of connections and sessions: they changed behind its back. */
  refresh(): Promise<void> {
    return this.readNumbers();
  }

  private async readNumbers(): Promise<void> {
    await this.dimensions.read(this.connection);
    await this.sessions.read(this.connection);
  }

  private async write(entries: readonly JournalEntry[], position: JournalPosition, nowMs: number): Promise<Loaded> {
    const { connection } = this;
    await this.expireKeys(nowMs);
    const arrivals = entries.flatMap(({ rows, receivedMs }) => rows.map((row) => ({ row, receivedMs })));
    const first = await this.deduplication.firstOnes(connection, arrivals);
    const rows = first.map(believed);
    await this.sessions.prepare(connection, rows);
    // Two passes: a statement may stand before the log that describes its session.
    for (const row of rows) this.sessions.of(row);
    const { byId, withoutId, errors } = this.sort(first);
    await this.dimensions.flush(connection);
    await this.sessions.flush(connection);
    await this.statements.write(connection, byId, withoutId);
    await appendRows(connection, 'errors', ERROR_COLUMNS, errors);
    const duplicate = arrivals.length - first.length;
    await writeIntake(connection, entries, duplicate, nowMs);
    await writeMeta(connection, POSITION, `${position.segment} ${position.offset}`);
    const statements = (): Row[] => [...byId.values(), ...withoutId].map((row) => this.withNames(row));
    return { position, accepted: first.length, duplicate, statements };
  }

  private sort(arrivals: readonly Arrival[]): { byId: Map<string, Row>; withoutId: Row[]; errors: Row[] } {
    const byId = new Map<string, Row>();
    const withoutId: Row[] = [];
    const errors: Row[] = [];
    for (const { row, receivedMs } of arrivals) {
      const known = this.sessions.of(row);
      const dim = known === undefined ? this.dimensions.numberOf(row) : known.dim;
      const session = known?.session ?? null;
      if (row['errorName'] !== undefined) errors.push(errorRow(row, session, dim, receivedMs));
      if (!isStatementLog(row)) continue;
      const cells = statementRow(row, session, dim, receivedMs);
      const id = typeof row['statementId'] === 'string' ? row['statementId'].toLowerCase() : undefined;
      const same = id === undefined ? undefined : byId.get(id);
      if (id === undefined) withoutId.push(cells);
      else if (same === undefined) byId.set(id, cells);
      else mergeInto(same, cells);
    }
    return { byId, withoutId, errors };
  }

  private async expireKeys(nowMs: number): Promise<void> {
    if (nowMs - this.expiredMs < 3_600_000) return;
    this.expiredMs = nowMs;
    await this.deduplication.expire(this.connection, nowMs - DEDUPLICATED_FOR_MS);
  }

  private withNames(row: Row): Row {
    const { statementUuid, statementText, session: _session, dim, ...cells } = row;
    const names = this.dimensions.describe(typeof dim === 'number' ? dim : null);
    return { statementId: statementUuid ?? statementText ?? null, ...cells, ...names };
  }
}

function believed({ row, receivedMs }: Arrival): TelemetryRow {
  if (row.timeMs > receivedMs + FUTURE_MS || row.timeMs < receivedMs - PAST_MS) row.timeMs = receivedMs;
  return row;
}

function errorRow(row: TelemetryRow, session: number | null, dim: number | null, receivedMs: number): Row {
  const { statementId } = row;
  const id = typeof statementId === 'string' ? statementIdCells(statementId) : {};
  const { operationType } = row;
  const { stage, errorName, errorCode, errorClass, sqlState, httpStatus, isTerminal } = row;
  const facts = { stage, errorName, errorCode, errorClass, sqlState, httpStatus, isTerminal };
  return { timeMs: row.timeMs, receivedMs, session, dim, operationType, ...id, ...facts };
}
