import type { ExportResult, ITelemetryExporter } from '../contracts/ITelemetryExporter';
import type { ExportedRecord } from '../model/exportedRecord';
import { isObject } from '../util/foreign';
import { chosen, type ChosenOptions, type SinkOptions } from './SinkOptions';

/** Gets one record. A promise, of whatever library, is waited for before the next one is given. */
export type OnRecord = (record: ExportedRecord) => unknown;

/** Gives each record to a function: a logger, a counter, a queue. A record at which it throws or rejects counts as rejected. */
export class CallbackExporter implements ITelemetryExporter {
  readonly name: string;
  readonly scope: ChosenOptions['scope'];
  readonly sampleRate: number;
  readonly includesErrorText: boolean;

  /** Throws a `TypeError` where `onRecord` is no function. */
  constructor(
    private readonly onRecord: OnRecord,
    options: SinkOptions = {},
  ) {
    if (typeof onRecord !== 'function') throw new TypeError('CallbackExporter needs a function');
    ({
      name: this.name,
      scope: this.scope,
      sampleRate: this.sampleRate,
      includesErrorText: this.includesErrorText,
    } = chosen('CallbackExporter', options));
  }

  async export(batch: readonly ExportedRecord[], signal?: AbortSignal): Promise<ExportResult> {
    let [delivered, rejected] = [0, 0];
    for (const record of batch) {
      if (signal?.aborted === true) break;
      try {
        const running = this.onRecord(record);
        if (isObject(running) && 'then' in running) await Promise.resolve(running);
        delivered += 1;
      } catch {
        rejected += 1;
      }
    }
    return { delivered, rejected, dropped: {}, retained: batch.slice(delivered + rejected) };
  }

  /** Does nothing: the function is the application's. */
  async close(): Promise<void> {}
}
