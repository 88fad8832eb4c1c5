import { HttpError } from '../http/reply';
import type { StatementCursor } from '../store/queries/statements';

export function encodeCursor({ value, skip }: StatementCursor): string {
  return Buffer.from(`${value}.${skip}`).toString('base64url');
}

/** Throws an HttpError for what this server did not write. */
export function decodeCursor(text: string | undefined): StatementCursor | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{1,16})\.(\d{1,9})$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (match === null) throw new HttpError(400, 'invalid_parameter', 'cursor must be `next` of a page before.');
  return { value: Number(match[1]), skip: Number(match[2]) };
}
