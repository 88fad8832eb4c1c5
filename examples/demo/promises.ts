import type { StatementSummary, Summary } from './summary';

/** One thing the library promises, and whether this run kept it. */
export interface KeptPromise {
  readonly name: string;
  readonly holds: boolean;
  readonly detail: string;
}

const FILES_EXPECTED = 10;
/** What a connect may cost more with telemetry before the demo calls it waiting; the flag takes far longer. */
const CONNECT_SLACK_MS = 25;

function every(
  name: string,
  statements: readonly StatementSummary[],
  test: (statement: StatementSummary) => boolean,
): KeptPromise {
  const broken = statements
    .filter((statement) => !test(statement))
    .map(({ seen }) => `${seen.label} ${seen.statementId}`);
  return { name, holds: broken.length === 0 && statements.length > 0, detail: broken.join(', ') || 'no statements' };
}

function one(name: string, holds: boolean, detail: unknown): KeptPromise {
  return { name, holds, detail: String(detail) };
}

/** Checks a run against what was promised. */
export function checkPromises(
  run: Omit<Summary, 'promises' | 'ok'>,
  extra: {
    readonly strangers: readonly string[];
    readonly loudLines: readonly string[];
    readonly unexpected: readonly string[];
  },
): KeptPromise[] {
  const { statements, accounting, connect, sessions } = run;
  const failed = statements.filter(({ seen }) => seen.outcome !== 'delivered');
  const read = statements.filter(({ seen }) => seen.format !== undefined);
  const largest = Math.max(...statements.map(({ received }) => received?.chunks ?? 0));
  const { collected, delivered, rejected, dropped, pending } = accounting;
  return [
    every('each statement arrived exactly once', statements, ({ received }) => received?.rowCount === 1),
    one('no statement arrived that was not run', extra.strangers.length === 0, extra.strangers),
    every('operations are right', statements, ({ seen, received }) => received?.operation === seen.operation),
    every('outcomes are right', statements, ({ seen, received }) => received?.outcome === seen.outcome),
    every('failures left an error record', failed, ({ received }) => received?.errorName !== undefined),
    every('result formats are right', read, ({ seen, received }) => received?.format === seen.format),
    every('rows counted are the rows read', read, ({ seen, local }) => local?.rows === seen.rows),
    one(`a CloudFetch result of ${FILES_EXPECTED} files or more was followed`, largest >= FILES_EXPECTED, largest),
    one('sessions are balanced', sessions.opened === sessions.closed && sessions.opened > 0, JSON.stringify(sessions)),
    one(
      'collected = delivered + rejected + dropped + pending',
      collected === delivered + rejected + dropped + pending,
      JSON.stringify(accounting),
    ),
    one('nothing was dropped, rejected or left', dropped + rejected + pending === 0, JSON.stringify(accounting)),
    one(
      'connect() did not wait for telemetry',
      connect.withMs - connect.withoutMs < CONNECT_SLACK_MS,
      JSON.stringify(connect),
    ),
    one('nothing was thrown', run.threw === 0, extra.unexpected.join('; ')),
    one('telemetry spoke at debug level only', extra.loudLines.length === 0, extra.loudLines[0]),
  ];
}
