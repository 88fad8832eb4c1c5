import type { SqlSession } from '../sql/session';

/** The session's STATEMENT_TIMEOUT (seconds) in milliseconds; zero without one. */
export function statementTimeoutMs({ configuration }: SqlSession): number {
  for (const [key, value] of configuration) {
    if (key.toUpperCase() !== 'STATEMENT_TIMEOUT') continue;
    const seconds = Number(value);
    return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
  }
  return 0;
}
