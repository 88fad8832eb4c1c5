import { DBSQLClient as DriverClient, auth } from '@databricks/sql';
import type {
  ClientOptions as DriverClientOptions,
  ConnectionOptions as DriverConnectionOptions,
  OpenSessionRequest as DriverOpenSessionRequest,
} from '@databricks/sql/dist/contracts/IDBSQLClient';
import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type { ClientConfig, IAuthentication, IClientContext, IConnectionProvider } from './contracts/IClientContext';
import type { IDBSQLSession } from './contracts/IDBSQLSession';
import { ClientTelemetry } from './observe/connection/ConnectionTelemetry';
import { isOptedIn, saysOfTelemetry } from './observe/connection/optOut';
import { toTelemetryStats, type TelemetryStats } from './observe/connection/stats';
import { debugLog, describeThrown } from './util/debugLog';
import { completeOptions, type TelemetryOptions } from './model/options';
import { TelemetryEventEmitter } from './telemetry/TelemetryEventEmitter';
import { TelemetryClientProvider } from './telemetry/TelemetryClientProvider';

/** The driver's client options, with telemetry options that hold for every connection of the client. */
export type ClientOptions = DriverClientOptions & TelemetryOptions;
/** The driver's connection options, with telemetry options that override the client's. */
export type ConnectionOptions = DriverConnectionOptions & TelemetryOptions;
/** The driver's session request; `telemetryEnabled: false` leaves the session and all it does unobserved. */
export type OpenSessionRequest = DriverOpenSessionRequest & { telemetryEnabled?: boolean };

/** What newer drivers offer beside the oldest supported one. */
type NewerClient = Partial<Pick<IClientContext, 'getAuthProvider'>>;

/**
 * The driver's client with telemetry beside it. It behaves as the driver's in everything; telemetry is off until it is
 * switched on (`telemetryEnabled`), and then can neither throw into nor delay what the application does.
 */
export class DBSQLClient extends DriverClient implements IClientContext {
  private readonly clientOptions: TelemetryOptions;
  private readonly telemetryProvider = new TelemetryClientProvider(this);
  private telemetry: ClientTelemetry | undefined;
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
    const isEnabled = isOptedIn(saysOfTelemetry(this.clientOptions), saysOfTelemetry(options));
    const telemetryOptions = completeOptions(this.clientOptions, options);
    telemetryOptions.telemetryEnabled = isEnabled;
    // A reconnected client leaves its former host; the application does not wait for that.
    void this.telemetry?.close();
    Object.assign(super.getConfig(), telemetryOptions);
    this.telemetry = isEnabled ? this.createTelemetry(options) : undefined;
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
    if (telemetry === undefined || request?.telemetryEnabled === false) return super.openSession(request);
    const startedAtMs = performance.now();
    try {
      const session = await super.openSession(request);
      telemetry.sessionOpened(session, performance.now() - startedAtMs);
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

  /** What became of this client's host's telemetry so far; undefined while telemetry is off. Cannot throw. */
  override getTelemetryStats(): TelemetryStats | undefined {
    return toTelemetryStats(this.telemetry?.getStats());
  }

  /** The events of this client's connections and statements, for in-process listeners. Silent while telemetry is off. */
  get telemetryEvents(): TelemetryEventEmitter {
    this.events ??= new TelemetryEventEmitter(this);
    return this.events;
  }

  override getConfig(): ClientConfig {
    return super.getConfig();
  }

  override getDriver(): Promise<IDriver> {
    const { telemetry } = this;
    const driver = super.getDriver();
    return telemetry === undefined ? driver : driver.then((inner) => telemetry.observeDriver(inner));
  }

  override getConnectionProvider(): Promise<IConnectionProvider> {
    const { telemetry } = this;
    const provider = super.getConnectionProvider();
    return telemetry === undefined ? provider : provider.then((inner) => telemetry.observeConnectionProvider(inner));
  }

  override getAuthProvider(): IAuthentication | undefined {
    return (DriverClient.prototype as NewerClient).getAuthProvider?.call(this);
  }

  private createTelemetry(options: ConnectionOptions): ClientTelemetry | undefined {
    try {
      return new ClientTelemetry(this, this.telemetryProvider, this.telemetryEvents, options);
    } catch (thrown) {
      debugLog(this, `not started: ${describeThrown(thrown)}`);
      return undefined;
    }
  }

  /** Waits for nothing but what is there already. Never rejects. */
  private async startTelemetry(
    telemetry: ClientTelemetry | undefined,
    options: ConnectionOptions,
    given: IAuthentication | undefined,
  ): Promise<void> {
    if (telemetry === undefined) return;
    try {
      // An old driver has not asked for its provider by now, and telemetry's first request takes its agent too.
      await this.getConnectionProvider();
    } catch {
      // A connection that failed so early has none.
    }
    telemetry.start(this.authenticationOf(options, given));
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
  if (Object.getPrototypeOf(options) === Object.prototype) return own;
  const copy: object = { __proto__: options, ...own };
  return copy as DriverConnectionOptions;
}
