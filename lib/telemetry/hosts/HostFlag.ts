import type { RecordOrigin } from '../../model/connection';
import type { Clock } from '../../util/clock';
import { parseRetryAfter, type HttpOutcome } from '../http/transport';
import { factsOf, isObject, parseJson } from '../../util/foreign';

const FLAG_NAME = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetryForNodeJs';

const MAX_DOUBLINGS = 10;

/** Limits and defaults of a flag's life, in milliseconds. */
export interface FlagTiming {
  /** When the answer names none. */
  readonly defaultTtlMs: number;
  readonly minTtlMs: number;
  readonly maxTtlMs: number;
  /** Before a negative answer without TTL is asked again, and before a request that failed; doubles each time. */
  readonly retryMs: number;
}

export const FLAG_TIMING: FlagTiming = {
  defaultTtlMs: 15 * 60_000,
  minTtlMs: 60_000,
  maxTtlMs: 60 * 60_000,
  retryMs: 30_000,
};

/**
 * `off`: the workspace said no, or does not know of flags. `unknown`: it said nothing yet, or not for so long that its last
 * word stands no more.
 */
export type FlagState = 'unknown' | 'on' | 'off';

/** What came of asking for the flag. */
export type FlagAnswer =
  /** The server's word. `ttlMs`: how long it stands; undefined when the server named no time. */
  | { readonly kind: 'answer'; readonly enabled: boolean; readonly ttlMs: number | undefined }
  /** The server has no flags, which counts as off; nobody said no. */
  | { readonly kind: 'no flags' }
  /** No word: unreachable, overloaded, or not for the credentials at hand (`refused`). */
  | { readonly kind: 'none'; readonly retryAfterMs: number; readonly refused: boolean };

/** `refused`: no answer for these credentials, or on this connection's way to the host; others may get one. */
export type FlagReply = FlagAnswer | { readonly kind: 'refused' };

/** The feature flag of one host: the answer, how long it stands, and the connections that may ask for it. */
export class HostFlag {
  private answer: FlagState = 'unknown';
  private freshUntilMs = 0;
  private standsUntilMs = 0;
  private setbacks = 0;
  private isRefused = false;
  private isSaid = false;
  /** Weak: a client that the application drops without closing it must not stay in memory for this. */
  private leased: Array<WeakRef<RecordOrigin> | undefined> = [];
  /** The request under way, shared by everyone who waits for it. */
  inFlight: Promise<FlagState> | undefined;

  constructor(private readonly timing: FlagTiming) {}

  get state(): FlagState {
    return this.answer;
  }

  /** Whether the present state is the server's word. */
  get isServersWord(): boolean {
    return this.isSaid;
  }

  get leaseCount(): number {
    return this.leased.length;
  }

  /** The leased connections, each once, oldest first. */
  get origins(): readonly RecordOrigin[] {
    return [...new Set(this.leased.map((one) => one?.deref()))].filter((origin) => origin !== undefined);
  }

  /** Milliseconds until the flag should be asked for again; 0 when now. */
  dueInMs(clock: Clock): number {
    return Math.max(0, this.freshUntilMs - clock.now());
  }

  /**
   * A new connection may get an answer where the credentials of others got none, so it need not wait. Returns how many more
   * there are than before: those that were collected as garbage are counted no longer.
   */
  lease(origin: RecordOrigin | undefined): number {
    const before = this.leased.length;
    this.leased = this.leased.filter((one) => one === undefined || one.deref() !== undefined);
    this.leased.push(isObject(origin) ? new WeakRef(origin) : undefined);
    if (this.answer === 'unknown' && this.isRefused) this.freshUntilMs = 0;
    return this.leased.length - before;
  }

  /** Gives back one lease of `origin`; returns whether there was one. */
  release(origin: RecordOrigin | undefined): boolean {
    const index = this.leased.findIndex((one) => one?.deref() === origin);
    if (index < 0) return false;
    this.leased.splice(index, 1);
    return true;
  }

  /** Asks the others first next time. */
  demote(origin: RecordOrigin): void {
    const isLast = (one?: WeakRef<RecordOrigin>): number => Number(one?.deref() === origin);
    this.leased.sort((one, other) => isLast(one) - isLast(other));
  }

