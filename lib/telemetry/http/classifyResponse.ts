import { parseRetryAfter, type HttpOutcome } from './transport';
import { factsOf, parseJson } from '../../util/foreign';

/** What an HTTP outcome means for the logs that were sent. */
export type ResponseClass =
  /** `rejected`: positions of the logs that the service did not take, ascending. */
  | { readonly kind: 'accepted'; readonly rejected: readonly number[] }
  /** Worth trying again. `serverError`: the server failed on this very request. */
  | { readonly kind: 'retry'; readonly retryAfterMs: number | undefined; readonly serverError: boolean }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'not-found' }
  /** Somebody else answers: with another address, or with a web page. */
  | { readonly kind: 'redirected' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'aborted' };

const BUSY_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);
/** A server in trouble, gateways with numbers of their own (520 to 530) included, but for what it will never do. */
const LASTING_SERVER_ERRORS: ReadonlySet<number> = new Set([501, 505]);

/** `logs` is the number of logs in the request. */
export function classifyResponse(outcome: HttpOutcome, logs: number, wallNowMs: number): ResponseClass {
  switch (outcome.kind) {
    case 'response':
      return classifyStatus(outcome, logs, wallNowMs);
    case 'failed':
    case 'timeout':
      return { kind: 'retry', retryAfterMs: undefined, serverError: false };
    case 'invalid':
      return { kind: 'invalid' };
    case 'aborted':
      return { kind: 'aborted' };
  }
}

function classifyStatus(
  response: Extract<HttpOutcome, { kind: 'response' }>,
  logs: number,
  wallNowMs: number,
): ResponseClass {
  const { status } = response;
  if (isWebPage(response)) return { kind: 'redirected' };
  if (status >= 200 && status < 300) return { kind: 'accepted', rejected: rejectedLogs(response.body, logs) };
  if (status >= 300 && status < 400) return { kind: 'redirected' };
  if (BUSY_STATUSES.has(status) || (status >= 500 && !LASTING_SERVER_ERRORS.has(status))) {
    return {
      kind: 'retry',
      retryAfterMs: parseRetryAfter(response.retryAfter, wallNowMs),
      serverError: status === 500,
    };
  }
  if (status === 401 || status === 403) return { kind: 'unauthorized' };
  if (status === 404) return { kind: 'not-found' };
  return { kind: status === 413 ? 'too-large' : 'refused' };
}

/** Enough of a page to know it by. */
const PAGE_HEAD = 1024;

/** Whether a login page or a portal has answered in the place of a receiver of logs, as if all were well. */
export function isWebPage({ status, body = '' }: Extract<HttpOutcome, { kind: 'response' }>): boolean {
  return status >= 200 && status < 300 && /^\s*</.test(body) && /<html[\s>]/i.test(body.slice(0, PAGE_HEAD));
}

/**
 * Whether the outcome says that the host itself is in trouble. What depends on identity or content (400, 401, 403, 413)
 * does not: one tenant's token must not open the breaker for others.
 */
export function healthOf({ kind }: ResponseClass): 'healthy' | 'unhealthy' | 'unknown' {
  switch (kind) {
    case 'accepted':
      return 'healthy';
    case 'retry':
    case 'not-found':
    case 'redirected':
      return 'unhealthy';
    case 'unauthorized':
    case 'too-large':
    case 'refused':
    case 'invalid':
    case 'aborted':
      return 'unknown';
  }
}

/**
 * Positions of rejected logs. The service counts what it took (`numProtoSuccess`) and names the others in `errors` as
 * `protoLogs[<position>]: …`; when it does not name them all, the last ones count as rejected. A body that cannot be
 * read says nothing against the status, unless it is a web page.
 */
function rejectedLogs(body: string | undefined, logs: number): number[] {
  const answer = factsOf(parseJson(body ?? ''));
  const named = positions(answer['errors'], logs);
  const taken = answer['numProtoSuccess'];
  if (typeof taken !== 'number' || !(taken >= 0)) return named;
  const rejected = Math.max(0, logs - Math.floor(taken));
  if (named.length === rejected) return named;
  return Array.from({ length: rejected }, (_, index) => logs - rejected + index);
}

function positions(errors: unknown, logs: number): number[] {
  if (!Array.isArray(errors)) return [];
  const named = new Set<number>();
  const all: readonly unknown[] = errors;
  for (const error of all) {
    const position = typeof error === 'string' ? /^protoLogs\[(\d{1,9})\]/.exec(error)?.[1] : undefined;
    if (position !== undefined) named.add(Number(position));
  }
  return [...named].filter((position) => position >= 0 && position < logs).sort((a, b) => a - b);
}
