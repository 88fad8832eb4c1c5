import { readBody } from '../http/readBody';
import { HttpError, sendJson } from '../http/reply';
import type { Exchange } from '../http/Router';
import { hostIn } from '../receive/connectionFacts';
import { keep, LABEL, NAME } from '../receive/rules';
import { askedBy } from './askedBy';
import type { Configuration } from './Configuration';
import {
  inForce,
  LEVELS,
  nameOfRule,
  type InForce,
  type Level,
  type Rule,
  type AuditEntry,
  type RuleTarget,
  type Setting,
} from './rules';
import { Senders, type Sender } from './Senders';

/** Version of `local` that this collector reads. */
export const LOCAL_VERSION = 1;
/** A switch is in force everywhere within this time. */
const TTL_SECONDS = 60;

const FLAG = 'databricks.partnerplatform.clientConfigsFeatureFlags.enableTelemetry';
/** The name of the flag differs from driver to driver; each finds its own. */
const FLAG_NAMES = ['ForNodeJs', 'ForJdbc', 'ForPythonDriver', 'ForGoDriver', 'ForAdbc', 'ForOdbc', ''].map(
  (driver) => FLAG + driver,
);
const BODY_LIMITS = { maxBytes: 65_536, maxDecodedBytes: 65_536 };

export interface ConfigurationView {
  readonly rules: readonly Rule[];
  readonly audit: readonly AuditEntry[];
  readonly senders: readonly (Sender & { readonly inForce: InForce })[];
}

/** Answers what senders ask, and lets their owner turn them down. */
export class Steering {
  private readonly senders = new Senders();

  constructor(private readonly configuration: Configuration) {}

  get senderCount(): number {
    return this.senders.list(Date.now()).length;
  }

  /** The feature-flag request of any driver, and the configuration request of `databricks-sql-telemetry`. */
  async answerFlags(exchange: Exchange): Promise<void> {
    const { message, response, url, path } = exchange;
    const asked: Record<string, unknown> = Object.fromEntries(url.searchParams);
    const given = message.method === 'POST' ? { ...asked, ...(await jsonBody(exchange)) } : asked;
    const sender = askedBy(message, path, given, Date.now());
    this.senders.note(sender);
    await this.configuration.refresh();
    const { enabled, level, sampleRate, decidedBy } = inForce(this.configuration.rules, sender);
    sendJson(response, 200, {
      flags: FLAG_NAMES.map((name) => ({ name, value: String(enabled) })),
      ttl_seconds: TTL_SECONDS,
      configuration: { enabled, level, sampleRate, local: LOCAL_VERSION, ttlSeconds: TTL_SECONDS, decidedBy },
    });
  }

  async view(): Promise<ConfigurationView> {
    await this.configuration.refresh();
    const { rules, audit } = this.configuration;
    const senders = this.senders.list(Date.now()).map((sender) => ({ ...sender, inForce: inForce(rules, sender) }));
    return { rules, audit, senders };
  }

  async set(exchange: Exchange): Promise<void> {
    const { scope, name, by, ...setting } = await jsonBody(exchange);
    const change = { ...targetOf(scope, name), set: settingOf(setting), by: authorOf(by), atMs: Date.now() };
    await this.configuration.change(change);
    sendJson(exchange.response, 200, await this.view());
  }

  async remove({ url, response }: Exchange): Promise<void> {
    const [scope, name, by] = ['scope', 'name', 'author'].map((given) => url.searchParams.get(given) ?? undefined);
    const target = targetOf(scope, name);
    await this.configuration.refresh();
    if (!this.configuration.rules.some((rule) => nameOfRule(rule) === nameOfRule(target))) {
      throw new HttpError(404, 'unknown_rule', 'There is no such rule.');
    }
    await this.configuration.change({ ...target, set: null, by: authorOf(by), atMs: Date.now() });
    sendJson(response, 200, await this.view());
  }
}

export async function jsonBody({ message }: Pick<Exchange, 'message'>): Promise<Record<string, unknown>> {
  const body = await readBody(message, BODY_LIMITS);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new HttpError(400, 'malformed_body', 'The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpError(400, 'malformed_body', 'The body must be an object.');
  }
  return value as Record<string, unknown>;
}

const wrong = (message: string): HttpError => new HttpError(400, 'invalid_configuration', message);

function targetOf(scope: unknown, name: unknown): RuleTarget {
  if (scope === 'all') {
    if (name !== undefined && name !== null) throw wrong('A rule for all has no name.');
    return { scope, name: null };
  }
  if (scope !== 'host' && scope !== 'service') throw wrong('scope must be all, host or service.');
  const kept = scope === 'host' ? hostIn(name) : keep(LABEL, name);
  if (typeof kept !== 'string') throw wrong('name must be the host or the service.');
  return { scope, name: kept };
}

/** What limits fails closed: a value that is not understood is refused, never taken for "no opinion". */
function settingOf({ enabled = null, level = null, sampleRate = null, ...others }: Record<string, unknown>): Setting {
  if (Object.keys(others).length > 0) throw wrong('A rule has scope, name, enabled, level, sampleRate and by.');
  if (enabled !== null && typeof enabled !== 'boolean') throw wrong('enabled must be true, false or null.');
  if (level !== null && !LEVELS.includes(level as Level)) throw wrong(`level must be one of ${LEVELS.join(', ')}.`);
  if (sampleRate !== null && !(typeof sampleRate === 'number' && sampleRate >= 0 && sampleRate <= 1)) {
    throw wrong('sampleRate must be between 0 and 1.');
  }
  if (enabled === null && level === null && sampleRate === null) {
    throw wrong('Give at least one of enabled, level and sampleRate; DELETE takes a rule back.');
  }
  return { enabled, level: level as Level | null, sampleRate };
}

function authorOf(by: unknown): string {
  const kept = keep(NAME, by);
  return typeof kept === 'string' ? kept : 'someone with a steering token';
}
