/** DuckDB's lock keeps other processes out, but not a second collector of the same one. */
const held = new Set<string>();

/** Takes `folder` for one collector of this process; throws when it is taken. Returns what gives it back. */
export function holdFolder(folder: string): () => void {
  if (held.has(folder)) throw new Error(`The data folder is in use by this process: ${folder}`);
  held.add(folder);
  return () => held.delete(folder);
}