  /**
   * Takes note of an answer. While requests fail the last answer stands for its own TTL once more, so that a bad moment
   * of the server is no switch; a flag that was never answered stays unknown.
   */
  record(answer: FlagAnswer, clock: Clock): FlagState {
    const now = clock.now();
    this.isRefused = answer.kind === 'none' && answer.refused;
    switch (answer.kind) {
      case 'answer':
        this.stands(answer.enabled, true, now, this.ttlOf(answer, clock));
        break;
      case 'no flags':
        this.stands(false, false, now, this.backoffMs(clock));
        break;
      case 'none':
        if (now >= this.standsUntilMs && this.answer === 'on') this.answer = 'unknown';
        this.freshUntilMs = now + Math.max(answer.retryAfterMs, this.backoffMs(clock));
    }
    return this.answer;
  }

  private stands(isEnabled: boolean, isSaid: boolean, nowMs: number, ttlMs: number): void {
    this.answer = isEnabled ? 'on' : 'off';
    this.isSaid = isSaid;
    this.freshUntilMs = nowMs + ttlMs;
    this.standsUntilMs = this.freshUntilMs + ttlMs;
  }

  private ttlOf(answer: Extract<FlagAnswer, { kind: 'answer' }>, clock: Clock): number {
    const { defaultTtlMs, minTtlMs, maxTtlMs } = this.timing;
    if (!answer.enabled && answer.ttlMs === undefined) return this.backoffMs(clock);
    this.setbacks = 0;
    return Math.min(maxTtlMs, Math.max(minTtlMs, answer.ttlMs ?? defaultTtlMs));
  }

  /** Doubles with each setback in a row up to the default TTL; jittered, so that a fleet does not ask in step. */
  private backoffMs(clock: Clock): number {
    const bound = Math.min(this.timing.defaultTtlMs, this.timing.retryMs * 2 ** Math.min(this.setbacks, MAX_DOUBLINGS));
    this.setbacks += 1;
    return bound * (0.5 + clock.random() / 2);
  }
}

/** The server said nothing. */
export const NO_WORD = { kind: 'none', retryAfterMs: 0, refused: false } as const satisfies FlagAnswer;

/**
 * What a response says of the flag. A missing flag means off, and so does a status that will not change by waiting. A
 * redirection is the word of somebody in between.
 */
export function readFlagReply(outcome: HttpOutcome, wallNowMs: number): FlagReply {
  // A request that fails at once may fail for the connection's own proxy or certificate.
  if (outcome.kind === 'failed' || outcome.kind === 'invalid') return { kind: 'refused' };
  if (outcome.kind !== 'response') return NO_WORD;
  const { status, body } = outcome;
  if (status === 200) return readFlags(body);
  if (status >= 300 && status < 400) return NO_WORD;
  if (status === 401 || status === 403) return { kind: 'refused' };
  if (status === 408 || status === 429 || status >= 500) {
    return { ...NO_WORD, retryAfterMs: parseRetryAfter(outcome.retryAfter, wallNowMs) ?? 0 };
  }
  return { kind: 'no flags' };
}

function readFlags(body: string | undefined): FlagReply {
  if (body === undefined) return NO_WORD;
  const answer = parseJson(body);
  if (!isObject(answer)) return NO_WORD;
  const flags: unknown = answer['flags'];
  const ttlSeconds = answer['ttl_seconds'] ?? answer['ttlSeconds'];
  return {
    kind: 'answer',
    enabled: isFlagOn(flags),
    ttlMs: typeof ttlSeconds === 'number' && ttlSeconds > 0 ? ttlSeconds * 1000 : undefined,
  };
}

/** Whether a list of flags has the flag of this driver, switched on. */
export function isFlagOn(flags: unknown): boolean {
  return Array.isArray(flags) && flags.some(isOn);
}

function isOn(flag: unknown): boolean {
  const { name, value } = factsOf(flag);
  return name === FLAG_NAME && (value === true || (typeof value === 'string' && value.toLowerCase() === 'true'));
}
