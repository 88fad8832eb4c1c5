import type { HostKey, RecordOrigin } from '../../model/connection';
import type { EndpointMemory, ExportMode } from './endpoints';
import { workspaceTarget, type HttpTarget } from './transport';

/** Where telemetry goes. */
export interface Destination {
  /** Name under which breaker and pauses of the receiver are shared. */
  readonly key: HostKey;
  /** Whether the receiver is the workspace itself and may see the connection's credentials. */
  readonly isWorkspace: boolean;
  target(origin: RecordOrigin): HttpTarget;
  /** Paths to try in this order while they answer 404. */
  paths(mode: ExportMode): readonly [first: string, second?: string];
  /** The second of `paths` took logs. */
  preferSecondPath(mode: ExportMode): void;
}

/** The workspace of the query connection: same host, port, agent and TLS settings. */
export function workspaceDestination(host: HostKey, endpoints: EndpointMemory): Destination {
  return {
    key: host,
    isWorkspace: true,
    target: workspaceTarget,
    paths: (mode) => endpoints.paths(mode),
    preferSecondPath: (mode) => endpoints.preferSecond(mode),
  };
}

/**
 * A collector of one's own (`telemetryEndpoint`). It gets neither the connection's credentials nor its client
 * certificate nor its proxy; its certificate is checked as the connection checks the workspace's. Undefined for what is
 * no http or https URL.
 */
export function customDestination(endpoint: string): Destination | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const { protocol, hostname, port, pathname, search } = new URL(endpoint);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  const effectivePort = Number(port || (protocol === 'http:' ? 80 : 443));
  return {
    key: `${hostname}:${effectivePort}` as HostKey,
    isWorkspace: false,
    target: ({ tls: { ca, rejectUnauthorized } }) => ({
      protocol,
      hostname,
      port: effectivePort,
      tls: { ...(ca === undefined ? {} : { ca }), ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }) },
      getAgent: async () => undefined,
    }),
    paths: () => [pathname + search],
    preferSecondPath: () => undefined,
  };
}
