import type { VolumeStore } from '../engine/VolumeStore';
import type { Route } from '../http/exchange';
import { bytesReply, errorReply } from '../http/reply';

const METHODS = new Set(['GET', 'PUT', 'DELETE']);

/** `/volumes/…`: one file, through a link that a PUT, GET or REMOVE statement issued. */
export function volumesRoute(volumes: VolumeStore): Route {
  return async ({ request, query, body }) => {
    if (!METHODS.has(request.method)) return errorReply(405, 'METHOD_NOT_ALLOWED', 'GET, PUT or DELETE');
    const access = await volumes.access(request.method, request.path, query, body);
    switch (access.kind) {
      case 'read':
        return bytesReply(200, 'application/octet-stream', access.body);
      case 'written':
        return bytesReply(200, 'application/octet-stream', Buffer.alloc(0));
      case 'removed':
        return { status: 204, headers: {}, body: Buffer.alloc(0) };
      case 'denied':
        return errorReply(access.status, 'ACCESS_DENIED', access.reason);
    }
  };
}
