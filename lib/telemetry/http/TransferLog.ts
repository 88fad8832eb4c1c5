import type { RequestFailure } from '../../model/errorFacts';
import { isWebPage } from './classifyResponse';
import type { HttpOutcome } from './transport';

/** What went over the wire: counts, and the last thing that went wrong. */
export class TransferLog {
  requests = 0;
  /** Body bytes of all attempts, as they went over the wire: compressed ones count compressed. */
  bytesSent = 0;
  /** Values that were left out because they broke the rule of their field. */
  omitted = 0;
  lastError: RequestFailure | undefined;
  /** When that was, by the monotonic clock. */
  failedAtMs = 0;
  /** Whether the last request of all failed. */
  isFailing = false;

  add(outcome: HttpOutcome, bodyBytes: number, atMs: number): void {
    this.requests += 1;
    this.bytesSent += bodyBytes;
    const error = toFailure(outcome);
    this.isFailing = error !== undefined;
    if (error === undefined) return;
    this.lastError = error;
    this.failedAtMs = atMs;
  }
}

/** How requests for a permission fail. */
interface PermissionFailure {
  readonly lastFailure: HttpOutcome | undefined;
  readonly failedAtMs: number;
}

/** The later of the last request with records and the last for a permission that failed. */
export function laterFailure(transfers: TransferLog, permission: PermissionFailure): RequestFailure | undefined {
  const { lastError, failedAtMs } = transfers;
  const { lastFailure } = permission;
  if (lastFailure === undefined || (lastError !== undefined && failedAtMs >= permission.failedAtMs)) return lastError;
  return toQuestionFailure(lastFailure);
}

/** How a question failed: also with a status of success, where what came with it is no answer. */
export function toQuestionFailure(outcome: HttpOutcome): RequestFailure {
  const status = outcome.kind === 'response' ? outcome.status : undefined;
  return toFailure(outcome) ?? { name: 'UnreadableAnswerError', code: undefined, status };
}

/** Undefined for a request that worked. */
function toFailure(outcome: HttpOutcome): RequestFailure | undefined {
  switch (outcome.kind) {
    case 'response':
      if (isWebPage(outcome)) return { name: 'WebPageError', code: undefined, status: outcome.status };
      if (outcome.status >= 200 && outcome.status < 300) return undefined;
      return { name: 'HttpError', code: undefined, status: outcome.status };
    case 'failed':
    case 'invalid':
      return { name: outcome.name, code: outcome.code, status: undefined };
    case 'timeout':
      return { name: 'TimeoutError', code: undefined, status: undefined };
    case 'aborted':
      return { name: 'AbortError', code: undefined, status: undefined };
  }
}
