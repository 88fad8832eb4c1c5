import type { TelemetryRow } from '../../receive/decodeLog';
import { STATEMENT_COLUMNS } from '../columns';
import type { Cell, Row } from '../Row';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SESSION_OPERATIONS = new Set(['CREATE_SESSION', 'DELETE_SESSION']);
/** What is given beside the log. */
const GIVEN = new Set(['receivedMs', 'session', 'dim']);
const COPIED = new Set(STATEMENT_COLUMNS.map(({ name }) => name).filter((name) => !GIVEN.has(name)));
const MERGE = new Map(STATEMENT_COLUMNS.map(({ name, merge }) => [name, merge]));

/** The driver for Go has an error's kind for its name. */
const OUTCOME_NAMES: ReadonlyMap<string, string> = new Map([
  ['cancelled', 'cancelled'],
  ['timeout', 'timed_out'],
]);

/** Which columns hold a statement's id: most are UUIDs, and 16 bytes then. */
export function statementIdCells(statementId: string): Row {
  return UUID.test(statementId) ? { statementUuid: statementId.toLowerCase() } : { statementText: statementId };
}

export function isSessionLog(row: TelemetryRow): boolean {
  return typeof row['operationType'] === 'string' && SESSION_OPERATIONS.has(row['operationType']);
}

/** Whether the log says something about a statement. */
export function isStatementLog(row: TelemetryRow): boolean {
  if (isSessionLog(row)) return false;
  return row['statementId'] !== undefined || (row['operationType'] !== undefined && row['errorName'] === undefined);
}

/** What one log says about its statement, by column. */
export function statementRow(
  row: TelemetryRow,
  session: number | string | null,
  dim: number | null,
  receivedMs: number,
): Row {
  const cells: Row = { receivedMs, session, dim };
  for (const [name, cell] of Object.entries(row)) if (COPIED.has(name)) cells[name] = cell;
  if (typeof row['statementId'] === 'string') Object.assign(cells, statementIdCells(row['statementId']));
  switch (row['operationType']) {
    case 'CLOSE_STATEMENT':
      if (isErrorAlone(row)) cells['outcome'] ??= 'failed';
      return { ...asPhase(cells), closeLatencyMs: cells['closeLatencyMs'] ?? cells['latencyMs'] };
    case 'CANCEL_STATEMENT':
      return { ...asPhase(cells), outcome: cells['outcome'] ?? 'cancelled' };
    default:
      // A sender with `local` states the outcome in the log of the statement: a cancelled one meets an error, too.
      if (row['errorName'] !== undefined && row['isTerminal'] !== false && row['localVersion'] === undefined) {
        cells['outcome'] ??= OUTCOME_NAMES.get(String(row['errorName'])) ?? 'failed';
      }
      return cells;
  }
}

/** The driver for Java reports a statement's error under the call that it makes next, without a latency. */
function isErrorAlone(row: TelemetryRow): boolean {
  return row['errorName'] !== undefined && row['isTerminal'] !== false && row['latencyMs'] === undefined;
}

/** A call at the end of a statement's life: its latency is not the statement's, its operation is not what was run. */
function asPhase(cells: Row): Row {
  return { ...cells, latencyMs: undefined, operationType: undefined };
}

/** Puts what `from` says into `into`, as the update of a stored row would. */
export function mergeInto(into: Row, from: Row): void {
  for (const [name, cell] of Object.entries(from)) {
    if (cell === undefined || cell === null) continue;
    const known = into[name];
    into[name] = known === undefined || known === null ? cell : merged(name, known, cell);
  }
}

function merged(name: string, known: Cell, cell: Cell): Cell {
  switch (MERGE.get(name)) {
    case 'max':
      return Math.max(Number(known), Number(cell));
    case 'min':
      return Math.min(Number(known), Number(cell));
    case 'first':
    case undefined:
      return known;
  }
}
