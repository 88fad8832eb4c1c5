import type { CallRunner } from '../../contracts/CallRunner';
import type { Attempt, FileEnd, Receiver } from '../../contracts/Receiver';
import type { SessionOpening } from '../../model/sessionOpening';
import type { ConnectionInfo } from '../../model/connection';
import type { ErrorEvent } from '../../model/events';
import {
  CHANNELS,
  type CallMessage,
  type CloudFetchMessage,
  type RetryMessage,
  type StatementMessage,
} from '../../model/messages';
import { Statement } from '../../model/Statement';
import { toStatementSummary } from '../../model/StatementSummary';
import type { Clock } from '../../util/clock';
import { ConnectionChannels } from './ConnectionChannels';
import { failureMessage, fileFailure, isFailure, UNKNOWN_FAILURE } from './failureMessage';
import { guardedChannel, throwWhatSubscribersThrew } from './guardedChannel';
import { OpenStatements, type OpenStatement } from './OpenStatements';
import { phasesOf } from './phases';
import { statementMessage } from './statementMessage';
import { runIn, TracingChannel } from './TracingChannel';

/**
 * Publishes what the connections of this process do on the channels of `node:diagnostics_channel`. A message is made only
 * while somebody listens who can get it. What a subscriber throws comes out of the methods that nobody's call depends on,
 * for the audience to log.
 */
export class ChannelReceiver implements Receiver, CallRunner {
  private readonly connections: ConnectionChannels;
  private readonly statement = new TracingChannel<StatementMessage>('statement');
  private readonly cloudfetch = new TracingChannel<CloudFetchMessage>('cloudfetch');
  private readonly retry = guardedChannel(CHANNELS.retry);
  private readonly call = guardedChannel(CHANNELS.call);
  readonly later = this.call;
  private readonly statements = new WeakMap<Statement, OpenStatement>();
  private readonly open: OpenStatements;

  constructor(private readonly clock: Clock) {
    this.open = new OpenStatements((one) => this.givenUp(one), clock);
    this.connections = new ConnectionChannels(clock, (connection, server) =>
      this.open.connectionSeen(connection, server),
    );
  }

  get runner(): CallRunner {
    return this;
  }

  get isListening(): boolean {
    const { connections, statement, cloudfetch, retry, call } = this;
    const tracing = [connections.connect, connections.session, statement, cloudfetch];
    return tracing.some(({ isListening }) => isListening) || retry.listeners > 0 || call.listeners > 0;
  }

  // ---- connections and sessions ------------------------------------------------------------------------------------

  runConnect<T>(connection: ConnectionInfo, call: () => T): T {
    return this.connections.runConnect(connection, call);
  }

  connectEnded(connection: ConnectionInfo, attempt: Attempt): void {
    this.connections.connectEnded(connection, attempt);
    throwWhatSubscribersThrew();
  }

  runOpenSession<T>(opening: SessionOpening, call: () => T): T {
    return this.connections.runOpenSession(opening, call);
  }

  sessionEnded(opening: SessionOpening, attempt: Attempt, sessionId: string | undefined): void {
    this.connections.sessionEnded(opening, attempt, sessionId);
    throwWhatSubscribersThrew();
  }

  sessionClosed(connection: ConnectionInfo, sessionId: string): void {
    this.connections.sessionClosed(connection, sessionId);
  }

  runCloseSession<T>(connection: ConnectionInfo, sessionId: string, call: () => T): T {
    if (this.call.listeners === 0) return call();
    const server = this.connections.serverOf(connection);
    const message: CallMessage = Object.freeze({ operation: 'closeSession', ...server, sessionId });
    return runIn(this.call, message, call);
  }

  // ---- statements --------------------------------------------------------------------------------------------------

