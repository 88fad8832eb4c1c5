import { randomBytes } from 'node:crypto';
import { THandleIdentifier } from '@databricks/sql/thrift/TCLIService_types';

/** An id as 16 raw bytes and as the driver prints it. */
export interface HandleId {
  readonly text: string;
  readonly identifier: THandleIdentifier;
}

export function newHandleId(): HandleId {
  const guid = randomBytes(16);
  guid[6] = ((guid[6] as number) & 0x0f) | 0x40;
  guid[8] = ((guid[8] as number) & 0x3f) | 0x80;
  return { text: uuidText(guid), identifier: new THandleIdentifier({ guid, secret: randomBytes(16) }) };
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
