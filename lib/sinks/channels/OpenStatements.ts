import type { ConnectionInfo } from '../../model/connection';
import type { FailureMessage, ServerMessage, StatementMessage } from '../../model/messages';
import { DEFAULT_TELEMETRY_CONFIG as DEFAULTS } from '../../model/options';
import type { Statement } from '../../model/Statement';
import type { Clock, TimerHandle } from '../../util/clock';
import { unattended } from '../../util/unattended';
import type { Writable } from './statementMessage';

const MIN_PAUSE_MS = 1000;

/** A statement whose start was published and whose end was not. Keeps neither it nor its connection alive. */
export interface OpenStatement {
  readonly message: Writable<StatementMessage>;
  readonly statement: WeakRef<Statement>;
  /** Those of its connection that are open; who ends it takes it out. */
  readonly among: Set<OpenStatement>;
  readonly startedAtMs: number;
  /** Age from which it is given up while nobody waits for it. */
  readonly ttlMs: number;
  /** The last that went wrong with it. */
  lastFailure: FailureMessage | undefined;
}

/**
 * Knows the statements that nobody has ended yet, and gives up those that nobody will: too old and left alone, one too many
 * of its connection, of a connection that was closed or collected as garbage, or open when the process has nothing left to
 * do. While there is one, a timer and a listener of `beforeExit`, for all.
 */
export class OpenStatements {
  /** By the server that the messages of a connection name, one object for each connection; oldest first. */
  private readonly open = new Map<ServerMessage, Set<OpenStatement>>();
  private readonly collected = new FinalizationRegistry<ServerMessage>((server) => this.connectionClosed(server));
  private timer: TimerHandle;
  /** Monotonic milliseconds at which the timer fires; Infinity without one. */
  private lookAtMs = Infinity;

  constructor(
    /** Called once for each that is given up; may throw. */
    private readonly giveUp: (one: OpenStatement) => void,
    private readonly clock: Clock,
  ) {}

  /** `server` stands for `connection` from now on. */
  connectionSeen(connection: ConnectionInfo, server: ServerMessage): void {
    this.collected.register(connection, server);
  }

  connectionClosed(server: ServerMessage): void {
    const among = this.open.get(server);
    if (among !== undefined) this.giveUpThose(among, () => true);
    this.open.delete(server);
    if (this.open.size === 0) this.rest();
  }

  /** `statement` of `connection` has begun, whose messages name `server`. */
  add(
    statement: Statement,
    connection: ConnectionInfo,
    server: ServerMessage,
    message: Writable<StatementMessage>,
  ): OpenStatement {
    const { statementTtlMs: ttlMs = DEFAULTS.statementTtlMs, maxStatementMetrics = DEFAULTS.maxStatementMetrics } =
      connection;
    const { startedAtMs } = statement;
    const among = this.open.get(server) ?? new Set();
    if (among.size === 0) this.open.set(server, among);
    const one = { message, among, statement: new WeakRef(statement), startedAtMs, ttlMs, lastFailure: undefined };
    among.add(one);
    if (startedAtMs + ttlMs < this.lookAtMs) this.watch(startedAtMs + ttlMs);
    if (among.size > maxStatementMetrics) {
      const [oldest] = among;
      this.giveUpThose(among, (each) => each === oldest);
    }
    return one;
  }

  private giveUpThose(among: Set<OpenStatement>, isLost: (one: OpenStatement) => boolean): void {
    for (const one of among) {
      if (isLost(one) && among.delete(one)) unattended(() => this.giveUp(one));
    }
  }

  private watch(untilMs: number): void {
    this.rest();
    this.lookAtMs = untilMs;
    this.timer = this.clock.setTimeout(this.look, untilMs - this.clock.now());
    // Before the application's own listeners, which may send what has ended so far.
    process.prependOnceListener('beforeExit', this.exiting);
  }

  private readonly look = (): void => {
    const nowMs = this.clock.now();
    this.rest();
    let nextMs = Infinity;
    for (const among of this.open.values()) {
      this.giveUpThose(among, (one) => isForgotten(one, nowMs));
      for (const { startedAtMs, ttlMs } of among) nextMs = Math.min(nextMs, startedAtMs + ttlMs);
    }
    // One that is waited for beyond its time is looked at again.
    if (nextMs < Infinity) this.watch(Math.max(nextMs, nowMs + MIN_PAUSE_MS));
  };

  private readonly exiting = (): void => {
    for (const among of this.open.values()) this.giveUpThose(among, () => true);
    this.rest();
  };

  private rest(): void {
    this.clock.clearTimeout(this.timer);
    this.timer = undefined;
    this.lookAtMs = Infinity;
    process.removeListener('beforeExit', this.exiting);
  }
}

/** Whether it is too old, and no call of the application waits for it; or a pipeline has given it up. */
function isForgotten({ statement, startedAtMs, ttlMs }: OpenStatement, nowMs: number): boolean {
  if (nowMs - startedAtMs < ttlMs) return false;
  const known = statement.deref();
  if (known === undefined || known.outcome !== undefined) return true;
  return known.activeCalls === 0 && known.submitLatencyMs !== undefined;
}
