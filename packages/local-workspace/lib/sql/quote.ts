/** A DuckDB string literal. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Ends a name that DuckDB cannot have as it is: an empty one, and one that its relation has already, before a number. */
export const AGAIN = '\u0002\u001f\u0002';

/** A DuckDB identifier. */
export function identifier(name: string): string {
  return `"${(name || AGAIN).replaceAll('"', '""').replaceAll('\0', '\ufffd')}"`;
}

/** The name that clients see. */
export function shownName(name: string): string {
  return name.split(AGAIN, 1)[0] ?? name;
}
