import type { ConnectionInfo } from './connection';

/** One `openSession()` of the application; the same object at its start and at its end. */
export interface SessionOpening {
  readonly connection: ConnectionInfo;
  /** Monotonic milliseconds. */
  readonly startedAtMs: number;
  /** Initial catalog and schema, joined by `|`; undefined where the application named none. */
  readonly database?: string | undefined;
}
