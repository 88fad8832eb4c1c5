import { accountOf } from '../model/account';
import { NO_HOST, type EffectiveOption, type HostKey } from '../model/connection';
import type { ConnectionDiagnosis, ExporterFacts, RecordDestination, Refusal } from '../model/diagnosis';
import type { RequestFailure } from '../model/errorFacts';
import type { OptionProblem } from '../model/options';
import { rankOf, reason, REASONS, type TelemetryReason } from './reasons';

type HostFacts = NonNullable<ConnectionDiagnosis['telemetry']>;

/** All that an explanation is made of. */
export interface ExplanationFacts extends Omit<ConnectionDiagnosis, 'host'> {
  readonly connection: 'none' | 'open' | 'closed';
  /** Outermost first. */
  readonly refusals: readonly Refusal[];
  readonly problems: readonly OptionProblem<string>[];
  readonly options: TelemetryExplanation['options'];
  /** Undefined before `connect()`. */
  readonly host: HostKey | undefined;
  readonly optedOutSessions: number;
}

/** Whether telemetry is collected and sent, where to, and why not. Plain data. */
export interface TelemetryExplanation {
  /** The most decisive reason in a sentence. */
  readonly summary: string;
  /** Records are made. */
  readonly isCollected: boolean;
  /** Nothing known keeps records from being delivered. */
  readonly isSent: boolean;
  readonly destination: RecordDestination | undefined;
  /** Most decisive first; never empty. */
  readonly reasons: readonly TelemetryReason[];
  /** The workspace's feature flag, or what a collector of your own says; undefined where nobody is asked. `askedAgainInMs`: 0 when at the next sign of life. */
  readonly flag: { readonly state: 'unknown' | 'on' | 'off'; readonly askedAgainInMs: number } | undefined;
  /** The last failed request of each kind, if none has succeeded since. */
  readonly failures: { readonly flag: RequestFailure | undefined; readonly export: RequestFailure | undefined };
  readonly problems: readonly OptionProblem<string>[];
  /** Options that somebody has set, with the value in effect and who decided it. `null`: a value that is not shown. */
  readonly options: Readonly<Record<string, EffectiveOption>>;
  /** The application's exporters, whether or not anything is sent. */
  readonly exporters: readonly ExporterFacts[];
}

/** Who is asked whether anything may leave. */
const FLAG = 'feature flag of the workspace';
const CONFIGURATION = 'configuration of the collector';

/** Explains what `facts` come to. Cannot throw. */
export function explain(facts: ExplanationFacts): TelemetryExplanation {
  const { telemetry, problems, options, exporters, isCollecting } = facts;
  const reasons = [...reasonsOfDecision(facts), ...reasonsOfHost(facts), ...exporters.flatMap(reasonsOfExporter)];
  if (!isCollecting && !reasons.some(({ code }) => REASONS[code].stops)) reasons.push(reason('not_started'));
  reasons.sort((one, other) => rankOf(one.code) - rankOf(other.code));
  const [first = reason('not_started')] = reasons;
  return {
    summary: first.sentence,
    isCollected: isCollecting,
    isSent: isCollecting && !reasons.some(({ code }) => REASONS[code].stops),
    destination: telemetry?.destination,
    reasons,
    flag:
      telemetry === undefined || !Number.isFinite(telemetry.flag.dueInMs)
        ? undefined
        : { state: telemetry.flag.state, askedAgainInMs: Math.ceil(telemetry.flag.dueInMs) },
    failures: { flag: telemetry?.flag.failure, export: telemetry?.exportFailure },
    problems,
    options,
    exporters: exporters.map((one) => ({
      name: one.name,
      setBy: one.setBy,
      ...accountOf(one),
      lastError: one.lastError,
    })),
  };
}

function reasonsOfDecision(facts: ExplanationFacts): TelemetryReason[] {
  const { connection, refusals, problems, host, optedOutSessions, hasReceivers } = facts;
  return [
    ...(connection === 'none' ? [reason('not_connected')] : []),
    ...(connection === 'closed' ? [reason('closed')] : []),
    ...refusals.map(reasonOfRefusal),
    ...problems.map((problem) => {
      const { given, done } = problem;
      const option = namedOption(problem);
      return done === 'nothing leaves'
        ? reason('option_problem', { option, given })
        : reason('option_adjusted', { option, given, done });
    }),
    ...(host === NO_HOST ? [reason('no_host')] : []),
    ...(optedOutSessions > 0 ? [reason('sessions_off', { count: optedOutSessions })] : []),
    ...(hasReceivers ? [reason('receivers')] : []),
  ];
}

