/** A path inside a JSON document, outermost name first. */
export type JsonPath = readonly string[];

/** Entries in the order in which their paths stand in one JSON document: those of one object side by side. */
export function inTreeOrder<T>(entries: readonly T[], pathOf: (entry: T) => JsonPath, depth = 0): T[] {
  const groups = new Map<string | undefined, T[]>();
  for (const entry of entries) {
    const name = pathOf(entry)[depth];
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [entry]);
    else group.push(entry);
  }
  return [...groups.values()].flatMap((group) => (group.length === 1 ? group : inTreeOrder(group, pathOf, depth + 1)));
}

/** The text between the value at `last` (undefined: the beginning of the document) and the value at `next`. */
export function joint(last: JsonPath | undefined, next: JsonPath, quote: string): string {
  const parents = next.slice(0, -1);
  let shared = 0;
  if (last !== undefined) while (shared < last.length - 1 && last[shared] === parents[shared]) shared += 1;
  const closing = last === undefined ? '{' : `${'}'.repeat(last.length - 1 - shared)},`;
  const opening = parents.slice(shared).map((name) => `${quote}${name}${quote}:{`);
  return `${closing}${opening.join('')}${quote}${next.at(-1)}${quote}:`;
}

/** The text after the last value of the document. */
export function ending(last: JsonPath | undefined): string {
  return last === undefined ? '{}' : '}'.repeat(last.length);
}
