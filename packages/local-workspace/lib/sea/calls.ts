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
  | { name: 'CreateSession'; place: Place }
  | { name: 'DeleteSession'; sessionId: string }
  | { name: 'ExecuteStatement'; place: Place }
  | { name: 'GetStatement'; statementId: string; statusOnly: boolean }
  | { name: 'CancelStatement' | 'CloseStatement'; statementId: string }
  | { name: 'GetResultChunk'; statementId: string; chunkIndex: number };

/** What the path says instead of the body, in the form that the driver for JDBC uses. */
export interface Place {
  warehouseId: string | undefined;
  sessionId: string | undefined;
}

const PLAIN =
  /^\/api\/2\.0\/sql\/(sessions|statements)(?:\/([^/]+)(?:\/(cancel|status|result\/chunks\/\d{1,9}))?)?\/?$/;
const OF_WAREHOUSE =
  /^\/api\/2\.0\/sql\/warehouses\/([^/]+)\/sessions(?:\/([^/]+)(?:\/(statements)(?:\/([^/]+))?)?)?\/?$/;

export function isSeaPath(path: string): boolean {
  return PLAIN.test(path) || OF_WAREHOUSE.test(path);
}

/** Undefined for what is no call. Total. */
export function seaCallOf(method: string, path: string): SeaCall | undefined {
  const [whole, warehouseId, owner, statements, statement] = OF_WAREHOUSE.exec(path) ?? [];
  if (whole === undefined) {
    const [, resource, id, action] = PLAIN.exec(path) ?? [];
    const place = { warehouseId: undefined, sessionId: undefined };
    if (resource === 'sessions') return action === undefined ? sessionCall(method, id, place) : undefined;
    return resource === 'statements' ? statementCall(method, id, action, place) : undefined;
  }
  if (statements === undefined) return sessionCall(method, owner, { warehouseId, sessionId: undefined });
  return statementCall(method, statement, undefined, { warehouseId, sessionId: owner });
}

function sessionCall(method: string, id: string | undefined, place: Place): SeaCall | undefined {
  if (id === undefined) return method === 'POST' ? { name: 'CreateSession', place } : undefined;
  return method === 'DELETE' ? { name: 'DeleteSession', sessionId: id } : undefined;
}

function statementCall(
  method: string,
  statementId: string | undefined,
  action: string | undefined,
  place: Place,
): SeaCall | undefined {
  if (statementId === undefined) return method === 'POST' ? { name: 'ExecuteStatement', place } : undefined;
  switch (`${method} ${action ?? ''}`) {
    case 'GET ':
      return { name: 'GetStatement', statementId, statusOnly: false };
    case 'GET status':
      return { name: 'GetStatement', statementId, statusOnly: true };
    case 'DELETE ':
      return { name: 'CloseStatement', statementId };
    case 'POST cancel':
      return { name: 'CancelStatement', statementId };
    default: {
      const chunkIndex = Number(action?.split('/')[2] ?? Number.NaN);
      return method === 'GET' && !Number.isNaN(chunkIndex)
        ? { name: 'GetResultChunk', statementId, chunkIndex }
        : undefined;
    }
  }
}
