import type { IncomingMessage, ServerResponse } from 'node:http';
import { isForeign } from '../http/originCheck';
import { HttpError, sendError } from '../http/reply';
import { Copies, type CopyCounts } from './Copies';
import { FlagService } from './FlagService';
import { codeOf, forward } from './forward';
import { endToEnd } from './headers';
import { Home } from './Home';
import type { GatewaySettings } from './options';
import { Origin } from './Origin';
import { trafficOf, type Traffic } from './traffic';

export interface GatewayStats {
  readonly requests: number;
  /** Not passed on: another server's, ambiguous, or of a page of another origin. */
  readonly refused: number;
  /** Not answered by the workspace. */
  readonly failed: number;
  /** Telemetry that went to the collector alone. */
  readonly kept: number;
  readonly copies: CopyCounts;
}

const HOST: ReadonlySet<string> = new Set(['host']);
const LOG_EVERY_MS = 10_000;

/** Decides for each request where it goes: to the workspace, home, or nowhere. */
export class Front {
  private readonly upstream: Origin;
  private readonly home: Home;
  private readonly copies: Copies;
  private readonly flags: FlagService;
  private readonly counts = { requests: 0, refused: 0, failed: 0, kept: 0 };
  private readonly loggedMs = new Map<string, number>();

  constructor(private readonly settings: GatewaySettings) {
    const { upstream, upstreamCa: ca, maxCopyBytes, telemetry } = settings;
    this.upstream = new Origin(upstream, { ...settings, ca });
    this.home = new Home(settings);
    this.copies = new Copies(this.home, maxCopyBytes, (reason) => this.warn('copy_lost', { reason }));
    this.flags = new FlagService({
      mode: telemetry,
      upstream: this.upstream,
      home: this.home,
      unanswered: (error) => this.unanswered(codeOf(error)),
      onCollectorAway: (error) => this.warn('collector_away', { code: codeOf(error) }),
    });
  }

  get stats(): GatewayStats {
    return { ...this.counts, copies: this.copies.state };
  }

  /** Answers every request. Never throws. */
  handle(message: IncomingMessage, response: ServerResponse): void {
    this.counts.requests += 1;
    const traffic = trafficOf(message.url ?? '');
    const refusal = this.foreign(message, traffic);
    if (refusal !== undefined) {
      this.counts.refused += 1;
      sendError(response, refusal.status, refusal.code, refusal.message, refusal.headers);
      message.resume();
      return;
    }
    const staysHome = this.settings.telemetry === 'keep';
    switch (traffic.kind) {
      case 'telemetry':
        if (staysHome) {
          this.keep(message, response, traffic.path);
          return;
        }
        if (message.method === 'POST') this.copies.take(message, traffic.path);
        break;
      case 'flags':
        if (message.method === 'GET') {
          void this.flags.answer(message, response, traffic.client, traffic.version);
          return;
        }
        if (staysHome) {
          this.keep(message, response, this.home.flagRequest(message, traffic.client, traffic.version).path);
          return;
        }
        break;
      case 'other':
    }
    this.pass(message, response);
  }

  /** Hands on the copies that wait, for at most `graceMs`. */
  async close(graceMs: number): Promise<void> {
    await this.copies.close(graceMs);
    this.upstream.close();
    this.home.close();
  }

  private pass(message: IncomingMessage, response: ServerResponse): void {
    forward(message, response, {
      origin: this.upstream,
      path: message.url ?? '/',
      headers: endToEnd(message, HOST),
      refusal: (code) => this.unanswered(code),
    });
  }

  private keep(message: IncomingMessage, response: ServerResponse, path: string): void {
    this.counts.kept += 1;
    const length = message.headers['content-length'];
    forward(message, response, {
      origin: this.home.origin,
      path,
      headers: [...this.home.headersFor(message), ...(length === undefined ? [] : ['content-length', length])],
      refusal: (code) => this.collectorAway(code),
      answered: (status) => {
        if (status === 401 || status === 403 || status === 421) this.warn('collector_refused', { status });
      },
    });
  }

  /** A page of another origin may not make a browser send telemetry. */
  private foreign(message: IncomingMessage, { kind }: Traffic): HttpError | undefined {
    if (kind === 'other' || !isForeign(message, this.settings.tls !== undefined)) return undefined;
    return new HttpError(403, 'foreign_origin', 'Requests of other origins are refused.', { connection: 'close' });
  }

  private unanswered(code: string): HttpError {
    this.counts.failed += 1;
    this.warn('upstream_failed', { code });
    return code === 'ETIMEDOUT'
      ? new HttpError(504, 'upstream_timeout', 'The workspace did not answer in time.')
      : new HttpError(502, 'upstream_unreachable', `The workspace could not be reached (${code}).`);
  }

  private collectorAway(code: string): HttpError {
    this.warn('collector_away', { code });
    const message = `The collector could not be reached (${code}).`;
    return new HttpError(503, 'collector_away', message, { 'retry-after': '5' });
  }

  /** One line of a kind every ten seconds. */
  private warn(event: string, details: Readonly<Record<string, string | number>>): void {
    const nowMs = performance.now();
    if (nowMs - (this.loggedMs.get(event) ?? -Infinity) < LOG_EVERY_MS) return;
    this.loggedMs.set(event, nowMs);
    this.settings.log({ level: 'warn', event, ...details });
  }
}
