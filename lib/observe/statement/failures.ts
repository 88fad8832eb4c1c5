import type { StatementOutcome } from '../../telemetry/types';

/** How a thrown value ends a statement, by the driver's own error code. */
export function outcomeOf(thrown: unknown, isRetryable: boolean, isCancelling: boolean): StatementOutcome {
  switch ((thrown as { errorCode?: unknown } | null | undefined)?.errorCode) {
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
  const { code, errorCode, statusCode } = (thrown ?? {}) as Readonly<Record<string, unknown>>;
  return (code ?? errorCode ?? statusCode) !== undefined;
}
