import type { ConnectionInfo } from '../../model/connection';
import type { ErrorStage, StatementOutcome } from '../../model/enums';
import type { ErrorFacts } from '../../model/errorFacts';
import { toErrorFacts } from '../../model/toErrorFacts';
import type { FailureMessage } from '../../model/messages';

/** A failure for those who listen; its text only where the application allowed texts of statements, which it may quote. */
export function failureMessage(
  error: ErrorFacts,
  stage: ErrorStage,
  connection: ConnectionInfo | undefined,
  text: () => string | undefined,
): FailureMessage {
  const message = connection?.isTextAllowed === true ? text() : undefined;
  return Object.freeze({ stage, ...error, ...(message === undefined ? {} : { message }) });
}

/** Of a statement of whose failure nothing is known but that it failed. */
export const UNKNOWN_FAILURE: FailureMessage = Object.freeze({
  stage: 'poll',
  ...toErrorFacts(undefined),
  name: 'Error',
});

/** Of a file that was given up. */
export function fileFailure(error: ErrorFacts): FailureMessage {
  return Object.freeze({ ...error, stage: 'download' });
}

/** Whether a statement that ended so counts as an error: what the application did itself does not. */
export function isFailure(outcome: StatementOutcome): boolean {
  switch (outcome) {
    case 'failed':
    case 'timed_out':
    case 'cancelled_by_server':
    case 'connection_lost':
      return true;
    case 'delivered':
    case 'cancelled':
    case 'closed_unfetched':
    case 'session_closed':
    case 'abandoned':
      return false;
  }
}
