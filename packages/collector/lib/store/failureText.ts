import { NewerVersionError } from '../journal/format';
import { StoreFailure } from './StoreFailure';

/** Engines quote what they stumble over: a literal of the SQL, a line of it, a number. */
const QUOTED = /['"`(\d\n]|\bvalue\b/;

/**
 * What may be logged and shown of a failure of an engine: which it was, by name, code and the words before the first
 * thing that it quotes. No value of a filter, no SQL.
 */
export function failureText(error: unknown): string {
  if (error instanceof StoreFailure || error instanceof NewerVersionError) return error.message;
  // The driver of Databricks rejects with objects that are no Error as well.
  const { name, message, code, type, statusCode } = (error ?? {}) as Readonly<Record<string, unknown>>;
  const codes = [type, code].filter((word) => typeof word === 'string');
  if (typeof statusCode === 'number') codes.push(`status ${statusCode}`);
  const words = codes.length > 0 ? codes.join(' ') : (String(message).split(QUOTED, 1)[0]?.trim() ?? '');
  return typeof name !== 'string' || name === 'Error' ? words : `${name}: ${words}`;
}
