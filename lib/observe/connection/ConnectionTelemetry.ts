/* observe/connection/: what a connection is, from its options to its credentials, and its telemetry from connect to close. */
import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type IDBSQLSession from '@databricks/sql/dist/contracts/IDBSQLSession';
import type { IAuthentication, IClientContext, IConnectionProvider } from '../../contracts/IClientContext';
import type { SessionOpening } from '../../model/sessionOpening';
import type { ConnectionInfo } from '../../model/connection';
import type { ConnectionDiagnosis } from '../../model/diagnosis';
import type { OptionLevels } from '../../model/effectiveOptions';
import type { TelemetryConfiguration } from '../../model/options';
import type { HostStats } from '../../telemetry/TelemetryClient';
import type { TelemetryLease } from '../../telemetry/TelemetryClientProvider';
import { TelemetryEventEmitter } from '../../telemetry/TelemetryEventEmitter';
import { detached, keptAlive, nextTurn, type Clock } from '../../util/clock';
import { debugLog } from '../../util/debugLog';
import { describeThrown } from '../../util/thrown';
import { hookSession } from '../api/sessionHooks';
import type { ExporterLease, ExporterStats } from '../exporters/ExporterRegistry';
import { ObservedDriver } from '../rpc/ObservedDriver';
import { observeHeaders, observeRetries } from '../rpc/observeConnectionProvider';
import { describeConnection } from './connectionInfo';
import { type ConnectOptionsView } from './connectOptions';
import { ConnectionObserver } from './ConnectionObserver';
import type { ConnectionReceivers } from './ConnectionReceivers';
import { credentialsOf } from './credentials';
import { isKnownConnectionProvider, isKnownDriver } from './driverCompatibility';
import { exitFlush } from './exitFlush';
import { closedHostStats } from './stats';

/**
 * The telemetry of one connection of one client, from `connect()` to `close()`: the two seams, the emitter, and the
 * lease on what the host shares. No method throws or delays what the application asked for.
 */
export class ConnectionTelemetry {
  private readonly info: ConnectionInfo;
  private readonly emitter: TelemetryEventEmitter;
  private readonly observer: ConnectionObserver;
  private readonly exporters: readonly ExporterLease[];
  private lease: TelemetryLease | undefined;
  private isJoinDue = false;
  /** The driver with this connection's observations; undefined until it was asked for. */
  observedDriver: Promise<IDriver> | undefined;
  private connectionProvider: IConnectionProvider | undefined;
  private authProvider: IAuthentication | undefined;
  private closing: Promise<void> | undefined;
  private removeExitFlush: (() => void) | undefined;

  constructor(
    private readonly context: IClientContext,
    private readonly receivers: ConnectionReceivers,
    private readonly options: ConnectOptionsView,
    private readonly config: TelemetryConfiguration,
    levels: OptionLevels,
    private readonly clock: Clock,
  ) {
    this.info = describeConnection(options, context.getConfig(), config, levels, {
      getAuthProvider: () => this.authProvider,
      getConnectionProvider: () => this.connectionProvider,
    });
    this.emitter = new TelemetryEventEmitter(context, receivers.events, clock);
    this.emitter.setEnabled(true);
    this.observer = new ConnectionObserver(this.info, this.emitter, clock, context);
    const { exporters, registry } = receivers;
    this.exporters = exporters.map((named) => registry.acquire(context, named, clock));
    if (this.exporters.length > 0) this.flushOnExit();
    this.gather();
  }

  /** Whether it is Databricks alone who would be told of something new. */
  get isForDatabricksOnly(): boolean {
    return !this.observer.isHeardHere;
  }

  connectStarted(): void {
    this.observer.audience.receivers?.connectStarted(this.info);
  }

  /** Runs the driver's own `connect()`. */
  connect<T>(call: () => T): T {
    const { runner } = this.observer.audience;
    return runner === undefined ? call() : runner.runConnect(this.info, call);
  }

  /**
   * Joins the host's pipeline, which asks for the feature flag: now, or at the driver's first request where asking for
   * credentials could make somebody log in. Both providers are the connection's own, as far as it has them.
   */
  start(authProvider: IAuthentication | undefined, connectionProvider: IConnectionProvider | undefined): void {
    this.observer.observe(() => {
      this.connectionProvider = connectionProvider;
      const isKnown = connectionProvider !== undefined && isKnownConnectionProvider(connectionProvider, this.context);
      if (isKnown) observeRetries(connectionProvider, this.observer);
      if (this.receivers.provider === undefined) return;
      const { source, afterFirstRequest } = credentialsOf(this.options, authProvider, () =>
        isKnown ? observeHeaders(connectionProvider) : undefined,
      );
      this.authProvider = source;
      if (afterFirstRequest !== undefined) void afterFirstRequest.then(() => this.join());
      else {
        // Not while `connect()` is waited for. Whoever needs the pipeline before that joins at once.
        this.isJoinDue = true;
        void nextTurn(this.clock).then(() => this.join());
      }
    });
  }

