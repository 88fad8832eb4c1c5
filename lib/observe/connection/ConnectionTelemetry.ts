import type IDriver from '@databricks/sql/dist/contracts/IDriver';
import type IDBSQLSession from '@databricks/sql/dist/contracts/IDBSQLSession';
import type { ConnectionOptions as DriverConnectionOptions } from '@databricks/sql/dist/contracts/IDBSQLClient';
import type { IAuthentication, IClientContext, IConnectionProvider } from '../../contracts/IClientContext';
import { adoptSession } from '../api/sessionHooks';
import { debugLog, describeThrown } from '../../util/debugLog';
import { nextTurn } from '../../util/nextTurn';
import { resolveConfiguration, type TelemetryConfiguration } from '../../model/options';
import type { HostStats } from '../../telemetry/TelemetryClient';
import type { TelemetryClientProvider, TelemetryLease } from '../../telemetry/TelemetryClientProvider';
import { TelemetryEventEmitter } from '../../telemetry/TelemetryEventEmitter';
import type { ConnectionInfo } from '../../telemetry/types';
import { ConnectionObserver } from './ConnectionObserver';
import { describeConnection, viewOf, type ConnectOptionsView } from './connectionInfo';
import { credentialsOf } from './credentials';
import { exitFlush } from './exitFlush';
import { isKnownConnectionProvider, isKnownDriver } from './driverCompatibility';
import { ObservedConnectionProvider } from '../rpc/ObservedConnectionProvider';
import { ObservedDriver } from '../rpc/ObservedDriver';

/** How long a process that ends by itself may wait for its last records. */
const EXIT_FLUSH_MS = 500;

/**
 * The telemetry of one connection of one client, from `connect()` to `close()`: the two seams, the emitter, and the
 * lease on what the host shares. No method throws or delays what the application asked for.
 */
export class ClientTelemetry {
  private readonly config: TelemetryConfiguration;
  private readonly info: ConnectionInfo;
  private readonly options: ConnectOptionsView;
  private readonly emitter: TelemetryEventEmitter;
  private readonly observer: ConnectionObserver;
  private lease: TelemetryLease | undefined;
  private isJoinDue = false;
  private observedDriver: IDriver | undefined;
  /** The connection provider as the driver gave it. */
  private innerProvider: IConnectionProvider | undefined;
  private observedProvider: ObservedConnectionProvider | undefined;
  private authProvider: IAuthentication | undefined;
  private closing: Promise<void> | undefined;
  private removeExitFlush: (() => void) | undefined;

  constructor(
    private readonly context: IClientContext,
    private readonly provider: TelemetryClientProvider,
    events: TelemetryEventEmitter,
    options: DriverConnectionOptions,
  ) {
    const config = context.getConfig();
    this.config = resolveConfiguration(config);
    this.options = viewOf(options);
    this.info = describeConnection(options, config, this.config, {
      getAuthProvider: () => this.authProvider,
      getConnectionProvider: () => this.innerProvider,
    });
    this.emitter = new TelemetryEventEmitter(context, events);
    this.observer = new ConnectionObserver(this.info, this.emitter, context);
  }

  /**
   * Joins the host's pipeline, which asks for the feature flag: now, or at the driver's first request where asking for
   * credentials could make somebody log in. `authProvider` is the connection's own.
   */
  start(authProvider: IAuthentication | undefined): void {
    this.observer.observe(() => {
      const observed = this.observedProvider;
      const { source, afterFirstRequest } = credentialsOf(this.options, authProvider, observed?.authentication);
      this.authProvider = source;
      if (afterFirstRequest) void observed?.firstRequest.then(() => this.join());
      else {
        // Not while `connect()` is waited for. Whoever needs the pipeline before that joins at once.
        this.isJoinDue = true;
        void nextTurn().then(() => this.join());
      }
    });
  }

  connectFailed(thrown: unknown): void {
    this.join();
    this.observer.observe(() => this.observer.connectionFailed(thrown, 'connect'));
  }

  /** Idempotent. A client that was closed meanwhile joins nothing: nobody would give the lease back. */
  private join(): void {
    if (this.closing !== undefined || this.lease !== undefined) return;
    this.observer.observe(() => {
      this.lease = this.provider.acquire(this.info.origin.host, this.info.origin);
      this.emitter.attach(this.lease.client.getAggregator());
      if (this.config.flushOnExit) {
        this.removeExitFlush = exitFlush.add(() => this.flush(EXIT_FLUSH_MS));
      }
    });
  }

  /** The driver with this connection's observations; the driver itself when its shape is not known. */
  observeDriver(inner: IDriver): IDriver {
    this.observedDriver ??= isKnownDriver(inner, this.context) ? new ObservedDriver(inner, this.observer) : inner;
    return this.observedDriver;
  }

  /** The connection provider with its observations; the provider itself when its shape is not known. */
  observeConnectionProvider(inner: IConnectionProvider): IConnectionProvider {
    if (this.innerProvider !== inner) {
      const isKnown = isKnownConnectionProvider(inner, this.context);
      this.innerProvider = inner;
      this.observedProvider = isKnown ? new ObservedConnectionProvider(inner, this.observer) : undefined;
    }
    return this.observedProvider ?? inner;
  }

  sessionOpened(session: IDBSQLSession, latencyMs: number): void {
    this.join();
    this.observer.observe(() => {
      this.observer.sessionOpened(session.id, latencyMs);
      adoptSession(session, this.observer);
    });
  }

  sessionFailed(thrown: unknown): void {
    this.join();
    this.observer.observe(() => this.observer.connectionFailed(thrown, 'open_session'));
  }

  /** Sends what this connection produced. Never rejects; returns at `deadlineMs` (default: the close timeout). */
  async flush(deadlineMs?: number): Promise<void> {
    const limitMs = deadlineMs ?? this.config.closeTimeoutMs;
    if (this.isJoinDue) this.join();
    try {
      await this.lease?.client.flush({ deadlineMs: limitMs, connection: this.info });
    } catch (thrown) {
      debugLog(this.context, `flush swallowed ${describeThrown(thrown)}`);
    }
  }

  /** Flushes and leaves the host's pipeline, within the close timeout. Never rejects; a second call waits for the first. */
  close(): Promise<void> {
    this.closing ??= this.leave();
    return this.closing;
  }

  getStats(): HostStats | undefined {
    if (this.isJoinDue) this.join();
    return this.lease?.client.getStats();
  }

  private async leave(): Promise<void> {
    if (this.isJoinDue) this.join();
    this.removeExitFlush?.();
    this.emitter.setEnabled(false);
    try {
      await this.lease?.release({ connection: this.info });
    } catch (thrown) {
      debugLog(this.context, `close swallowed ${describeThrown(thrown)}`);
    }
  }
}
