import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask';
import type { Home } from './Home';

/** Larger ones a collector would refuse. */
const MAX_BODY_BYTES = 4 * 2 ** 20;
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

interface Copy {
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** What became of the copies: each ends in one of these. */
export interface CopyCounts {
  readonly delivered: number;
  /** The collector refused it for good. */
  readonly refused: number;
  /** No room while others waited, larger than a collector takes, or the collector was away for too long. */
  readonly dropped: number;
  readonly pending: number;
}

/** Copies of telemetry on their way to the collector, bounded by what they hold. Nothing waits for them. */
export class Copies {
  private readonly counts = { delivered: 0, refused: 0, dropped: 0 };
  private readonly waiting: Copy[] = [];
  private readonly stopped = new AbortController();
  private heldBytes = 0;
  private draining: Promise<void> | undefined;

  constructor(
    private readonly home: Home,
    private readonly maxBytes: number,
    private readonly onLoss: (reason: string) => void,
  ) {}

  get state(): CopyCounts {
    return { ...this.counts, pending: this.waiting.length + (this.draining === undefined ? 0 : 1) };
  }

  /** Collects the body of `message` while it passes; a body that does not arrive whole is no copy. */
  take(message: IncomingMessage, path: string): void {
    const headers = this.home.headersFor(message);
    let parts: Buffer[] | undefined = [];
    let size = 0;
    const letGo = (): void => {
      if (parts === undefined) return;
      this.heldBytes -= size;
      parts = undefined;
    };
    message.on('data', (part: Buffer) => {
      if (parts === undefined) return;
      if (size + part.length > MAX_BODY_BYTES || this.heldBytes + part.length > this.maxBytes) {
        letGo();
        this.lose('no_room');
        return;
      }
      parts.push(part);
      size += part.length;
      this.heldBytes += part.length;
    });
    message.once('end', () => {
      if (parts === undefined) return;
      this.waiting.push({ path, headers, body: Buffer.concat(parts, size) });
      parts = undefined;
      this.draining ??= this.drain();
    });
    message.once('close', letGo);
  }

  /** Hands on what waits, for at most `graceMs`; the rest is counted. */
  async close(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.stopped.abort(), graceMs);
    await this.draining;
    clearTimeout(timer);
  }

  private async drain(): Promise<void> {
    for (let copy = this.waiting.shift(); copy !== undefined; copy = this.waiting.shift()) {
      await this.deliver(copy);
      this.heldBytes -= copy.body.length;
    }
    this.draining = undefined;
  }

  private async deliver({ path, headers, body }: Copy): Promise<void> {
    const { signal } = this.stopped;
    for (let attempt = 0; attempt < ATTEMPTS && !signal.aborted; attempt += 1) {
      if (attempt > 0) await sleep(pauseMs(attempt), undefined, { signal }).catch(() => undefined);
      const status = await ask(this.home.origin, { method: 'POST', path, headers }, body, signal).then(
        (answer) => answer.status,
        () => undefined,
      );
      if (status !== undefined && status < 300) {
        this.counts.delivered += 1;
        return;
      }
      if (status !== undefined && status !== 429 && status < 500) {
        this.counts.refused += 1;
        this.onLoss(`status_${status}`);
        return;
      }
    }
    this.lose('collector_away');
  }

  private lose(reason: string): void {
    this.counts.dropped += 1;
    this.onLoss(reason);
  }
}

function pauseMs(attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}
