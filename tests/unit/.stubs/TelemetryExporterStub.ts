import type { BatchResult, IBatchExporter } from '../../../lib/contracts/IBatchExporter';
import type { TelemetryRecord } from '../../../lib/telemetry/types';

type Answer = (
  batch: readonly TelemetryRecord[],
  signal: AbortSignal,
) => Promise<BatchResult<TelemetryRecord> | void> | void;

/** Keeps what it gets and answers as it is told; by default it delivers everything. */
export class TelemetryExporterStub implements IBatchExporter<TelemetryRecord> {
  readonly batches: (readonly TelemetryRecord[])[] = [];

  constructor(public answer: Answer = () => undefined) {}

  async export(batch: readonly TelemetryRecord[], signal: AbortSignal): Promise<BatchResult<TelemetryRecord> | void> {
    this.batches.push([...batch]);
    return this.answer(batch, signal);
  }

  async close(): Promise<void> {}

  get records(): TelemetryRecord[] {
    return this.batches.flat();
  }
}

/** The result that keeps all of `batch`. */
export function retaining(batch: readonly TelemetryRecord[], retryAfterMs?: number): BatchResult<TelemetryRecord> {
  const result = { delivered: 0, rejected: 0, dropped: {}, retained: batch };
  return retryAfterMs === undefined ? result : { ...result, retryAfterMs };
}
