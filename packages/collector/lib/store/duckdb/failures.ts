import { StoreFailure } from '../StoreFailure';

/** DuckDB's errors have no code: these texts are the system's and the engine's own. */
const NO_ROOM = /no space left on device|file too large|disk quota exceeded/i;
const NOT_WRITABLE = /read-only file system|permission denied|operation not permitted/i;
const GIVEN_UP = /^FATAL Error|database has been invalidated/;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether the engine has given the database up: until it is opened again it answers nothing. What was committed is kept. */
export const isGivenUp = (error: unknown): boolean => GIVEN_UP.test(messageOf(error));

/** `error`, or what it means for those who can wait. */
export function meaningOf(error: unknown): unknown {
  const message = messageOf(error);
  if (NO_ROOM.test(message)) return new StoreFailure('no_room', 'There is no room on the disk of the collector.');
  if (NOT_WRITABLE.test(message))
    return new StoreFailure('not_writable', 'The data folder of the collector cannot be written.');
  if (isGivenUp(error)) return new StoreFailure('reopening', 'The store is being opened again.');
  return error;
}
