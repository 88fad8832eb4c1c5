import { authorityOf, header, type Route } from '../http/exchange';
import { bytesReply, errorReply } from '../http/reply';
import { processCall } from '../thrift/codec';
import { failure } from '../thrift/status';
import type { ThriftService } from '../thrift/ThriftService';

export interface ThriftRouteSettings {
  service: ThriftService;
  warehouseId: string;
  orgId: string | undefined;
  /** Authority for links when a client sends no Host header. */
  authority: () => string;
}

/** One Thrift call per POST. */
export function thriftRoute(settings: ThriftRouteSettings): Route {
  return async (exchange) => {
    const { request, tenant, fault } = exchange;
    if (request.method !== 'POST') return errorReply(405, 'METHOD_NOT_ALLOWED', 'Only POST is supported');
    if (!tenant) return errorReply(401, 'UNAUTHENTICATED', 'Credential was not sent');
    if (!isOurWarehouse(request.path, settings)) {
      return errorReply(404, 'RESOURCE_DOES_NOT_EXIST', `SQL warehouse does not exist at ${request.path}`);
    }
    const handlers = settings.service.handlersFor({
      tenant,
      request,
      origin: `https://${authorityOf(exchange, settings.authority)}`,
      userAgent: header(exchange, 'user-agent'),
      expireLinks: fault?.expireLinks === true,
    });
    const forced = fault?.error ? failure(fault.error.message, fault.error.sqlState) : undefined;
    const answer = await processCall(exchange.body, handlers, forced);
    if (answer.kind === 'malformed') return errorReply(400, 'MALFORMED_REQUEST', 'The body is not a Thrift call');
    return bytesReply(200, 'application/x-thrift', answer.body);
  };
}

function isOurWarehouse(path: string, { warehouseId, orgId }: ThriftRouteSettings): boolean {
  const parts = path.split('/').filter(Boolean);
  if (parts[1] === 'protocolv1') return orgId === undefined || parts[3] === orgId;
  return parts[3] === warehouseId;
}
