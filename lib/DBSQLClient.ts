import { DBSQLClient as DriverClient, auth } from '@databricks/sql';
import type {
  ClientOptions as DriverClientOptions,
  ConnectionOptions as DriverConnectionOptions,
  OpenSessionRequest as DriverOpenSessionRequest,
} from '@databricks/sql/dist/contracts/IDBSQLClient';
import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type { IAuthentication, IClientContext, IConnectionProvider } from './contracts/IClientContext';
import type { IDBSQLSession } from './contracts/IDBSQLSession';
import { toHostKey } from './model/connection';
import { completeOptions, resolveOptions, type OptionProblem, type TelemetryOptions } from './model/options';
import { ConnectionTelemetry } from './observe/connection/ConnectionTelemetry';
import { viewOf } from './observe/connection/connectOptions';
import { product } from './observe/connection/driverPackage';
import { decide } from './observe/connection/optOut';
import { closedHostStats, toTelemetryStats, type TelemetryStats } from './observe/connection/stats';
import { TelemetryClientProvider } from './telemetry/TelemetryClientProvider';
import { TelemetryEventEmitter } from './telemetry/TelemetryEventEmitter';
import { systemClock } from './util/clock';
import { debugLog, describeThrown } from './util/debugLog';

/** Newer drivers have some telemetry options of their own: ours stand in their place. */
type WithTelemetry<T> = T extends unknown ? Omit<T, keyof TelemetryOptions> & TelemetryOptions : never;

/** The driver's client options, with telemetry options that hold for every connection of the client. */
export type ClientOptions = WithTelemetry<DriverClientOptions>;
/** The driver's connection options, with telemetry options that override the client's. */
export type ConnectionOptions = WithTelemetry<DriverConnectionOptions>;
/** The driver's session request; `telemetryEnabled: false` leaves the session and all it does unobserved. */
export type OpenSessionRequest = DriverOpenSessionRequest & { telemetryEnabled?: boolean | undefined };

/** What newer drivers offer beside the oldest supported one. */
type NewerClient = Partial<Pick<IClientContext, 'getAuthProvider'>>;

const clock = systemClock;

/**
 * The driver's client with telemetry beside it. It behaves as the driver's in everything; telemetry is off until it is
 * switched on (`telemetryEnabled`), and then can neither throw into nor delay what the application does.
 */
export class DBSQLClient extends DriverClient implements IClientContext {
  private readonly clientOptions: TelemetryOptions;
  private readonly telemetryProvider = new TelemetryClientProvider(this, undefined, product(undefined), clock);
  private telemetry: ConnectionTelemetry | undefined;
  private problems: readonly OptionProblem[] = [];
  /** The host to which an option with an impossible value has closed telemetry. */
  private closedHost: string | undefined;
  private events: TelemetryEventEmitter | undefined;

  constructor(options?: ClientOptions) {
    super(options);
    this.clientOptions = options ?? {};
    Object.assign(super.getConfig(), completeOptions(this.clientOptions), { telemetryEnabled: false });
  }

  override async connect(
    options: ConnectionOptions,
    authProvider?: IAuthentication,
  ): ReturnType<DriverClient['connect']> {
    // A reconnected client leaves its former host; the application does not wait for that.
    void this.telemetry?.close();
    const telemetryOptions = this.configure(options);
    Object.assign(super.getConfig(), telemetryOptions);
    this.telemetry = telemetryOptions.telemetryEnabled === true ? this.createTelemetry(options) : undefined;
    const { telemetry } = this;
    try {
      // Newer drivers have telemetry of their own: a statement must not be reported twice.
      await super.connect(withoutDriverTelemetry(options), authProvider);
    } catch (thrown) {
      await this.startTelemetry(telemetry, options, authProvider);
      telemetry?.connectFailed(thrown);
      void telemetry?.close();
      throw thrown;
    } finally {
      Object.assign(super.getConfig(), telemetryOptions);
    }
    await this.startTelemetry(telemetry, options, authProvider);
    return this;
  }

  override async openSession(request?: OpenSessionRequest): Promise<IDBSQLSession> {
    const { telemetry } = this;
    const wish: unknown = request?.telemetryEnabled;
    if (telemetry === undefined || (wish !== undefined && wish !== true)) return super.openSession(request);
    const startedAtMs = clock.now();
    try {
      const session = await super.openSession(request);
      telemetry.sessionOpened(session, clock.now() - startedAtMs);
      return session;
    } catch (thrown) {
      telemetry.sessionFailed(thrown);
      throw thrown;
    }
  }

