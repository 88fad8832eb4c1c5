import type { Asking, Endpoint, LiveHealth } from './Endpoint';
import type { Role } from '../http/Access';
import type { ByteBudget } from '../http/ByteBudget';
import { Places } from '../http/Places';
import { readBody } from '../http/readBody';
import { goneOf, HttpError, sendJson } from '../http/reply';
import type { Exchange, Route } from '../http/Router';
import { Turns } from '../http/Turns';
import { hostIn } from '../receive/connectionFacts';
import type { Retention } from '../Retention';
import type { Steering } from '../steering/Steering';
import type { Removal, Store } from '../store/Store';
import { ENDPOINTS } from './endpoints';
import { exportStatements } from './exportRoute';
import type { Live } from './Live';
import { openApi } from './openapi';
import { OPERATIONS } from './operations';
import { Parameters, refuseOthers } from './parameters';
import { HISTORY_TYPES, readHistory, type HistoryUpload } from '../history/readHistory';

export interface ApiParts {
  readonly store: Store;
  readonly steering: Steering;
  readonly live: Live;
  readonly retention: Retention;
  readonly budget: ByteBudget;
  readonly version: string;
  readonly warehouseNames: Readonly<Record<string, string>>;
  readonly liveHealth: () => Promise<LiveHealth>;
}

const BASE = '/api/v1';
const HISTORY_LIMITS = { maxBytes: 32 * 2 ** 20, maxDecodedBytes: 128 * 2 ** 20 };
const MALFORMED = 'The body is not what its content type says, or has no columns `statement_id` and `start_time`.';
/** Each is read in a thread of its own. */
const HISTORIES_AT_ONCE = 2;
/** Few are answered at a time; the others wait, in memory. */
const QUESTIONS_AT_ONCE = 1_000;
/** Each is a file on the disk until its reader has all of it. */
const EXPORTS_AT_ONCE = 4;

/** The routes of the API. */
export function apiRoutes(parts: ApiParts): Route[] {
  const places = new Places(QUESTIONS_AT_ONCE, 'too_many_questions', 5);
  const questions = ENDPOINTS.map((endpoint): Route => ({
    method: 'GET',
    path: BASE + endpoint.path,
    role: 'read',
    handle: (exchange) => places.hold(() => answer(endpoint, parts, exchange)),
  }));
  return [...questions, ...[...readRoutes(parts), ...adminRoutes(parts)].map(withItsParameters)];
}

/** A parameter that the operation does not have is refused before anything is done. */
function withItsParameters(route: Route): Route {
  const operation = OPERATIONS.find(
    ({ method, path }) => method.toUpperCase() === route.method && BASE + path === route.path,
  );
  return {
    ...route,
    handle: async (exchange) => {
      refuseOthers(exchange.url.searchParams, operation?.parameters ?? []);
      await route.handle(exchange);
    },
  };
}

async function answer(endpoint: Endpoint, parts: ApiParts, { response, url, path }: Exchange): Promise<void> {
  const nowMs = Date.now();
  const parameters = new Parameters(url.searchParams, endpoint.parameters, nowMs);
  const gone = goneOf(response);
  const store: Asking = { query: (name, asked) => parts.store.query(name, asked, gone) };
  sendJson(response, 200, await endpoint.ask({ ...parts, store, nowMs }, parameters, path));
}

/** What is read otherwise than by a question. */
function readRoutes({ store, steering, live, version }: ApiParts): Route[] {
  const exports = new Places(EXPORTS_AT_ONCE, 'too_many_exports', 30);
  const document = openApi(version);
  const reading = (path: string, handle: Route['handle'], role: Role = 'read'): Route => ({
    method: 'GET',
    path: BASE + path,
    role,
    handle,
  });
  return [
    reading('/openapi.json', ({ response }) => sendJson(response, 200, document), 'open'),
    reading('/export', (exchange) => exports.hold(() => exportStatements(store, exchange))),
    reading('/live', (exchange) => live.watch(exchange)),
    reading('/configuration', async ({ response }) => sendJson(response, 200, await steering.view())),
  ];
}

/** What changes something. */
function adminRoutes({ store, steering, retention, budget }: ApiParts): Route[] {
  const histories = new Turns(HISTORIES_AT_ONCE);
  const admin = (method: Route['method'], path: string, handle: Route['handle']): Route => ({
    method,
    path: BASE + path,
    role: 'admin',
    handle,
  });
  return [
    admin('PUT', '/configuration', (exchange) => steering.set(exchange)),
    admin('DELETE', '/configuration', (exchange) => steering.remove(exchange)),
    {
      ...admin('POST', '/query-history', (exchange) => takeHistory(store, budget, histories, exchange)),
      accepts: HISTORY_TYPES,
    },
    admin('DELETE', '/statements', async ({ response, url }) =>
      sendJson(response, 200, { removed: await store.remove(removalOf(url.searchParams)) }),
    ),
    admin('POST', '/expire', async ({ response, url }) => {
      const dryRun = new Parameters(url.searchParams, ['dryRun'], Date.now()).flag('dryRun');
      sendJson(response, 200, { ...(await retention.expire(dryRun)), dryRun });
    }),
    admin('POST', '/backup', async ({ response }) => sendJson(response, 200, { folder: await store.backup() })),
  ];
}

async function takeHistory(
  store: Store,
  budget: ByteBudget,
  turns: Turns,
  { message, response }: Exchange,
): Promise<void> {
  const type = (message.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  await budget.leased(async (lease) => {
    const bytes = await readBody(message, HISTORY_LIMITS, lease);
    sendJson(response, 200, await turns.run(() => addHistory(store, { bytes, type })));
  });
}

async function addHistory(store: Store, upload: HistoryUpload): Promise<{ accepted: number; rejected: number }> {
  const total = { accepted: 0, rejected: 0 };
  const parts = readHistory(upload);
  for (;;) {
    const part = await parts.next().catch(() => {
      throw new HttpError(400, 'malformed_body', MALFORMED);
    });
    if (part.done === true) break;
    total.accepted += await store.addHistory(part.value.rows);
    total.rejected += part.value.rejected;
  }
  return total;
}

function removalOf(query: URLSearchParams): Removal {
  const parameters = new Parameters(query, ['host', 'session', 'application'], 0);
  const [host, session, application] = ['host', 'session', 'application'].map((name) => parameters.text(name));
  const given = [host, session, application].filter((value) => value !== undefined);
  if (given.length === 1) {
    if (host !== undefined) return { kind: 'host', host: hostIn(host) ?? host };
    if (session !== undefined) return { kind: 'session', sessionId: session };
    if (application !== undefined) return { kind: 'application', application };
  }
  throw new HttpError(400, 'invalid_parameter', 'Give exactly one of host, session and application.');
}
