import type { ConnectionInfo } from '../model/connection';
import type { Statement } from '../model/Statement';
import type { SessionOpening } from '../model/sessionOpening';

/**
 * Runs calls of the driver in asynchronous contexts that somebody else chose. Each method calls what it is given once, before
 * it returns, and returns what that returned; it throws only what that threw.
 */
export interface CallRunner {
  /** How many want to know of `runCall` at present: with none it need not be called. */
  readonly later: { readonly listeners: number };
  runConnect<T>(connection: ConnectionInfo, call: () => T): T;
  runOpenSession<T>(opening: SessionOpening, call: () => T): T;
  /** The call that submits a statement; `queryTags` are to be sent with it. */
  runSubmit<T>(statement: Statement, call: (queryTags: Readonly<Record<string, string>> | undefined) => T): T;
  /** A later call on a statement. */
  runCall<T>(statement: Statement, call: () => T): T;
  runCloseSession<T>(connection: ConnectionInfo, sessionId: string, call: () => T): T;
}
