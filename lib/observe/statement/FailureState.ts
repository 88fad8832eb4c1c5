import type { StatementOutcome } from '../../telemetry/types';
import type { ServerFailure } from '../rpc/serverState';

/** Facts about a statement that hold or do not; each a bit of its own. */
export enum Fact {
  READY = 1,
  RESULT_SET = 2,
  LAST_PAGE = 4,
  SAW_ROWS = 8,
  /** Its RPCs are not seen: a backend that does not use the wire seam. */
  UNSEEN = 16,
}

/** What only a statement in trouble has. Texts of errors among it: not for those who print a record. */
export class Trouble {
  /** The application's cancel is on its way, or was answered: that the statement is cancelled is its doing. */
  isCancelling = false;
  /** What the server said of a failure. */
  serverFailure: ServerFailure | undefined;
  /** The last thrown value that was reported: one failure passes several calls. */
  lastThrown: unknown;
  /** The error that is still in the way of the result; undefined again after a later success. */
  unresolved: StatementOutcome | undefined;
  /** How the server says that the statement ended, when it did not succeed. */
  endedByServer: StatementOutcome | undefined;

  /** How the statement ends if nothing else comes. */
  get outcome(): StatementOutcome | undefined {
    return this.unresolved ?? this.endedByServer;
  }
}

export const NO_TROUBLE: Readonly<Trouble> = Object.freeze(new Trouble());
