import { setMaxListeners } from 'node:events';
import type { IClientContext } from '../contracts/IClientContext';
import type { BatchResult, IBatchExporter } from '../contracts/IBatchExporter';
import { hostKeyNamed, toHostKey, type RecordOrigin } from '../model/connection';
import type { DropReason } from '../model/enums';
import type { RequestFailure } from '../model/errorFacts';
import { resolveOptions, type TelemetryConfiguration } from '../model/options';
import { isFailedConnect, type TelemetryRecord } from '../model/records';
import { nextTurn, systemClock, type Clock } from '../util/clock';
import { debugLog } from '../util/debugLog';
import { factsOf } from '../util/foreign';
import { describeThrown } from '../util/thrown';
import type { CircuitBreaker } from './CircuitBreaker';
import type { CircuitBreakerRegistry } from './CircuitBreakerRegistry';
import { ExceptionClassifier } from './ExceptionClassifier';
import { halves, recordsOf, without } from './http/BatchBuffer';
import { credentialsFor } from './http/credentials';
import { customDestination, workspaceDestination } from './http/destination';
import { dryRunTransport } from './http/dryRun';
import { ENDPOINT_SLOT } from './http/endpoints';
import { ExportTally } from './http/ExportTally';
import { IdentityGrouper, type IdentityGroup } from './http/identityGroups';
import { logBatches } from './http/logBatches';
import { LogSender, type SendEnd } from './http/LogSender';
import { RECEIVER_SLOT } from './http/ReceiverState';
import { contextOrigin } from './http/requestHeaders';
import { TransferLog } from './http/TransferLog';
import { sendHttp } from './http/transport';
import { RecordEncoder } from './wire/RecordEncoder';

/** Longest wait for credentials; a token that takes longer is waited for in the next export. */
const CREDENTIALS_TIMEOUT_MS = 5000;

/** With the credentials at hand, with fresh ones, and without any where that is allowed. */
const MAX_ROUNDS = 3;

/** Exports in which the server may fail on the same record before it is given up. */
const MAX_SERVER_ERRORS = 10;

const UNNAMED_AGENT = 'NodejsDatabricksSqlConnector/0.0.0';

/**
 * Sends records to the telemetry endpoint of `host`, or to `telemetryEndpoint`, each with the credentials, headers and
 * mode of the connection that produced it; with `telemetryDryRun` it shows them instead. Never rejects.
 */
export class DatabricksTelemetryExporter implements IBatchExporter<TelemetryRecord> {
  /** Requests made, bytes sent, last error. */
  readonly transfers = new TransferLog();
  /** The receiver's breaker; undefined when nothing may leave, and in a dry run. */
  readonly breaker: CircuitBreaker | undefined;
  private readonly config: TelemetryConfiguration;
  private readonly sender: LogSender | undefined;
  private readonly grouper: IdentityGrouper;
  private readonly encoders = {
    authenticated: new RecordEncoder('authenticated'),
    unauthenticated: new RecordEncoder('unauthenticated'),
    local: new RecordEncoder('local'),
  };
  /** Whether this receiver may be given local fields, whatever it says. */
  private readonly mayReadLocal: boolean = false;
  /** Whether the receiver has said that it reads `local` as this library writes it. */
  readsLocal = false;
  private readonly serverErrors = new WeakMap<TelemetryRecord, number>();
  private readonly running = new Set<AbortController>();
  private closed = false;

  /** `userAgent`: of records that no connection stands behind. */
  constructor(
    private readonly context: IClientContext,
    host: string,
    circuitBreakerRegistry: CircuitBreakerRegistry,
    userAgent = UNNAMED_AGENT,
    private readonly clock: Clock = systemClock,
  ) {
    const key = toHostKey(host);
    const { hosts } = circuitBreakerRegistry;
    const { configuration, isOff } = resolveOptions(context.getConfig());
    this.config = configuration;
    const { endpoint, dryRun } = this.config;
    const own = contextOrigin(context, key, userAgent);
    const isRetryable = (thrown: unknown): boolean => ExceptionClassifier.isRetryable(thrown);
    const originOf = (record: TelemetryRecord): RecordOrigin => record.connection?.origin ?? own;
    this.grouper = new IdentityGrouper(originOf, credentialsFor(this.config), isRetryable, clock);
    const destination =
      endpoint === undefined
        ? workspaceDestination(key, hosts.get(key).get(ENDPOINT_SLOT))
        : customDestination(endpoint);
    if (destination === undefined || isOff) return;
    this.mayReadLocal = destination.mayReadLocal;
    // What is only shown says nothing of the receiver's health.
    const receiverKey = dryRun === undefined ? destination.key : hostKeyNamed(`dry-run!${destination.key}`);
    const breaker = circuitBreakerRegistry.get(receiverKey);
    const receiver = hosts.get(receiverKey).get(RECEIVER_SLOT);
    const transport = dryRun === undefined ? sendHttp : dryRunTransport(dryRun, context, hosts);
    // What is only shown is no request.
    const transfers = dryRun === undefined ? this.transfers : new TransferLog();
    this.sender = new LogSender(destination, receiver, breaker, this.config, transfers, transport, clock);
    if (dryRun === undefined) this.breaker = breaker;
  }

