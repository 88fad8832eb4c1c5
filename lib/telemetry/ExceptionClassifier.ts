import AuthenticationError from '@databricks/sql/dist/errors/AuthenticationError';
import RetryError from '@databricks/sql/dist/errors/RetryError';

type Verdict = 'terminal' | 'retryable' | 'unknown';

const TERMINAL_STATUSES: ReadonlySet<unknown> = new Set([400, 401, 403, 404]);
const RETRYABLE_STATUSES: ReadonlySet<unknown> = new Set([429, 500, 502, 503, 504]);

/** Resets and timeouts of the network. `ENOTFOUND` is not among them: a name that does not exist stays so. */
const RETRYABLE_CODES: ReadonlySet<unknown> = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EPIPE',
  'EAI_AGAIN',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** `type` of a node-fetch `FetchError`. */
const RETRYABLE_FETCH_TYPES: ReadonlySet<unknown> = new Set(['request-timeout', 'body-timeout']);

/** An error may wrap the one that decides; a cycle must end. */
const MAX_CAUSES = 4;

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function httpStatus(error: unknown): unknown {
  return property(error, 'statusCode') ?? property(error, 'status') ?? property(property(error, 'response'), 'status');
}

/** What one error says by itself; a class outranks a status, a status outranks a code. */
function verdictOf(error: unknown): Verdict {
  if (error instanceof AuthenticationError) return 'terminal';
  if (error instanceof RetryError) return 'retryable';
  const status = httpStatus(error);
  if (status !== undefined) {
    if (TERMINAL_STATUSES.has(status)) return 'terminal';
    if (RETRYABLE_STATUSES.has(status)) return 'retryable';
  }
  const code = property(error, 'code');
  if (code !== undefined && RETRYABLE_CODES.has(code)) return 'retryable';
  const type = property(error, 'type');
  if (type !== undefined && RETRYABLE_FETCH_TYPES.has(type)) return 'retryable';
  return property(error, 'name') === 'TimeoutError' ? 'retryable' : 'unknown';
}

function classify(error: unknown): Verdict {
  try {
    let current = error;
    for (let depth = 0; depth < MAX_CAUSES && current !== undefined; depth += 1) {
      const verdict = verdictOf(current);
      if (verdict !== 'unknown') return verdict;
      current = property(current, 'cause');
    }
  } catch {
    // A getter or proxy trap of the thrown value threw: nothing can be said about it.
  }
  return 'unknown';
}

/**
 * Says of anything that can be thrown whether trying again could help. Decides by class, status and code, never by text.
 * Never throws; never both; a value that says nothing is neither.
 */
export class ExceptionClassifier {
  /** Authentication errors and the statuses 400, 401, 403, 404: the same request fails again. */
  static isTerminal(error: unknown): boolean {
    return classify(error) === 'terminal';
  }

  /** Statuses 429, 500, 502, 503, 504, timeouts and resets of the network, retry errors of the driver. */
  static isRetryable(error: unknown): boolean {
    return classify(error) === 'retryable';
  }
}
