import { deriveConnection } from './connectionFacts';
import { readFields, type NotKept, type RawFacts } from './FieldTree';
import { reduceError } from './reduceError';

/** Why a log was refused, by the name of the rule. */
export type RejectionRule =
  'not_json' | 'not_an_object' | 'too_large' | 'event_id_required' | 'timestamp_required' | 'driver_log_required';

/** One accepted log as the journal and the loader know it: flat, by the names of the field table, without free text. */
export interface TelemetryRow extends RawFacts {
  eventId: string;
  timeMs: number;
}

export type Decoded =
  { readonly kind: 'row'; readonly row: TelemetryRow } | { readonly kind: 'rejected'; readonly rule: RejectionRule };

export const RULE_TEXT: Readonly<Record<RejectionRule, string>> = {
  not_json: 'is not valid JSON',
  not_an_object: 'is not a JSON object',
  too_large: 'is too large',
  event_id_required: 'frontend_log_event_id is required',
  timestamp_required: 'context.client_context.timestamp_millis is no time',
  driver_log_required: 'entry.sql_driver_log is required',
};

const STATE_NAME = /^(?=.*\d)[0-9A-Z]{5}$/;
const MAX_LOG_LENGTH = 65_536;
/** What stands for "not known" where a driver writes every field. */
const UNSET = [
  ['workspaceId', '0'],
  ['operationType', 'TYPE_UNSPECIFIED'],
] as const;

/**
 * Checks one element of `protoLogs`. Total: `element` may be anything. A log that tells no time, as those of the driver for
 * Go, is as old as the request that brought it.
 */
export function decodeLog(element: unknown, notKept: NotKept, sentMs: number): Decoded {
  const log = typeof element === 'string' ? parsed(element) : rejected('not_an_object');
  if (log.kind === 'rejected') return log;
  const { facts, derived } = readFields(log.value, notKept);
  if (typeof facts['eventId'] !== 'string') return rejected('event_id_required');
  if (!tellsTime(log.value)) facts['timeMs'] = sentMs;
  if (typeof facts['timeMs'] !== 'number') return rejected('timestamp_required');
  if (!hasDriverLog(log.value)) return rejected('driver_log_required');
  const stackTrace = derived['stackTrace'];
  if (stackTrace !== undefined) {
    Object.assign(facts, { ...reduceError(stackTrace), ...stateInName(facts['errorName']), ...errorFactsOf(facts) });
  }
  for (const [name, unset] of UNSET) if (facts[name] === unset) delete facts[name];
  deriveConnection(facts, derived);
  return { kind: 'row', row: facts as TelemetryRow };
}

type Parsed = { readonly kind: 'object'; readonly value: object } | Extract<Decoded, { kind: 'rejected' }>;

function parsed(text: string): Parsed {
  if (text.length > MAX_LOG_LENGTH) return rejected('too_large');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return rejected('not_json');
  }
  return isObject(value) ? { kind: 'object', value } : rejected('not_an_object');
}

function rejected(rule: RejectionRule): Extract<Decoded, { kind: 'rejected' }> {
  return { kind: 'rejected', rule };
}

/** The driver for Java has the SQLSTATE for the name of an error; its text may hold the statement. */
function stateInName(errorName: RawFacts[string] | undefined): RawFacts {
  return typeof errorName === 'string' && STATE_NAME.test(errorName) ? { sqlState: errorName } : {};
}

/** Facts that `local` states beat those read out of a text. */
function errorFactsOf(facts: RawFacts): RawFacts {
  const names = ['stage', 'errorCode', 'sqlState', 'errorClass', 'httpStatus', 'isTerminal'];
  return Object.fromEntries(names.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])));
}

function tellsTime(log: object): boolean {
  const { context } = log as { context?: unknown };
  const client = isObject(context) ? (context as { client_context?: unknown }).client_context : undefined;
  return [context, client].some(
    (told) => isObject(told) && (told as { timestamp_millis?: unknown }).timestamp_millis !== undefined,
  );
}

function hasDriverLog(log: object): boolean {
  const entry = (log as { entry?: unknown }).entry;
  return isObject(entry) && isObject((entry as { sql_driver_log?: unknown }).sql_driver_log);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