  /**
   * Sends `batch`, a request for each identity, and says what became of each record. A request with its retries takes
   * `telemetryExportTimeoutMs` at most, and all end when `signal` aborts. Never rejects.
   */
  async export(batch: readonly TelemetryRecord[], signal?: AbortSignal): Promise<BatchResult<TelemetryRecord>> {
    // Open to code that no compiler has seen.
    const records = Array.isArray(batch) ? batch : [];
    const ending = typeof factsOf(signal)['addEventListener'] === 'function' ? signal : undefined;
    const tally = new ExportTally(records);
    const abort = new AbortController();
    // One listener for each connection in the batch is no leak.
    setMaxListeners(0, abort.signal);
    const onAbort = (): void => abort.abort();
    ending?.addEventListener('abort', onAbort);
    if (ending?.aborted === true || this.closed) onAbort();
    this.running.add(abort);
    try {
      if (this.sender === undefined) tally.drop(records, 'invalid');
      else if (!abort.signal.aborted) await this.exportAll(this.sender, records, tally, abort.signal);
    } catch (thrown) {
      debugLog(this.context, `export swallowed ${describeThrown(thrown)}`);
    } finally {
      this.running.delete(abort);
      ending?.removeEventListener('abort', onAbort);
    }
    const result = tally.result();
    debugLog(this.context, describeExport(result, this.transfers.lastError));
    return result;
  }

  /** Aborts what is under way; later exports retain everything. */
  async close(): Promise<void> {
    this.closed = true;
    for (const abort of this.running) abort.abort();
  }

  /** Records whose identity was refused get a second chance with fresh credentials: a token may just have expired. */
  private async exportAll(
    sender: LogSender,
    batch: readonly TelemetryRecord[],
    tally: ExportTally,
    signal: AbortSignal,
  ): Promise<void> {
    const refused = new Set<string>();
    let records = batch;
    for (let round = 0; records.length > 0 && round < MAX_ROUNDS; round += 1) {
      // A turn for each part of the work: none of them is to hold up what else the process does.
      await nextTurn(this.clock);
      const grouping = await this.grouper.group(records, refused, CREDENTIALS_TIMEOUT_MS, signal);
      tally.drop(grouping.withoutCredentials, 'no_credentials');
      this.refuse(grouping.refused, tally);
      const unauthorized: TelemetryRecord[] = [];
      for (const group of grouping.groups) {
        if (await this.sendGroup(sender, group, tally, signal)) continue;
        refused.add(group.fingerprint);
        unauthorized.push(...tally.unsettled(group.records));
      }
      records = unauthorized;
    }
    this.refuse(records, tally);
  }

  /** No identity of theirs is accepted. Of a connection that failed it is known that it has no good credentials. */
  private refuse(records: readonly TelemetryRecord[], tally: ExportTally): void {
    tally.drop(records.filter(isFailedConnect), 'no_credentials');
    tally.reject(records.filter((record) => !isFailedConnect(record)));
  }

  /** Returns whether the group's identity is accepted, as far as can be told. */
  private async sendGroup(
    sender: LogSender,
    group: IdentityGroup,
    tally: ExportTally,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { batchSize: maxLogs, maxRequestBytes: maxBytes } = this.config;
    const isLocal = this.readsLocal && this.mayReadLocal && group.mode === 'authenticated';
    const encoder = this.encoders[isLocal ? 'local' : group.mode];
    const options = { maxLogs, maxBytes, encoder, omissions: this.transfers, clock: this.clock };
    const refuse = (record: TelemetryRecord, reason: DropReason): void => tally.drop([record], reason);
    for await (const logs of logBatches(group.records, options, refuse)) {
      const parts = [logs];
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
        const end = await sender.send(part, group, signal);
        tally.deliver(recordsOf(without(part, end.rest)));
        if (end.kind === 'unauthorized') return false;
        if (end.kind === 'held') {
          tally.wait(end.retryAfterMs);
          return true;
        }
        if (end.kind === 'too-large' && end.rest.length > 1) parts.push(...halves(end.rest));
        else this.settle(end.kind, recordsOf(end.rest), tally);
      }
    }
    return true;
  }

  private settle(
    kind: Exclude<SendEnd['kind'], 'held' | 'unauthorized'>,
    records: readonly TelemetryRecord[],
    tally: ExportTally,
  ): void {
    switch (kind) {
      case 'delivered':
        return tally.deliver(records);
      case 'rejected':
        return tally.reject(records);
      case 'redirected':
        return tally.drop(records, 'redirected');
      case 'too-large':
        return tally.drop(records, 'too_large');
      case 'invalid':
        return tally.drop(records, 'invalid');
      case 'server-error':
        return tally.drop(
          records.filter((record) => this.isBeyondHope(record)),
          'retries_exhausted',
        );
    }
  }

  private isBeyondHope(record: TelemetryRecord): boolean {
    const failures = (this.serverErrors.get(record) ?? 0) + 1;
    this.serverErrors.set(record, failures);
    return failures >= MAX_SERVER_ERRORS;
  }
}

/** What became of a batch, in one line: counts, and for what was not delivered the last failure without its text. */
function describeExport(result: BatchResult<TelemetryRecord>, lastError: RequestFailure | undefined): string {
  const { delivered, rejected, dropped, retained } = result;
  const lost = Object.entries(dropped).map(([reason, count]) => `, ${count} dropped (${reason})`);
  const line = `export: ${delivered} delivered, ${rejected} rejected, ${retained.length} retained${lost.join('')}`;
  if (rejected + retained.length + lost.length === 0 || lastError === undefined) return line;
  const cause = lastError.status ?? lastError.code;
  return `${line}; last failure ${lastError.name}${cause === undefined ? '' : ` (${cause})`}`;
}
