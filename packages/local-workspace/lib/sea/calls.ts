/** The calls of the Statement Execution API, and of the sessions that drivers open beside it. */
export const SEA_CALLS = [
  'CreateSession',
  'DeleteSession',
  'ExecuteStatement',
  'GetStatement',
  'GetResultChunk',
  'CancelStatement',
  'CloseStatement',
] as const;

export type SeaCallName = (typeof SEA_CALLS)[number];

/** A call as its method and path spell it. */
export type SeaCall =
  | { name: 'CreateSession' | 'ExecuteStatement' }
  | { name: 'DeleteSession'; sessionId: string }
  | { name: 'GetStatement' | 'CancelStatement' | 'CloseStatement'; statementId: string }
  | { name: 'GetResultChunk'; statementId: string; chunkIndex: number };

export const SEA_PATH =
  /^\/api\/2\.0\/sql\/(sessions|statements)(?:\/([^/]+))?(?:\/(cancel|result\/chunks\/(\d{1,9})))?\/?$/;

/** Undefined for what is no call. Total. */
export function seaCallOf(method: string, path: string): SeaCall | undefined {
  const [, resource, id, action, chunk] = SEA_PATH.exec(path) ?? [];
  if (id === undefined) {
    if (method !== 'POST' || action !== undefined) return undefined;
    if (resource === 'sessions') return { name: 'CreateSession' };
    return resource === 'statements' ? { name: 'ExecuteStatement' } : undefined;
  }
  if (resource === 'sessions') {
    return method === 'DELETE' && action === undefined ? { name: 'DeleteSession', sessionId: id } : undefined;
  }
  if (action === 'cancel') return method === 'POST' ? { name: 'CancelStatement', statementId: id } : undefined;
  if (chunk !== undefined) {
    return method === 'GET' ? { name: 'GetResultChunk', statementId: id, chunkIndex: Number(chunk) } : undefined;
  }
  if (method === 'GET') return { name: 'GetStatement', statementId: id };
  return method === 'DELETE' ? { name: 'CloseStatement', statementId: id } : undefined;
}
