import { sessionLog, statementLog } from './logs';
import { deliver, loaded, testCollector, type TestCollector } from './testCollector';

export const FROM = Date.now() - 3_000_000;
export const TO = FROM + 2_400_000;
export const WINDOW = { from: FROM, to: TO };
export const SERVICES = ['checkout', 'pricing', 'export'];

export interface Known {
  readonly id: string;
  readonly timeMs: number;
  readonly latencyMs: number;
  readonly service: string;
  readonly driverVersion: string;
  readonly outcome: string | null;
  readonly retries: number;
  readonly files: number;
  readonly bytes: number | null;
}

/** A repeatable workload: the second half of `pricing` runs a new driver and is slower; every 40th statement fails. */
function workload(): Known[] {
  return Array.from({ length: 1_200 }, (_, i): Known => {
    const service = SERVICES[i % 3] ?? '';
    const newer = service === 'pricing' && i >= 600;
    const tells = i % 5 !== 0;
    return {
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      timeMs: FROM + i * 2_000,
      latencyMs: 20 + ((i * 7919) % 480) + (newer ? 3_000 : 0),
      service,
      driverVersion: newer ? '2.2.0' : '2.1.0',
      outcome: !tells ? null : i % 40 === 1 ? 'failed' : 'delivered',
      retries: i % 50 === 2 ? 2 : 0,
      files: service === 'export' ? 4 : 0,
      bytes: tells ? 1_000 + i : null,
    };
  });
}

/** Nearest rank, from the rows. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? NaN;
}

function logsOf(rows: readonly Known[]): object[] {
  const sessions = new Map([...rows].reverse().map((row) => [`${row.service}-${row.driverVersion}`, row]));
  return [
    ...[...sessions].map(([sessionId, { service, driverVersion, timeMs }]) =>
      sessionLog({ sessionId, service, driverVersion, timeMs, warehouse: service === 'export' ? 'big' : 'small' }),
    ),
    ...rows.map((row) =>
      statementLog({
        statementId: row.id,
        sessionId: `${row.service}-${row.driverVersion}`,
        timeMs: row.timeMs,
        latencyMs: row.latencyMs,
        operation: {
          retry_count: row.retries,
          execution_result: row.files > 0 ? 'EXTERNAL_LINKS' : 'INLINE_ARROW',
          ...(row.files > 0
            ? {
                chunk_details: {
                  total_chunks_present: row.files,
                  slowest_chunk_latency_millis: row.latencyMs,
                  sum_chunks_download_time_millis: 2 * row.latencyMs,
                },
              }
            : {}),
        },
        ...(row.outcome === null
          ? {}
          : {
              local: {
                outcome: row.outcome,
                byteCount: row.bytes,
                ...(row.retries > 0 ? { retryCauses: '503:1 ECONNRESET:1' } : {}),
              },
            }),
        ...(row.outcome === 'failed'
          ? {
              error: {
                error_name: 'OperationStateError',
                stack_trace: 'stage=execute code=ERROR sqlstate=42P01 class=TABLE_OR_VIEW_NOT_FOUND retryable=false',
              },
            }
          : {}),
      }),
    ),
  ];
}

export const rows: readonly Known[] = workload();
export const failed = rows.filter(({ outcome }) => outcome === 'failed');
export const latencies = rows.map(({ latencyMs }) => latencyMs);

/** A collector that has the whole workload. */
export async function collectorOfWorkload(): Promise<TestCollector> {
  const test = await testCollector();
  const logs = logsOf(rows);
  for (let i = 0; i < logs.length; i += 100) await deliver(test.collector.address, logs.slice(i, i + 100));
  await loaded(test.client, logs.length);
  return test;
}
