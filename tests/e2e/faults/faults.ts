import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultSpec, LocalWorkspace } from 'databricks-local-workspace';
import {
  type LogLevel,
  TelemetryEventType,
  type ConnectionOptions,
  type DBSQLClient,
  type DropReason,
} from 'databricks-sql-telemetry';
import type { HttpCollector } from '../support/HttpCollector';
import { CREDENTIALS } from './credentials';
import { RECEIVERS } from './receivers';

/** Where a fault is arranged. */
export interface World {
  readonly workspace: LocalWorkspace;
  /** A workspace of another authority, which the client has no reason to trust. */
  readonly stranger: LocalWorkspace;
  /** Takes everything, unless a fault says otherwise; only those go there who are told to. */
  readonly collector: HttpCollector;
}

/** Something that goes wrong with telemetry while the application works. */
export interface Fault {
  readonly name: string;
  arrange?(world: World): void;
  /** Connection options beside the matrix' own. */
  options?(world: World): Partial<ConnectionOptions>;
  /** What the application hands to the client before it connects. */
  prepare?(client: DBSQLClient): void;
  /** Between the work and `close()`. */
  meanwhile?(world: World): void | Promise<void>;
  readonly logger?: { log(level: LogLevel, message: string): unknown };
  /** Whether the clock of the machine jumps while the application works. */
  readonly clockJumps?: boolean;
  /** Of the records of the work. `any`: whether the server took them before the fault is not for the client to know. */
  readonly arrives: 'all' | 'none' | 'any';
  /** Where records that did not arrive are counted. */
  readonly counted?: ReadonlyArray<DropReason | 'rejected'>;
  /** The one of them that at least one record is counted under. */
  readonly surely?: DropReason;
}

/** Longer than any wait that the matrix tolerates. */
const LONG_MS = 5000;

function telemetry(name: string, spec: FaultSpec, rest: Omit<Fault, 'name' | 'arrange'>): Fault {
  const arrange = ({ workspace }: World): void => void workspace.faults.add({ route: 'telemetry-ext', ...spec });
  return { name: `telemetry ${name}`, arrange, ...rest };
}

function flag(name: string, spec: FaultSpec, rest: Omit<Fault, 'name' | 'arrange'>): Fault {
  const arrange = ({ workspace }: World): void => void workspace.faults.add({ route: 'feature-flags', ...spec });
  return { name: `flag ${name}`, arrange, ...rest };
}

const ALL = { arrives: 'all' } as const;
const HELD = { arrives: 'none', counted: ['close_timeout'] } as const;
const REJECTED = { arrives: 'none', counted: ['rejected'] } as const;
/** Nobody said that telemetry may be sent. */
const UNASKED = { arrives: 'none', counted: ['flag_unknown'] } as const;
/** What a portal or a login page says to whoever comes by. */
const WEB_PAGE: FaultSpec = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<!DOCTYPE html>\n<html><title>Log in</title></html>',
};
/** The workspace said no. */
const REFUSED = { arrives: 'none', counted: ['flag_off'] } as const;

const requests: readonly Fault[] = [
  telemetry('connection closed', { action: 'refuse' }, HELD),
  telemetry('connection closed once', { action: 'refuse', times: 1 }, ALL),
  telemetry('hangs', { action: 'hang' }, HELD),
  telemetry(
    'hangs once',
    { action: 'hang', times: 1 },
    { ...ALL, options: () => ({ telemetryRequestTimeoutMs: 100 }) },
  ),
  telemetry('reset', { action: 'reset' }, HELD),
  telemetry('reset twice', { action: 'reset', times: 2 }, ALL),
  telemetry('reset in mid body', { action: 'reset-mid-body' }, { arrives: 'any', counted: ['close_timeout'] }),
  telemetry('answers late', { delayMs: LONG_MS }, { arrives: 'any', counted: ['close_timeout'] }),
  telemetry('answers slowly', { bytesPerSecond: 400 }, ALL),
  telemetry('answers a byte a second', { bytesPerSecond: 1 }, { arrives: 'any', counted: ['close_timeout'] }),
  telemetry('400', { status: 400 }, REJECTED),
  telemetry('401', { status: 401 }, REJECTED),
  telemetry('403', { status: 403 }, REJECTED),
  telemetry('404', { status: 404 }, REJECTED),
  telemetry('404 under /api', { status: 404, pathIncludes: '/api/2.0/sql' }, ALL),
  telemetry('413', { status: 413 }, { arrives: 'none', counted: ['too_large'] }),
  telemetry('413 once', { status: 413, times: 1 }, ALL),
  telemetry('429 for an hour', { status: 429, headers: { 'Retry-After': '3600' } }, HELD),
  telemetry('429 for years', { status: 429, headers: { 'Retry-After': '99999999999' } }, HELD),
  telemetry(
    '503 until yesterday',
    { status: 503, headers: { 'Retry-After': 'Thu, 01 Jan 1970 00:00:00 GMT' }, times: 1 },
    ALL,
  ),
  telemetry('503 for less than nothing', { status: 503, headers: { 'Retry-After': '-5' }, times: 1 }, ALL),
  telemetry('429 for a second', { status: 429, headers: { 'Retry-After': '1' }, times: 1 }, ALL),
  telemetry('500', { status: 500 }, { arrives: 'none', counted: ['retries_exhausted', 'close_timeout'] }),
  telemetry('500 twice', { status: 500, times: 2 }, ALL),
  telemetry('503', { status: 503 }, HELD),
  telemetry('503 twice', { status: 503, times: 2 }, ALL),
  telemetry('malformed body', { action: 'malformed' }, ALL),
  telemetry('shortened body', { action: 'truncate' }, ALL),
  telemetry('is a web page', WEB_PAGE, { arrives: 'none', counted: ['redirected'] }),
  telemetry(
    'down, and little may wait',
    { status: 503 },
    {
      ...{ arrives: 'none', counted: ['queue_full', 'close_timeout'], surely: 'queue_full' },
      options: () => ({ telemetryMaxPendingMetrics: 2 }),
    },
  ),
  telemetry(
    'down for longer than a record may wait',
    { status: 503 },
    {
      ...{ arrives: 'none', counted: ['expired', 'close_timeout'], surely: 'expired' },
      options: () => ({ telemetryMaxRecordAgeMs: 1000 }),
      meanwhile: () => sleep(1500),
    },
  ),
  telemetry('takes one log per request', { acceptLogs: 1 }, { arrives: 'any', counted: ['rejected'] }),
  telemetry('takes part of a request once', { acceptLogs: 0, times: 1 }, ALL),
  ...[301, 302, 307, 308].map((status): Fault => ({
    name: `telemetry redirected to another workspace, ${status}`,
    arrange: ({ workspace, stranger }) => {
      const Location = `https://${stranger.host}:${stranger.port}/telemetry-ext`;
      workspace.faults.add({ route: 'telemetry-ext', status, headers: { Location } });
    },
    ...{ arrives: 'none', counted: ['redirected'] },
  })),
];

