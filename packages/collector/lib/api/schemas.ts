import { all, boolean, integer, list, mapOf, nullable, number, object, reference, string, type Shape } from './shapes';
import { FINDING_SCHEMAS } from './findingSchemas';
import { STATEMENT_SCHEMAS } from './statementSchemas';
import { STEERING_SCHEMAS } from './steeringSchemas';

const Quantiles = object({ count: integer, ...all('p50 p95 p99 max', nullable(integer)) });
const Sampled = {
  ...object(all('statements estimated', integer)),
  description:
    'Statements of services that send samples: how many were received, and how many they stand for by the rates that ' +
    'they carry. The counts, sums, shares and quantiles of the answer are estimates then.',
};
const sampled = nullable(reference('Sampled'));
const Figures = object({
  ...all('fromMs toMs statements failed cancelled outcomeUnknown', integer),
  ...all('rows bytes retries retried', nullable(number)),
  services: integer,
  latency: reference('Quantiles'),
  sampled,
});
const Difference = object({ ...all('a b difference low high', nullable(number)), significant: boolean });
const Marker = object({
  timeMs: integer,
  ...all('service driverVersion runtimeVersion previousDriverVersion previousRuntimeVersion', nullable(string)),
});
const FleetGroup = object({
  ...all('name version', nullable(string)),
  ...all('statements failed outcomeUnknown services cloudFetch firstMs lastMs', integer),
  ...all('retried totalMs', nullable(integer)),
  driverVersions: list(string),
  latency: reference('Quantiles'),
  sampled,
});
const RetriedGroup = object({ name: nullable(string), ...all('statements retried retries saved lost', integer) });
const NamedCount = object({ name: string, count: integer });

const Overview = object({
  current: reference('Figures'),
  previous: reference('Figures'),
  bucketMs: integer,
  series: list(object({ ...all('timeMs statements failed', integer), ...all('retried bytes', nullable(number)) })),
  outcomes: list(object({ outcome: nullable(string), statements: integer })),
  phases: list(object({ phase: string, totalMs: nullable(integer), statements: integer })),
  markers: list(reference('Marker')),
});
const Heatmap = object({
  ...all('startMs bucketMs columns', integer),
  rowsFromMs: list(number),
  cells: list(object(all('x y statements failed', integer))),
  histogram: list(integer),
  quantiles: reference('Quantiles'),
  series: list(object({ x: integer, ...all('p50 p95', nullable(integer)) })),
  unknown: integer,
  sampled,
});
const Explanation = object({
  ...all('selected rest tried', integer),
  enough: boolean,
  dimensions: list(
    object({
      dimension: string,
      bits: number,
      pValue: number,
      differs: boolean,
      values: list(
        object({
          value: nullable(string),
          ...all('selected rest', integer),
          ...all('selectedShare restShare bits', number),
        }),
      ),
    }),
  ),
  sampled,
});
const Errors = object({
  ...all('errors bucketMs', integer),
  series: list(object({ timeMs: integer, kind: nullable(string), errors: integer })),
  groups: list(
    object({
      ...all('errorClass errorName errorCode sqlState stage service', nullable(string)),
      httpStatus: nullable(integer),
      ...all('errors statements services firstMs lastMs', integer),
      examples: list(string),
    }),
  ),
});
const Comparison = object({
  ...all('a b', reference('Figures')),
  ...all('p50 p95 p99 failureRate', reference('Difference')),
  by: nullable(string),
  groups: list(
    object({
      value: nullable(string),
      statements: object(all('a b', integer)),
      ...all('p50 p95', reference('Difference')),
    }),
  ),
  method: string,
});
const CloudFetch = object({
  statements: integer,
  ...all('filesPresent filesIterated filesDownloaded filesUnread filesRetried', nullable(number)),
  ...all('filesFailed filesExpired bytes downloadMs bytesPerSecond', nullable(number)),
  slowestFile: reference('Quantiles'),
  firstFile: reference('Quantiles'),
  formats: list(
    object({ format: nullable(string), compressed: nullable(boolean), statements: integer, bytes: nullable(number) }),
  ),
  bucketMs: integer,
  series: list(
    object({
      ...all('timeMs statements', integer),
      ...all('files bytes bytesPerSecond slowestFileMs', nullable(number)),
    }),
  ),
  slowest: list(reference('StatementSummary')),
  sampled,
});
const Retries = object({
  ...all('known retried retries saved lost', integer),
  causes: list(object({ cause: nullable(string), ...all('retries statements', integer) })),
  bucketMs: integer,
  series: list(object({ timeMs: integer, cause: nullable(string), retries: integer })),
  ...all('services hosts warehouses', list(reference('RetriedGroup'))),
  sampled,
});
const Fleet = object({
  ...all('services warehouses hosts drivers runtimes libraries pairs', list(reference('FleetGroup'))),
  bucketMs: integer,
  strips: list(
    object({
      service: nullable(string),
      points: list(object({ ...all('timeMs statements', integer), p95: nullable(integer) })),
    }),
  ),
  adoption: list(object({ ...all('timeMs statements', integer), version: nullable(string) })),
  sampled,
});
const live = {
  lagMs: integer,
  journal: object({ ...all('bytes maxBytes damaged putAside', integer), failure: nullable(string) }),
  store: object({ ...all('bytes failures', integer), failure: nullable(string) }),
  ...all('senders nowMs startedMs', integer),
  version: string,
};
const refused = { error: object({ code: string, message: string }) };
const Health = object({
  ...all('received accepted rejected duplicate', integer),
  maxLagMs: nullable(integer),
  ...all('rejectedBy unknownFields invalidFields', list(reference('NamedCount'))),
  bucketMs: integer,
  series: list(object(all('timeMs received accepted rejected duplicate maxLagMs', integer))),
  stored: object({ ...all('statements sessions errors', integer), ...all('oldestMs newestMs', nullable(integer)) }),
  ...live,
});
const serverPhases = {
  ...all('coldStartMs queuedMs compilationMs executionMs serverOtherMs', nullable(integer)),
  ...all('networkAndPollingMs clientMs serverResultFetchMs', nullable(integer)),
};
const ServiceTime = object({
  service: nullable(string),
  ...all('statements joined', integer),
  server: object(serverPhases),
  client: object(all('latencyMs submitMs waitMs firstRowMs consumeMs closeMs', nullable(integer))),
});
const ClientServer = object({
  ...all('statements joined withoutPartner', integer),
  ...serverPhases,
  services: list(reference('ServiceTime')),
  sampled,
});
const Names = object({
  ...all('services hosts warehouses drivers driverVersions runtimeVersions', list(string)),
  warehouseNames: mapOf(string),
});

/** What the API answers, by name. */
export const SCHEMAS = {
  ...STATEMENT_SCHEMAS,
  ...FINDING_SCHEMAS,
  Quantiles,
  Figures,
  Sampled,
  Difference,
  Marker,
  FleetGroup,
  RetriedGroup,
  NamedCount,
  Overview,
  Heatmap,
  Explanation,
  Errors,
  Comparison,
  CloudFetch,
  Retries,
  Fleet,
  Health,
  HealthWithoutStore: object({ ...refused, ...live }),
  ClientServer,
  ServiceTime,
  Names,
  ...STEERING_SCHEMAS,
  Removed: object({ removed: integer }),
  Expired: object({ statements: integer, files: list(string), bytes: integer, dryRun: boolean }),
  Backup: object({ folder: string }),
  HistoryAccepted: object({ accepted: integer, rejected: integer }),
  Error: object(refused),
} as const satisfies Record<string, Shape>;

export type SchemaName = keyof typeof SCHEMAS;
