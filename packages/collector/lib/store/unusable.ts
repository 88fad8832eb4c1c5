/** DuckDB's errors have no code. */
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether another process has the file. */
export const isLock = (error: unknown): boolean => /could not set lock/i.test(messageOf(error));

/** `IO Error: Could not write file "…": No space left on device` in a sentence that names `folder`; other errors as they are. */
export function unusable(folder: string, error: unknown): unknown {
  const reason = /^(?:IO|TransactionContext) Error: [^]*": ([^:"]+)$/.exec(messageOf(error))?.[1];
  if (reason === undefined || isLock(error)) return error;
  return new Error(`${folder} cannot be used: ${reason[0]?.toLowerCase()}${reason.slice(1)}.`, { cause: error });
}
