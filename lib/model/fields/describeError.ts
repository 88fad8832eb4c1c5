import { publicText } from './publicLabel';
import { driverFrames } from './stackFrames';
import type { ErrorFacts } from '../errorFacts';
import type { ErrorRecord } from '../records';

const FACTS = [
  ['code', publicText(String.raw`(?:[A-Z][A-Z0-9_]{1,63}|\d{1,9})`), (error: ErrorFacts) => error.code],
  ['sqlstate', /^[0-9A-Z]{5}$/, (error: ErrorFacts) => error.sqlState],
  ['class', publicText(String.raw`[A-Z_]{3,64}(?:\.[A-Z_]{1,64})?`), (error: ErrorFacts) => error.errorClass],
  ['http', /^[1-5]\d\d$/, (error: ErrorFacts) => error.httpStatus?.toString()],
] as const;

/**
 * `stage=execute code=ERROR sqlstate=42P01 class=TABLE_OR_VIEW_NOT_FOUND http=400 retryable=false`: what is known, in
 * one line. A part that does not look like what it should be is left out.
 */
export function describeErrorBriefly({ stage, error, isTerminal }: ErrorRecord): string {
  let line = `stage=${stage}`;
  for (const [name, pattern, read] of FACTS) {
    const value = read(error);
    if (value !== undefined && pattern.test(value)) line += ` ${name}=${value}`;
  }
  return `${line} retryable=${!isTerminal}`;
}

/** The facts of an error in one line, then one line for each stack frame of driver and library code. */
export function describeError(record: ErrorRecord): string {
  const frames = driverFrames(record.thrown?.stack(), record.thrown?.message());
  return [describeErrorBriefly(record), ...frames].join('\n');
}
