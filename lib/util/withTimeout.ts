export type Settled<T> =
  | { readonly kind: 'fulfilled'; readonly value: T }
  | { readonly kind: 'rejected'; readonly reason: unknown }
  | { readonly kind: 'timeout' };

/** How `promise` ends, waited for at most `ms` and until `signal` aborts. Never rejects; the timer is unref'd. */
export function settleWithin<T>(promise: Promise<T>, ms: number, signal?: AbortSignal): Promise<Settled<T>> {
  return new Promise((resolve) => {
    const finish = (result: Settled<T>): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      resolve(result);
    };
    const giveUp = (): void => finish({ kind: 'timeout' });
    const timer = setTimeout(giveUp, ms).unref();
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted) giveUp();
    promise.then(
      (value) => finish({ kind: 'fulfilled', value }),
      (reason: unknown) => finish({ kind: 'rejected', reason }),
    );
  });
}
