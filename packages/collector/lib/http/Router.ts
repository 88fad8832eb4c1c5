import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LogLine } from '../options';
import type { Access, Role } from './Access';
import { hostFits, isForeign, type HostRules } from './originCheck';
import type { RateLimit } from './RateLimit';
import { HttpError, sendError } from './reply';

export interface Exchange {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** What the placeholders of the path stand for, decoded. */
  readonly path: Readonly<Record<string, string>>;
  /** Whether the request's token still is one: an answer without end has to ask again. */
  readonly isStillGranted: () => boolean;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/a/:name` */
  readonly path: string;
  readonly role: Role;
  /** Content types of the body that are taken; JSON when not given. */
  readonly accepts?: readonly string[];
  readonly handle: (exchange: Exchange) => Promise<void> | void;
}

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
}

export interface RouterOptions extends HostRules {
  readonly secure: boolean;
  readonly access: Access;
  readonly rate: RateLimit;
  readonly log: (line: LogLine) => void;
  /** What an error of a handler is answered with; undefined: it is the collector's fault. */
  readonly refusalOf: (error: unknown) => HttpError | undefined;
}

const JSON_TYPES = ['application/json'];

/** Who is asked what: every check that comes before a handler stands here, in order. */
export class Router {
  private readonly routes: readonly Compiled[];

  constructor(
    routes: readonly Route[],
    private readonly options: RouterOptions,
  ) {
    this.routes = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  }

  /** Answers every request, whatever it is. Never throws. */
  handle(message: IncomingMessage, response: ServerResponse): void {
    this.answer(message, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      const refusal = error instanceof HttpError ? error : this.options.refusalOf(error);
      if (refusal !== undefined) {
        sendError(response, refusal.status, refusal.code, refusal.message, refusal.headers, refusal.told);
      } else if (message.readableAborted || message.destroyed) {
        response.destroy();
      } else {
        const text = error instanceof Error ? error.message : 'unknown';
        this.options.log({ level: 'error', event: 'request_failed', message: text });
        sendError(response, 500, 'internal', 'The collector could not answer. Its log says why.');
      }
    });
  }

  private async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { secure, access, rate } = this.options;
    if (!hostFits(message, this.options)) {
      throw new HttpError(421, 'wrong_host', 'The Host header does not name this collector (see allowedHosts).');
    }
    if (isForeign(message, secure))
      throw new HttpError(403, 'foreign_origin', 'Requests of other origins are refused.');
    if (!rate.allows(message.socket.remoteAddress ?? '', performance.now())) {
      throw new HttpError(429, 'too_many_requests', 'Too many requests.', { 'retry-after': '1' });
    }
    const url = urlOf(message);
    const { route, path } = this.find(message.method ?? 'GET', url.pathname);
    switch (access.decide(route.role, message)) {
      case 'unauthorized':
        throw new HttpError(401, 'unauthorized', 'A token is needed: Authorization: Bearer <token>.', {
          'www-authenticate': 'Bearer',
        });
      case 'forbidden':
        throw new HttpError(403, 'forbidden', 'This token is for something else.');
      case 'granted':
    }
    checkContentType(message, route);
    const isStillGranted = (): boolean => access.decide(route.role, message) === 'granted';
    await route.handle({ message, response, url, path, isStillGranted });
  }

  private find(method: string, pathname: string): { route: Route; path: Record<string, string> } {
    const asked = method === 'HEAD' ? 'GET' : method;
    const matches = this.routes.flatMap(({ route, pattern }) => {
      const match = pattern.exec(pathname);
      return match === null ? [] : [{ route, match }];
    });
    const found = matches.find(({ route }) => route.method === asked);
    if (found !== undefined) return { route: found.route, path: decoded(found.match.groups ?? {}) };
    if (matches.length === 0) throw new HttpError(404, 'not_found', 'There is nothing at this path.');
    const allow = matches.map(({ route }) => route.method).join(', ');
    throw new HttpError(405, 'method_not_allowed', `Only ${allow}.`, { allow });
  }
}

function patternOf(path: string): RegExp {
  const source = path.replaceAll(/[.]/g, String.raw`\.`).replaceAll(/:(\w+)/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source}$`);
}

function decoded(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new HttpError(400, 'malformed_path', 'The path is not well encoded.');
  }
}

function urlOf(message: IncomingMessage): URL {
  try {
    return new URL(message.url ?? '/', 'http://collector');
  } catch {
    throw new HttpError(400, 'malformed_path', 'The path is not well formed.');
  }
}

function checkContentType(message: IncomingMessage, route: Route): void {
  if (route.method !== 'POST' && route.method !== 'PUT') return;
  const type = (message.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const accepted = route.accepts ?? JSON_TYPES;
  if (!accepted.includes(type)) {
    throw new HttpError(415, 'unsupported_media_type', `The content type must be ${accepted.join(' or ')}.`);
  }
}