  statementStarted(statement: Statement, text: string | undefined): void {
    const { connection, sessionId } = statement;
    if (connection === undefined || !(this.statement.isListening || this.cloudfetch.isListening)) return;
    const query = connection.isTextAllowed === true ? text : undefined;
    const { connections } = this;
    const database = connections.databaseOf(connection, sessionId);
    const server = connections.serverOf(connection);
    const message = statementMessage(statement, server, database, query);
    this.statements.set(statement, this.open.add(statement, connection, server, message));
  }

  runSubmit<T>(statement: Statement, call: (queryTags: StatementMessage['queryTags']) => T): T {
    const message = this.statements.get(statement)?.message;
    if (message === undefined) return call(undefined);
    return this.statement.start(message, () => {
      const { queryTags, traceId } = message;
      if (typeof traceId === 'string' && traceId !== '') statement.traceId = traceId;
      return call(queryTags);
    });
  }

  runCall<T>(statement: Statement, call: () => T): T {
    const message = this.statements.get(statement)?.message;
    return message === undefined ? call() : runIn(this.call, message, call);
  }

  failed({ statement, error, stage, connection, thrown }: ErrorEvent): void {
    const state = statement === undefined ? undefined : this.statements.get(statement);
    if (state !== undefined) state.lastFailure = failureMessage(error, stage, connection, () => thrown?.message());
  }

  statementEnded(statement: Statement): void {
    const one = this.statements.get(statement);
    if (one?.among.delete(one) === true) this.finish(one, statement, statement.endedAtMs);
  }

  connectionClosed(connection: ConnectionInfo): void {
    this.open.connectionClosed(this.connections.serverOf(connection));
  }

  /** Nobody will end it: what is known of it now is all that will be. Of one that was collected that is its start. */
  private givenUp(one: OpenStatement): void {
    const { sessionId, operationType, startTimeMs } = one.message;
    const bare = (): Statement => new Statement(undefined, sessionId, operationType, startTimeMs, one.startedAtMs);
    this.finish(one, one.statement.deref() ?? bare(), this.clock.now());
  }

  /** Without an outcome of its own the statement is `abandoned`. */
  private finish({ message, lastFailure }: OpenStatement, statement: Statement, endedAtMs: number): void {
    const summary = toStatementSummary(statement);
    message.statementId = statement.statementId;
    message.durationMs = endedAtMs - statement.startedAtMs;
    message.summary = summary;
    message.phases = phasesOf(statement, endedAtMs);
    if (isFailure(summary.outcome)) message.error = lastFailure ?? UNKNOWN_FAILURE;
    this.statement.finish(Object.freeze(message));
    throwWhatSubscribersThrew();
  }

  // ---- files and retries -------------------------------------------------------------------------------------------

  fileEnded({ statement, index, latencyMs, bytes, attempts, error }: FileEnd): void {
    const { connection, sessionId, statementId } = statement;
    const { cloudfetch, connections, clock } = this;
    if (connection === undefined || !cloudfetch.isListening) return;
    const message: CloudFetchMessage = Object.freeze({
      operation: 'download',
      ...connections.serverOf(connection),
      sessionId,
      statementId,
      statement: this.statements.get(statement)?.message,
      fileIndex: index,
      startTimeMs: clock.epochMs() - (latencyMs ?? 0),
      durationMs: latencyMs,
      bytes,
      attempts,
      error: error && fileFailure(error),
    });
    cloudfetch.start(message, () => undefined);
    cloudfetch.finish(message);
    throwWhatSubscribersThrew();
  }

  retried(statement: Statement, count: number, causes: readonly string[] | undefined): void {
    const { connection, sessionId, statementId } = statement;
    if (connection === undefined || this.retry.listeners === 0) return;
    const message: RetryMessage = {
      ...this.connections.serverOf(connection),
      sessionId,
      statementId,
      retryCount: count,
      causes: Object.freeze([...(causes ?? [])]),
    };
    this.retry.channel.publish(Object.freeze(message));
    throwWhatSubscribersThrew();
  }
}
