import { mkdir, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { ITelemetryExporter } from '../contracts/ITelemetryExporter';
import type { ExportedRecord } from '../model/exportedRecord';
import { appendLines, openPrivately } from '../util/privateFile';
import { RotatedFiles } from './RotatedFiles';
import { chosen, type ChosenOptions, type SinkOptions } from './SinkOptions';
import { factsOf } from '../util/foreign';

export interface FileExporterOptions extends SinkOptions {
  /** The file. Its folder is created where it is missing. One process a file is best: of several, one puts it aside for all. */
  readonly path: string;
  /** Size in bytes at which the file is put aside and a new one begun; default 64 MiB. */
  readonly maxBytes?: number | undefined;
  /** Age in milliseconds at which it is put aside; default one day. */
  readonly maxAgeMs?: number | undefined;
  /** How many files that were put aside are kept (`.1` is the newest); default 5. */
  readonly maxFiles?: number | undefined;
  /** Whether those are compressed (`.1.gz`); default `true`. */
  readonly gzip?: boolean | undefined;
}

const DAY_MS = 86_400_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Writes one line of JSON for each record to a file that only its owner can read. Regular files only, never through a
 * symbolic link. The next batch waits until this one is written; a disk that hangs holds one thread of the process's pool.
 */
export class FileExporter implements ITelemetryExporter {
  readonly name: string;
  readonly scope: ChosenOptions['scope'];
  readonly sampleRate: number;
  readonly includesErrorText: boolean;
  private readonly file: string;
  private readonly rotation: RotatedFiles;
  /** Size of the file when this exporter last wrote to it. */
  private writtenTo = 0;

  /** Throws a `TypeError` without a path, and a `RangeError` where a limit is no positive number. */
  constructor({ path: file, maxBytes, maxAgeMs, maxFiles, gzip, ...options }: FileExporterOptions) {
    if (typeof file !== 'string' || file.trim() === '') throw new TypeError('FileExporter needs the path of a file');
    this.file = path.resolve(file);
    this.rotation = new RotatedFiles(this.file, {
      maxBytes: limit('maxBytes', maxBytes, DEFAULT_MAX_BYTES),
      maxAgeMs: limit('maxAgeMs', maxAgeMs, DAY_MS),
      maxFiles: limit('maxFiles', maxFiles, 5),
      gzip: gzip ?? true,
    });
    ({
      name: this.name,
      scope: this.scope,
      sampleRate: this.sampleRate,
      includesErrorText: this.includesErrorText,
    } = chosen('FileExporter', options));
  }

  /** Rejects as the file system does; then nothing of the batch is in the file, unless another process wrote to it meanwhile. */
  async export(batch: readonly ExportedRecord[]): Promise<void> {
    const text = batch.map((record) => `${JSON.stringify(record)}\n`).join('');
    await this.rotation.makeRoom(Buffer.byteLength(text));
    await this.append(text);
  }

  /** Waits until a file that was put aside is compressed. */
  close(): Promise<void> {
    return this.rotation.compressed();
  }

  private async append(text: string): Promise<void> {
    const handle = await this.open();
    let isGone: boolean;
    try {
      this.writtenTo = await appendLines(handle, text, this.writtenTo);
      isGone = (await handle.stat()).nlink === 0;
    } finally {
      await handle.close();
    }
    // Another process has put it aside and compressed it meanwhile, or somebody has removed it.
    if (isGone) await this.append(text);
  }

  private open(): Promise<FileHandle> {
    return openPrivately(this.file).catch(async (failure: unknown) => {
      if (factsOf(failure)['code'] !== 'ENOENT') throw failure;
      await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
      return openPrivately(this.file);
    });
  }
}

function limit(name: string, given: number | undefined, ofDefault: number): number {
  const value = given ?? ofDefault;
  if (typeof value !== 'number' || !(value > 0))
    throw new RangeError(`${name} of a FileExporter must be a positive number`);
  return value;
}
