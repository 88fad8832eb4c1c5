import type { IClientContext } from '../contracts/IClientContext';
import { toHostKey, type HostKey, type RecordOrigin } from '../model/connection';
import { numberOption } from '../model/optionTable';
import { systemClock, withTimeout, type Clock } from '../util/clock';
import { Countdown } from '../util/Countdown';
import { debugLog } from '../util/debugLog';
import {
  FLAG_TIMING,
  HostFlag,
  readFlagReply,
  type FlagAnswer,
  type FlagReply,
  type FlagState,
} from './hosts/HostFlag';
import { defaultHostRegistry, type HostRegistry, type Slot } from './hosts/HostRegistry';
import { authenticatedHeaders, contextOrigin } from './http/requestHeaders';
import { sendHttp, workspaceTarget, type HttpOutcome } from './http/transport';

export type { FlagState };

const PATH = '/api/2.0/connector-service/feature-flags/NODEJS/';

/** Where a server is asked for the flag, and a collector of one's own for its configuration. */
export function flagPath(driverVersion: string): string {
  return PATH + triplet(driverVersion);
}

/** Identities that are asked for one answer; each refusal costs a request within the same deadline. */
const MAX_IDENTITIES = 4;

/** Nobody has credentials that the server answers. */
const REFUSED: FlagAnswer = { kind: 'none', retryAfterMs: 0, refused: true };

/** The flag of a host, for as long as the process lives. */
export const FLAG_SLOT: Slot<HostFlag> = { create: () => new HostFlag(FLAG_TIMING) };

/** What is known of a host's flag. */
export interface FeatureFlagContext {
  readonly state: FlagState;
  /** Contexts of this host that were not released yet. */
  readonly leaseCount: number;
  /** Milliseconds until the flag is asked for again. */
  readonly dueInMs: number;
  /** Whether the state is the server's word: a server that knows no flags has not said no. */
  readonly isServersWord: boolean;
  /** How the last request for it failed, be it with a status of success and nothing to read; undefined after one that did not. */
  readonly lastFailure: HttpOutcome | undefined;
  /** When that was, by the monotonic clock. */
  readonly failedAtMs: number;
}

interface FlagFailure {
  readonly outcome: HttpOutcome;
  readonly atMs: number;
}

/** Who asks. Versions come from outside: no component looks for a manifest. */
export interface Product {
  readonly driverVersion: string;
  /** User agent of requests that no connection stands behind. */
  readonly userAgent: string;
}

export const UNNAMED: Product = { driverVersion: '0.0.0', userAgent: 'NodejsDatabricksSqlConnector/0.0.0' };

/**
 * The feature flag of each host, kept for its TTL also when the last client of the host is gone. Asks with one request
 * at a time, on a deadline of its own, never with the driver's retry policy; nothing here rejects.
 */
export class FeatureFlagCache {
  private readonly failures = new WeakMap<HostFlag, FlagFailure>();

  constructor(
    private readonly context: IClientContext,
    private readonly hosts: HostRegistry = defaultHostRegistry,
    private readonly product: Product = UNNAMED,
    private readonly clock: Clock = systemClock,
  ) {}

  /** Registers a use of `host`; `origin` is a connection that the flag may be asked with. */
  getOrCreateContext(host: string, origin?: RecordOrigin): FeatureFlagContext {
    this.hosts.get(toHostKey(host)).users += this.flagOf(host).lease(origin);
    return this.peek(host);
  }

  /** Takes back one `getOrCreateContext` with the same arguments. The answer stays. */
  releaseContext(host: string, origin?: RecordOrigin): void {
    if (this.flagOf(host).release(origin)) this.hosts.get(toHostKey(host)).users -= 1;
  }

  /**
   * Whether the last answer was "on". Waits for an answer only when there never was one; an expired one is given at once
   * and renewed behind the caller's back. A host without context is off and not asked.
   */
  async isTelemetryEnabled(host: string): Promise<boolean> {
    const flag = this.flagOf(host);
    if (flag.leaseCount === 0) return false;
    const renewed = this.refresh(host);
    return (flag.state === 'unknown' ? await renewed : flag.state) === 'on';
  }

