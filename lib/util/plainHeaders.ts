/** Any form of headers the driver knows as a plain object; names as they were written. */
export function toPlainHeaders(headers: unknown): Record<string, string> | undefined {
  if (headers === undefined || headers === null) return undefined;
  const iterable = headers as Iterable<readonly [string, string]>;
  if (typeof iterable[Symbol.iterator] === 'function') {
    return Object.fromEntries([...iterable].map(([name, value]) => [name, String(value)]));
  }
  return Object.fromEntries(Object.entries(headers as Record<string, unknown>).map(([k, v]) => [k, String(v)]));
}
