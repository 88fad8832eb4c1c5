import { LOCAL_VERSION } from '../../model/fields/fieldsOfConnection';
import { TELEMETRY_LEVELS, type TelemetryLogLevel } from '../../model/optionRow';
import { NO_WISHES, type ReceiverWishes } from '../../model/receiverWishes';
import type { HttpOutcome } from '../http/transport';
import { isFlagOn, parseObject, readFlagReply, type FlagAnswer } from './HostFlag';

export interface CollectorReply {
  readonly answer: FlagAnswer;
  /** Undefined when nothing was said. */
  readonly wishes: ReceiverWishes | undefined;
}

/** A receiver that speaks of no configuration leaves everything to the application. */
const SILENT: CollectorReply = { answer: { kind: 'answer', enabled: true, ttlMs: undefined }, wishes: NO_WISHES };
const NO_WORD = { kind: 'none', retryAfterMs: 0, refused: false } as const;

/**
 * What a collector of one's own says to the configuration request. It can only reduce what the application allows, and
 * a value that cannot be understood closes.
 */
export function readCollectorReply(outcome: HttpOutcome, wallNowMs: number): CollectorReply {
  if (outcome.kind === 'response' && outcome.status === 200) {
    const body = outcome.body === undefined ? undefined : parseObject(outcome.body);
    return body === undefined ? { answer: NO_WORD, wishes: undefined } : readBody(body);
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

function readBody(body: Record<string, unknown>): CollectorReply {
  const { flags, configuration } = body;
  if (flags === undefined && configuration === undefined) return SILENT;
  const said = typeof configuration === 'object' && configuration !== null ? (configuration as Given) : {};
  const wishes = wishesOf(said);
  const isOn = (flags === undefined || isFlagOn(flags)) && (said['enabled'] ?? true) === true && wishes !== undefined;
  const ttlSeconds = said['ttlSeconds'] ?? body['ttl_seconds'] ?? body['ttlSeconds'];
  const ttlMs = typeof ttlSeconds === 'number' && ttlSeconds > 0 ? ttlSeconds * 1000 : undefined;
  return { answer: { kind: 'answer', enabled: isOn, ttlMs }, wishes: wishes ?? NO_WISHES };
}

type Given = Readonly<Record<string, unknown>>;

/** Undefined for a wish that cannot be understood, and for one to get nothing. */
function wishesOf(said: Given): ReceiverWishes | undefined {
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
