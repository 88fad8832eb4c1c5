import type { LocalWorkspace } from 'databricks-local-workspace';
import {
  DBSQLClient,
  TelemetryEventType,
  type ConnectionOptions,
  type LogLevel,
  type TelemetryEvent,
} from 'databricks-sql-telemetry';

export type Session = Awaited<ReturnType<DBSQLClient['openSession']>>;
export type Operation = Awaited<ReturnType<Session['executeStatement']>>;

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
}

/** A logger that keeps what it is given. */
export class KeepingLogger {
  readonly lines: LogLine[] = [];

  log(level: LogLevel, message: string): void {
    this.lines.push({ level, message });
  }

  /** Lines that telemetry wrote. */
  get telemetry(): LogLine[] {
    return this.lines.filter(({ message }) => message.startsWith('telemetry:'));
  }
}

/** A client connected to `workspace`, with telemetry on unless `options` say otherwise. */
export async function connectTo(
  workspace: LocalWorkspace,
  options: Partial<ConnectionOptions> = {},
  logger = new KeepingLogger(),
): Promise<DBSQLClient> {
  const client = new DBSQLClient({ logger });
  await client.connect({ ...workspace.connectionOptions, telemetryEnabled: true, ...options } as ConnectionOptions);
  return client;
}

/** Runs `work` in a session of its own client, closes both and has everything sent. */
export async function inSession(
  workspace: LocalWorkspace,
  work: (session: Session, client: DBSQLClient) => Promise<void>,
  options: Partial<ConnectionOptions> = {},
): Promise<DBSQLClient> {
  const client = await connectTo(workspace, options);
  const session = await client.openSession();
  try {
    await work(session, client);
  } finally {
    await client.close();
  }
  return client;
}

/** Runs a statement, reads its whole result and closes it. */
export async function query(session: Session, sql = 'SELECT 1 AS one'): Promise<void> {
  const operation = await session.executeStatement(sql);
  await operation.fetchAll();
  await operation.close();
}

/** The events of a client in which `work` runs in a session. */
export async function eventsIn(
  workspace: LocalWorkspace,
  work: (session: Session) => Promise<unknown>,
  options: Partial<ConnectionOptions> = {},
): Promise<TelemetryEvent[]> {
  const events: TelemetryEvent[] = [];
  const client = await connectTo(workspace, options);
  for (const type of Object.values(TelemetryEventType)) {
    client.telemetryEvents.on(type, (event: TelemetryEvent) => events.push(event));
  }
  const session = await client.openSession();
  await work(session);
  await session.close();
  await client.close();
  return events;
}