  /** `former`: of the connection that the client had before. The driver carries what its open sessions do by this one now. */
  connected(former: ConnectionTelemetry | undefined): void {
    for (const [id, open] of former?.observer.sessions ?? []) {
      this.join();
      this.observer.sessions.set(id, open);
      this.observer.observe(hookSession, open.session, this.observer, open.isLocal);
    }
    this.observer.audience.receivers?.connectEnded(this.info, { failed: false });
  }

  connectFailed(thrown: unknown): void {
    this.join();
    this.observer.observe(() => this.observer.connectionFailed(thrown, 'connect'));
    this.observer.audience.receivers?.connectEnded(this.info, { failed: true, thrown });
  }

  /** Idempotent. A client that was closed meanwhile joins nothing: nobody would give the lease back. */
  private join(): void {
    const { provider } = this.receivers;
    if (provider === undefined || this.closing !== undefined || this.lease !== undefined) return;
    this.observer.observe(() => {
      // What the host's connections share belongs to no call of the application.
      this.lease = detached(() => provider.acquire(this.info.origin.host, this.info.origin));
      this.emitter.attach(this.lease.client.getAggregator());
      this.flushOnExit();
    });
  }

  private flushOnExit(): void {
    if (this.config.flushOnExit) this.removeExitFlush ??= exitFlush.add(this);
  }

  /** Finds out who is to be told from now on. */
  private gather(): void {
    this.observer.audience.set([...this.exporters.map(({ receiver }) => receiver), ...this.receivers.others()]);
  }

  /** Makes `observedDriver`, once; it is the driver itself when its shape is not known. */
  observeDriver(driver: Promise<IDriver>): Promise<IDriver> {
    const observed = (inner: IDriver): IDriver =>
      isKnownDriver(inner, this.context) ? new ObservedDriver(inner, this.observer) : inner;
    // Kept for the whole connection: it belongs to no call of the application.
    this.observedDriver = detached(() => driver.then(observed));
    return this.observedDriver;
  }

  /** The application opens a session. */
  sessionStarted(database?: string): SessionOpening {
    this.gather();
    return this.observer.sessionStarted(database);
  }

  /** Runs the driver's own `openSession()`. */
  openSession<T>(opening: SessionOpening, call: () => T): T {
    const { runner } = this.observer.audience;
    return runner === undefined ? call() : runner.runOpenSession(opening, call);
  }

  /** `isLocal` keeps the session and all that it does from Databricks. */
  sessionOpened(opening: SessionOpening, session: IDBSQLSession, isLocal: boolean): void {
    this.join();
    this.observer.observe(() => {
      this.observer.sessionOpened(opening, session, isLocal);
      hookSession(session, this.observer, isLocal);
    });
  }

  sessionFailed(opening: SessionOpening, thrown: unknown, isLocal: boolean): void {
    this.join();
    this.observer.observe(() => this.observer.sessionFailed(opening, thrown, isLocal));
  }

  /** Sends what this connection produced, to Databricks and to the application's exporters. Never rejects; returns at `deadlineMs` (default: the close timeout). */
  async flush(deadlineMs: number = this.config.closeTimeoutMs): Promise<void> {
    if (this.isJoinDue) this.join();
    const { info } = this;
    await this.finish('flush', deadlineMs, () => [
      this.lease?.client.flush({ deadlineMs, connection: info }),
      ...this.exporters.map((exporter) => exporter.flush(deadlineMs, info)),
    ]);
  }

  /** Flushes and leaves the pipelines, within the close timeout. Never rejects; a second call waits for the first. */
  close(): Promise<void> {
    this.closing ??= this.leave();
    return this.closing;
  }

  getStats(): HostStats | undefined {
    if (this.receivers.provider === undefined) return closedHostStats(this.info.origin.host);
    if (this.isJoinDue) this.join();
    return this.lease?.client.getStats();
  }

  /** Whether and where records go, and who else is told. */
  diagnose(): ConnectionDiagnosis {
    if (this.isJoinDue) this.join();
    const client = this.lease?.client;
    return {
      isCollecting: this.receivers.provider !== undefined,
      hasReceivers: this.observer.isHeardHere,
      host: this.info.origin.host,
      telemetry: client && { ...client.getStats(), ...client.diagnose() },
      exporters: this.getExporterStats(),
    };
  }

  getExporterStats(): readonly ExporterStats[] {
    return this.exporters.map((exporter) => exporter.getStats());
  }

  private async leave(): Promise<void> {
    if (this.isJoinDue) this.join();
    this.removeExitFlush?.();
    this.emitter.setEnabled(false);
    this.observer.audience.receivers?.connectionClosed(this.info);
    this.observer.audience.set([]);
    const { info } = this;
    const { closeTimeoutMs } = this.config;
    await this.finish('close', closeTimeoutMs, () => [
      this.lease?.release({ connection: info }),
      ...this.exporters.map((exporter) => exporter.release(closeTimeoutMs, info)),
    ]);
  }

  /** Waits for all of `work`, which keeps the process alive for `ms` at most. Never rejects. */
  private async finish(name: string, ms: number, work: () => ReadonlyArray<Promise<void> | undefined>): Promise<void> {
    try {
      await keptAlive(
        ms,
        work().filter((one) => one !== undefined),
      );
    } catch (thrown) {
      debugLog(this.context, `${name} swallowed ${describeThrown(thrown)}`);
    }
  }
}
