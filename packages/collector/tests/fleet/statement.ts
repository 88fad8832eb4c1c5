import type { ErrorFacts, FileFacts, FleetStatement, Outcome, ServerFacts } from './facts';
import type { Random } from './Random';
import type { Service } from './services';
import { within, type Story } from './story';

/** What is particular about a statement; all else is drawn. */
export interface Fate {
  readonly error?: ErrorFacts;
  readonly coldStartMs?: number;
  readonly slowFileMs?: number;
}

export const NO_TABLE = failure('TABLE_OR_VIEW_NOT_FOUND', '42P01');
const TIMEOUT: ErrorFacts = { ...failure(null, 'HYT00'), name: 'OperationStateError' };
const LIMIT: ErrorFacts = { ...failure('REQUEST_LIMIT_EXCEEDED', null), httpStatus: 429, name: 'RetryError' };
const USUAL = [
  failure('PARSE_SYNTAX_ERROR', '42601'),
  failure('INSUFFICIENT_PERMISSIONS', '42501'),
  failure('DIVIDE_BY_ZERO', '22012'),
  TIMEOUT,
] as const;
const METADATA = ['LIST_TABLES', 'LIST_COLUMNS', 'LIST_SCHEMAS'] as const;

function failure(errorClass: string | null, sqlState: string | null): ErrorFacts {
  return { name: 'OperationStateError', errorClass, sqlState, httpStatus: null, stage: 'execute' };
}

interface Place {
  readonly story: Story;
  readonly service: Service;
  readonly sessionId: string;
  readonly driverVersion: string;
  readonly timeMs: number;
}

/** Draws one statement of `service`. */
export function drawStatement(random: Random, place: Place, fate: Fate): FleetStatement {
  const { story, service, timeMs } = place;
  const metadata = fate.error === undefined && random.chance(service.metadataShare);
  const slower = service.name === story.deploy.service && timeMs >= story.deploy.atMs;
  const { retries, causes, lost } = drawRetries(random, place);
  const quiet = service.name === story.burst.service && within(timeMs, story.burst);
  const usual = !quiet && random.chance(0.008) ? random.pick(USUAL) : undefined;
  const error = fate.error ?? (lost ? LIMIT : usual) ?? null;
  const cancelled = error === null && random.chance(0.004);
  const share = slower ? 0.76 : service.cloudFetchShare;
  const cloudFetch = fate.slowFileMs !== undefined || (!metadata && random.chance(share));
  const submitMs = random.around(9, 0.4);
  const backendMs = metadata ? 40 : service.backendMs * (slower ? story.deploy.factor : 1);
  const execution = random.around(backendMs, slower ? 0.25 : 0.5);
  const waitMs = execution + (fate.coldStartMs ?? 0) + (retries > 0 ? 700 * retries : 0);
  const read = error === null && !cancelled;
  const rows = read ? random.around(metadata ? 40 : service.rows * (cloudFetch ? 4 : 1), 0.6) : null;
  const files = read && cloudFetch ? drawFiles(random, rows ?? 1, fate) : null;
  const consumeMs = read ? (files === null ? random.around(6, 0.5) + (rows ?? 0) / 900 : files.sumMs / 2) : null;
  const library = service.sender === 'library';
  return {
    id: random.id(timeMs),
    sessionId: place.sessionId,
    timeMs,
    sender: service.sender,
    service: service.name,
    warehouse: service.warehouse,
    driverVersion: place.driverVersion,
    operation: metadata ? random.pick(METADATA) : 'EXECUTE_STATEMENT',
    format: !read ? null : files === null ? (metadata ? 'COLUMNAR_INLINE' : service.format) : 'EXTERNAL_LINKS',
    outcome: library || error !== null ? outcomeOf(error, cancelled) : null,
    error,
    submitMs,
    waitMs,
    latencyMs: submitMs + waitMs,
    firstRowMs: read && library ? submitMs + waitMs + (files?.firstMs ?? 3) : null,
    consumeMs: consumeMs === null ? null : Math.max(Math.round(consumeMs), files?.slowestMs ?? 0),
    closeMs: library ? random.around(7, 0.3) : null,
    polls: Math.min(40, Math.ceil(waitMs / 200)),
    rows: library ? rows : null,
    bytes: library && rows !== null ? rows * 88 : null,
    retries: service.sender === 'go' ? null : retries,
    causes: library && retries > 0 ? causes : null,
    files: service.sender === 'go' ? null : files,
    server: random.chance(0.93) ? serverOf(random, execution, fate) : null,
  };
}

function outcomeOf(error: ErrorFacts | null, cancelled: boolean): Outcome {
  if (error === null) return cancelled ? 'cancelled' : 'delivered';
  return error === TIMEOUT ? 'timed_out' : 'failed';
}

function drawRetries(
  random: Random,
  { story, service, timeMs }: Place,
): { retries: number; causes: string; lost: boolean } {
  const stormy = service.warehouse === story.storm.warehouse && within(timeMs, story.storm);
  if (!random.chance(stormy ? 0.45 : 0.007)) return { retries: 0, causes: '', lost: false };
  const retries = random.whole(1, stormy ? 4 : 2);
  const first = stormy ? random.pick(['503', '503', '429']) : random.pick(['503', 'ECONNRESET', 'ETIMEDOUT']);
  const causes = retries > 2 ? `${first}:${retries - 1} ECONNRESET:1` : `${first}:${retries}`;
  return { retries, causes, lost: stormy && random.chance(0.1) };
}

function drawFiles(random: Random, rows: number, fate: Fate): FileFacts {
  const count = Math.min(24, 1 + Math.floor(rows / 40_000));
  const times = Array.from({ length: count }, () => random.around(210, 0.45));
  if (fate.slowFileMs !== undefined) times[count - 1] = fate.slowFileMs;
  return {
    count,
    firstMs: times[0] ?? 0,
    slowestMs: Math.max(...times),
    sumMs: times.reduce((sum, ms) => sum + ms, 0),
    retried: random.chance(0.01) ? 1 : 0,
  };
}

function serverOf(random: Random, executionMs: number, fate: Fate): ServerFacts {
  const compilationMs = Math.min(executionMs, random.around(18, 0.5));
  const queuedMs = Math.min(executionMs - compilationMs, random.chance(0.05) ? random.around(90, 0.6) : 0);
  const network = Math.min(executionMs - compilationMs - queuedMs, random.around(14, 0.3));
  const rest = executionMs - compilationMs - queuedMs - network;
  const coldStartMs = fate.coldStartMs ?? 0;
  return {
    coldStartMs,
    queuedMs,
    compilationMs,
    executionMs: rest,
    totalMs: coldStartMs + queuedMs + compilationMs + rest,
  };
}
