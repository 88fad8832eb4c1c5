import { authorityOf, header, type Exchange, type Route } from '../http/exchange';
import { errorReply, jsonReply, type Reply } from '../http/reply';
import { failedStatus } from '../sea/answers';
import { ApiError, invalid } from '../sea/ApiError';
import { readObject, textField, type Body } from '../sea/body';
import { seaCallOf, type Place, type SeaCall } from '../sea/calls';
import type { Caller, SeaService } from '../sea/SeaService';

export interface SeaRouteSettings {
  service: SeaService;
  warehouseId: string;
  /** Authority for links when a client sends no Host header. */
  authority: () => string;
}

/** The Statement Execution API: `/api/2.0/sql/statements` and `/api/2.0/sql/sessions`. */
export function seaRoute(settings: SeaRouteSettings): Route {
  return async (exchange) => {
    const { request, tenant, fault } = exchange;
    if (!tenant) return errorReply(401, 'UNAUTHENTICATED', 'Credential was not sent');
    const call = seaCallOf(request.method, request.path);
    if (!call) return errorReply(404, 'ENDPOINT_NOT_FOUND', `No API found for '${request.method} ${request.path}'`);
    const caller: Caller = {
      tenant,
      userAgent: header(exchange, 'user-agent'),
      origin: `https://${authorityOf(exchange, settings.authority)}`,
      expired: fault?.expireLinks === true,
    };
    if ('statementId' in call) request.statementId = call.statementId;
    if (fault?.error) return forced(call, fault.error);
    try {
      return jsonReply(200, await answer(call, caller, exchange, settings));
    } catch (error) {
      if (error instanceof ApiError) return errorReply(error.status, error.code, error.message);
      throw error;
    }
  };
}

async function answer(call: SeaCall, caller: Caller, exchange: Exchange, settings: SeaRouteSettings): Promise<object> {
  const { service } = settings;
  switch (call.name) {
    case 'CreateSession':
      return service.createSession(caller, bodyFor(exchange, call.place, settings));
    case 'DeleteSession':
      return service.deleteSession(caller, call.sessionId);
    case 'ExecuteStatement': {
      const { statement, answer: first } = await service.execute(caller, bodyFor(exchange, call.place, settings));
      exchange.request.statementId = statement.record.statementId;
      return first;
    }
    case 'GetStatement': {
      const statement = service.find(caller, call.statementId);
      statement.record.polls += 1;
      return call.statusOnly ? statement.status('RUNNING') : statement.answer('RUNNING', caller);
    }
    case 'GetResultChunk': {
      const statement = service.find(caller, call.statementId);
      statement.record.fetches += 1;
      return statement.chunk(call.chunkIndex, caller);
    }
    case 'CancelStatement':
      service.find(caller, call.statementId).run.cancel();
      return {};
    case 'CloseStatement':
      service.find(caller, call.statementId).run.close('client');
      return {};
  }
}

/** The body of a request, with what the path says in its place. Throws an ApiError unless the warehouse is ours. */
function bodyFor(exchange: Exchange, place: Place, { warehouseId }: SeaRouteSettings): Body {
  const read = readObject(exchange.body);
  const body = place.sessionId === undefined ? read : { ...read, session_id: place.sessionId };
  const id = place.warehouseId ?? textField(body, 'warehouse_id');
  if (id === undefined || id === '') throw invalid('warehouse_id is missing.');
  if (id !== warehouseId) throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `SQL warehouse ${id} does not exist.`);
  return body;
}

/** A fault in place of the answer: of the statement where the call is about one, of the request otherwise. */
function forced(call: SeaCall, error: { message: string; sqlState?: string }): Reply {
  if (call.name !== 'ExecuteStatement' && call.name !== 'GetStatement') {
    return errorReply(400, 'BAD_REQUEST', error.message);
  }
  const id = call.name === 'GetStatement' ? call.statementId : '00000000-0000-4000-8000-000000000000';
  return jsonReply(200, { statement_id: id, status: failedStatus('BAD_REQUEST', error.message, error.sqlState) });
}
