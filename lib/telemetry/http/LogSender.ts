import type { CircuitBreaker } from '../CircuitBreaker';
import { isCompressed, gzipped } from './compression';
import type { Destination } from './destination';
import type { HostState } from '../hosts/HostRegistry';
import type { IdentityGroup } from './identityGroups';
import { requestBody } from './logBatches';
import type { EncodedLog } from './logBatches';
import type { TelemetryConfiguration } from '../../model/options';
import { gzipHeaders } from './requestHeaders';
import { fullJitterMs, sleep } from './retry';
import { endOf } from './sendEnd';
import type { Attempt, SendEnd } from './sendEnd';
import { sendHttp } from './transport';
import type { HttpOutcome } from './transport';
import type { TransferLog } from './TransferLog';
import { healthOf, judge } from './classifyResponse';
import type { Verdict } from './classifyResponse';

export type { SendEnd };

/** With whom a request is made, and for how long. */
interface Terms {
  readonly group: IdentityGroup;
  /** By the monotonic clock. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** A body in the two forms in which it may go; without the second it goes plain. */
interface Payload {
  readonly logs: number;
  readonly plain: Buffer;
  readonly gzip: Buffer | undefined;
}

/** A timer may fire a little before its time by the other clock. */
const CLOCK_TOLERANCE_MS = 2;

/** Sends logs of one identity: one request at a time for the host, retries with full jitter, a total deadline. */
export class LogSender {
  constructor(
    private readonly destination: Destination,
    private readonly host: HostState,
    private readonly breaker: CircuitBreaker,
    private readonly config: TelemetryConfiguration,
    private readonly transfers: TransferLog,
  ) {}

  /** Never rejects; ends early when `signal` aborts. */
  async send(logs: readonly EncodedLog[], group: IdentityGroup, signal: AbortSignal): Promise<SendEnd> {
    const deadlineMs = performance.now() + this.config.exportTimeoutMs;
    const terms = { group, deadlineMs, signal };
    let rest = logs;
    let mayCompress = true;
    for (let attempt = 0; ; attempt += 1) {
      const verdict = await this.attempt(rest, mayCompress, terms);
      if (verdict.kind === 'accepted') rest = verdict.rejected.flatMap((position) => rest[position] ?? []);
      const end = endOf(verdict, rest, attempt >= this.config.maxRetries);
      if (end !== undefined) return end;
      // A receiver that cannot read a compressed body may fail on it instead of refusing it.
      if (verdict.kind === 'retry' && verdict.serverError) mayCompress = false;
      const serverDelayMs = verdict.kind === 'retry' ? (verdict.retryAfterMs ?? 0) : 0;
      const delayMs = Math.max(
        fullJitterMs(attempt, this.config.backoffBaseMs, this.config.backoffMaxMs),
        serverDelayMs,
      );
      if (performance.now() + delayMs >= deadlineMs) return { kind: 'held', rest, retryAfterMs: delayMs };
      await sleep(delayMs, signal);
      if (signal.aborted) return { kind: 'held', rest, retryAfterMs: 0 };
    }
  }

  private async attempt(logs: readonly EncodedLog[], mayCompress: boolean, terms: Terms): Promise<Attempt> {
    const giveBack = await this.host.turn.take(terms.signal);
    if (giveBack === undefined) return { kind: 'aborted' };
    try {
      const pauseMs = this.host.notBeforeMs - performance.now();
      if (pauseMs > CLOCK_TOLERANCE_MS) return { kind: 'held', retryAfterMs: pauseMs };
      const permit = this.breaker.tryAcquire();
      if (permit === undefined) return { kind: 'held', retryAfterMs: this.breaker.retryAfterMs() };
      const verdict = await this.request(logs, mayCompress, terms);
      const retryAfterMs = verdict.kind === 'retry' ? (verdict.retryAfterMs ?? 0) : 0;
      this.host.notBeforeMs = Math.max(this.host.notBeforeMs, performance.now() + retryAfterMs);
      const health = healthOf(verdict);
      if (health === 'healthy') permit.success();
      else if (health === 'unhealthy') permit.failure(retryAfterMs);
      else permit.release();
      return verdict;
    } finally {
      giveBack();
    }
  }

  /** Asks the other path when the first does not exist, and remembers the one that takes logs. */
  private async request(logs: readonly EncodedLog[], mayCompress: boolean, terms: Terms): Promise<Verdict> {
    const plain = requestBody(logs);
    const compresses = mayCompress && isCompressed(plain, this.config.compression, this.destination, this.host);
    const gzip = compresses ? await gzipped(plain, this.requestTimeMs(terms), terms.signal) : undefined;
    if (terms.signal.aborted) return { kind: 'aborted' };
    const payload = { logs: logs.length, plain, gzip };
    const { mode } = terms.group;
    const [first, second] = this.destination.paths(mode);
    const verdict = await this.post(first, payload, terms);
    if (verdict.kind !== 'not-found' || second === undefined) return verdict;
    const other = await this.post(second, payload, terms);
    if (other.kind === 'accepted') this.destination.preferSecondPath(mode);
    return other;
  }

  /** Repeats plain what is refused compressed, and remembers a receiver that takes only the one of the two. */
  private async post(path: string, payload: Payload, terms: Terms): Promise<Verdict> {
    const { logs, plain, gzip } = payload;
    const { headers } = terms.group;
    if (gzip === undefined) return judge(await this.exchange(path, headers, plain, terms), logs);
    const compressed = judge(await this.exchange(path, gzipHeaders(headers), gzip, terms), logs);
    if (compressed.kind !== 'refused') return compressed;
    const repeated = judge(await this.exchange(path, headers, plain, terms), logs);
    if (repeated.kind === 'accepted') this.host.refusesGzip = true;
    return repeated;
  }

  private async exchange(
    path: string,
    headers: IdentityGroup['headers'],
    body: Buffer,
    terms: Terms,
  ): Promise<HttpOutcome> {
    const target = this.destination.target(terms.group.origin);
    const request = { method: 'POST', path, headers, body } as const;
    const outcome = await sendHttp(target, request, this.requestTimeMs(terms), terms.signal);
    this.transfers.add(outcome, body.length);
    return outcome;
  }

  private requestTimeMs({ deadlineMs }: Terms): number {
    return Math.max(1, Math.min(this.config.requestTimeoutMs, deadlineMs - performance.now()));
  }
}
