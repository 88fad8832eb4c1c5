import { randomBytes } from 'node:crypto';
import { THandleIdentifier } from '@databricks/sql/thrift/TCLIService_types';

/** The handle of what has the UUID `id`: 16 raw bytes, and a secret that nobody checks. */
export function handleIdentifier(id: string): THandleIdentifier {
  return new THandleIdentifier({ guid: Buffer.from(id.replaceAll('-', ''), 'hex'), secret: randomBytes(16) });
}

/** The id in a handle that a client sent; the client may have sent anything. */
export function handleText(identifier: THandleIdentifier | null | undefined): string {
  const guid: unknown = identifier?.guid;
  return Buffer.isBuffer(guid) && guid.length === 16 ? uuidText(guid) : '';
}

function uuidText(guid: Buffer): string {
  const hex = guid.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
