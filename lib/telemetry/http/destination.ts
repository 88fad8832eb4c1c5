import { hostKeyNamed, type HostKey, type RecordOrigin } from '../../model/connection';
import { isBase, isConfidential, isHttpUrl } from '../../model/endpoint';
import type { TelemetryConfiguration } from '../../model/options';
import type { EndpointMemory, ExportMode } from './endpoints';
import type { LastError } from './TransferLog';
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

/** Where a host's records go. An address is an origin: what follows it in a URL may be a secret. */
export interface RecordDestination {
  readonly kind: 'workspace' | 'endpoint' | 'dry run';
  readonly address: string;
}

/** What keeps a host's records from leaving, or does not. */
export interface HostDiagnosis {
  readonly destination: RecordDestination;
  readonly flag: {
    readonly state: 'unknown' | 'on' | 'off';
    /** The workspace itself said so. */
    readonly isServersWord: boolean;
    readonly dueInMs: number;
    /** How the last request for it failed; undefined when it did not. */
    readonly failure: LastError | undefined;
  };
  readonly isBreakerOpen: boolean;
  readonly nextAttemptInMs: number;
  /** How the last request with records failed; undefined when it did not. */
  readonly exportFailure: LastError | undefined;
}

/** Where the records of a pipeline with this configuration go. */
export function destinationOf({ endpoint, dryRun }: TelemetryConfiguration, host: HostKey): RecordDestination {
  const isEndpoint = endpoint !== undefined && URL.canParse(endpoint);
  const address = isEndpoint ? new URL(endpoint).origin : `https://${host}`;
  return { kind: dryRun !== undefined ? 'dry run' : isEndpoint ? 'endpoint' : 'workspace', address };
}
