import { LogLevel } from '@databricks/sql';
import type { Statement } from '../../model/Statement';
import type { StatementSummary } from '../../model/StatementSummary';
import type { Clock } from '../../util/clock';
import { writeLine, type LoggerOwner } from '../../util/debugLog';

/** Lines that a process writes in `WINDOW_MS`. */
const MAX_LINES = 10;
const WINDOW_MS = 60_000;

/** Lines about slow statements at the loggers of their clients, as warnings: few, with a count of those left out. */
export class SlowLog {
  private startedAtMs = Number.NEGATIVE_INFINITY;
  private written = 0;
  private leftOut = 0;

  constructor(private readonly clock: Clock) {}

  ended(owner: LoggerOwner, summary: StatementSummary): void {
    this.write(owner, summary.toString());
  }

  /** `ms`: what the application's calls on it have taken so far. */
  stillRunning(owner: LoggerOwner, statement: Statement, ms: number): void {
    const { statementId = 'statement without id' } = statement;
    this.write(owner, `${statementId} still running after ${Math.round(ms)} ms: ${placeOf(statement)}`);
  }

  private write(owner: LoggerOwner, line: string): void {
    const nowMs = this.clock.now();
    if (nowMs - this.startedAtMs >= WINDOW_MS) {
      this.startedAtMs = nowMs;
      this.written = 0;
    }
    if (this.written >= MAX_LINES) {
      this.leftOut += 1;
      return;
    }
    this.written += 1;
    const before = this.leftOut === 0 ? '' : ` (left out before this one: ${this.leftOut})`;
    this.leftOut = 0;
    writeLine(owner, LogLevel.warn, `slow statement: ${line}${before}`);
  }
}

/** Where a statement that runs is at present. */
function placeOf({ submitLatencyMs, isReady, pollCount, rowCount }: Statement): string {
  if (submitLatencyMs === undefined) return 'the server has not answered yet';
  return isReady ? `its result is being read, ${rowCount} rows so far` : `waiting for its result, ${pollCount} polls`;
}
