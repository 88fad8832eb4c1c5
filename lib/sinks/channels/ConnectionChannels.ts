import type { Attempt } from '../../contracts/Receiver';
import type { SessionOpening } from '../../model/sessionOpening';
import type { ConnectionInfo } from '../../model/connection';
import type { ErrorStage } from '../../model/enums';
import { ThrownValue } from '../../model/errorFacts';
import { toErrorFacts } from '../../model/toErrorFacts';
import type { ConnectMessage, ServerMessage, SessionMessage } from '../../model/messages';
import type { Clock } from '../../util/clock';
import { failureMessage } from './failureMessage';
import { serverOf, type Writable } from './statementMessage';
import { TracingChannel } from './TracingChannel';

/** A message, and when on the monotonic clock its operation began. */
interface Started<Message> {
  readonly message: Writable<Message>;
  readonly startedAtMs: number;
}

/** The channels of connections and sessions, and what the messages of their statements say of them. */
export class ConnectionChannels {
  readonly connect = new TracingChannel<ConnectMessage>('connect');
  readonly session = new TracingChannel<SessionMessage>('session');
  private readonly servers = new WeakMap<ConnectionInfo, ServerMessage>();
  private readonly connects = new WeakMap<ConnectionInfo, Started<ConnectMessage>>();
  private readonly sessions = new WeakMap<SessionOpening, Started<SessionMessage>>();
  /** Database of each open session that named one, by connection and session. */
  private readonly databases = new WeakMap<ConnectionInfo, Map<string, string>>();

  constructor(
    private readonly clock: Clock,
    /** Told of each connection once, with what its messages say of it. */
    private readonly seen: (connection: ConnectionInfo, server: ServerMessage) => void,
  ) {}

  serverOf(connection: ConnectionInfo): ServerMessage {
    let server = this.servers.get(connection);
    if (server === undefined) {
      server = Object.freeze(serverOf(connection));
      this.servers.set(connection, server);
      this.seen(connection, server);
    }
    return server;
  }

  databaseOf(connection: ConnectionInfo, sessionId: string | undefined): string | undefined {
    return sessionId === undefined ? undefined : this.databases.get(connection)?.get(sessionId);
  }

  runConnect<T>(connection: ConnectionInfo, call: () => T): T {
    if (!this.connect.isListening) return call();
    const message: ConnectMessage = { operation: 'connect', ...this.serverOf(connection), ...this.beginning() };
    this.connects.set(connection, { message, startedAtMs: this.clock.now() });
    return this.connect.start(message, call);
  }

  connectEnded(connection: ConnectionInfo, attempt: Attempt): void {
    const started = this.connects.get(connection);
    if (started === undefined) return;
    this.connects.delete(connection);
    this.finish(this.connect, started, connection, attempt, 'connect');
  }

  runOpenSession<T>(opening: SessionOpening, call: () => T): T {
    if (!this.session.isListening) return call();
    const { connection, database, startedAtMs } = opening;
    const message: SessionMessage = {
      operation: 'openSession',
      ...this.serverOf(connection),
      database,
      sessionId: undefined,
      ...this.beginning(),
    };
    this.sessions.set(opening, { message, startedAtMs });
    return this.session.start(message, call);
  }

  sessionEnded(opening: SessionOpening, attempt: Attempt, sessionId: string | undefined): void {
    const { connection, database } = opening;
    if (sessionId !== undefined && database !== undefined) this.addDatabase(connection, sessionId, database);
    const started = this.sessions.get(opening);
    if (started === undefined) return;
    this.sessions.delete(opening);
    started.message.sessionId = sessionId;
    this.finish(this.session, started, connection, attempt, 'open_session');
  }

  sessionClosed(connection: ConnectionInfo, sessionId: string): void {
    this.databases.get(connection)?.delete(sessionId);
  }

  private addDatabase(connection: ConnectionInfo, sessionId: string, database: string): void {
    const databases = this.databases.get(connection) ?? new Map<string, string>();
    databases.set(sessionId, database);
    this.databases.set(connection, databases);
  }

  private beginning(): Pick<ConnectMessage, 'startTimeMs' | 'durationMs' | 'error'> {
    return { startTimeMs: this.clock.epochMs(), durationMs: undefined, error: undefined };
  }

  private finish<Message extends ConnectMessage | SessionMessage>(
    channel: TracingChannel<Message>,
    { message, startedAtMs }: Started<Message>,
    connection: ConnectionInfo,
    attempt: Attempt,
    stage: ErrorStage,
  ): void {
    const error = attempt.failed
      ? failureMessage(toErrorFacts(attempt.thrown), stage, connection, () => new ThrownValue(attempt.thrown).message())
      : undefined;
    Object.assign(message, { durationMs: this.clock.now() - startedAtMs, error });
    channel.finish(Object.freeze(message) as Message);
  }
}
