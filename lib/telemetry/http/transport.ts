import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { RecordOrigin, TlsOptions } from '../../model/connection';
import { detached, type Clock } from '../../util/clock';
import { Countdown } from '../../util/Countdown';
import { labelsOf } from '../../util/thrown';
import { untraced } from '../../util/untraced';

/** Where a request goes. */
export interface HttpTarget {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number;
  readonly tls: Readonly<TlsOptions>;
  getAgent(): Promise<http.Agent | undefined>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What became of one request: a value, never an exception. */
export type HttpOutcome =
  /** `body` is undefined when it could not be read to its end. */
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly body: string | undefined;
    }
  /** No answer came: refused, reset, no such name, TLS, a proxy that is down. */
  | { readonly kind: 'failed'; readonly name: string; readonly code: string | undefined }
  /** No answer came within the time. */
  | { readonly kind: 'timeout' }
  /** The caller's signal aborted. */
  | { readonly kind: 'aborted' }
  /** The request itself cannot be made, for instance with such a header. */
  | { readonly kind: 'invalid'; readonly name: string; readonly code: string | undefined };

export const MAX_RESPONSE_BYTES = 1024 * 1024;

/** How requests to the workspace of `origin` get there: as the connection's own do. */
export function workspaceTarget(origin: RecordOrigin): HttpTarget {
  const { hostname, port, tls } = origin;
  return { protocol: 'https:', hostname, port, tls, getAgent: () => origin.getAgent() };
}

/** Makes one request, or shows it. Never rejects. */
export type Transport = (
  target: HttpTarget,
  request: HttpRequest,
  timeoutMs: number,
  signal: AbortSignal,
  clock: Clock,
) => Promise<HttpOutcome>;

/**
 * Makes one request: no redirects, `timeoutMs` in total (agent, connection, body), a response body of at most 1 MiB.
 * Never rejects. An abort or the end of the time destroys the socket; neither socket nor timer keeps the process alive.
 */
export const sendHttp: Transport = async (target, request, timeoutMs, signal, clock) => {
  const startMs = clock.now();
  const outcome = await new Exchange(target, request, timeoutMs, signal, clock).outcome;
  if (outcome !== 'stale') return outcome;
  // A kept-alive connection that the server closed at this very moment: the request was not the reason.
  const leftMs = timeoutMs - (clock.now() - startMs);
  const again = await new Exchange(target, request, leftMs, signal, clock).outcome;
  return again === 'stale' ? RESET : again;
};

const RESET = { kind: 'failed', name: 'Error', code: 'ECONNRESET' } as const satisfies HttpOutcome;

class Exchange {
  readonly outcome: Promise<HttpOutcome | 'stale'>;
  private resolve: (outcome: HttpOutcome | 'stale') => void = () => undefined;
  private isOver = false;
  private clientRequest: http.ClientRequest | undefined;
  private response: http.IncomingMessage | undefined;
  private socket: Socket | undefined;
  private readonly time: Countdown;
  private readonly onAbort = (): void => this.giveUp({ kind: 'aborted' });

  constructor(
    target: HttpTarget,
    request: HttpRequest,
    timeoutMs: number,
    private readonly signal: AbortSignal,
    clock: Clock,
  ) {
    this.outcome = new Promise((resolve) => (this.resolve = resolve));
    this.time = new Countdown(clock, timeoutMs, () => this.giveUp({ kind: 'timeout' }));
    signal.addEventListener('abort', this.onAbort);
    if (signal.aborted) this.onAbort();
    else void this.open(target, request);
  }

  private async open(target: HttpTarget, request: HttpRequest): Promise<void> {
    // Node.js would take it for this machine.
    if (target.hostname === '') return this.end({ kind: 'invalid', name: 'TypeError', code: 'ERR_NO_HOST' });
    let agent: http.Agent | undefined;
    try {
      agent = await target.getAgent();
    } catch (thrown) {
      return this.end({ kind: 'failed', ...labelsOf(thrown) });
    }
    if (this.isOver) return;
    try {
      const open = target.protocol === 'http:' ? http.request : https.request;
      // A kept-alive connection outlives the call of the application that it was opened in.
      detached(() => {
        untraced(() => this.start(open, requestOptions(target, request, agent)));
        this.clientRequest?.end(request.body);
      });
    } catch (thrown) {
      this.end({ kind: 'invalid', ...labelsOf(thrown) });
    }
  }

  private start(open: typeof https.request, options: https.RequestOptions): void {
    const clientRequest = open(options);
    this.clientRequest = clientRequest;
    clientRequest.on('socket', (socket) => {
      this.socket = socket;
      // An agent may hand out any stream; nothing is there to catch what a handler throws.
      socket.unref?.();
    });
    clientRequest.on('error', (error) => {
      const labels = labelsOf(error);
      const stale = clientRequest.reusedSocket && labels.code === 'ECONNRESET';
      this.giveUp(stale ? 'stale' : { kind: 'failed', ...labels });
    });
    clientRequest.on('response', (response) => this.read(response));
    // Without an error where the server wants to speak another protocol.
    clientRequest.on('close', () => {
      if (this.response === undefined) this.end(RESET);
    });
  }

  private read(response: http.IncomingMessage): void {
    this.response = response;
    const parts: Buffer[] = [];
    let size = 0;
    response.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= MAX_RESPONSE_BYTES) parts.push(part);
      else this.giveUp({ kind: 'timeout' });
    });
    response.on('end', () => {
      // Back to the agent as it came: whoever gets this socket next counts on it. The response has let go of it already.
      this.socket?.ref?.();
      this.end(answer(response, Buffer.concat(parts).toString('utf8')));
    });
    response.on('error', () => this.end(answer(response, undefined)));
  }

  /** The status counts as soon as it is there; a body that breaks off cannot take it back. */
  private giveUp(outcome: HttpOutcome | 'stale'): void {
    if (this.isOver) return;
    this.end(this.response === undefined ? outcome : answer(this.response, undefined));
    this.clientRequest?.destroy();
  }

  private end(outcome: HttpOutcome | 'stale'): void {
    if (this.isOver) return;
    this.isOver = true;
    this.time.cancel();
    this.signal.removeEventListener('abort', this.onAbort);
    this.resolve(outcome);
  }
}

function answer(response: http.IncomingMessage, body: string | undefined): HttpOutcome {
  return { kind: 'response', status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], body };
}

function requestOptions(target: HttpTarget, request: HttpRequest, agent: http.Agent | undefined): https.RequestOptions {
  const { tls } = target;
  const length = request.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(request.body)) };
  return {
    method: request.method,
    host: target.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: target.port,
    path: request.path,
    headers: { ...request.headers, ...length },
    ...(agent === undefined ? {} : { agent }),
    // A proxy agent opens the TLS connection itself and knows of it only what the request says.
    ...(tls.ca === undefined ? {} : { ca: [tls.ca].flat() }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: tls.rejectUnauthorized }),
  };
}

/** A server that asks for more is asked again after this time. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date. Undefined when it says nothing usable. */
export function parseRetryAfter(header: string | undefined, wallNowMs: number): number | undefined {
  const value = header?.trim() ?? '';
  const delayMs = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : httpDateMs(value) - wallNowMs;
  return Number.isNaN(delayMs) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, delayMs));
}

/** `Date.parse` takes nearly anything; an HTTP date starts with the day of the week. */
function httpDateMs(value: string): number {
  return /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(value) ? Date.parse(value) : NaN;
}
