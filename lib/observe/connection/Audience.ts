import type { CallRunner } from '../../contracts/CallRunner';
import type { Attempt, FileEnd, Receiver } from '../../contracts/Receiver';
import type { SessionOpening } from '../../model/sessionOpening';
import type { ConnectionInfo } from '../../model/connection';
import type { ErrorEvent } from '../../model/events';
import type { Statement } from '../../model/Statement';
import { debugLog, type LoggerOwner } from '../../util/debugLog';
import { describeThrown } from '../../util/thrown';

/** All that can be told, told to several. */
export type Everybody = Required<Omit<Receiver, 'runner'>>;

/** Tells each of `members`, whatever another one throws. */
class Everyone implements Everybody {
  constructor(
    private readonly members: readonly Receiver[],
    private readonly owner: LoggerOwner,
  ) {}

  connectStarted(connection: ConnectionInfo): void {
    this.tell((receiver) => receiver.connectStarted?.(connection));
  }

  connectEnded(connection: ConnectionInfo, attempt: Attempt): void {
    this.tell((receiver) => receiver.connectEnded?.(connection, attempt));
  }

  sessionStarted(opening: SessionOpening): void {
    this.tell((receiver) => receiver.sessionStarted?.(opening));
  }

  sessionEnded(opening: SessionOpening, attempt: Attempt, sessionId: string | undefined): void {
    this.tell((receiver) => receiver.sessionEnded?.(opening, attempt, sessionId));
  }

  sessionClosed(connection: ConnectionInfo, sessionId: string, latencyMs: number | undefined): void {
    this.tell((receiver) => receiver.sessionClosed?.(connection, sessionId, latencyMs));
  }

  // Spelt out for what every statement goes through: `tell` takes three calls more.

  statementStarted(statement: Statement, text: string | undefined): void {
    for (const receiver of this.members) {
      try {
        receiver.statementStarted?.(statement, text);
      } catch (thrown) {
        this.swallowed(thrown);
      }
    }
  }

  statementEnded(statement: Statement): void {
    for (const receiver of this.members) {
      try {
        receiver.statementEnded?.(statement);
      } catch (thrown) {
        this.swallowed(thrown);
      }
    }
  }

  connectionClosed(connection: ConnectionInfo): void {
    this.tell((receiver) => receiver.connectionClosed?.(connection));
  }

  failed(error: ErrorEvent): void {
    this.tell((receiver) => receiver.failed?.(error));
  }

  fileEnded(file: FileEnd): void {
    this.tell((receiver) => receiver.fileEnded?.(file));
  }

  retried(statement: Statement, count: number, causes: readonly string[] | undefined): void {
    this.tell((receiver) => receiver.retried?.(statement, count, causes));
  }

  private tell(telling: (receiver: Receiver) => void): void {
    for (const receiver of this.members) {
      try {
        telling(receiver);
      } catch (thrown) {
        this.swallowed(thrown);
      }
    }
  }

  private swallowed(thrown: unknown): void {
    debugLog(this.owner, `receiver swallowed ${describeThrown(thrown)}`);
  }
}

/** The receivers of one connection, beside Databricks. They may change while it is open. */
export class Audience {
  /** All of them; undefined while there is none, so that telling nobody takes no call. */
  receivers: Everybody | undefined;
  /** Who runs the driver's calls; undefined where nobody has a say in that. */
  runner: CallRunner | undefined;

  constructor(private readonly owner: LoggerOwner) {}

  set(members: readonly Receiver[]): void {
    this.receivers = members.length === 0 ? undefined : new Everyone(members, this.owner);
    this.runner = members.find(({ runner }) => runner !== undefined)?.runner;
  }
}
