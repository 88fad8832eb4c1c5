import { listValue, type DuckDBConnection } from '@duckdb/node-api';
import type { TelemetryRow } from '../../receive/decodeLog';
import type { Row } from '../Row';
import { appendRows, type AppendColumn } from './appendRows';
import type { Dimensions } from './Dimensions';

const COLUMNS: readonly AppendColumn[] = [
  { name: 'session', type: 'INTEGER' },
  { name: 'sessionId', type: 'VARCHAR' },
  { name: 'dim', type: 'INTEGER' },
  { name: 'resolved', type: 'BOOLEAN' },
  { name: 'startMs', type: 'BIGINT' },
  { name: 'openLatencyMs', type: 'INTEGER' },
  { name: 'endMs', type: 'BIGINT' },
  { name: 'closeLatencyMs', type: 'INTEGER' },
  { name: 'lastMs', type: 'BIGINT' },
];
const MAX_CACHED = 200_000;

interface Known {
  readonly session: number;
  dim: number | null;
  /** Its connection is known; otherwise `dim` says what a log without it gave away. */
  resolved: boolean;
  /** Not in the database yet, or changed since. */
  fresh?: Row;
  changed?: Row;
}

/** Sessions, numbered, and what their statements inherit from them: only one log of a session describes its connection. */
export class Sessions {
  private readonly known = new Map<string, Known>();
  private touched: Known[] = [];
  private next = 1;

  constructor(private readonly dimensions: Dimensions) {}

  async read(connection: DuckDBConnection): Promise<void> {
    this.known.clear();
    this.touched = [];
    const reader = await connection.runAndReadAll('SELECT coalesce(max(session), 0) FROM sessions');
    this.next = Number(reader.getRows()[0]?.[0] ?? 0) + 1;
  }

  /** Looks up the sessions of `rows` that are not in memory, at once. */
  async prepare(connection: DuckDBConnection, rows: readonly TelemetryRow[]): Promise<void> {
    const missing = new Set<string>();
    for (const { sessionId } of rows) {
      if (typeof sessionId === 'string' && !this.known.has(sessionId)) missing.add(sessionId);
    }
    if (missing.size === 0) return;
    const reader = await connection.runAndReadAll(
      'SELECT "sessionId", session, dim, resolved FROM sessions WHERE "sessionId" IN (SELECT unnest($1::VARCHAR[]))',
      [listValue([...missing])],
    );
    for (const [id, session, dim, resolved] of reader.getRows()) {
      const number = dim === null ? null : Number(dim);
      this.known.set(String(id), { session: Number(session), dim: number, resolved: resolved === true });
    }
  }

  /** The session of `row`, made when it is new; undefined when the log names none. Takes in what the log says of it. */
  of(row: TelemetryRow): { readonly session: number; readonly dim: number | null } | undefined {
    const { sessionId } = row;
    if (typeof sessionId !== 'string') return undefined;
    const known = this.known.get(sessionId) ?? this.create(sessionId, row);
    const resolves = row['describesConnection'] === true;
    if (!known.resolved && (resolves || known.dim === null)) {
      known.dim = this.dimensions.numberOf(row) ?? known.dim;
      known.resolved = resolves;
      this.note(known, { dim: known.dim, resolved: resolves });
    }
    if (row['operationType'] === 'CREATE_SESSION') {
      this.note(known, { startMs: row.timeMs, openLatencyMs: row['latencyMs'] ?? null });
    } else if (row['operationType'] === 'DELETE_SESSION') {
      this.note(known, { endMs: row.timeMs, closeLatencyMs: row['latencyMs'] ?? null });
    }
    return known;
  }

  /**
   * Writes what is new, in the transaction of `connection`; statements that came before their session inherit now.
   * Returns the times of these.
   */
  async flush(connection: DuckDBConnection): Promise<number[]> {
    const fresh = this.touched.flatMap(({ fresh }) => (fresh === undefined ? [] : [fresh]));
    await appendRows(connection, 'sessions', COLUMNS, fresh);
    const changed = this.touched.flatMap((known) =>
      known.changed === undefined ? [] : [{ session: known.session, ...known.changed }],
    );
    const times = changed.length > 0 ? await this.update(connection, changed) : [];
    for (const known of this.touched) {
      delete known.fresh;
      delete known.changed;
    }
    this.touched = [];
    for (const id of this.known.keys()) {
      if (this.known.size <= MAX_CACHED) break;
      this.known.delete(id);
    }
    return times;
  }

  private async update(connection: DuckDBConnection, changed: readonly Row[]): Promise<number[]> {
    await connection.run('CREATE OR REPLACE TEMP TABLE changed_sessions AS SELECT * FROM sessions LIMIT 0');
    await appendRows(connection, 'changed_sessions', COLUMNS, changed);
    const names = ['dim', 'resolved', 'startMs', 'openLatencyMs', 'endMs', 'closeLatencyMs'];
    await connection.run(
      `UPDATE sessions SET ${names.map((name) => `"${name}" = coalesce(c."${name}", sessions."${name}")`).join(', ')} ` +
        'FROM changed_sessions c WHERE sessions.session = c.session',
    );
    if (!changed.some(({ dim }) => typeof dim === 'number')) return [];
    const inherit = (table: string): string =>
      `UPDATE ${table} SET dim = c.dim FROM changed_sessions c WHERE ${table}.session = c.session ` +
      `AND c.dim IS NOT NULL AND ${table}.dim IS DISTINCT FROM c.dim`;
    await connection.run(inherit('errors'));
    const heirs = await connection.runAndReadAll(`${inherit('statements')} RETURNING statements."timeMs"`);
    return heirs.getRows().map(([timeMs]) => Number(timeMs));
  }

  private create(sessionId: string, row: TelemetryRow): Known {
    const session = this.next;
    this.next += 1;
    const fresh: Row = { session, sessionId, dim: null, resolved: false, lastMs: row.timeMs };
    const known: Known = { session, dim: null, resolved: false, fresh };
    this.known.set(sessionId, known);
    this.touched.push(known);
    return known;
  }

  private note(known: Known, cells: Row): void {
    if (known.fresh !== undefined) {
      Object.assign(known.fresh, cells);
      return;
    }
    if (known.changed === undefined) {
      known.changed = {};
      this.touched.push(known);
    }
    Object.assign(known.changed, cells);
  }
}
