import { TStatus, TStatusCode } from '@databricks/sql/thrift/TCLIService_types';
import type { SqlError } from '../sql/SqlError';

export function success(): TStatus {
  return new TStatus({ statusCode: TStatusCode.SUCCESS_STATUS });
}

export function failure(message: string, sqlState?: string): TStatus {
  return new TStatus({
    statusCode: TStatusCode.ERROR_STATUS,
    errorMessage: message,
    displayMessage: message,
    errorCode: 0,
    ...(sqlState === undefined ? {} : { sqlState }),
  });
}

export function sqlFailure(error: SqlError): TStatus {
  return failure(error.message, error.sqlState);
}

/** `what` is a 'SessionHandle' or an 'OperationHandle'. */
export function invalidHandle(what: 'SessionHandle' | 'OperationHandle', id: string): TStatus {
  const message = `Invalid ${what}: ${what} [${id}]`;
  return new TStatus({
    statusCode: TStatusCode.INVALID_HANDLE_STATUS,
    sqlState: 'HY000',
    errorMessage: message,
    displayMessage: message,
  });
}
