import { fork, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';

/** Runs `file` with `task` as its argument and returns the one message that it sends; rejects when it ends without. */
export async function answerOf<T>(file: string, task: unknown, options: ForkOptions = {}): Promise<T> {
  const child = fork(file, [JSON.stringify(task)], { execArgv: [], ...options });
  const ended = once(child, 'exit').then(([code]): never => {
    throw new Error(`${file} ended with ${String(code)}`);
  });
  ended.catch(() => undefined);
  try {
    const [answer] = (await Promise.race([once(child, 'message'), ended])) as [T];
    return answer;
  } finally {
    if (child.connected) child.disconnect();
  }
}

/** What `answerOf` has passed to this process. */
export function taskOf<T>(): T {
  return JSON.parse(process.argv[2] ?? '') as T;
}

/** Sends the message that `answerOf` waits for, and ends this process once it is under way. */
export function answer(message: object): void {
  process.send?.(message, () => process.exit());
}

/** The results of `work` on each of `items`, in their order, `workers` at a time. */
export async function inParallel<I, R>(
  items: readonly I[],
  workers: number,
  work: (item: I) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, worker));
  return results;
}
