import { hostKeyNamed, type HostKey, type RecordOrigin } from '../../model/connection';
import { isBase, isConfidential, isHttpUrl } from '../../model/endpoint';
import type { EndpointMemory, ExportMode } from './endpoints';
import { workspaceTarget, type HttpTarget } from './transport';

/** Where telemetry goes. */
export interface Destination {
  /** Name under which breaker and pauses of the receiver are shared. */
  readonly key: HostKey;
  /** Whether the receiver is the workspace itself and may see the connection's credentials. */
  readonly isWorkspace: boolean;
  /** Whether it may be given what is no business of the workspace: a collector of one's own that nobody overhears. */
  readonly mayReadLocal: boolean;
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
    mayReadLocal: false,
    target: workspaceTarget,
    paths: (mode) => endpoints.paths(mode),
    preferSecondPath: (mode) => endpoints.preferSecond(mode),
  };
}

const BASE_PATHS: Record<ExportMode, string> = {
  authenticated: '/telemetry-ext',
  unauthenticated: '/telemetry-unauth',
};

/**
 * A collector of one's own (`telemetryEndpoint`). It gets neither the connection's credentials nor its client
 * certificate nor its proxy; its certificate is checked as the connection checks the workspace's. Undefined for what is
 * no http or https URL.
 */
export function customDestination(endpoint: string): Destination | undefined {
  if (!isHttpUrl(endpoint)) return undefined;
  const { protocol, hostname, port, pathname, search } = new URL(endpoint);
  const effectivePort = Number(port || (protocol === 'http:' ? 80 : 443));
  return {
    key: hostKeyNamed(`${hostname}:${effectivePort}`),
    isWorkspace: false,
    mayReadLocal: isConfidential(endpoint),
    target: ({ tls: { ca, rejectUnauthorized } }) => ({
      protocol: protocol === 'http:' ? protocol : 'https:',
      hostname,
      port: effectivePort,
      tls: { ...(ca === undefined ? {} : { ca }), ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }) },
      getAgent: async () => undefined,
    }),
    paths: (mode) => [isBase(endpoint) ? BASE_PATHS[mode] : pathname + search],
    preferSecondPath: () => undefined,
  };
}
