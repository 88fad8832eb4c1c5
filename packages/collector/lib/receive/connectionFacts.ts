import type { RawFacts } from './FieldTree';
import { LABEL, WORD, keep } from './rules';

/** `Connector/2.1.0 (application; …`: what a user agent says of driver and application. */
const USER_AGENT = /^([\w.-]{1,64})\/([\w.+-]{1,64})(?: \(([^;()]{1,128})[;)])?/;
const HOST = /^(?:https?:\/\/)?([\w.-]{1,253}|\[[\da-f:.]+\])(?::\d{1,5})?\/?$/i;
const WAREHOUSE = /\/(?:warehouses|endpoints)\/([\w-]{1,64})(?:[/?#]|$)/;
const CLUSTER = /\/protocolv1\/o\/\d{1,20}\/([\w-]{1,64})(?:[/?#]|$)/;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * Replaces what is only read, and never kept as it is, by what may be kept of it: host, warehouse, and driver and
 * service where the log does not name them.
 */
export function deriveConnection(facts: RawFacts): void {
  const { userAgent, hostUrl, httpPath, clientType, clientVersion } = facts;
  delete facts['userAgent'];
  delete facts['hostUrl'];
  delete facts['httpPath'];
  delete facts['clientType'];
  delete facts['clientVersion'];

  const [, agentName, agentVersion, agentEntry] = USER_AGENT.exec(text(userAgent) ?? '') ?? [];
  const hasConnection = ['driver', 'clientAppName', 'processName'].some((key) => key in facts) || hostUrl !== undefined;
  facts['fallbackDriver'] = text(clientType) ?? agentName ?? '';
  facts['fallbackDriverVersion'] = text(clientVersion) ?? agentVersion ?? '';
  if (facts['fallbackDriver'] === '') delete facts['fallbackDriver'];
  if (facts['fallbackDriverVersion'] === '') delete facts['fallbackDriverVersion'];

  const service = facts['service'] ?? facts['clientAppName'] ?? entryOf(agentEntry) ?? facts['processName'];
  if (service !== undefined) facts['service'] = service;
  const host = HOST.exec(text(hostUrl) ?? '')?.[1];
  if (host !== undefined) facts['host'] = host.toLowerCase();
  const path = text(httpPath) ?? '';
  const warehouse = WAREHOUSE.exec(path)?.[1] ?? CLUSTER.exec(path)?.[1];
  if (warehouse !== undefined && keep(WORD, warehouse) !== undefined) facts['warehouse'] = warehouse;
  if (hasConnection) facts['describesConnection'] = true;
}

/** The application's own part of a user agent; what drivers put there when there is none is no name. */
function entryOf(entry: string | undefined): string | undefined {
  if (entry === undefined || /^(?:node\.js|linux|darwin|windows|java|python|go)\b/i.test(entry)) return undefined;
  const kept = keep(LABEL, entry);
  return typeof kept === 'string' ? kept : undefined;
}