  /** The state of the flag, asked for again when its time is over. */
  async refresh(host: string): Promise<FlagState> {
    const flag = this.flagOf(host);
    return flag.dueInMs(this.clock) > 0 ? flag.state : this.ask(toHostKey(host), flag);
  }

  /** Asks the server now, or joins the request under way. */
  async fetchFeatureFlag(host: string): Promise<boolean> {
    return (await this.ask(toHostKey(host), this.flagOf(host))) === 'on';
  }

  /** What is known now. Asks nobody. */
  peek(host: string): FeatureFlagContext {
    const flag = this.flagOf(host);
    const { state, leaseCount, isServersWord } = flag;
    const dueInMs = flag.dueInMs(this.clock);
    const { outcome: lastFailure, atMs: failedAtMs = 0 } = this.failures.get(flag) ?? {};
    return { state, leaseCount, dueInMs, isServersWord, lastFailure, failedAtMs };
  }

  private flagOf(host: string): HostFlag {
    return this.hosts.get(toHostKey(host)).get(FLAG_SLOT);
  }

  private ask(host: HostKey, flag: HostFlag): Promise<FlagState> {
    flag.inFlight ??= this.request(host, flag).finally(() => (flag.inFlight = undefined));
    return flag.inFlight;
  }

  private async request(host: HostKey, flag: HostFlag): Promise<FlagState> {
    const timeoutMs = numberOption(this.context.getConfig(), 'telemetryFeatureFlagTimeoutMs');
    const over = new AbortController();
    const time = new Countdown(this.clock, timeoutMs, () => over.abort());
    const { origins } = flag;
    const candidates = origins.length > 0 ? origins : [contextOrigin(this.context, host, this.product.userAgent)];
    let answer = REFUSED;
    this.failures.delete(flag);
    for (const origin of candidates.slice(0, MAX_IDENTITIES)) {
      const reply = await this.askWith(origin, flag, time, over.signal);
      if (reply.kind !== 'refused') {
        answer = reply;
        break;
      }
      flag.demote(origin);
    }
    time.cancel();
    const state = flag.record(answer, this.clock);
    debugLog(this.context, `feature flag ${state} (${describe(answer, this.failures.get(flag)?.outcome)})`);
    return state;
  }

  private async askWith(origin: RecordOrigin, flag: HostFlag, time: Countdown, over: AbortSignal): Promise<FlagReply> {
    const request = Promise.resolve()
      .then(() => origin.authenticate())
      .then((credentials) => credentials && authenticatedHeaders(origin, credentials));
    const headers = await withTimeout(this.clock, request, undefined, over);
    if (headers.kind === 'timeout') return REFUSED;
    if (headers.kind === 'rejected' || headers.value === undefined) return { kind: 'refused' };
    const outcome = await sendHttp(
      workspaceTarget(origin),
      { method: 'GET', path: flagPath(this.product.driverVersion), headers: headers.value },
      time.leftMs,
      new AbortController().signal,
      this.clock,
    );
    const reply = readFlagReply(outcome, this.clock.epochMs());
    if (reply.kind !== 'answer') this.failures.set(flag, { outcome, atMs: this.clock.now() });
    return reply;
  }
}

/** For the debug line: the server's word, or why there is none. */
function describe(answer: FlagAnswer, failure: HttpOutcome | undefined): string {
  if (failure === undefined) return answer.kind;
  switch (failure.kind) {
    case 'response':
      return `${answer.kind}, status ${failure.status}`;
    case 'failed':
    case 'invalid':
      return `${answer.kind}, ${failure.code ?? failure.name}`;
    case 'timeout':
    case 'aborted':
      return `${answer.kind}, ${failure.kind}`;
  }
}

/** `2.1.0-beta.1` → `2.1.0`: the endpoint knows plain versions only. */
function triplet(version: string): string {
  return /^\d+\.\d+\.\d+/.exec(version)?.[0] ?? '0.0.0';
}
