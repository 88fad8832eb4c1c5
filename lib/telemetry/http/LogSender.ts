import type { CircuitBreaker } from '../CircuitBreaker';
import type { Destination } from './destination';
import type { HostState } from '../hosts/HostRegistry';
import type { IdentityGroup } from './identityGroups';
import { requestBody } from './logBatches';
import type { EncodedLog } from './logBatches';
import type { TelemetryConfiguration } from '../options';
import { fullJitterMs, sleep } from './retry';
import { sendHttp } from './transport';
import type { TransferLog } from './TransferLog';
import { healthOf, judge } from './verdict';
import type { Verdict } from './verdict';

/** How the sending of some logs ended. `rest` are those the receiver did not take, in their order. */
export interface SendEnd {
  readonly kind:
    | 'delivered'
    /** Try again later: down, overloaded, breaker open, out of time. */
    | 'held'
    /** The server failed on these very logs at every attempt. */
    | 'server-error'
    | 'unauthorized'
    | 'redirected'
    | 'too-large'
    | 'rejected'
    | 'invalid';
  readonly rest: readonly EncodedLog[];
  /** When there is sense in another attempt, in milliseconds from now. */
  readonly retryAfterMs: number;
}

type Attempt = Verdict | { readonly kind: 'held'; readonly retryAfterMs: number };

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
    let rest = logs;
    for (let attempt = 0; ; attempt += 1) {
      const verdict = await this.attempt(rest, group, deadlineMs, signal);
      if (verdict.kind === 'accepted') rest = verdict.rejected.flatMap((position) => rest[position] ?? []);
      const end = endOf(verdict, rest, attempt >= this.config.maxRetries);
      if (end !== undefined) return end;
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

  private async attempt(
    logs: readonly EncodedLog[],
    group: IdentityGroup,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<Attempt> {
    const giveBack = await this.host.turn.take(signal);
    if (giveBack === undefined) return { kind: 'aborted' };
    try {
      const pauseMs = this.host.notBeforeMs - performance.now();
      if (pauseMs > CLOCK_TOLERANCE_MS) return { kind: 'held', retryAfterMs: pauseMs };
      const permit = this.breaker.tryAcquire();
      if (permit === undefined) return { kind: 'held', retryAfterMs: this.breaker.retryAfterMs() };
      const verdict = await this.request(logs, group, deadlineMs, signal);
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
  private async request(
    logs: readonly EncodedLog[],
    group: IdentityGroup,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<Verdict> {
    const [first, second] = this.destination.paths(group.mode);
    const verdict = await this.post(first, logs, group, deadlineMs, signal);
    if (verdict.kind !== 'not-found' || second === undefined) return verdict;
    const other = await this.post(second, logs, group, deadlineMs, signal);
    if (other.kind === 'accepted') this.destination.preferSecondPath(group.mode);
    return other;
  }

  private async post(
    path: string,
    logs: readonly EncodedLog[],
    group: IdentityGroup,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<Verdict> {
    const body = requestBody(logs);
    const timeoutMs = Math.max(1, Math.min(this.config.requestTimeoutMs, deadlineMs - performance.now()));
    const outcome = await sendHttp(
      this.destination.target(group.origin),
      { method: 'POST', path, headers: group.headers, body },
      timeoutMs,
      signal,
    );
    this.transfers.add(outcome, Buffer.byteLength(body));
    return judge(outcome, logs.length);
  }
}

/** Undefined when another attempt is due. */
function endOf(verdict: Attempt, rest: readonly EncodedLog[], isLastAttempt: boolean): SendEnd | undefined {
  switch (verdict.kind) {
    case 'accepted':
      if (rest.length === 0) return { kind: 'delivered', rest, retryAfterMs: 0 };
      return isLastAttempt ? { kind: 'rejected', rest, retryAfterMs: 0 } : undefined;
    case 'retry':
      if (!isLastAttempt) return undefined;
      return { kind: verdict.serverError ? 'server-error' : 'held', rest, retryAfterMs: verdict.retryAfterMs ?? 0 };
    case 'held':
      return { kind: 'held', rest, retryAfterMs: verdict.retryAfterMs };
    case 'aborted':
      return { kind: 'held', rest, retryAfterMs: 0 };
    case 'not-found':
    case 'refused':
      return { kind: 'rejected', rest, retryAfterMs: 0 };
    case 'unauthorized':
    case 'redirected':
    case 'too-large':
    case 'invalid':
      return { kind: verdict.kind, rest, retryAfterMs: 0 };
  }
}
