import type { JournalEntry } from '../../journal/entry';
import type { TelemetryRow } from '../../receive/decodeLog';
import type { Row } from '../Row';
import { isStatementLog, mergeInto, statementIdCells, statementRow } from './statementRow';

/** Clocks further off than these are not believed: the time of arrival stands in the place of theirs. */
export const FUTURE_MS = 3_600_000;
const PAST_MS = 60 * 86_400_000;

/** One accepted log, and when it came. */
export interface Arrival {
  readonly row: TelemetryRow;
  readonly receivedMs: number;
}

/** Session and connection of a log, as the store numbers them. */
export interface Whose {
  readonly session: number | string | null;
  readonly dim: number | null;
}

/** The rows of a load: one for each statement id, one for each statement without an id, one for each error. */
export interface SortedRows {
  readonly byId: ReadonlyMap<string, Row>;
  readonly withoutId: readonly (readonly [Row, Arrival])[];
  readonly errors: readonly (readonly [Row, Arrival])[];
}

export function arrivalsOf(entries: readonly JournalEntry[]): Arrival[] {
  return entries.flatMap(({ rows, receivedMs }) => rows.map((row) => ({ row, receivedMs })));
}

/** The log with a time that can be believed. */
export function believed({ row, receivedMs }: Arrival): TelemetryRow {
  if (row.timeMs > receivedMs + FUTURE_MS || row.timeMs < receivedMs - PAST_MS) row.timeMs = receivedMs;
  return row;
}

export function sortRows(arrivals: readonly Arrival[], whose: (row: TelemetryRow) => Whose): SortedRows {
  const byId = new Map<string, Row>();
  const withoutId: (readonly [Row, Arrival])[] = [];
  const errors: (readonly [Row, Arrival])[] = [];
  for (const arrival of arrivals) {
    const { row, receivedMs } = arrival;
    const { session, dim } = whose(row);
    if (row['errorName'] !== undefined) errors.push([errorRow(row, session, dim, receivedMs), arrival]);
    if (!isStatementLog(row)) continue;
    const cells = statementRow(row, session, dim, receivedMs);
    const id = typeof row['statementId'] === 'string' ? row['statementId'].toLowerCase() : undefined;
    const same = id === undefined ? undefined : byId.get(id);
    if (id === undefined) withoutId.push([cells, arrival]);
    else if (same === undefined) byId.set(id, cells);
    else mergeInto(same, cells);
  }
  return { byId, withoutId, errors };
}

function errorRow(row: TelemetryRow, session: number | string | null, dim: number | null, receivedMs: number): Row {
  const { statementId } = row;
  const id = typeof statementId === 'string' ? statementIdCells(statementId) : {};
  const { operationType } = row;
  const { stage, errorName, errorCode, errorClass, sqlState, httpStatus, isTerminal } = row;
  const facts = { stage, errorName, errorCode, errorClass, sqlState, httpStatus, isTerminal };
  return { timeMs: row.timeMs, receivedMs, session, dim, operationType, ...id, ...facts };
}

/** The row as those who listen get it: with its id in one column and the names of its connection. */
export function withNames(row: Row, names: Readonly<Record<string, string | null>>): Row {
  const { statementUuid, statementText, session: _session, dim: _dim, ...cells } = row;
  return { statementId: statementUuid ?? statementText ?? null, ...cells, ...names };
}
