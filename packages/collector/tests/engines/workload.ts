import { sessionLog, statementLog } from '../logs';

export const END_MS = Math.floor(Date.now() / 60_000) * 60_000 - 120_000;
export const FROM_MS = END_MS - 3_600_000;
const STATEMENTS = 480;
const STEP_MS = 7_000;
/** Names as somebody might give them who wants to end a text, or a statement. */
export const SERVICES = ['checkout', "o'brien \\' OR '1'='1", 'back\\slash\\'];

export const idOf = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;

/** Batches of logs as senders would send them, among them what engines could understand differently. */
export function workload(): object[][] {
  const batches = [
    sessions().slice(0, 2),
    statements(0, 200),
    sessions().slice(2),
    statements(200, STATEMENTS),
    rest(),
  ];
  // A sender that got no answer sends again: once all of a batch, once half of it.
  return [...batches, statements(0, 50), [...statements(470, 480), ...rest().slice(0, 1)]];
}

/** The third service's session is described after its first statements. */
function sessions(): object[] {
  return SERVICES.map((service, i) => ({
    ...sessionLog({
      sessionId: `session-${i}`,
      service,
      driverVersion: i === 1 ? '2.0.0' : '2.1.0',
      warehouse: i === 2 ? 'big' : 'small',
      host: `host-${i}.test`,
      timeMs: FROM_MS + i * 1_000,
    }),
    frontend_log_event_id: `session-event-${i}`,
  }));
}

function statements(from: number, to: number): object[] {
  return Array.from({ length: to - from }, (_, k) => statement(from + k));
}

function statement(i: number): object {
  const tells = i % 4 !== 0;
  const failed = i % 30 === 1;
  const retries = i % 20 === 3 ? 2 : 0;
  const files = i % 3 === 2;
  return statementLog({
    eventId: `statement-event-${i}`,
    statementId: i % 50 === 7 ? `text:id-${i}` : idOf(i),
    sessionId: `session-${i % 3}`,
    timeMs: FROM_MS + i * STEP_MS,
    latencyMs: 20 + ((i * 7919) % 480) + (i > 400 && i % 3 === 0 ? 2_000 : 0),
    operation: {
      retry_count: retries,
      execution_result: files ? 'EXTERNAL_LINKS' : 'INLINE_ARROW',
      ...(files
        ? {
            chunk_details: {
              total_chunks_present: 4,
              slowest_chunk_latency_millis: i,
              sum_chunks_download_time_millis: 2 * i,
            },
          }
        : {}),
    },
    ...(tells
      ? {
          local: {
            outcome: failed ? 'failed' : 'delivered',
            byteCount: 1_000 + i,
            rowCount: i,
            ...(retries > 0 ? { retryCauses: '503:1 ECONNRESET:1' } : {}),
            ...(i % 3 === 1 && i > 300 ? { sampleRate: 0.25 } : {}),
          },
        }
      : {}),
    ...(failed ? { error: { error_name: 'OperationStateError', stack_trace: stack(i) } } : {}),
  });
}

const stack = (i: number): string =>
  `stage=execute code=ERROR sqlstate=${i % 60 === 1 ? '42P01' : '57014'} class=TABLE_OR_VIEW_NOT_FOUND retryable=false`;

/** Second logs of statements (close, cancel), a statement without an id, an error alone, a log without its session. */
function rest(): object[] {
  const close = [3, 4, 5].map((i) =>
    statementLog({
      eventId: `close-event-${i}`,
      statementId: idOf(i),
      sessionId: `session-${i % 3}`,
      timeMs: FROM_MS + i * STEP_MS + 60_000,
      latencyMs: 40 + i,
      operationType: 'CLOSE_STATEMENT',
    }),
  );
  const cancel = statementLog({
    eventId: 'cancel-event',
    statementId: idOf(8),
    sessionId: 'session-2',
    timeMs: FROM_MS + 200_000,
    latencyMs: 9,
    operationType: 'CANCEL_STATEMENT',
  });
  const stray = statementLog({
    eventId: 'stray-event',
    statementId: idOf(9_999),
    sessionId: 'a session that nobody described',
    timeMs: FROM_MS + 300_000,
    latencyMs: 77,
  });
  return [...close, cancel, stray];
}

/** Rows of the warehouse's query history, the second word on one of them included. */
export function history(): object[] {
  return Array.from({ length: 120 }, (_, i) => ({
    statement_id: idOf(i % 119),
    start_time: FROM_MS + i * STEP_MS,
    end_time: FROM_MS + i * STEP_MS + 100,
    update_time: FROM_MS + i * STEP_MS + 200,
    total_duration_ms: 10 + i,
    waiting_for_compute_duration_ms: i % 7,
    waiting_at_capacity_duration_ms: i % 5,
    compilation_duration_ms: 2,
    execution_duration_ms: 3 + (i % 4),
    result_fetch_duration_ms: 1,
    from_result_cache: i % 10 === 0,
    execution_status: 'FINISHED',
  }));
}
