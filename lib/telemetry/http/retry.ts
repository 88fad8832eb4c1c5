/** A server that asks for more is asked again after this time. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/** Random delay before retry number `attempt` (from 0): uniform between 0 and a bound that doubles up to `maxMs`. */
export function fullJitterMs(attempt: number, baseMs: number, maxMs: number): number {
  return Math.random() * Math.min(maxMs, baseMs * 2 ** attempt);
}

/** Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date. Undefined when it says nothing usable. */
export function parseRetryAfter(header: string | undefined, wallNowMs = Date.now()): number | undefined {
  const value = header?.trim() ?? '';
  const delayMs = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : httpDateMs(value) - wallNowMs;
  return Number.isNaN(delayMs) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, delayMs));
}

/** `Date.parse` takes nearly anything; an HTTP date starts with the day of the week. */
function httpDateMs(value: string): number {
  return /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(value) ? Date.parse(value) : NaN;
}

/** Resolves after `ms`, or as soon as `signal` aborts. The timer does not keep the process alive. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms).unref();
    signal?.addEventListener('abort', done);
    return undefined;
  });
}
