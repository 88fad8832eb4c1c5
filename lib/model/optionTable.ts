import {
  flag,
  limiting,
  quantity,
  duration,
  choice,
  size,
  TELEMETRY_LEVELS,
  type NumberRow,
  type OnPreview,
  type OptionRow,
  type Spellings,
  type Widen,
  type TelemetryLogLevel,
} from './optionRow';

const [KIB, MIB] = [1024, 1024 * 1024];
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/**
 * The one table of options. Names are those of `ClientConfig` and `ConnectionOptions`; types, defaults, validation and
 * the table in the documentation derive from it.
 */
export const TELEMETRY_OPTIONS = {
  telemetryEnabled: limiting(
    flag(
      false,
      'Send telemetry to Databricks, or to `telemetryEndpoint`. Off means that telemetry makes no request; what the ' +
        'application itself plugs in goes on. With nothing plugged in, nothing is created: no timer, no wrapper.',
    ),
    'DATABRICKS_TELEMETRY_ENABLED',
  ),
  telemetryObserve: limiting(
    flag(
      true,
      'Observe at all. `false` hides a client, connection, session or statement from everybody: Databricks, exporters, ' +
        'channels, listeners, the slow-statement log.',
    ),
  ),
  telemetryStatementText: limiting(
    flag(false, 'Show texts of statements and errors to diagnostics channels and OpenTelemetry, and to nobody else.'),
  ),
  telemetrySlowStatementMs: {
    ...duration(
      0,
      [0, DAY],
      'Time from which a statement is slow: all that the application’s calls on it take. A slow one is written to the driver’s ' +
        'logger as a warning when it has ended, and once while it still runs; or given to `onSlowStatement`. It is never ' +
        'sampled away. `0` writes nothing; a callback, a subscriber and the sample take 10 s then.',
    ),
    env: 'DATABRICKS_TELEMETRY_SLOW_STATEMENT_MS',
  },
  telemetryFile: {
    type: 'text',
    default: '' as string,
    env: 'DATABRICKS_TELEMETRY_FILE',
    description:
      'File that gets each session, statement and error as a line of JSON, whether or not anything is sent: a `FileExporter` ' +
      'with this path. `%p` in it stands for the id of the process: one process a file is best. Empty: none.',
  },
  telemetrySampleRate: {
    type: 'rate',
    default: 1 as number,
    limits: true,
    env: 'DATABRICKS_TELEMETRY_SAMPLE_RATE',
    description:
      'Share of the sessions that are sent with all their statements; one within a trace goes with its trace. Errors, and ' +
      'what failed, was cancelled, met an error or was slow, are always sent. What is left out counts as `sampled`.',
  },
  telemetrySessionRecords: choice(
    ['each', 'once'],
    'each',
    'Which sessions get records of their own: `each`, one when it is opened and one when it is closed, or `once`, one for ' +
      'each connection configuration and hour, for pools that open a session for every request.',
  ),
  telemetryAuthenticatedExport: limiting(
    flag(true, 'Send with the credentials of the connection. `false` sends a minimal set of fields without any.'),
  ),
  telemetryAnonymousErrors: limiting(
    flag(
      false,
      'Report a `connect()` or `openSession()` that failed without credentials, as a minimal anonymous record, where the ' +
        'connection has none that the workspace accepts. Without it such a record is dropped as `no_credentials`.',
    ),
  ),
  telemetryLogLevel: {
    type: 'name',
    default: 'INFO' as TelemetryLogLevel,
    names: TELEMETRY_LEVELS,
    isNumbered: true,
    limits: true,
    env: 'DATABRICKS_TELEMETRY_LOG_LEVEL',
    description:
      'Most verbose severity that is sent: OFF, FATAL, ERROR, WARN, INFO, DEBUG or TRACE, or its number from 0 to 6. ' +
      'OFF sends nothing.',
  },
  telemetryBatchSize: quantity(100, [1, 1000], 'Records in one request; this many pending records start a flush.'),
  telemetryFlushIntervalMs: duration(
    5000,
    [100, HOUR],
    'Longest time a record waits for a flush. The first interval is jittered.',
  ),
  telemetryMaxRetries: quantity(3, [0, 10], 'Attempts of one request after the first.'),
  telemetryBackoffBaseMs: duration(
    200,
    [1, MINUTE],
    'Upper bound of the first retry delay; doubles with each attempt, with full jitter.',
  ),
  telemetryBackoffMaxMs: duration(5000, [1, 10 * MINUTE], 'Upper bound of any retry delay.'),
  telemetryRequestTimeoutMs: duration(
    10_000,
    [100, 2 * MINUTE],
    'Total time for one telemetry request, connection and body included.',
  ),
  telemetryMaxRequestBytes: size(
    MIB,
    [4 * KIB, 16 * MIB],
    'Largest body of one telemetry request; a record that does not fit alone is dropped.',
  ),
  telemetryExportTimeoutMs: duration(
    30_000,
    [100, 10 * MINUTE],
    'Total time for one request with all its retries; what is undecided then waits for the next flush.',
  ),
  telemetryEndpoint: {
    type: 'url',
    default: undefined as string | undefined,
    limits: true,
    env: 'DATABRICKS_TELEMETRY_ENDPOINT',
    description:
      'Address of a collector of your own, as text or a `URL`. It gets the telemetry instead of the workspace, without the ' +
      'credentials, headers, client certificate and proxy of the connection. An address without a path is a base: telemetry ' +
      'goes to `/telemetry-ext`, and the collector is asked what it wants. One with a path is used as it is and asked ' +
      'nothing. Anything but an http or https URL sends nothing.',
  },
  telemetryEndpointToken: {
    type: 'secret',
    default: undefined as string | undefined,
    limits: true,
    env: 'DATABRICKS_TELEMETRY_ENDPOINT_TOKEN',
    description:
      'Bearer token for `telemetryEndpoint`, and for nobody else: one that was given with an address (in the environment, to ' +
      'the constructor, to `connect()`) goes to no other server. Over plain HTTP beyond this machine nothing is sent with it.',
  },
  telemetryServiceName: {
    type: 'label',
    default: '' as string,
    env: 'DATABRICKS_TELEMETRY_SERVICE_NAME',
    description:
      'What the application calls itself towards a collector of your own: printable ASCII without anything that looks like ' +
      'a credential. Without it, `userAgentEntry`, else the name of the script.',
  },
  telemetryCompression: choice(
    ['auto', 'gzip', 'none'],
    'auto',
    'Whether bodies of at least 1 KiB leave as gzip: gzip, none, or auto, which means gzip for `telemetryEndpoint` and none ' +
      'for the workspace. A receiver that refuses a compressed body gets it plain at once, and plain ones from then on.',
  ),
  telemetryDryRun: {
    type: 'dryRun',
    default: undefined as string | OnPreview | undefined,
    limits: true,
    env: 'DATABRICKS_TELEMETRY_DRY_RUN',
    description:
      'Show instead of send: a function gets each request that would be made, the file of that name gets it as one line of ' +
      'JSON, and `true` writes one debug line about it to the driver’s logger. Nothing of telemetry goes to the network; the ' +
      'feature flag is not asked. `false` sends as usual.',
  },
  telemetryCloseTimeoutMs: duration(
    2000,
    [0, MINUTE],
    'Longest time `client.close()` waits for the final flush; the request is aborted then.',
  ),
  telemetryCircuitBreakerThreshold: quantity(
    5,
    [1, 1000],
    'Consecutive failed requests after which the circuit breaker of the host opens.',
  ),
  telemetryCircuitBreakerTimeout: duration(
    MINUTE,
    [10, HOUR],
    'Time the circuit breaker stays open before one probe request.',
  ),
  telemetryMaxPendingMetrics: quantity(
    2000,
    [1, 100_000],
    'Records held in memory for one host. When full, statements give way to errors, connections to both; what is being sent ' +
      'meanwhile cannot, and comes on top of it.',
  ),
  telemetryMaxPendingBytes: size(
    4 * MIB,
    [KIB, 256 * MIB],
    'Estimated size of the records held in memory for one host.',
  ),
  telemetryMaxRecordAgeMs: duration(HOUR, [1000, DAY], 'Age at which a record that could not be sent is given up.'),
  telemetrySpoolDirectory: {
    type: 'text',
    default: '' as string,
    description:
      'Directory in which pending records are kept too, so that the next process can send what this one could not. ' +
      'Several processes may use one directory. Empty: nothing is written.',
  },
  telemetrySpoolMaxBytes: size(
    16 * MIB,
    [64 * KIB, 1024 * MIB],
    'Size of all files in the spool directory. When it is full, the oldest give way.',
  ),
  telemetryMaxErrorsPerStatement: quantity(10, [1, 1000], 'Retryable errors kept with one statement until it ends.'),
  telemetryMaxStatementMetrics: quantity(
    5000,
    [1, 1_000_000],
    'Statements in flight that are observed at once; the oldest is given up as abandoned.',
  ),
  telemetryStatementTtlMs: duration(
    HOUR,
    [1000, DAY],
    'Age at which a statement that never ended, and that no call waits for, is given up as abandoned, at the next sign of life of its host’s telemetry.',
  ),
  telemetryFlushOnExit: flag(
    true,
    'One best-effort flush of at most 500 ms when the process is about to end by itself (`beforeExit`) and the application has no lasting listener for that.',
  ),
  telemetryFeatureFlagTimeoutMs: duration(
    3000,
    [100, 3000],
    'Total time for the feature-flag request. `connect()` never waits for it.',
  ),
} as const satisfies Record<string, OptionRow>;

export type OptionTable = typeof TELEMETRY_OPTIONS;
export type TelemetryOptionName = keyof OptionTable;

/** Telemetry options as `connect()`, the constructor and `ClientConfig` take them. */
export type TelemetryOptions = {
  -readonly [K in TelemetryOptionName]?:
    (K extends keyof Spellings ? Spellings[K] : Widen<OptionTable[K]['default']>) | undefined;
};

type NumberOptionName = {
  [K in TelemetryOptionName]: OptionTable[K] extends { readonly type: 'number' } ? K : never;
}[TelemetryOptionName];

/** The value of one number among `options`: within its limits, or its default when it is none. */
export function numberOption(options: TelemetryOptions, name: NumberOptionName): number {
  const row: NumberRow = TELEMETRY_OPTIONS[name];
  const value: unknown = options[name];
  if (typeof value !== 'number' || Number.isNaN(value)) return row.default;
  return Math.min(row.max, Math.max(row.min, value));
}
