import type { FlagTiming } from './HostRegistry';
import type { RecordOrigin } from '../types';

export type FlagState = 'unknown' | 'on' | 'off';

/** What came of asking for the flag. */
export type FlagAnswer =
  /** The server's word. `ttlMs`: how long it stands; undefined when the server named no time. */
  | { readonly kind: 'answer'; readonly enabled: boolean; readonly ttlMs: number | undefined }
  /** No word: unreachable, overloaded, or not for the credentials at hand (`refused`). */
  | { readonly kind: 'none'; readonly retryAfterMs: number; readonly refused: boolean };

const MAX_DOUBLINGS = 10;

/** The feature flag of one host: the answer, how long it stands, and the connections that may ask for it. */
export class HostFlag {
  private answer: FlagState = 'unknown';
  private freshUntilMs = 0;
  private standsUntilMs = 0;
  private setbacks = 0;
  private isRefused = false;
  private leased: Array<RecordOrigin | undefined> = [];
  /** The request under way, shared by everyone who waits for it. */
  inFlight: Promise<FlagState> | undefined;

  constructor(private readonly timing: FlagTiming) {}

  get state(): FlagState {
    return this.answer;
  }

  get isLeased(): boolean {
    return this.leased.length > 0;
  }

  get leaseCount(): number {
    return this.leased.length;
  }

  /** The leased connections, each once, oldest first. */
  get origins(): readonly RecordOrigin[] {
    return [...new Set(this.leased)].filter((origin) => origin !== undefined);
  }

  /** Milliseconds until the flag should be asked for again; 0 when now. */
  get dueInMs(): number {
    return Math.max(0, this.freshUntilMs - performance.now());
  }

  /** A new connection may get an answer where the credentials of others got none, so it need not wait. */
  lease(origin: RecordOrigin | undefined): void {
    this.leased.push(origin);
    if (this.answer === 'unknown' && this.isRefused) this.freshUntilMs = 0;
  }

  /** Gives back one lease of `origin`; without such a lease nothing happens. */
  release(origin: RecordOrigin | undefined): void {
    const index = this.leased.indexOf(origin);
    if (index >= 0) this.leased.splice(index, 1);
  }

  /** Asks the others first next time. */
  demote(origin: RecordOrigin): void {
    this.leased = [
      ...this.leased.filter((other) => other !== origin),
      ...this.leased.filter((other) => other === origin),
    ];
  }

  /**
   * Takes note of an answer. While requests fail the last answer stands for its own TTL once more, so that a bad moment
   * of the server is no switch; a flag that was never answered stays unknown.
   */
  record(answer: FlagAnswer): FlagState {
    const now = performance.now();
    this.isRefused = answer.kind === 'none' && answer.refused;
    if (answer.kind === 'answer') {
      const ttlMs = this.ttlOf(answer);
      this.answer = answer.enabled ? 'on' : 'off';
      this.freshUntilMs = now + ttlMs;
      this.standsUntilMs = this.freshUntilMs + ttlMs;
    } else {
      if (now >= this.standsUntilMs && this.answer === 'on') this.answer = 'unknown';
      this.freshUntilMs = now + Math.max(answer.retryAfterMs, this.backoffMs());
    }
    return this.answer;
  }

  private ttlOf(answer: Extract<FlagAnswer, { kind: 'answer' }>): number {
    const { defaultTtlMs, minTtlMs, maxTtlMs } = this.timing;
    if (!answer.enabled && answer.ttlMs === undefined) return this.backoffMs();
    this.setbacks = 0;
    return Math.min(maxTtlMs, Math.max(minTtlMs, answer.ttlMs ?? defaultTtlMs));
  }

  /** Doubles with each setback in a row up to the default TTL; jittered, so that a fleet does not ask in step. */
  private backoffMs(): number {
    const bound = Math.min(this.timing.defaultTtlMs, this.timing.retryMs * 2 ** Math.min(this.setbacks, MAX_DOUBLINGS));
    this.setbacks += 1;
    return bound * (0.5 + Math.random() / 2);
  }
}
