import type { Route } from '../http/exchange';
import { bytesReply, errorReply } from '../http/reply';
import type { FileStore } from '../results/FileStore';

/** `GET /cloudfetch/<id>?…`: a result file, for whoever holds a valid link. */
export function cloudFetchRoute(files: FileStore): Route {
  return async ({ request, query }) => {
    if (request.method !== 'GET') return errorReply(405, 'METHOD_NOT_ALLOWED', 'Only GET is supported');
    const id = request.path.slice('/cloudfetch/'.length);
    const access = await files.open(id, query);
    if (access.kind === 'denied') return errorReply(access.status, 'ACCESS_DENIED', access.reason);
    return bytesReply(200, 'application/octet-stream', access.body);
  };
}
