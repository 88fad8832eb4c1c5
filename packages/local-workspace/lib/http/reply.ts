/** What a route answers; the transport decides how (and, under a fault, how badly) it is sent. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export function jsonReply(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** The error body that the REST API of a workspace answers with. */
export function errorReply(status: number, code: string, message: string): Reply {
  return jsonReply(status, { error_code: code, message });
}

export function bytesReply(status: number, contentType: string, body: Buffer): Reply {
  return { status, headers: { 'content-type': contentType }, body };
}
