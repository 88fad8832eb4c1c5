import { LOCAL_VERSION } from '../../model/fields/fieldsOfConnection';
import { TELEMETRY_LEVELS, type TelemetryLogLevel } from '../../model/optionRow';
import { NO_WISHES, type ReceiverWishes } from '../../model/receiverWishes';
import type { HttpOutcome } from '../http/transport';
import { isFlagOn, NO_WORD, readFlagReply, type FlagAnswer } from './HostFlag';
import { factsOf, isObject, parseJson, type Facts } from '../../util/foreign';

export interface CollectorReply {
  readonly answer: FlagAnswer;
  /** Undefined when nothing was said. */
  readonly wishes: ReceiverWishes | undefined;
}

/** A receiver that speaks of no configuration leaves everything to the application. */
const SILENT: CollectorReply = { answer: { kind: 'answer', enabled: true, ttlMs: undefined }, wishes: NO_WISHES };

/**
 * What a collector of one's own says to the configuration request. It can only reduce what the application allows, and
 * a value that cannot be understood closes.
 */
export function readCollectorReply(outcome: HttpOutcome, wallNowMs: number): CollectorReply {
  if (outcome.kind === 'response' && outcome.status === 200) {
    const body = parseJson(outcome.body ?? '');
    return isObject(body) ? readBody(body) : { answer: NO_WORD, wishes: undefined };
  }
  const reply = readFlagReply(outcome, wallNowMs);
  switch (reply.kind) {
    case 'no flags':
      return SILENT;
    case 'refused':
      return { answer: NO_WORD, wishes: undefined };
    default:
      return { answer: reply, wishes: undefined };
  }
}

function readBody(body: Facts): CollectorReply {
  const { flags, configuration } = body;
  if (flags === undefined && configuration === undefined) return SILENT;
  const said = factsOf(configuration);
  const wishes = wishesOf(said);
  const isOn = (flags === undefined || isFlagOn(flags)) && (said['enabled'] ?? true) === true && wishes !== undefined;
  const ttlSeconds = said['ttlSeconds'] ?? body['ttl_seconds'] ?? body['ttlSeconds'];
  const ttlMs = typeof ttlSeconds === 'number' && ttlSeconds > 0 ? ttlSeconds * 1000 : undefined;
  return { answer: { kind: 'answer', enabled: isOn, ttlMs }, wishes: wishes ?? NO_WISHES };
}

/** Undefined for a wish that cannot be understood, and for one to get nothing. */
function wishesOf(said: Facts): ReceiverWishes | undefined {
  const level = said['level'] ?? undefined;
  const sampleRate = said['sampleRate'] ?? 1;
  if (level !== undefined && !isLevel(level)) return undefined;
  if (typeof sampleRate !== 'number' || !(sampleRate >= 0 && sampleRate <= 1)) return undefined;
  if (level === 'OFF') return undefined;
  return { logLevel: level, sampleRate, readsLocal: said['local'] === LOCAL_VERSION };
}

function isLevel(value: unknown): value is TelemetryLogLevel {
  return TELEMETRY_LEVELS.some((level) => level === value);
}
