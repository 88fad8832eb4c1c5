/* telemetry/http/: from a batch to answered requests: identities, endpoints, bodies, retries, what an answer means. */
import type { TelemetryConfiguration } from '../../model/options';
import { sleep, type Clock } from '../../util/clock';
import { requestBody, type EncodedLog } from './BatchBuffer';
import { classifyResponse, healthOf, type ResponseClass } from './classifyResponse';
import { isCompressed, gzipped } from './compression';
import type { Destination } from './destination';
import type { IdentityGroup } from './identityGroups';
import type { ReceiverState } from './ReceiverState';
import { gzipHeaders } from './requestHeaders';
import { endOf, type AttemptEnd, type SendEnd } from './sendEnd';
import type { TransferLog } from './TransferLog';
import type { HttpOutcome, Transport } from './transport';

export type { SendEnd };

/** Leave to make one attempt; what became of it is told once. */
interface AttemptPermit {
  success(): void;
  failure(retryAfterMs?: number): void;
  release(): void;
}

/** What keeps requests from a host that is down. */
export interface Breaker {
  /** Undefined while no attempt may be made. */
  tryAcquire(): AttemptPermit | undefined;
  retryAfterMs(): number;
}

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
    private readonly receiver: ReceiverState,
    private readonly breaker: Breaker,
    private readonly config: TelemetryConfiguration,
    private readonly transfers: TransferLog,
    private readonly transport: Transport,
    private readonly clock: Clock,
  ) {}

  /** Never rejects; ends early when `signal` aborts. */
  async send(logs: readonly EncodedLog[], group: IdentityGroup, signal: AbortSignal): Promise<SendEnd> {
    const deadlineMs = this.clock.now() + this.config.exportTimeoutMs;
    const terms = { group, deadlineMs, signal };
    let rest = logs;
    let mayCompress = true;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.attempt(rest, mayCompress, terms);
      if (answer.kind === 'accepted') rest = answer.rejected.flatMap((position) => rest[position] ?? []);
      const end = endOf(answer, rest, attempt >= this.config.maxRetries);
      if (end !== undefined) return end;
      // A receiver that cannot read a compressed body may fail on it instead of refusing it.
      if (answer.kind === 'retry' && answer.serverError) mayCompress = false;
      const serverDelayMs = answer.kind === 'retry' ? (answer.retryAfterMs ?? 0) : 0;
      const delayMs = Math.max(this.jitterMs(attempt), serverDelayMs);
      if (this.clock.now() + delayMs >= deadlineMs) return { kind: 'held', rest, retryAfterMs: delayMs };
      await sleep(this.clock, delayMs, signal);
      if (signal.aborted) return { kind: 'held', rest, retryAfterMs: 0 };
    }
  }

  private async attempt(logs: readonly EncodedLog[], mayCompress: boolean, terms: Terms): Promise<AttemptEnd> {
    const release = await this.receiver.mutex.acquire(terms.signal);
    if (release === undefined) return { kind: 'aborted' };
    try {
      const pauseMs = this.receiver.notBeforeMs - this.clock.now();
      if (pauseMs > CLOCK_TOLERANCE_MS) return { kind: 'held', retryAfterMs: pauseMs };
      const permit = this.breaker.tryAcquire();
      if (permit === undefined) return { kind: 'held', retryAfterMs: this.breaker.retryAfterMs() };
      const answer = await this.request(logs, mayCompress, terms);
      const retryAfterMs = answer.kind === 'retry' ? (answer.retryAfterMs ?? 0) : 0;
      this.receiver.notBeforeMs = Math.max(this.receiver.notBeforeMs, this.clock.now() + retryAfterMs);
      const health = healthOf(answer);
      if (health === 'healthy') permit.success();
      else if (health === 'unhealthy') permit.failure(retryAfterMs);
      else permit.release();
      return answer;
    } finally {
      release();
    }
  }

  /** Asks the other path when the first does not exist, and remembers the one that takes logs. */
  private async request(logs: readonly EncodedLog[], mayCompress: boolean, terms: Terms): Promise<ResponseClass> {
    const plain = requestBody(logs, this.clock.epochMs());
    const compresses = mayCompress && isCompressed(plain, this.config.compression, this.destination, this.receiver);
    const gzip = compresses ? await gzipped(plain, this.requestTimeMs(terms), terms.signal, this.clock) : undefined;
    if (terms.signal.aborted) return { kind: 'aborted' };
    const payload = { logs: logs.length, plain, gzip };
    const { mode } = terms.group;
    const [first, second] = this.destination.paths(mode);
    const answer = await this.post(first, payload, terms);
    if (answer.kind !== 'not-found' || second === undefined) return answer;
    const other = await this.post(second, payload, terms);
    if (other.kind === 'accepted') this.destination.preferSecondPath(mode);
    return other;
  }

  /** Repeats plain what is refused compressed, and remembers a receiver that takes only the one of the two. */
  private async post(path: string, payload: Payload, terms: Terms): Promise<ResponseClass> {
    const { logs, plain, gzip } = payload;
    const { headers } = terms.group;
    if (gzip === undefined) return this.classify(await this.exchange(path, headers, plain, terms), logs);
    const compressed = this.classify(await this.exchange(path, gzipHeaders(headers), gzip, terms), logs);
    if (compressed.kind !== 'refused') return compressed;
    const repeated = this.classify(await this.exchange(path, headers, plain, terms), logs);
    if (repeated.kind === 'accepted') this.receiver.refusesGzip = true;
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
    const outcome = await this.transport(target, request, this.requestTimeMs(terms), terms.signal, this.clock);
    this.transfers.add(outcome, body.length, this.clock.now());
    return outcome;
  }

  /** Uniform between 0 and a bound that doubles with each attempt (from 0). */
  private jitterMs(attempt: number): number {
    const { backoffBaseMs, backoffMaxMs } = this.config;
    return this.clock.random() * Math.min(backoffMaxMs, backoffBaseMs * 2 ** attempt);
  }

  private classify(outcome: HttpOutcome, logs: number): ResponseClass {
    return classifyResponse(outcome, logs, this.clock.epochMs());
  }

  private requestTimeMs({ deadlineMs }: Terms): number {
    return Math.max(1, Math.min(this.config.requestTimeoutMs, deadlineMs - this.clock.now()));
  }
}
