/* explain/: why telemetry arrives or does not, in sentences. Imports `model` and `util`; joined to the rest in DBSQLClient. */

interface ReasonRow {
  /** In `{braces}` stands what differs from case to case. */
  readonly sentence: string;
  readonly advice: string;
  /** Nothing leaves while it holds. */
  readonly stops: boolean;
}

/**
 * Every reason that an explanation can give, the most decisive first. The table in docs/TROUBLESHOOTING.md derives from it.
 */
export const REASONS = {
  not_connected: {
    sentence: 'The client is not connected: connect() was not called, or has failed.',
    advice: 'Call connect() first; what it is given decides.',
    stops: true,
  },
  environment: {
    sentence: 'The environment variable {variable} switches telemetry off.',
    advice: 'Whoever runs the process decided that. Without the variable the application decides.',
    stops: true,
  },
  hidden: {
    sentence: 'telemetryObserve was set to something other than true by {level}: nobody observes the connection.',
    advice: 'Leave telemetryObserve out, or set it to true.',
    stops: true,
  },
  option_problem: {
    sentence: 'The option {option} cannot be this {given}, so nothing leaves.',
    advice: 'Give it a value that the table of options allows. An option that limits what leaves closes on any other.',
    stops: true,
  },
  log_level_off: {
    sentence: 'telemetryLogLevel is OFF in the options of {level}.',
    advice: 'Choose another level, or leave it out.',
    stops: true,
  },
  switched_off: {
    sentence: 'telemetryEnabled is false in the options of {level}.',
    advice: 'One “no” outweighs every “yes”. Take it out there.',
    stops: true,
  },
  not_asked_for: {
    sentence: 'Nobody asked for telemetry: neither the constructor nor connect() was given telemetryEnabled: true.',
    advice: 'Give telemetryEnabled: true to either.',
    stops: true,
  },
  not_started: {
    sentence: 'Telemetry could not be started in this environment.',
    advice: 'The debug log names the error. Please report it.',
    stops: true,
  },
  no_host: {
    sentence: 'The host of the connection is not the name of a host, so there is nowhere to send to.',
    advice: 'Give connect() a plain host name.',
    stops: true,
  },
  flag_off: {
    sentence: 'The {question} says no. It is asked for again in {seconds} s.',
    advice:
      'Whoever runs the workspace or the collector decided that. A collector of your own does not ask the workspace.',
    stops: true,
  },
  flag_missing: {
    sentence: 'There is no {question} ({failure}), which counts as no. It is asked for again in {seconds} s.',
    advice:
      'It may be older than telemetry, or something else answers in its place. A collector of your own needs no flag.',
    stops: true,
  },
  flag_refused: {
    sentence: 'The {question} is not for these credentials ({failure}). It is asked for again in {seconds} s.',
    advice: 'Check the token: it may have expired, or may query but not read the flag.',
    stops: true,
  },
  flag_failed: {
    sentence:
      'The {question} could not be asked for ({failure}). It is asked for again in {seconds} s; records waiting: {pending}.',
    advice:
      'A proxy or firewall that lets queries pass but not this path, or answers with a page of its own, looks like that; so does a workspace in trouble.',
    stops: true,
  },
  flag_pending: {
    sentence: 'The {question} was not asked for yet, or there is no answer; records waiting: {pending}.',
    advice: 'Wait, or call flushTelemetry(). A client with OAuth asks only after its first query.',
    stops: true,
  },
  breaker_open: {
    sentence:
      'Too many requests in a row failed (the last: {failure}): the circuit breaker is open. The next attempt is in {seconds} s; records waiting: {pending}.',
    advice: 'Look at the last failure. Nothing needs to be restarted: it goes on by itself.',
    stops: true,
  },
  endpoint_refuses: {
    sentence: 'The endpoint refuses the records ({failure}).',
    advice:
      'With 401 or 403 the token may query but not report; with another status the receiver does not take such logs.',
    stops: true,
  },
  endpoint_redirects: {
    sentence: 'The endpoint redirects ({failure}), which is not followed.',
    advice:
      'Something between you and the endpoint answers in its place, for instance a captive portal. Name the final address.',
    stops: true,
  },
  endpoint_replaced: {
    sentence: 'A web page answers in the place of the endpoint.',
    advice: 'Something between you and the endpoint wants somebody to log in, or is a portal. Name the final address.',
    stops: true,
  },
  endpoint_fails: {
    sentence: 'The last request with records failed ({failure}). They are sent later; records waiting: {pending}.',
    advice:
      'With a code no answer came at all: name, port, proxy, certificate. With a status the receiver is in trouble.',
    stops: false,
  },
  no_credentials: {
    sentence: 'Records dropped because their connection has no credentials that the workspace accepts: {count}.',
    advice: 'Check the token. telemetryAnonymousErrors: true reports a failed connection without any.',
    stops: false,
  },
  dropped: {
    sentence: 'Records dropped as {drop}: {count}.',
    advice: 'What each means is in the table of dropped records.',
    stops: false,
  },
  exporter_failed: {
    sentence:
      'The exporter {name} has failed (the last: {failure}); records delivered: {delivered}, waiting: {pending}, dropped: {lost}.',
    advice: 'Look at what it writes to. It costs neither the application nor other receivers anything.',
    stops: false,
  },
  dry_run: {
    sentence: 'telemetryDryRun is set: requests are shown and not made.',
    advice: 'Take it out to send.',
    stops: true,
  },
  sessions_off: {
    sentence: 'Sessions opened with telemetryEnabled: false, of which nothing is sent: {count}.',
    advice: 'As asked for.',
    stops: false,
  },
  option_adjusted: {
    sentence: 'The option {option} cannot be this {given}: {done}.',
    advice: 'Give it a value that the table of options allows.',
    stops: false,
  },
  nothing_yet: {
    sentence: 'Telemetry is on, and nothing has happened yet.',
    advice: 'Open a session and run a statement.',
    stops: false,
  },
  waiting: {
    sentence: 'Telemetry is on; records waiting for the next flush: {pending}.',
    advice: 'Records leave in batches, after five seconds at the latest (telemetryFlushIntervalMs), and on close().',
    stops: false,
  },
  works: {
    sentence: 'Telemetry works: {delivered} of {collected} records were delivered to {destination}.',
    advice: 'Nothing to do.',
    stops: false,
  },
  receivers: {
    sentence: 'The connection is observed for receivers of the application.',
    advice: 'They get what they ask for, whether or not anything leaves for Databricks.',
    stops: false,
  },
  closed: {
    sentence: 'The client is closed; nothing more is collected.',
    advice: 'getTelemetryStats() says what became of its records.',
    stops: false,
  },
} as const satisfies Record<string, ReasonRow>;

export type ReasonCode = keyof typeof REASONS;

/** A reason as an application gets it. */
export interface TelemetryReason {
  readonly code: ReasonCode;
  /** What is so. */
  readonly sentence: string;
  /** What can be done about it. */
  readonly advice: string;
}

const CODES = Object.keys(REASONS) as ReasonCode[];

/** Position among the reasons: the lower, the more decisive. */
export function rankOf(code: ReasonCode): number {
  return CODES.indexOf(code);
}

/** The reason `code` with `facts` in the places that its sentence leaves open. */
export function reason(code: ReasonCode, facts: Readonly<Record<string, string | number>> = {}): TelemetryReason {
  const { sentence, advice } = REASONS[code];
  const filled = sentence.replace(/\{(\w+)\}/g, (_all, name: string) => String(facts[name] ?? 'unknown'));
  return { code, sentence: filled, advice };
}
