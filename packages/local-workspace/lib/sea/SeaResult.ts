import { compressFrame } from 'lz4-napi';
import type { ExecutionResult } from '../engine/Execution';
import type { ResolvedCloudFetch } from '../options';
import type { OfferedFile, StatementRecord } from '../received/types';
import { ArrowEncoder } from '../results/ArrowEncoder';
import { isLarge } from '../results/chooseFormat';
import type { FileStore } from '../results/FileStore';
import type { RowSource } from '../results/RowSource';
import { collect, StreamBuilder, type RowSink } from '../results/StreamBuilder';
import { SqlError } from '../sql/SqlError';
import type { ResultWish, SeaFormat } from './request';
import { TextSink } from './TextSink';

/** A part of a result, kept until its statement is closed. */
export interface SeaChunk {
  readonly index: number;
  readonly rowOffset: number;
  readonly rows: number;
  readonly fileId: string;
  readonly offered: OfferedFile;
}

/** A whole result: written once, read in any order and as often as a client likes. */
export interface SeaResult {
  readonly columns: ExecutionResult['columns'];
  readonly format: SeaFormat;
  readonly external: boolean;
  readonly lz4: boolean;
  readonly chunks: readonly SeaChunk[];
  readonly rows: number;
  readonly bytes: number;
  readonly truncated: boolean;
  readonly isVolumeOperation: boolean;
  readonly modifiedRows: number | undefined;
}

export interface ResultTarget {
  files: FileStore;
  cloudFetch: ResolvedCloudFetch;
  record: StatementRecord;
}

/** Larger JSON results have to be asked for as links. */
const MAX_INLINE_JSON_BYTES = 25 * 1024 * 1024;

/** Reads all rows of a statement into chunks. Rejects with what the query throws, and for results too large to be inline. */
export async function writeResult(result: ExecutionResult, wish: ResultWish, target: ResultTarget): Promise<SeaResult> {
  const { columns, rows } = result;
  const { cloudFetch, record } = target;
  const external =
    wish.disposition === 'EXTERNAL_LINKS' ||
    (wish.disposition === 'INLINE_OR_EXTERNAL_LINKS' &&
      rows !== undefined &&
      isLarge(columns, rows, cloudFetch.thresholdBytes));
  const lz4 = wish.format === 'ARROW_STREAM' && wantsLz4(wish, external, cloudFetch);
  const written =
    rows && columns.length > 0
      ? await new ChunkWriter(result, rows, { ...wish, lz4 }, target, external).write()
      : { chunks: [], rows: 0, bytes: 0, truncated: false };
  record.resultFormat = columns.length === 0 ? undefined : external ? 'cloudfetch' : INLINE_FORMATS[wish.format];
  record.compressed = lz4;
  return {
    columns,
    format: wish.format,
    external,
    lz4,
    ...written,
    isVolumeOperation: result.isStaging,
    modifiedRows: result.modifiedRows,
  };
}

const INLINE_FORMATS = { ARROW_STREAM: 'inline-arrow', JSON_ARRAY: 'inline-json', CSV: 'cloudfetch' } as const;

function wantsLz4(wish: ResultWish, external: boolean, { lz4 }: ResolvedCloudFetch): boolean {
  return external && lz4 !== 'as-asked' ? lz4 === 'always' : wish.lz4;
}

/** Arrow carries every type as itself here; only Thrift clients ask for text. */
const NATIVE = { timestamps: true, decimals: true, complex: true, intervals: true };

class ChunkWriter {
  private readonly encoder: ArrowEncoder;
  private readonly chunks: SeaChunk[] = [];
  private offset = 0;
  private bytes = 0;

  constructor(
    private readonly result: ExecutionResult,
    private readonly source: RowSource,
    private readonly wish: ResultWish,
    private readonly target: ResultTarget,
    private readonly external: boolean,
  ) {
    this.encoder = new ArrowEncoder(result.columns, NATIVE);
  }

  async write(): Promise<{ chunks: SeaChunk[]; rows: number; bytes: number; truncated: boolean }> {
    const rowLimit = this.wish.rowLimit ?? Number.POSITIVE_INFINITY;
    const byteLimit = this.wish.byteLimit ?? Number.POSITIVE_INFINITY;
    while (this.offset < rowLimit && this.bytes < byteLimit && (await this.source.hasMore())) {
      await this.writeChunk(rowLimit - this.offset, byteLimit - this.bytes);
    }
    const truncated = await this.source.hasMore();
    return { chunks: this.chunks, rows: this.offset, bytes: this.bytes, truncated };
  }

  private async writeChunk(rowsLeft: number, bytesLeft: number): Promise<void> {
    const { cloudFetch, files, record } = this.target;
    const { sink, finish } = this.sink();
    await collect(this.source, sink, {
      maxRows: Math.min(cloudFetch.maxRowsPerFile, rowsLeft),
      maxBytes: Math.min(cloudFetch.maxFileBytes, bytesLeft),
      ...(bytesLeft === Number.POSITIVE_INFINITY ? {} : { checkRows: 1 }),
    });
    const content = finish();
    this.bytes += content.length;
    if (!this.external && this.wish.format === 'JSON_ARRAY' && this.bytes > MAX_INLINE_JSON_BYTES) throw tooLarge();
    const body = this.wish.lz4 ? await compressFrame(content) : content;
    const index = this.chunks.length;
    const offered: OfferedFile = { index, rows: sink.rows, bytes: body.length, downloads: [] };
    const fileId = await files.put(record, body, offered, true);
    this.chunks.push({ index, rowOffset: this.offset, rows: sink.rows, fileId, offered });
    this.offset += sink.rows;
  }

  private sink(): { sink: RowSink; finish: () => Buffer } {
    const { format } = this.wish;
    if (format === 'ARROW_STREAM') {
      const builder = new StreamBuilder(this.encoder);
      return { sink: builder, finish: () => this.encoder.stream(builder.finish().batches) };
    }
    const text = new TextSink(this.result.columns, format, this.chunks.length === 0);
    return { sink: text, finish: () => text.finish() };
  }
}

function tooLarge(): SqlError {
  return new SqlError(
    'INLINE_BYTE_LIMIT_EXCEEDED',
    '54000',
    `Statements executed with disposition=INLINE can have a result size of at most ${MAX_INLINE_JSON_BYTES} bytes. ` +
      'Execute the statement with disposition=EXTERNAL_LINKS to download the full result.',
  );
}