function reasonOfRefusal(refusal: Refusal): TelemetryReason {
  switch (refusal.by) {
    case 'environment':
      return reason('environment', { variable: refusal.variable });
    case 'default':
      return reason('not_asked_for');
    case 'constructor':
    case 'connect': {
      const facts = { level: refusal.by === 'connect' ? 'connect()' : 'the constructor' };
      switch (refusal.option) {
        case 'telemetryEnabled':
          return reason('switched_off', facts);
        case 'telemetryLogLevel':
          return reason('log_level_off', facts);
        case 'telemetryObserve':
          return reason('hidden', facts);
      }
    }
  }
}

function reasonsOfHost({ telemetry, isCollecting }: ExplanationFacts): TelemetryReason[] {
  if (telemetry === undefined) return isCollecting ? [reason('flag_pending', { pending: 0, question: FLAG })] : [];
  const { collected, delivered, pending, dropped, destination } = telemetry;
  const found = [
    ...(destination.kind === 'dry run'
      ? []
      : reasonsOfFlag(telemetry, destination.kind === 'endpoint' ? CONFIGURATION : FLAG)),
    ...reasonsOfExport(telemetry),
    ...(destination.kind === 'dry run' ? [reason('dry_run')] : []),
    ...Object.entries(dropped).flatMap(([drop, count]) => reasonsOfDrop(drop, count, telemetry.flag.state)),
  ];
  if (found.some(({ code }) => REASONS[code].stops)) return found;
  if (delivered > 0) return [...found, reason('works', { delivered, collected, destination: destination.address })];
  if (pending > 0) return [...found, reason('waiting', { pending })];
  return collected > 0 ? found : [...found, reason('nothing_yet')];
}

function reasonsOfFlag({ flag, pending }: HostFacts, question: string): TelemetryReason[] {
  const { state, failure, isServersWord, dueInMs } = flag;
  const facts = { question, seconds: inSeconds(dueInMs), pending, ...(failure && { failure: describe(failure) }) };
  switch (state) {
    case 'on':
      return [];
    case 'off':
      return [isServersWord ? reason('flag_off', facts) : reason('flag_missing', facts)];
    case 'unknown': {
      if (failure === undefined) return [reason('flag_pending', facts)];
      return [reason(isRefusal(failure) ? 'flag_refused' : 'flag_failed', facts)];
    }
  }
}

function reasonsOfExport({ isBreakerOpen, nextAttemptInMs, exportFailure, pending }: HostFacts): TelemetryReason[] {
  const failure = exportFailure === undefined ? 'one of another client' : describe(exportFailure);
  const facts = { failure, pending, seconds: inSeconds(nextAttemptInMs) };
  if (isBreakerOpen) return [reason('breaker_open', facts)];
  if (exportFailure === undefined) return [];
  const { status = 0 } = exportFailure;
  if (status >= 200 && status < 300) return [reason('endpoint_replaced')];
  if (status >= 300 && status < 400) return [reason('endpoint_redirects', facts)];
  const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return [isFinal ? reason('endpoint_refuses', facts) : reason('endpoint_fails', facts)];
}

/** What a flag that says no has dropped is told with the flag. */
function reasonsOfDrop(drop: string, count: number, flag: HostFacts['flag']['state']): TelemetryReason[] {
  if (count === 0 || (flag === 'off' && (drop === 'flag_off' || drop === 'flag_unknown'))) return [];
  return [drop === 'no_credentials' ? reason('no_credentials', { count }) : reason('dropped', { count, drop })];
}

function reasonsOfExporter({ name, delivered, pending, dropped, lastError }: ExporterFacts): TelemetryReason[] {
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  if (lost + pending === 0 || lastError === undefined) return [];
  return [reason('exporter_failed', { name, failure: lastError.name, delivered, pending, lost })];
}

function isRefusal({ status }: RequestFailure): boolean {
  return status === 401 || status === 403;
}

/** An option, with the variable of the environment that gave it where that is so. */
export function namedOption({ option, variable }: Pick<OptionProblem<string>, 'option' | 'variable'>): string {
  return variable === undefined ? option : `${option} (${variable})`;
}

/** `status 503`, `ECONNREFUSED`, `TimeoutError`. */
function describe({ name, code, status }: RequestFailure): string {
  if (status === undefined) return code ?? name;
  return status >= 200 && status < 300 ? `status ${status} with a body that cannot be read` : `status ${status}`;
}

function inSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
