import type { Writable } from 'node:stream';
import type { ITelemetryExporter } from '../contracts/ITelemetryExporter';
import type { ExportedRecord } from '../model/exportedRecord';
import { systemClock } from '../util/clock';
import { chosen, type ChosenOptions, type SinkOptions } from './SinkOptions';

export interface StreamExporterOptions extends SinkOptions {
  /** One record as text, without the line break; default: JSON. Statements also have a line for people: `String`. */
  readonly format?: ((record: ExportedRecord) => string) | undefined;
}

/**
 * Writes one line for each record to a stream of the application's, `process.stderr` in development. The next batch waits
 * until the stream has taken this one. Never ends the stream.
 */
export class StreamExporter implements ITelemetryExporter {
  readonly name: string;
  readonly scope: ChosenOptions['scope'];
  readonly sampleRate: number;
  readonly includesErrorText: boolean;
  readonly #stream: Writable;
  readonly #format: (record: ExportedRecord) => string;
  /** Settled when the stream has taken what it was given. */
  #taken: Promise<void> = Promise.resolve();

  /** Throws a `TypeError` where `stream` cannot be written to. */
  constructor(stream: Writable, { format, ...options }: StreamExporterOptions = {}) {
    if (typeof (stream as Writable | undefined)?.write !== 'function')
      throw new TypeError('StreamExporter needs a writable stream');
    this.#stream = stream;
    this.#format = format ?? ((record) => JSON.stringify(record));
    ({
      name: this.name,
      scope: this.scope,
      sampleRate: this.sampleRate,
      includesErrorText: this.includesErrorText,
    } = chosen('StreamExporter', options));
  }

  /**
   * Rejects when the stream has ended, fails, or does not take the batch before `signal` aborts. What the stream had by then
   * it may still write; it gets nothing more before it has, so that one that never drains holds no more than a batch.
   */
  async export(batch: readonly ExportedRecord[], signal?: AbortSignal): Promise<void> {
    const text = batch.map((record) => `${this.#format(record).replaceAll('\n', ' ')}\n`).join('');
    await unlessAborted(this.#taken, signal);
    const taking = this.#write(text);
    this.#taken = taking.catch(() => undefined);
    await unlessAborted(taking, signal);
  }

  /** Does nothing: the stream is the application's. */
  async close(): Promise<void> {}

  /** Resolves when the stream has taken `text`; rejects when it never will. */
  #write(text: string): Promise<void> {
    const stream = this.#stream;
    return new Promise((resolve, reject) => {
      // A stream that fails says so by an event too, which would end a process where nobody listens to it.
      const ignore = (): void => undefined;
      const closed = (): void => taken(new Error('The stream was closed'));
      const taken = (failure: Error | null | undefined): void => {
        stream.removeListener('close', closed);
        systemClock.setImmediate(() => stream.removeListener('error', ignore));
        if (failure === undefined || failure === null) resolve();
        else reject(failure);
      };
      stream.on('error', ignore);
      stream.on('close', closed);
      stream.write(text, taken);
    });
  }
}

/** What `work` comes to, unless `signal` aborts before; then `work` goes on for itself. */
function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new DOMException('The stream took too long', 'AbortError'));
    const over = (): void => signal?.removeEventListener('abort', giveUp);
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted === true) giveUp();
    work.then(resolve, reject).finally(over);
  });
}
