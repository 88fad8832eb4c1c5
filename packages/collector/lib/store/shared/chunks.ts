const CHUNK = 2_000;

/** Parts of `values` that a list in a statement can hold. */
export function inChunks<T>(values: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < values.length; i += CHUNK) chunks.push(values.slice(i, i + CHUNK));
  return chunks;
}
