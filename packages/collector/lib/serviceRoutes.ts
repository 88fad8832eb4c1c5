import type { LiveHealth } from './api/Endpoint';
import { sendError } from './http/reply';
import type { Exchange, Route } from './http/Router';
import type { Metrics } from './out/Metrics';
import type { Receiver } from './receive/Receiver';
import type { Steering } from './steering/Steering';

export interface ServiceParts {
  readonly receiver: Receiver;
  readonly steering: Steering;
  readonly metrics: Metrics;
  readonly liveHealth: () => Promise<LiveHealth>;
}

const TELEMETRY_PATHS = ['/telemetry-ext', '/telemetry-unauth'].flatMap((path) => [path, `/api/2.0/sql${path}`]);
const FLAGS_PATH = '/api/2.0/connector-service/feature-flags/:client/:version';

/** What senders and whoever runs the collector ask: telemetry, flags, health, metrics. */
export function serviceRoutes({ receiver, steering, metrics, liveHealth }: ServiceParts): Route[] {
  const flags = (method: 'GET' | 'POST'): Route => ({
    method,
    path: FLAGS_PATH,
    role: 'send',
    handle: (exchange) => steering.answerFlags(exchange),
  });
  return [
    ...TELEMETRY_PATHS.map((path): Route => ({
      method: 'POST',
      path,
      role: 'send',
      handle: (exchange) => receiver.receive(exchange),
    })),
    flags('GET'),
    flags('POST'),
    { method: 'GET', path: '/healthz', role: 'open', handle: ({ response }) => sendText(response, 'ok\n') },
    { method: 'GET', path: '/readyz', role: 'open', handle: (exchange) => ready(exchange, liveHealth) },
    {
      method: 'GET',
      path: '/metrics',
      role: 'read',
      async handle({ message, response }) {
        const { type, body } = await metrics.text(await liveHealth(), message.headers.accept);
        sendText(response, body, type);
      },
    },
  ];
}

async function ready({ response }: Exchange, liveHealth: () => Promise<LiveHealth>): Promise<void> {
  const { journal, store } = await liveHealth();
  if (journal.failure !== null) sendError(response, 503, 'journal_failed', 'The journal cannot be written.');
  else if (store.failure !== null) sendError(response, 503, 'store_failed', 'The store cannot load.');
  else sendText(response, 'ready\n');
}

function sendText(response: Exchange['response'], body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
