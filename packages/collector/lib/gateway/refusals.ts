import type { IncomingMessage } from 'node:http';
import { HttpError } from '../http/reply';
import { pairsOf } from './headers';

const refuse = (status: number, code: string, message: string): HttpError =>
  new HttpError(status, code, message, { connection: 'close' });

/**
 * Why a request is not passed on: it asks for another server, or two readers could disagree where it ends. What no
 * reader understands has been refused by the parser already.
 */
export function refusalOf(message: IncomingMessage): HttpError | undefined {
  const { url = '', method, headers, httpVersion } = message;
  if (!url.startsWith('/')) return refuse(400, 'foreign_target', 'The gateway leads to one workspace only.');
  if (method === 'TRACE') return refuse(405, 'method_not_allowed', 'TRACE would show credentials.');
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined) {
    if (encoding.trim().toLowerCase() !== 'chunked') {
      return refuse(501, 'unsupported_transfer_encoding', 'The only transfer encoding is chunked.');
    }
    if (httpVersion !== '1.1' || headers['content-length'] !== undefined) {
      return refuse(400, 'ambiguous_length', 'The length of the body is ambiguous.');
    }
  }
  if (!/^\d{1,15}$/.test(headers['content-length'] ?? '0')) {
    return refuse(400, 'ambiguous_length', 'The length of the body is ambiguous.');
  }
  const hosts = [...pairsOf(message.rawHeaders)].filter(([name]) => name.toLowerCase() === 'host');
  if (hosts.length > 1) return refuse(400, 'ambiguous_host', 'There is more than one Host header.');
  return undefined;
}
