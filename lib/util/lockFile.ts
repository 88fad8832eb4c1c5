import { lstat, open, rm } from 'node:fs/promises';
import { systemClock } from './clock';
import { factsOf } from './foreign';

/** Gives a lock back. Never rejects. */
export type Unlock = () => Promise<void>;

/**
 * Takes a lock among processes, which is the file `lock` for as long as it is held; undefined while somebody holds it. One
 * that is older than `staleMs` is of a process that was killed: it is removed for whoever asks next. Rejects as the file
 * system does.
 */
export async function takeLock(lock: string, staleMs: number): Promise<Unlock | undefined> {
  const taken = await open(lock, 'wx', 0o600).catch((failure: unknown) => {
    if (factsOf(failure)['code'] !== 'EEXIST') throw failure;
    return undefined;
  });
  if (taken === undefined) {
    const found = await lstat(lock).catch(() => undefined);
    // From the future too: the clock has been set back since.
    if (found !== undefined && Math.abs(systemClock.epochMs() - found.mtimeMs) > staleMs)
      await rm(lock, { force: true });
    return undefined;
  }
  await taken.close();
  return () => rm(lock, { force: true }).catch(() => undefined);
}
