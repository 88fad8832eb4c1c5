import type { TelemetryRecord } from '../../model/records';

/** Measured on the heap, rounded up. What a connection's records share is not counted. */
const STATEMENT_BYTES = 640;
const CONNECTION_BYTES = 256;
const ERROR_BYTES = 640;

/** Estimated bytes that a record keeps in memory. The same at every call. */
export function estimateBytes(record: TelemetryRecord): number {
  switch (record.kind) {
    case 'statement':
      return STATEMENT_BYTES;
    case 'connection':
      return CONNECTION_BYTES;
    case 'spooled':
      return CONNECTION_BYTES + 2 * record.log.length;
    case 'error':
      return ERROR_BYTES + (record.thrown?.retainedBytes ?? 0);
  }
}
