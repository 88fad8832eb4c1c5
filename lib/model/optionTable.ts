import type { OnPreview } from './preview';
import { TELEMETRY_LEVELS } from './severity';

export type OptionValue = boolean | number | string | OnPreview;

/** Values an option may take. */
export interface OptionRow<T> {
  readonly default: T;
  /** Names that the option takes, in any case; their numbers count from 0. */
  readonly names?: readonly string[];
  /** Whether a function will do too. */
  readonly takesFunction?: true;
  /** Inclusive limits of a number; a value outside is brought to the nearer one. */
  readonly min?: number;
  readonly max?: number;
  readonly unit?: 'ms' | 'bytes' | 'count';
  readonly description: string;
}

/**
 * The one table of options. Names are those of `ClientConfig` and `ConnectionOptions`; types, defaults, validation and
 * the table in the documentation derive from it.
 */
export const TELEMETRY_OPTIONS = {
  telemetryEnabled: {
    default: false as boolean,
    description: 'Collect and send telemetry. Off means that nothing is created: no timer, no request, no wrapper.',
  },
  telemetryAuthenticatedExport: {
    default: true as boolean,
    description: 'Send with the credentials of the connection. `false` sends a minimal set of fields without any.',
  },
  telemetryLogLevel: {
    default: 'INFO' as string | number,
    names: TELEMETRY_LEVELS,
    description:
      'Most verbose severity that is collected: OFF, FATAL, ERROR, WARN, INFO, DEBUG or TRACE, or its number from 0 to 6. ' +
      'OFF collects nothing.',
  },
  telemetryBatchSize: {
    default: 100,
    min: 1,
    max: 1000,
    unit: 'count',
    description: 'Records in one request; this many pending records start a flush.',
  },
  telemetryFlushIntervalMs: {
    default: 5000,
    min: 100,
    max: 3_600_000,
    unit: 'ms',
    description: 'Longest time a record waits for a flush. The first interval is jittered.',
  },
  telemetryMaxRetries: {
    default: 3,
    min: 0,
    max: 10,
    unit: 'count',
    description: 'Attempts of one request after the first.',
  },
  telemetryBackoffBaseMs: {
    default: 200,
    min: 1,
    max: 60_000,
    unit: 'ms',
    description: 'Upper bound of the first retry delay; doubles with each attempt, with full jitter.',
  },
  telemetryBackoffMaxMs: {
    default: 5000,
    min: 1,
    max: 600_000,
    unit: 'ms',
    description: 'Upper bound of any retry delay.',
  },
  telemetryRequestTimeoutMs: {
    default: 10_000,
    min: 100,
    max: 120_000,
    unit: 'ms',
    description: 'Total time for one telemetry request, connection and body included.',
  },
  telemetryMaxRequestBytes: {
    default: 1024 * 1024,
    min: 4096,
    max: 16 * 1024 * 1024,
    unit: 'bytes',
    description: 'Largest body of one telemetry request; a record that does not fit alone is dropped.',
  },
  telemetryExportTimeoutMs: {
    default: 30_000,
    min: 100,
    max: 600_000,
    unit: 'ms',
    description: 'Total time for one request with all its retries; what is undecided then waits for the next flush.',
  },
  telemetryEndpoint: {
    default: '' as string,
    description:
      'URL of a collector of your own. It gets the telemetry instead of the workspace, without the credentials, client ' +
      'certificate and proxy of the connection; the feature flag is not asked. Anything but an http or https URL sends nothing.',
  },
  telemetryCompression: {
    default: 'auto' as string,
    names: ['auto', 'gzip', 'none'],
    description:
      'Whether bodies of at least 1 KiB leave as gzip: gzip, none, or auto, which means gzip for `telemetryEndpoint` and none ' +
      'for the workspace. A receiver that refuses a compressed body gets it plain at once, and plain ones from then on.',
  },
  telemetryDryRun: {
    default: '' as string | OnPreview,
    takesFunction: true,
    description:
      'Show instead of send: a function gets each request that would be made, or the file of that name gets it as one ' +
      'line of JSON. Nothing of telemetry goes to the network; the feature flag is not asked.',
  },
  telemetryCloseTimeoutMs: {
    default: 2000,
    min: 0,
    max: 60_000,
    unit: 'ms',
    description: 'Longest time `client.close()` waits for the final flush; the request is aborted then.',
  },
  telemetryCircuitBreakerThreshold: {
    default: 5,
    min: 1,
    max: 1000,
    unit: 'count',
    description: 'Consecutive failed requests after which the circuit breaker of the host opens.',
  },
  telemetryCircuitBreakerTimeout: {
    default: 60_000,
    min: 10,
    max: 3_600_000,
    unit: 'ms',
    description: 'Time the circuit breaker stays open before one probe request.',
  },
  telemetryMaxPendingMetrics: {
    default: 2000,
    min: 1,
    max: 100_000,
    unit: 'count',
    description:
      'Records held in memory for one host. When full, statements give way to errors, connections to both; what is being sent meanwhile cannot, and comes on top of it.',
  },
  telemetryMaxPendingBytes: {
    default: 4 * 1024 * 1024,
    min: 1024,
    max: 256 * 1024 * 1024,
    unit: 'bytes',
    description: 'Estimated size of the records held in memory for one host.',
  },
  telemetryMaxRecordAgeMs: {
    default: 3_600_000,
    min: 1000,
    max: 86_400_000,
    unit: 'ms',
    description: 'Age at which a record that could not be sent is given up.',
  },
  telemetrySpoolDirectory: {
    default: '' as string,
    description:
      'Directory in which pending records are kept too, so that the next process can send what this one could not. ' +
      'Several processes may use one directory. Empty: nothing is written.',
  },
  telemetrySpoolMaxBytes: {
    default: 16 * 1024 * 1024,
    min: 64 * 1024,
    max: 1024 * 1024 * 1024,
    unit: 'bytes',
    description: 'Size of all files in the spool directory. When it is full, the oldest give way.',
  },
  telemetryMaxErrorsPerStatement: {
    default: 10,
    min: 1,
    max: 1000,
    unit: 'count',
    description: 'Retryable errors kept with one statement until it ends.',
  },
  telemetryMaxStatementMetrics: {
    default: 5000,
    min: 1,
    max: 1_000_000,
    unit: 'count',
    description: 'Statements in flight that are observed at once; the oldest is given up as abandoned.',
  },
  telemetryStatementTtlMs: {
    default: 3_600_000,
    min: 1000,
    max: 86_400_000,
    unit: 'ms',
    description: 'Age at which a statement that never ended is given up as abandoned.',
  },
  telemetryFlushOnExit: {
    default: true as boolean,
    description: 'One best-effort flush of at most 500 ms when the process is about to end by itself (`beforeExit`).',
  },
  telemetryFeatureFlagTimeoutMs: {
    default: 3000,
    min: 100,
    max: 3000,
    unit: 'ms',
    description: 'Total time for the feature-flag request. `connect()` never waits for it.',
  },
} as const satisfies Record<string, OptionRow<OptionValue>>;
