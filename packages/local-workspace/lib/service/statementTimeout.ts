import type { SqlSession } from '../sql/session';

/** The shorter of what a statement asks for (milliseconds) and what its session sets; zero: no limit. */
export function statementTimeoutMs(session: SqlSession, askedMs = 0): number {
  return shorterTimeMs(askedMs, sessionTimeoutMs(session));
}

/** Zero and undefined are no limit. */
export function shorterTimeMs(...times: readonly (number | undefined)[]): number {
  const limits = times.filter((ms) => ms !== undefined).filter((ms) => ms > 0);
  return limits.length === 0 ? 0 : Math.min(...limits);
}

/** STATEMENT_TIMEOUT is in seconds. */
function sessionTimeoutMs({ configuration }: SqlSession): number {
  for (const [key, value] of configuration) {
    if (key.toUpperCase() !== 'STATEMENT_TIMEOUT') continue;
    const seconds = Number(value);
    return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
  }
  return 0;
}
