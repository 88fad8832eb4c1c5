import type { ClientRequest, IncomingMessage, InformationEvent, ServerResponse } from 'node:http';
import { sendError, type HttpError } from '../http/reply';
import { endToEnd, framingOf, isChunked, trailersOf } from './headers';
import type { Origin } from './Origin';

const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

export interface Passing {
  readonly origin: Origin;
  readonly path: string;
  /** End-to-end headers, without Host. */
  readonly headers: readonly string[];
  /** The refusal for a request that the origin did not answer. */
  readonly refusal: (code: string) => HttpError;
  readonly answered?: (status: number) => void;
}

/**
 * Passes a request on and its answer back, both as streams that wait for each other. Answers every request; whoever
 * goes away first ends the other side. Never throws.
 */
export function forward(message: IncomingMessage, response: ServerResponse, passing: Passing): void {
  const { origin, path, headers, refusal, answered } = passing;
  const fail = (error: unknown): void => {
    // Once the answer has begun, its own end decides.
    if (response.destroyed || response.headersSent) return;
    const { status, code, message: text, headers: more } = refusal(codeOf(error));
    sendError(response, status, code, text, { ...more, ...(message.complete ? {} : { connection: 'close' }) });
    message.resume();
  };
  let current: ClientRequest | undefined;
  response.once('close', () => {
    if (current?.writableFinished !== true || !response.writableFinished) current?.destroy();
  });
  message.on('error', () => current?.destroy());
  const send = (): void => {
    let request: ClientRequest;
    try {
      request = origin.request({ method: message.method ?? 'GET', path, headers: [...headers, ...framingOf(message)] });
    } catch (error) {
      // Node.js refuses to send what it has itself received, such as a control character.
      fail(error);
      return;
    }
    current = request;
    request.on('error', (error) => {
      if (isStale(request, error) && isRepeatable(message) && !response.destroyed && !response.headersSent) send();
      else fail(error);
    });
    request.once('response', (answer) => {
      answered?.(answer.statusCode ?? 0);
      try {
        giveBack(answer, message, response);
      } catch (error) {
        request.destroy();
        fail(error);
      }
    });
    relayInformation(request, message, response, headers);
    if (isRepeatable(message)) {
      message.resume();
      request.end();
      return;
    }
    message.once('end', () => {
      if (isChunked(message)) request.addTrailers(trailersOf(message));
    });
    message.pipe(request);
  };
  send();
}

/** A kept connection that the origin closed while the request was on its way; a new one has never been used. */
function isStale(request: ClientRequest, error: unknown): boolean {
  return request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(codeOf(error));
}

/** RFC 9110, 9.2.2: sending it twice does what sending it once does; and there is no body that has gone by. */
function isRepeatable({ method, headers }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return REPEATABLE.has(method ?? '') && !hasBody && headers.expect === undefined;
}

function giveBack(answer: IncomingMessage, message: IncomingMessage, response: ServerResponse): void {
  // A client that has not sent its whole request could take the rest for the next one.
  const ending = message.complete ? [] : ['Connection', 'close'];
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', [...endToEnd(answer), ...ending]);
  answer.once('end', () => {
    if (isChunked(answer)) response.addTrailers(trailersOf(answer));
  });
  // What was cut off must not look whole.
  answer.once('close', () => {
    if (!answer.complete) response.destroy();
  });
  answer.on('error', () => response.destroy());
  answer.pipe(response);
}

/** Passes 1xx answers on. A client that waits to be told so sends its body when the origin says so. */
function relayInformation(
  request: ClientRequest,
  message: IncomingMessage,
  response: ServerResponse,
  headers: readonly string[],
): void {
  if (message.headers.expect !== undefined) {
    const asks = headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'expect');
    if (asks) request.flushHeaders();
    else response.writeContinue();
  }
  request.on('continue', () => {
    if (!response.headersSent && message.httpVersion === '1.1') response.writeContinue();
  });
  request.on('information', ({ statusCode, headers: hints }: InformationEvent) => {
    if (response.headersSent || message.httpVersion !== '1.1') return;
    if (statusCode === 102) response.writeProcessing();
    const { link, ...others } = hints;
    if (statusCode !== 103 || link === undefined) return;
    try {
      response.writeEarlyHints({ ...(others as Record<string, string>), link });
    } catch {
      // Hints may be left out; Node.js does not send a link that it does not understand.
    }
  });
}

/** The code of an error; a word in any case. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'UNKNOWN';
}