  /** Closes as the driver does, then sends what this client still has to send, within `telemetryCloseTimeoutMs`. */
  override async close(): Promise<void> {
    try {
      await super.close();
    } finally {
      await this.telemetry?.close();
    }
  }

  /** Sends what this client has collected so far. Never rejects and returns within `deadlineMs` (default: 2000). */
  async flushTelemetry(options: { deadlineMs?: number } = {}): Promise<void> {
    await this.telemetry?.flush(options.deadlineMs);
  }

  /**
   * What became of this client's host's telemetry so far; undefined while telemetry is off, unless an option with a value
   * that it cannot have is why: then `problems` says which, and all else is nothing. Cannot throw.
   */
  override getTelemetryStats(): TelemetryStats | undefined {
    const { telemetry, closedHost, problems } = this;
    return toTelemetryStats(closedHost === undefined ? telemetry?.getStats() : closedHostStats(closedHost), problems);
  }

  /** The events of this client's connections and statements, for in-process listeners. Silent while telemetry is off. */
  get telemetryEvents(): TelemetryEventEmitter {
    this.events ??= new TelemetryEventEmitter(this);
    return this.events;
  }

  override getDriver(): Promise<IDriver> {
    const { telemetry } = this;
    if (telemetry === undefined) return super.getDriver();
    return telemetry.observedDriver ?? telemetry.observeDriver(super.getDriver());
  }

  override getAuthProvider(): IAuthentication | undefined {
    return (DriverClient.prototype as NewerClient).getAuthProvider?.call(this);
  }

  /** What the options of client and connection come to. Each problem with one of them is reported in a debug line. */
  private configure(options: ConnectionOptions): TelemetryOptions {
    const { options: decided, problems, isClosedByProblem } = decide(this.clientOptions, options);
    this.problems = problems;
    this.closedHost = isClosedByProblem ? toHostKey(options.host, options.port) : undefined;
    for (const { option, given, done } of problems) debugLog(this, `option ${option} cannot be this ${given}: ${done}`);
    return decided;
  }

  private createTelemetry(options: ConnectionOptions): ConnectionTelemetry | undefined {
    try {
      const { configuration } = resolveOptions(super.getConfig());
      const { telemetryProvider, telemetryEvents } = this;
      return new ConnectionTelemetry(this, telemetryProvider, telemetryEvents, viewOf(options), configuration, clock);
    } catch (thrown) {
      debugLog(this, `not started: ${describeThrown(thrown)}`);
      return undefined;
    }
  }

  /** Waits for nothing but what is there already. Never rejects. */
  private async startTelemetry(
    telemetry: ConnectionTelemetry | undefined,
    options: ConnectionOptions,
    given: IAuthentication | undefined,
  ): Promise<void> {
    if (telemetry === undefined) return;
    let connectionProvider: IConnectionProvider | undefined;
    try {
      connectionProvider = await super.getConnectionProvider();
    } catch {
      // A connection that failed so early has none.
    }
    telemetry.start(this.authenticationOf(options, given), connectionProvider);
  }

  /** The connection's credentials: from the driver, or from the options where an old driver does not show them. */
  private authenticationOf(options: ConnectionOptions, given?: IAuthentication): IAuthentication | undefined {
    const fromDriver = this.getAuthProvider() ?? given;
    if (fromDriver !== undefined) return fromDriver;
    if (options.authType === 'custom') return options.provider;
    if (options.authType !== undefined && options.authType !== 'access-token') return undefined;
    return new auth.PlainHttpAuthentication({ username: 'token', password: options.token, context: this });
  }
}

/** The application's options, inherited members included, with the telemetry of newer drivers switched off. */
function withoutDriverTelemetry(options: ConnectionOptions): DriverConnectionOptions {
  const own = { ...options, telemetryEnabled: false };
  const copy: object =
    Object.getPrototypeOf(options) === Object.prototype
      ? own
      : (Object.create(options, Object.getOwnPropertyDescriptors(own)) as object);
  // Telemetry options apart, it is what the driver's own type says.
  return copy as DriverConnectionOptions;
}
