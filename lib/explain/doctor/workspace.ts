import { toErrorFacts } from '../../model/toErrorFacts';
import { systemClock, withTimeout } from '../../util/clock';
import { namedOption, type TelemetryExplanation } from '../explain';
import type { ReasonCode, TelemetryReason } from '../reasons';
import { broken, off, ok, skipped, type Finding } from './Finding';

/** What the doctor needs of a client. */
export interface DoctorClient {
  connect(): Promise<unknown>;
  /** Runs `SELECT 1` in a session of its own. */
  query(): Promise<void>;
  /** Sends what there is to send. */
  flush(): Promise<void>;
  close(): Promise<void>;
  explain(): TelemetryExplanation;
}

/** The driver itself repeats requests for minutes. */
const QUERY_TIMEOUT_MS = 30_000;

/** Where the doctor says it, and how bad it is; of the others the explanation's own sentence is enough. */
const PLACES: Partial<Record<ReasonCode, readonly [check: 'feature flag' | 'telemetry', state: 'broken' | 'off']>> = {
  flag_off: ['feature flag', 'off'],
  flag_missing: ['feature flag', 'off'],
  flag_refused: ['feature flag', 'broken'],
  flag_failed: ['feature flag', 'broken'],
  flag_pending: ['feature flag', 'broken'],
  breaker_open: ['telemetry', 'broken'],
  endpoint_refuses: ['telemetry', 'broken'],
  endpoint_redirects: ['telemetry', 'broken'],
  endpoint_replaced: ['telemetry', 'broken'],
  endpoint_fails: ['telemetry', 'broken'],
  no_credentials: ['telemetry', 'broken'],
  no_host: ['telemetry', 'broken'],
  not_started: ['telemetry', 'broken'],
  dropped: ['telemetry', 'broken'],
  waiting: ['telemetry', 'broken'],
  dry_run: ['telemetry', 'off'],
};

/** Queries, and looks at what becomes of the records of that. */
export async function checkWorkspace(client: DoctorClient): Promise<readonly Finding[]> {
  const work = client.connect().then(() => client.query());
  const answer = await withTimeout(systemClock, work, QUERY_TIMEOUT_MS);
  const query = queryFinding(answer.kind === 'rejected' ? { thrown: answer.reason } : answer.kind);
  await client.flush();
  const explanation = client.explain();
  // A query that hangs would hold up the end.
  if (answer.kind !== 'timeout') await client.close();
  return [optionFinding(explanation), query, ...telemetryFindings(explanation)];
}

function queryFinding(answer: 'fulfilled' | 'timeout' | { readonly thrown: unknown }): Finding {
  if (answer === 'fulfilled') return ok('query', 'SELECT 1 works');
  if (answer === 'timeout') {
    const advice =
      'The warehouse may be starting, or something lets the connection pass and not the request. Try again.';
    return broken('query', `SELECT 1 has no answer after ${QUERY_TIMEOUT_MS / 1000} s.`, advice);
  }
  const { httpStatus, code, sqlState, name } = toErrorFacts(answer.thrown);
  const cause = httpStatus === undefined ? (code ?? sqlState ?? name) : `status ${httpStatus}`;
  return broken('query', `SELECT 1 fails (${cause}).`, queryAdvice(httpStatus));
}

function queryAdvice(status: number | undefined): string {
  switch (status) {
    case 401:
    case 403:
      return 'The workspace does not accept the token: it may have expired, or may not use this warehouse.';
    case 404:
      return 'There is no such warehouse: check the HTTP path.';
    default:
      return 'Run the same query with the plain driver; if that fails too, it is not telemetry.';
  }
}

function optionFinding({ problems }: TelemetryExplanation): Finding {
  if (problems.length === 0) return ok('options', 'every telemetry option has a value that it can have');
  const says = problems
    .map((problem) => `${namedOption(problem)} cannot be this ${problem.given}: ${problem.done}.`)
    .join(' ');
  return broken('options', says, 'See the table of options in docs/TELEMETRY.md.');
}

function telemetryFindings({ reasons, flag, summary, isCollected, destination }: TelemetryExplanation): Finding[] {
  const stopped = reasons.flatMap(findingOf);
  const works = reasons.find(({ code }) => code === 'works');
  const found = (check: Finding['check']): Finding[] => stopped.filter((finding) => finding.check === check);
  const flags = found('feature flag');
  if (flags.length === 0) {
    if (flag?.state === 'on') flags.push(ok('feature flag', `the ${who(destination)} wants telemetry`));
    else flags.push(skipped('feature flag', isCollected ? 'not asked: nothing goes to the workspace' : 'not asked'));
  }
  const telemetry = found('telemetry');
  if (works !== undefined) telemetry.unshift(ok('telemetry', works.sentence));
  if (telemetry.length === 0) telemetry.push(skipped('telemetry', summary));
  return [...flags, ...telemetry];
}

function who(destination: TelemetryExplanation['destination']): string {
  return destination?.kind === 'endpoint' ? 'collector' : 'workspace';
}

function findingOf({ code, sentence, advice }: TelemetryReason): Finding[] {
  const place = PLACES[code];
  if (place === undefined) return [];
  const [check, state] = place;
  return [state === 'off' ? off(check, sentence, advice) : broken(check, sentence, advice)];
}
