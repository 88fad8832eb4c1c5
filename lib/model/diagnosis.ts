import type { Account } from './account';
import type { EffectiveOption, HostKey } from './connection';
import type { RequestFailure } from './errorFacts';
import type { TelemetryConfiguration } from './options';

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
    readonly failure: RequestFailure | undefined;
  };
  readonly isBreakerOpen: boolean;
  readonly nextAttemptInMs: number;
  /** How the last request with records failed; undefined when it did not. */
  readonly exportFailure: RequestFailure | undefined;
}

/** Who said no to telemetry. A value that an option cannot have is a problem of the option and not listed here. */
export type Refusal =
  | { readonly by: 'environment'; readonly variable: string }
  | { readonly by: 'constructor' | 'connect'; readonly option: RefusingOption }
  /** Nobody said yes. */
  | { readonly by: 'default' };

export type RefusingOption = 'telemetryEnabled' | 'telemetryLogLevel' | 'telemetryObserve';

/** The account of one exporter of the application's. */
export interface ExporterFacts extends Account {
  readonly name: string;
  /** Who named it; of several, the first. */
  readonly setBy: EffectiveOption['setBy'];
  /** What it failed with last. */
  readonly lastError: { readonly name: string } | undefined;
}

/** What a connection's telemetry says of itself. */
export interface ConnectionDiagnosis {
  /** Records are made to be sent. */
  readonly isCollecting: boolean;
  /** The application has receivers of its own. */
  readonly hasReceivers: boolean;
  readonly host: HostKey;
  /**
   * Undefined where nothing is collected, and before the first query where asking for credentials could make somebody log
   * in.
   */
  readonly telemetry: (Account & HostDiagnosis) | undefined;
  readonly exporters: readonly ExporterFacts[];
}

/** Where the records of a pipeline with this configuration go. */
export function destinationOf({ endpoint, dryRun }: TelemetryConfiguration, host: HostKey): RecordDestination {
  const isEndpoint = endpoint !== undefined && URL.canParse(endpoint);
  const address = isEndpoint ? new URL(endpoint).origin : `https://${host}`;
  return { kind: dryRun !== undefined ? 'dry run' : isEndpoint ? 'endpoint' : 'workspace', address };
}
