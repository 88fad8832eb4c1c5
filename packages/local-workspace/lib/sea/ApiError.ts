/** What is wrong with a request, as the REST API of a workspace says it. */
export class ApiError extends Error {
  constructor(
    readonly status: 400 | 404,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export function invalid(message: string): ApiError {
  return new ApiError(400, 'INVALID_PARAMETER_VALUE', message);
}

export function notFound(what: 'statement' | 'session', id: string): ApiError {
  return new ApiError(404, 'NOT_FOUND', `The ${what} ${id} was not found.`);
}
