import type { StatementOutcome } from '../../model/enums';
import { factsOf } from '../../util/foreign';

/** What the server said of a failure, where the error object that the driver throws no longer has it. */
export interface ServerFailure {
  readonly sqlState: string | undefined;
  readonly message: string | undefined;
}

/** What only a statement has of which something failed. Kept beside it: texts of errors are not for those who print a record. */
export class FailureState {
  /** The application's cancel is on its way, or was answered: that the statement is cancelled is its doing. */
  isCancelling = false;
  serverFailure: ServerFailure | undefined = undefined;
  /** The last thrown value that was reported: one failure passes several calls. */
  lastThrown: unknown = undefined;
  /** The error that is still in the way of the result; undefined again after a later success. */
  unresolved: StatementOutcome | undefined = undefined;
  /** How the server says that the statement ended, when it did not succeed. */
  endedByServer: StatementOutcome | undefined = undefined;

  /** How the statement ends if nothing else comes. */
  get outcome(): StatementOutcome | undefined {
    return this.unresolved ?? this.endedByServer;
  }
}

/** How a thrown value ends a statement, by the driver's own error code. */
export function outcomeOf(thrown: unknown, isRetryable: boolean, isCancelling: boolean): StatementOutcome {
  switch (factsOf(thrown)['errorCode']) {
    case 'CANCELED':
      return isCancelling ? 'cancelled' : 'cancelled_by_server';
    case 'TIMEOUT':
      return 'timed_out';
    default:
      return isRetryable ? 'connection_lost' : 'failed';
  }
}

/** Whether a thrown value has the code or status of a request that failed: one about a file's answer has neither. */
export function isOfRequest(thrown: unknown): boolean {
  const { code, errorCode, statusCode } = factsOf(thrown);
  return (code ?? errorCode ?? statusCode) !== undefined;
}
