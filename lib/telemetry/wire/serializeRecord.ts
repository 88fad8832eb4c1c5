import { isFailedConnect } from '../../model/failedConnect';
import { EventIds } from './EventIds';
import { SerializationPlan } from './SerializationPlan';
import type { RecordKind } from '../../model/fields/fieldRow';
import type { ConnectionInfo, TelemetryRecord } from '../types';

export interface SerializeOptions {
  /** `false`: the minimal set of fields, which names no workspace, session, statement, host or path. */
  readonly authenticated: boolean;
  /** The connection of records that have none of their own. */
  readonly fallback?: ConnectionInfo | undefined;
  /** JSON of a string that holds the log, as it stands in `protoLogs`, instead of the log itself. */
  readonly quoted?: boolean | undefined;
  /** Counts the values that broke the rule of their field, once for each record. */
  readonly omissions?: { omitted: number } | undefined;
}

type PlanName = RecordKind | 'failedConnect';

/** Constants, since they are derived from the field table alone; each is made when it is needed. */
const plans = new Map<string, SerializationPlan>();

function planFor(name: PlanName, authenticated: boolean, quoted: boolean): SerializationPlan {
  const key = `${name} ${authenticated} ${quoted}`;
  let plan = plans.get(key);
  if (plan === undefined) {
    const kind = name === 'failedConnect' ? 'error' : name;
    plan = new SerializationPlan(kind, authenticated, quoted, name === 'failedConnect');
    plans.set(key, plan);
  }
  return plan;
}

/** The plans of which there is one for each statement, without a look at the map. */
const statementPlans: { authenticated?: SerializationPlan; unauthenticated?: SerializationPlan } = {};

function statementPlan(authenticated: boolean): SerializationPlan {
  return authenticated
    ? (statementPlans.authenticated ??= planFor('statement', true, true))
    : (statementPlans.unauthenticated ??= planFor('statement', false, true));
}

const eventIds = new EventIds();

/**
 * One log as the telemetry service takes it: JSON of the fields that the field table allows. A value that breaks its
 * rule is left out and counted. Gives the record its event id if it has none yet.
 */
export function serializeRecord(record: TelemetryRecord, options: SerializeOptions): string {
  if (record.kind === 'spooled') return options.quoted === true ? JSON.stringify(record.log) : record.log;
  const isFirstTime = record.eventId === undefined;
  record.eventId ??= eventIds.next();
  const name = isFailedConnect(record) ? 'failedConnect' : record.kind;
  const plan = planFor(name, options.authenticated, options.quoted === true);
  const { json, omitted } = plan.write(record, record.connection ?? options.fallback);
  if (isFirstTime && options.omissions !== undefined) options.omissions.omitted += omitted;
  return json;
}

/**
 * The same as it stands in `protoLogs`: JSON of a string that holds the log. ASCII text, or bytes that are valid until the
 * next call.
 */
export function encodeRecord(
  record: TelemetryRecord,
  authenticated: boolean,
  omissions: SerializeOptions['omissions'],
): string | Buffer {
  if (record.kind !== 'statement') return serializeRecord(record, { authenticated, quoted: true, omissions });
  const isFirstTime = record.eventId === undefined;
  record.eventId ??= eventIds.next();
  const { bytes, omitted } = statementPlan(authenticated).encode(record, record.connection);
  if (isFirstTime && omissions !== undefined) omissions.omitted += omitted;
  return bytes;
}
