import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when `work` has ended, and after `ms` in any case. Rejects as `work` does until then. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, sleep(ms, undefined, { ref: false })]);
}