const flags: readonly Fault[] = [
  flag('hangs', { action: 'hang' }, UNASKED),
  flag('answers late', { delayMs: LONG_MS }, UNASKED),
  flag('connection closed', { action: 'refuse' }, UNASKED),
  flag('reset', { action: 'reset' }, UNASKED),
  flag('401', { status: 401 }, UNASKED),
  flag('302', { status: 302, headers: { Location: 'https://example.com/' } }, UNASKED),
  flag('404', { status: 404 }, UNASKED),
  flag('429', { status: 429, headers: { 'Retry-After': '60' } }, UNASKED),
  flag('503', { status: 503 }, UNASKED),
  flag('503, late', { status: 503, delayMs: LONG_MS }, UNASKED),
  flag('malformed', { action: 'malformed' }, UNASKED),
  flag('is a web page', WEB_PAGE, UNASKED),
  { name: 'flag off', arrange: ({ workspace }) => workspace.setFeatureFlag(false), ...REFUSED },
  { name: 'flag missing', arrange: ({ workspace }) => workspace.setFeatureFlag(undefined), ...REFUSED },
  { name: 'flag "TRUE"', arrange: ({ workspace }) => workspace.setFeatureFlag('TRUE'), ...ALL },
];

function collector(name: string, endpoint: (world: World) => string, counted: Fault['counted']): Fault {
  const options = (world: World): Partial<ConnectionOptions> => ({ telemetryEndpoint: endpoint(world) });
  return { name: `collector ${name}`, options, arrives: 'none', counted: counted ?? [] };
}

const ways: readonly Fault[] = [
  collector(
    'with a foreign certificate',
    ({ stranger }) => `https://${stranger.host}:${stranger.port}/telemetry-unauth`,
    ['close_timeout'],
  ),
  collector('without a name', () => 'https://telemetry.invalid/logs', ['close_timeout']),
  collector('refused', () => 'http://127.0.0.1:1/logs', ['close_timeout']),
  collector('that speaks no HTTP', ({ workspace }) => `http://${workspace.host}:${workspace.port}/`, [
    // A base address is asked for its configuration first.
    'flag_unknown',
  ]),
];

function broken(): never {
  throw new Error('broken');
}

/** The driver's own lines get through: what it does with a logger that throws is not telemetry's concern. */
function brokenForTelemetry(_level: LogLevel, message: string): void {
  if (message.startsWith('telemetry:')) broken();
}

function dryRun(name: string, telemetryDryRun: unknown, counted: Fault['counted']): Fault {
  return {
    name: `dry run ${name}`,
    options: () => ({ telemetryDryRun }) as object,
    arrives: 'none',
    counted: counted ?? [],
  };
}

const applications: readonly Fault[] = [
  dryRun('throws', broken, ['invalid']),
  dryRun('rejects', () => Promise.reject(new Error('broken')), ['invalid']),
  dryRun('never ends', () => new Promise(() => undefined), ['close_timeout']),
  dryRun('into a directory that is not there', '/nowhere/at/all/telemetry.jsonl', ['invalid']),
  { name: 'logger throws', logger: { log: brokenForTelemetry }, ...ALL },
  {
    name: 'event listeners throw',
    prepare: ({ telemetryEvents }) => {
      for (const type of Object.values(TelemetryEventType)) telemetryEvents.on(type, broken);
    },
    ...ALL,
  },
  {
    name: 'event listeners reject',
    prepare: ({ telemetryEvents }) => {
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- what JavaScript does not forbid
      for (const type of Object.values(TelemetryEventType)) telemetryEvents.on(type, async () => broken());
    },
    ...ALL,
  },
  {
    name: 'logger rejects',
    logger: { log: async (level, message) => brokenForTelemetry(level, message) },
    ...ALL,
  },
  { name: 'clock jumps', clockJumps: true, ...ALL },
];

export const FAULTS: readonly Fault[] = [
  { name: 'nothing', ...ALL },
  ...requests,
  ...flags,
  ...ways,
  ...CREDENTIALS,
  ...applications,
  ...RECEIVERS,
];
