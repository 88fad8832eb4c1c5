import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { TenantRegistry, TokenCheck } from '../auth/tenants';
import type { ReceivedStore } from '../received/ReceivedStore';
import type { FileDownload, ReceivedRequest } from '../received/types';
import { seaCallOf } from '../sea/calls';
import { peekRpcName } from '../thrift/codec';
import { readBody } from './body';
import type { CallName } from './calls';
import type { Exchange, Route } from './exchange';
import type { FaultScript, FaultSpec } from './faults';
import { bytesReply, errorReply, type Reply } from './reply';
import { routeOf, type RouteName } from './routes';
import { send } from './send';

export interface DispatcherParts {
  routes: Record<RouteName, Route>;
  tenants: TenantRegistry;
  faults: FaultScript;
  received: ReceivedStore;
  maxBodyBytes: number;
  log: (line: string) => void;
  /** Resets the connection of a socket. */
  reset: (socket: Socket | null) => void;
  /** Called for every attempt to download a result file. */
  onDownload: (path: string, download: FileDownload) => void;
}

/** Routes that need a valid bearer token. */
const PROTECTED: ReadonlySet<RouteName> = new Set<RouteName>(['thrift', 'sea', 'feature-flags', 'telemetry-ext']);

/** From a raw HTTP message to a recorded, faulted, authenticated and answered request. */
export class Dispatcher {
  private nextId = 1;

  constructor(private readonly parts: DispatcherParts) {}

  /** Never throws or rejects, whatever the client sent. */
  readonly handle = (message: IncomingMessage, response: ServerResponse): void => {
    this.serve(message, response).catch((error: unknown) => {
      this.parts.log(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      response.destroy();
    });
  };

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const url = message.url ?? '/';
    const [path = '/', search = ''] = splitUrl(url);
    const check = this.parts.tenants.check(message.headers.authorization);
    const request: ReceivedRequest = {
      id: this.nextId++,
      method: message.method ?? 'GET',
      url,
      path,
      route: routeOf(path),
      headers: { ...message.headers },
      at: Date.now(),
      bytes: 0,
      status: undefined,
      responseBytes: 0,
      durationMs: undefined,
      faulted: false,
      ...(check.kind === 'valid' ? { tenant: check.tenant.name, token: check.token } : {}),
    };
    if (request.route !== 'admin') this.parts.received.addRequest(request);
    const read = await readBody(message, this.parts.maxBodyBytes);
    const finish = async (reply: Reply, fault?: FaultSpec): Promise<void> => {
      request.status = reply.status;
      const download = { status: reply.status, bytes: 0, at: request.at };
      if (request.route === 'cloudfetch') this.parts.onDownload(path, download);
      request.responseBytes = await send(response, reply, fault, this.parts.reset);
      download.bytes = request.responseBytes;
      request.durationMs = performance.now() - started;
      this.parts.log(
        `${request.method} ${path}${request.rpc ? ` ${request.rpc}` : ''} ${reply.status} ${request.durationMs.toFixed(1)} ms`,
      );
    };
    if (read.kind === 'aborted') return;
    if (read.kind === 'too-large') {
      await finish(errorReply(413, 'MAX_REQUEST_SIZE_EXCEEDED', 'The request body is too large'));
      return;
    }
    request.bytes = read.body.length;
    const rpc = callOf(request, read.body);
    if (rpc) request.rpc = rpc;
    const fault = this.parts.faults.take({ route: request.route, path, rpc: request.rpc, tenant: request.tenant });
    if (fault) {
      request.faulted = true;
      if (fault.delayMs !== undefined) await delay(fault.delayMs, undefined, { ref: false });
      if (await this.endsHere(fault, response, finish)) return;
    }
    const exchange: Exchange = {
      request,
      query: new URLSearchParams(search),
      body: read.body,
      remoteAddress: message.socket.remoteAddress,
      tenant: check.kind === 'valid' ? check.tenant : undefined,
      token: check.kind === 'valid' ? check.token : undefined,
      fault,
    };
    await finish(await this.reply(exchange, check), fault);
  }

  /** Whether `fault` answers (or deliberately does not answer) in place of the route. */
  private async endsHere(
    fault: FaultSpec,
    response: ServerResponse,
    finish: (reply: Reply, fault?: FaultSpec) => Promise<void>,
  ): Promise<boolean> {
    switch (fault.action) {
      case 'hang':
        return true;
      case 'reset':
        this.parts.reset(response.socket);
        return true;
      case 'refuse':
        response.socket?.destroy();
        return true;
      default:
    }
    if (fault.status === undefined) return false;
    const body = Buffer.from(fault.body ?? '');
    await finish({ ...bytesReply(fault.status, 'text/plain', body), headers: fault.headers ?? {} }, fault);
    return true;
  }

  private async reply(exchange: Exchange, check: TokenCheck): Promise<Reply> {
    const { route } = exchange.request;
    if (PROTECTED.has(route) && check.kind !== 'valid') return unauthorized(check);
    const reply = await this.parts.routes[route](exchange);
    const { fault } = exchange;
    if (fault?.body !== undefined) reply.body = Buffer.from(fault.body);
    return fault?.headers ? { ...reply, headers: { ...reply.headers, ...fault.headers } } : reply;
  }
}

function callOf({ route, method, path }: ReceivedRequest, body: Buffer): CallName | undefined {
  if (route === 'thrift') return peekRpcName(body);
  return route === 'sea' ? seaCallOf(method, path)?.name : undefined;
}

function unauthorized(check: TokenCheck): Reply {
  const message =
    check.kind === 'missing'
      ? 'Credential was not sent or was of an unsupported type for this API.'
      : check.kind === 'expired'
        ? 'The access token has expired.'
        : check.kind === 'revoked'
          ? 'The access token was revoked.'
          : 'Invalid access token.';
  const reply = errorReply(401, 'UNAUTHENTICATED', message);
  return { ...reply, headers: { ...reply.headers, 'www-authenticate': 'Bearer' } };
}

function splitUrl(url: string): [string, string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}
