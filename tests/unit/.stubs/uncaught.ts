/** What this process was told that nobody caught, after everything that was due. */
export async function uncaught(work: () => void | Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const note = (thrown: unknown): void => void seen.push(thrown);
  process.prependListener('unhandledRejection', note);
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeListener('unhandledRejection', note);
  }
  return seen;
}
