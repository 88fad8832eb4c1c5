/* sinks/slow/: statements that take long: a callback of the application's, or lines at the driver's logger; and the channel. */
import type { Receiver } from '../../contracts/Receiver';
import type { OnSlowStatement } from '../../contracts/ReceiverOptions';
import type { ConnectionInfo } from '../../model/connection';
import { CHANNELS, type SlowMessage } from '../../model/messages';
import { isSlow, slowStatementMsOf, type Statement } from '../../model/Statement';
import { toStatementSummary } from '../../model/StatementSummary';
import type { Clock } from '../../util/clock';
import type { LoggerOwner } from '../../util/debugLog';
import { unattended } from '../../util/unattended';
import { guardedChannel, throwWhatSubscribersThrew } from '../channels/guardedChannel';
import { serverOf } from '../channels/statementMessage';
import { RunningStatements } from './RunningStatements';
import type { SlowLog } from './SlowLog';

/** Who wants to know of a connection's slow statements. */
export interface SlowAudience {
  /** The application's callback: then nothing is written. */
  readonly onSlow: OnSlowStatement | undefined;
  /** From what time on, in milliseconds, lines are written; 0: none are. */
  readonly logsFromMs: number;
}

/** Tells of one connection's statements that took long, and while they still do. */
export class SlowStatements implements Receiver {
  private readonly channel = guardedChannel(CHANNELS.slow);
  /** Of those whose text the channel may have. */
  private readonly texts = new WeakMap<Statement, string>();
  private readonly running: RunningStatements | undefined;
  private readonly onSlow: OnSlowStatement | undefined;

  constructor(
    { onSlow, logsFromMs }: SlowAudience,
    private readonly log: SlowLog,
    private readonly owner: LoggerOwner,
    clock: Clock,
  ) {
    this.onSlow = onSlow;
    if (logsFromMs > 0 && onSlow === undefined) {
      this.running = new RunningStatements(
        logsFromMs,
        (statement, ms) => log.stillRunning(owner, statement, ms),
        clock,
      );
    }
  }

  get isListening(): boolean {
    return this.onSlow !== undefined || this.running !== undefined || this.channel.listeners > 0;
  }

  statementStarted(statement: Statement, text: string | undefined): void {
    if (text !== undefined && statement.connection?.isTextAllowed === true) this.texts.set(statement, text);
    this.running?.add(statement);
  }

  /** Throws what a subscriber or the callback throws, for the audience to log. */
  statementEnded(statement: Statement): void {
    this.running?.remove(statement);
    const { connection } = statement;
    if (connection === undefined || !isSlow(statement)) return;
    const message = this.messageOf(statement, connection);
    if (this.running !== undefined) this.log.ended(this.owner, message.summary);
    if (this.channel.listeners > 0) {
      const published: SlowMessage = { ...message, query: this.texts.get(statement) };
      this.channel.channel.publish(Object.freeze(published));
    }
    const { onSlow, owner } = this;
    if (onSlow !== undefined) unattended(() => onSlow(message.summary, message), owner);
    throwWhatSubscribersThrew();
  }

  connectionClosed(): void {
    this.running?.stop();
  }

  private messageOf(statement: Statement, connection: ConnectionInfo): Omit<SlowMessage, 'query'> {
    return Object.freeze({
      ...serverOf(connection),
      sessionId: statement.sessionId,
      statementId: statement.statementId,
      thresholdMs: slowStatementMsOf(connection),
      summary: toStatementSummary(statement),
    });
  }
}
