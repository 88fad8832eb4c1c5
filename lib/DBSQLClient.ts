import { DBSQLClient as DriverClient } from '@databricks/sql';
import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type { ClientOptions, ConnectionOptions, OpenSessionRequest } from './contracts/clientOptions';
import type { IAuthentication, IClientContext, IConnectionProvider } from './contracts/IClientContext';
import type { IDBSQLSession } from './contracts/IDBSQLSession';
import type { ReceiverOptions } from './contracts/ReceiverOptions';
import type { TelemetryExplanation } from './explain/explain';
import { Explainer } from './explain/Explainer';
import { toHostKey } from './model/connection';
import { setterOf, type OptionLevels } from './model/effectiveOptions';
import {
  completeOptions,
  givenIn,
  type OptionProblem,
  type TelemetryConfiguration,
  type TelemetryOptions,
} from './model/options';
import { ConnectionTelemetry } from './observe/connection/ConnectionTelemetry';
import { databaseOf, viewOf, withoutDriverTelemetry } from './observe/connection/connectOptions';
import { authenticationIn } from './observe/connection/credentials';
import { product } from './observe/connection/driverPackage';
import { decide, observes } from './observe/connection/optOut';
import { closedHostStats, toTelemetryStats, type TelemetryStats } from './observe/connection/stats';
import { exportersOf, type NamedExporter } from './observe/exporters/exporterOptions';
import { EXPORTERS_SLOT } from './observe/exporters/ExporterRegistry';
import { answerHealth } from './sinks/channels/answerHealth';
import { connectionSinks, type ConnectionSinks } from './sinks/connectionSinks';
import { defaultHostRegistry } from './telemetry/hosts/HostRegistry';
import { flushRequest } from './telemetry/MetricsAggregator';
import { ACCOUNTS_SLOT } from './telemetry/pipeline/AccountBook';
import { TelemetryClientProvider } from './telemetry/TelemetryClientProvider';
import { TelemetryEventEmitter } from './telemetry/TelemetryEventEmitter';
import { systemClock } from './util/clock';
import { debugLog } from './util/debugLog';
import { describeThrown } from './util/thrown';

/** What newer drivers offer beside the oldest supported one. */
type NewerClient = Partial<Pick<IClientContext, 'getAuthProvider'>>;

const clock = systemClock;
/** What the clients of this process share. */
const hosts = defaultHostRegistry;

/**
 * The driver's client with telemetry beside it. It behaves as the driver's in everything; a connection is observed when
 * something asks for it (`telemetryEnabled`, a listener, a receiver of the application's), and then can neither throw into
 * nor delay what the application does.
 */
