/** What an error class, a SQLSTATE or a cause means, where its name does not say it. */
const MEANINGS: Readonly<Record<string, string>> = {
  REQUEST_LIMIT_EXCEEDED: 'too many requests, retries used up',
  CAST_INVALID_INPUT: 'a value does not fit its type',
  USER_RAISED_EXCEPTION: 'raised by the statement itself',
  '42P01': 'no such table or view',
  '42601': 'the statement did not parse',
  '42501': 'the identity may not do this',
  '42703': 'no such column',
  '22012': 'division by zero',
  HY008: 'cancelled',
  HYT00: 'gave up waiting',
  '401': 'the token was not accepted',
  '403': 'access was refused',
  '404': 'not found',
  '429': 'too many requests',
  '500': 'error of the service',
  '502': 'a gateway got no good answer',
  '503': 'the service was not available',
  '504': 'a gateway got no answer in time',
  ECONNRESET: 'the connection was cut',
  ECONNREFUSED: 'nobody listened at the address',
  ETIMEDOUT: 'no answer in time',
  ENOTFOUND: 'the name of the host is not known',
  EPIPE: 'the connection was closed while sending',
  OTHER: 'anything else',
};

/** By the first two characters of a SQLSTATE. */
const STATE_CLASSES: Readonly<Record<string, string>> = {
  '08': 'connection',
  '22': 'data that does not fit',
  '23': 'a constraint was violated',
  '28': 'authorisation',
  '42': 'syntax or access rule',
  '53': 'resources ran out',
  '54': 'a limit was exceeded',
  '57': 'stopped by the operator',
  '0A': 'not supported',
  XX: 'internal error',
};

/** The first of `codes` that is known decides; nothing is said when none is. */
export function meaningOf(...codes: readonly (string | number | null)[]): string {
  for (const code of codes) {
    const meaning = code === null ? undefined : MEANINGS[String(code)];
    if (meaning !== undefined) return meaning;
  }
  const state = codes.find((code) => typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code));
  return (state === undefined ? undefined : STATE_CLASSES[String(state).slice(0, 2)]) ?? '';
}
