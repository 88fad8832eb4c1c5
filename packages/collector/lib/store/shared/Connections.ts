import { createHash } from 'node:crypto';
import type { TelemetryRow } from '../../receive/decodeLog';
import { literal } from '../Selection';
import { numberOrNull, type Rows } from '../queries/Query';
import type { Row } from '../Row';
import type { Arrival, Whose } from '../rows/arrivals';
import { connectionValues, namesOf } from '../rows/connectionValues';
import { inChunks } from './chunks';

const MAX_CACHED = 200_000;

interface Session {
  dim: number | null;
  /** A log described its connection; otherwise `dim` says what another one gave away. */
  described: boolean;
}

/** What this collector knows of sessions and their connections, so that it writes what is new of them. */
export class Connections {
  private readonly sessions = new Map<string, Session>();
  private readonly names = new Map<number, Readonly<Record<string, string | null>>>();
  private sessionRows = new Map<string, Row>();
  private dimRows: Row[] = [];

  /** Forgets everything: what was taken out may not have been stored. */
  reset(): void {
    this.sessions.clear();
    this.names.clear();
    this.sessionRows = new Map();
    this.dimRows = [];
  }

  /** Looks up the sessions of `arrivals` that are not in memory. */
  async lookUp(database: Rows, arrivals: readonly Arrival[]): Promise<void> {
    const ids = arrivals.flatMap(({ row: { sessionId } }) => (typeof sessionId === 'string' ? [sessionId] : []));
    const missing = [...new Set(ids)].filter((id) => !this.sessions.has(id));
    for (const chunk of inChunks(missing)) {
      const rows = await database.rows(
        `SELECT "session", "described", "guessed" FROM sessions WHERE "session" IN (${chunk.map(literal).join(', ')})`,
      );
      for (const { session, described, guessed } of rows) {
        const dim = numberOrNull(described ?? guessed);
        this.sessions.set(String(session), { dim, described: numberOrNull(described) !== null });
      }
    }
  }

  /** Takes in `arrivals`: what is new in them is taken out next. */
  takeIn(arrivals: readonly Arrival[]): void {
    for (const { row, receivedMs } of arrivals) this.note(row, receivedMs);
  }

  whose = (row: TelemetryRow): Whose => {
    const { sessionId } = row;
    if (typeof sessionId !== 'string') return { session: null, dim: this.dimOf(row) };
    return { session: sessionId, dim: this.sessions.get(sessionId)?.dim ?? null };
  };

  describe(dim: unknown): Readonly<Record<string, string | null>> {
    return (typeof dim === 'number' ? this.names.get(dim) : undefined) ?? {};
  }

  /** What is new since the last time. */
  take(): { readonly sessions: Row[]; readonly dims: Row[] } {
    const taken = { sessions: [...this.sessionRows.values()], dims: this.dimRows };
    this.sessionRows = new Map();
    this.dimRows = [];
    for (const id of this.sessions.keys()) {
      if (this.sessions.size <= MAX_CACHED) break;
      this.sessions.delete(id);
    }
    return taken;
  }

  private note(row: TelemetryRow, receivedMs: number): void {
    const { sessionId, operationType } = row;
    if (typeof sessionId !== 'string') return;
    const known = this.sessions.get(sessionId);
    const session = known ?? { dim: null, described: false };
    const cells: Row = known === undefined ? { lastMs: row.timeMs } : {};
    const describes = row['describesConnection'] === true;
    if (!session.described && (describes || session.dim === null)) {
      session.dim = this.dimOf(row) ?? session.dim;
      session.described = describes;
      cells[describes ? 'described' : 'guessed'] = session.dim;
    }
    const latencyMs = row['latencyMs'] ?? null;
    if (operationType === 'CREATE_SESSION') Object.assign(cells, { startMs: row.timeMs, openLatencyMs: latencyMs });
    if (operationType === 'DELETE_SESSION') Object.assign(cells, { endMs: row.timeMs, closeLatencyMs: latencyMs });
    this.sessions.set(sessionId, session);
    if (Object.keys(cells).length === 0) return;
    const written = this.sessionRows.get(sessionId) ?? { session: sessionId, receivedMs };
    this.sessionRows.set(sessionId, { ...written, ...cells });
  }

  /** A hash of what the log says of its connection: every collector comes to the same. */
  private dimOf(row: TelemetryRow): number | null {
    const connection = connectionValues(row);
    if (connection === null) return null;
    const { values, settings, key } = connection;
    const dim = Number(createHash('md5').update(key).digest().readBigUInt64LE() & 0x1f_ffff_ffff_ffffn);
    if (!this.names.has(dim)) {
      this.names.set(dim, namesOf(values));
      this.dimRows.push({ dim, ...namesOf(values), settings, firstMs: row.timeMs });
    }
    return dim;
  }
}
