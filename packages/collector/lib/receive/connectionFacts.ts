import type { RawFacts } from './FieldTree';
import { keep, LABEL, WORD, WORDS, type Rule } from './rules';

/** `Connector/2.1.0 (application; …`: what a user agent says of driver and application. */
const USER_AGENT = /^([\w.-]{1,64})\/([\w.+-]{1,64})(?: \(([^;()]{1,128})[;)])?/;
const HOST = /^(?:https?:\/\/)?([\w.-]{1,253}|\[[\da-f:.]+\])(?::\d{1,5})?\/?$/i;
const WAREHOUSE = /\/(?:warehouses|endpoints)\/([\w-]{1,64})(?:[/?#]|$)/;
const CLUSTER = /\/protocolv1\/o\/\d{1,20}\/([\w-]{1,64})(?:[/?#]|$)/;

const fitting = (rule: Rule, value: string | undefined): string | undefined => {
  const kept = value === undefined ? undefined : keep(rule, value);
  return typeof kept === 'string' ? kept : undefined;
};

/** The name in any spelling of a host, as it is stored: without scheme and port, in lower case. */
export function hostIn(spelled: unknown): string | undefined {
  return typeof spelled === 'string' ? HOST.exec(spelled)?.[1]?.toLowerCase().replace(/\.$/, '') : undefined;
}

/** Adds what may be kept of `derived`: host, warehouse, and driver and service where the log does not name them. */
export function deriveConnection(facts: RawFacts, derived: Readonly<Record<string, string>>): void {
  const { userAgent, hostUrl, httpPath, clientType, clientVersion } = derived as Partial<typeof derived>;
  const agent = agentOf(userAgent);
  const driver = fitting(WORDS, clientType) ?? agent.driver;
  const version = fitting(WORD, clientVersion) ?? agent.version;
  if (driver !== undefined) facts['fallbackDriver'] = driver;
  if (version !== undefined) facts['fallbackDriverVersion'] = version;
  const service = facts['service'] ?? facts['clientAppName'] ?? agent.service ?? facts['processName'];
  if (service !== undefined) facts['service'] = service;
  if (hostUrl !== undefined) {
    const host = hostIn(hostUrl);
    if (host !== undefined) facts['host'] = host;
  }
  if (httpPath !== undefined) {
    const warehouse = fitting(WORD, WAREHOUSE.exec(httpPath)?.[1] ?? CLUSTER.exec(httpPath)?.[1]);
    if (warehouse !== undefined) facts['warehouse'] = warehouse;
  }
  if (hostUrl !== undefined || facts['driver'] !== undefined || facts['clientAppName'] !== undefined) {
    facts['describesConnection'] = true;
  }
}

/** What a user agent says of driver and application. */
interface Agent {
  readonly driver?: string | undefined;
  readonly version?: string | undefined;
  readonly service?: string | undefined;
}

/** The same few user agents come with every log. */
const agents = new Map<string, Agent>();
const MAX_AGENTS = 1_000;
const NO_AGENT: Agent = {};

function agentOf(userAgent: string | undefined): Agent {
  if (userAgent === undefined) return NO_AGENT;
  const known = agents.get(userAgent);
  if (known !== undefined) return known;
  const [, driver, version, entry] = USER_AGENT.exec(userAgent) ?? [];
  const agent = { driver, version, service: entryOf(entry) ?? productOf(userAgent) };
  if (agents.size >= MAX_AGENTS) agents.clear();
  if (userAgent.length <= 512) agents.set(userAgent, agent);
  return agent;
}

/** The application's own part of a user agent; what drivers put there when there is none is no name. */
function entryOf(entry: string | undefined): string | undefined {
  if (entry === undefined || /^(?:node\.js|linux|darwin|windows|java|python|go)\b/i.test(entry)) return undefined;
  const kept = keep(LABEL, entry);
  return typeof kept === 'string' ? kept : undefined;
}

/** What the driver for Java says of itself and what it is made of; an application's name is one product more. */
const JAVA_AGENT = /^DatabricksJDBCDriverOSS\//;
const JAVA_PRODUCTS = /^(?:DatabricksJDBCDriverOSS|databricks-sdk-java|jvm|os|auth|cmd-exec-id|runtime|cicd|Java)$/;

function productOf(userAgent: string): string | undefined {
  if (userAgent.length > 512 || !JAVA_AGENT.test(userAgent)) return undefined;
  const names = userAgent.split(' ').map((product) => product.split('/', 1)[0] ?? '');
  const kept = keep(
    LABEL,
    names.find((name) => name !== '' && !JAVA_PRODUCTS.test(name)),
  );
  return typeof kept === 'string' ? kept : undefined;
}