export class DBSQLClient extends DriverClient implements IClientContext {
  private readonly clientOptions: TelemetryOptions & ReceiverOptions;
  private readonly telemetryProvider = new TelemetryClientProvider(this, hosts, product(undefined), clock);
  private telemetry: ConnectionTelemetry | undefined;
  /** What the client was last connected with, where that may be observed. */
  private observable: ObservableConnection | undefined;
  private problems: readonly OptionProblem<string>[] = [];
  /** The host of a connection of which something that was asked for is not told, as its option has an impossible value. */
  private closedHost: string | undefined;
  private events: TelemetryEventEmitter | undefined;
  private readonly explainer = new Explainer();

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
    const former = this.telemetry;
    void former?.close();
    const telemetryOptions = this.configure(options, authProvider);
    Object.assign(super.getConfig(), telemetryOptions);
    this.telemetry = this.createTelemetry();
    const { telemetry } = this;
    telemetry?.connectStarted();
    try {
      // Newer drivers have telemetry of their own: a statement must not be reported twice.
      const call = (): Promise<unknown> => super.connect(withoutDriverTelemetry(options), authProvider);
      await (telemetry === undefined ? call() : telemetry.connect(call));
    } catch (thrown) {
      await this.startTelemetry(telemetry, options, authProvider);
      telemetry?.connectFailed(thrown);
      this.observable = undefined;
      void telemetry?.close();
      throw thrown;
    } finally {
      Object.assign(super.getConfig(), telemetryOptions);
    }
    await this.startTelemetry(telemetry, options, authProvider);
    telemetry?.connected(former);
    this.explainer.connected();
    return this;
  }

  override async openSession(request?: OpenSessionRequest): Promise<IDBSQLSession> {
    if (this.observable === undefined || !observes(request)) return super.openSession(request);
    if (this.telemetry === undefined) await this.observeFromNow();
    const { telemetry } = this;
    if (telemetry === undefined) return super.openSession(request);
    const wish = request === undefined ? undefined : givenIn(request, 'telemetryEnabled');
    const isLocal = wish !== undefined && wish !== true;
    if (isLocal) this.explainer.sessionOptedOut();
    const opening = telemetry.sessionStarted(databaseOf(request));
    if (isLocal && telemetry.isForDatabricksOnly) return super.openSession(request);
    try {
      const session = await telemetry.openSession(opening, () => super.openSession(request));
      telemetry.sessionOpened(opening, session, isLocal);
      return session;
    } catch (thrown) {
      telemetry.sessionFailed(opening, thrown, isLocal);
      throw thrown;
    }
  }

  /** Closes as the driver does, then sends what this client still has to send, within `telemetryCloseTimeoutMs`. */
  override async close(): Promise<void> {
    try {
      await super.close();
    } finally {
      this.observable = undefined;
      this.explainer.closed();
      await this.telemetry?.close();
    }
  }

  /**
   * Sends what this client has collected so far. Never rejects and returns within `deadlineMs` (default, and for what is no
   * number: `telemetryCloseTimeoutMs`, 2000).
   */
  async flushTelemetry(options: { deadlineMs?: number | undefined } = {}): Promise<void> {
    await this.telemetry?.flush(flushRequest(options).deadlineMs);
  }

  /**
   * What became of this client's host's telemetry so far; undefined while nothing is observed, unless an option with a
   * value that it cannot have is why: then `problems` says which, and all else is nothing. Cannot throw.
   */
  override getTelemetryStats(): TelemetryStats | undefined {
    const { telemetry, closedHost, problems } = this;
    const stats = closedHost === undefined ? telemetry?.getStats() : closedHostStats(closedHost);
    return toTelemetryStats(stats, problems, telemetry?.getExporterStats());
  }

  /** Whether telemetry is collected and sent, where to, and if not why: plain data, with a summary in a sentence. Cannot throw. */
  explainTelemetry(): TelemetryExplanation {
    return this.explainer.explain(this.telemetry?.diagnose());
  }

  /**
   * The events of this client's connections and statements, for in-process listeners. A listener that is there at
   * `connect()` or `openSession()` is enough to have them observed; nothing needs to be sent.
   */
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
  private configure(options: ConnectionOptions, authProvider: IAuthentication | undefined): TelemetryOptions {
    const decision = decide(this.clientOptions, options);
    const { options: decided, configuration, levels, isObservable, isClosedByProblem } = decision;
    const { exporters: named, problems: ofExporters } = exportersOf(this.clientOptions, options);
    const sinks = connectionSinks(this, configuration, [this.clientOptions, options]);
    const setBy = setterOf('telemetryFile', configuration.file, levels);
    const exporters = [...named, ...sinks.exporters.map((exporter) => ({ exporter, setBy }))];
    this.observable = isObservable ? { options, authProvider, configuration, levels, exporters, sinks } : undefined;
    const ofReceivers = [...ofExporters, ...sinks.problems];
    this.problems = [...decision.problems, ...ofReceivers];
    this.explainer.connecting({ ...decision, problems: this.problems });
    const isClosed = isClosedByProblem || (!configuration.enabled && ofReceivers.length > 0);
    this.closedHost = isClosed ? toHostKey(options.host, options.port) : undefined;
    for (const { option, given, done } of this.problems)
      debugLog(this, `option ${option} cannot be this ${given}: ${done}`);
    return decided;
  }

  /** Undefined while nothing asks for the connection to be observed. */
  private createTelemetry(): ConnectionTelemetry | undefined {
    const { observable } = this;
    if (observable === undefined) return undefined;
    const { options, configuration, levels, exporters, sinks } = observable;
    const sends = configuration.enabled;
    const isHeard = sinks.listening().length > 0 || this.events?.hasAudience === true;
    if (!sends && exporters.length === 0 && !isHeard) return undefined;
    try {
      if (sends || exporters.length > 0) answerHealth(hosts.common.get(ACCOUNTS_SLOT));
      const receivers = {
        provider: sends ? this.telemetryProvider : undefined,
        events: this.telemetryEvents,
        exporters,
        registry: hosts.common.get(EXPORTERS_SLOT),
        others: () => sinks.listening(),
      };
      return new ConnectionTelemetry(this, receivers, viewOf(options), configuration, levels, clock);
    } catch (thrown) {
      debugLog(this, `not started: ${describeThrown(thrown)}`);
      return undefined;
    }
  }

  /** Somebody may have begun to listen after `connect()`. Never rejects. */
  private async observeFromNow(): Promise<void> {
    const telemetry = this.createTelemetry();
    this.telemetry = telemetry;
    const { options, authProvider } = this.observable ?? {};
    if (options !== undefined) await this.startTelemetry(telemetry, options, authProvider);
  }

  /** Waits for nothing but what is there already. Never rejects. */
  private async startTelemetry(
    telemetry: ConnectionTelemetry | undefined,
    options: ConnectionOptions,
    given: IAuthentication | undefined,
  ): Promise<void> {
    if (telemetry === undefined) return;
    let connectionProvider: IConnectionProvider | undefined;
    let authentication: IAuthentication | undefined;
    try {
      authentication = this.getAuthProvider() ?? given ?? authenticationIn(options, this);
      connectionProvider = await super.getConnectionProvider();
    } catch {
      // A connection that failed so early has none.
    }
    telemetry.start(authentication, connectionProvider);
  }
}

/** A connection of the client's that may be observed. */
interface ObservableConnection {
  readonly options: ConnectionOptions;
  readonly authProvider: IAuthentication | undefined;
  /** `enabled`: telemetry may make requests for it. */
  readonly configuration: TelemetryConfiguration;
  readonly levels: OptionLevels;
  readonly exporters: readonly NamedExporter[];
  readonly sinks: ConnectionSinks;
}
