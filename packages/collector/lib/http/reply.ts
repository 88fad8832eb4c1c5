import type { ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import { takesGzip } from './takesGzip';

/** Shorter answers are sent as they are: with its frame a packet holds them. */
const LONG_BYTES = 1_024;
/** Most of what compression can save, for a fraction of its time. */
const QUICKLY = { level: 1 };

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** Headers that every response has. */
export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
}

/** Aborted when the client goes before it has its answer. */
export function goneOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Sends `body`; a long one compressed, in the thread pool, to whoever takes that. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const content = Buffer.from(JSON.stringify(body));
  const send = (sent: Buffer, encoding: Readonly<Record<string, string>>): void => {
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': sent.length,
      'cache-control': 'no-store',
      ...encoding,
      ...headers,
    });
    response.end(sent);
  };
  const vary = { vary: 'accept-encoding' };
  if (content.length < LONG_BYTES) send(content, {});
  else if (!takesGzip(response.req)) send(content, vary);
  else {
    gzip(content, QUICKLY, (error, compressed) => {
      if (error === null) send(compressed, { ...vary, 'content-encoding': 'gzip' });
      else send(content, vary);
    });
  }
}

/** `{ "error": { "code", "message" } }`, and what else is told. */
export function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  told: object = {},
): void {
  sendJson(response, status, { error: { code, message }, ...told }, headers);
}

/** A refusal that a handler decides on. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** What can be told nevertheless. */
    readonly told: object = {},
  ) {
    super(message);
  }
}
