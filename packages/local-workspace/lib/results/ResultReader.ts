import {
  TRowSet,
  TSparkArrowBatch,
  TSparkArrowResultLink,
  TSparkRowSetType,
} from '@databricks/sql/thrift/TCLIService_types';
import { compressFrame } from 'lz4-napi';
import type { ResultColumn } from '../engine/resultColumns';
import type { ResolvedCloudFetch } from '../options';
import type { OfferedFile, ReceivedResultFormat, StatementRecord } from '../received/types';
import { ArrowEncoder } from './ArrowEncoder';
import type { NativeTypes } from './arrowTypes';
import { encodeColumns, int64 } from './columnar';
import type { FileStore } from './FileStore';
import type { RowSlice, RowSource } from './RowSource';
import { collect, StreamBuilder } from './StreamBuilder';

export interface ResultFormatChoice {
  format: Exclude<ReceivedResultFormat, 'inline-json'>;
  lz4: boolean;
  native: NativeTypes;
}

export interface LinkSettings {
  cloudFetch: ResolvedCloudFetch;
  files: FileStore;
  /** Scheme and authority that the client uses. */
  origin: string;
  expired: boolean;
}

export interface Page {
  rowSet: TRowSet;
  hasMore: boolean;
}

const MAX_PAGE_BYTES = 16 * 1024 * 1024;
const MAX_COLUMNAR_ROWS = 20_000;

/** Hands out the rows of one statement page by page, in the format that was agreed. */
export class ResultReader {
  private readonly encoder: ArrowEncoder | undefined;
  private offset = 0;

  constructor(
    private readonly columns: readonly ResultColumn[],
    private readonly rows: RowSource | undefined,
    readonly choice: ResultFormatChoice,
    private readonly record: StatementRecord,
  ) {
    this.encoder = choice.format === 'columnar' ? undefined : new ArrowEncoder(columns, choice.native);
  }

  get arrowSchema(): Buffer | undefined {
    return this.encoder?.schemaMessage;
  }

  get rowSetType(): TSparkRowSetType {
    switch (this.choice.format) {
      case 'columnar':
        return TSparkRowSetType.COLUMN_BASED_SET;
      case 'inline-arrow':
        return TSparkRowSetType.ARROW_BASED_SET;
      case 'cloudfetch':
        return TSparkRowSetType.URL_BASED_SET;
    }
  }

  /** The next page of at most `maxRows` rows. Rejects with what the query throws. */
  async next(maxRows: number, links: LinkSettings): Promise<Page> {
    const startRowOffset = int64(this.offset);
    const { rows, encoder } = this;
    if (!rows) return { rowSet: new TRowSet({ startRowOffset, rows: [], columns: [] }), hasMore: false };
    const rowSet = new TRowSet({ startRowOffset, rows: [] });
    if (!encoder) rowSet.columns = await this.columnarPage(rows, Math.min(maxRows, MAX_COLUMNAR_ROWS));
    else if (this.choice.format === 'inline-arrow') rowSet.arrowBatches = await this.arrowPage(rows, encoder, maxRows);
    else rowSet.resultLinks = await this.linkPage(rows, encoder, links);
    return { rowSet, hasMore: await rows.hasMore() };
  }

  private async columnarPage(rows: RowSource, maxRows: number): Promise<TRowSet['columns'] & object> {
    const slices: RowSlice[] = [];
    let count = 0;
    while (count < maxRows) {
      const slice = await rows.next(maxRows - count);
      if (!slice) break;
      slices.push(slice);
      count += slice.to - slice.from;
    }
    this.offset += count;
    this.record.rows += count;
    return encodeColumns(
      this.columns.map(({ type }) => type),
      slices,
    );
  }

  private async arrowPage(rows: RowSource, encoder: ArrowEncoder, maxRows: number): Promise<TSparkArrowBatch[]> {
    const page = new StreamBuilder(encoder);
    await collect(rows, page, { maxRows, maxBytes: MAX_PAGE_BYTES });
    const { batches, rowCounts } = page.finish();
    const messages = batches.map((batch) => encoder.messages(batch));
    const bodies = this.choice.lz4 ? await Promise.all(messages.map((message) => compressFrame(message))) : messages;
    this.offset += page.rows;
    this.record.rows += page.rows;
    this.record.resultBytes += bodies.reduce((sum, body) => sum + body.length, 0);
    return bodies.map((batch, i) => new TSparkArrowBatch({ batch, rowCount: int64(rowCounts[i] ?? 0) }));
  }

  private async linkPage(
    rows: RowSource,
    encoder: ArrowEncoder,
    links: LinkSettings,
  ): Promise<TSparkArrowResultLink[]> {
    const { cloudFetch, files, origin } = links;
    const result: TSparkArrowResultLink[] = [];
    const page: OfferedFile[] = [];
    while (result.length < cloudFetch.linksPerFetch) {
      const builder = new StreamBuilder(encoder);
      await collect(rows, builder, { maxRows: cloudFetch.maxRowsPerFile, maxBytes: cloudFetch.maxFileBytes });
      if (builder.rows === 0) break;
      const stream = encoder.stream(builder.finish().batches);
      const body = this.choice.lz4 ? await compressFrame(stream) : stream;
      const offered: OfferedFile = {
        index: this.record.files.length + page.length,
        rows: builder.rows,
        bytes: body.length,
        downloads: [],
      };
      const id = await files.put(this.record, body, offered);
      const expiresAtMs = links.expired ? Date.now() - 1000 : Date.now() + cloudFetch.linkTtlMs;
      result.push(
        new TSparkArrowResultLink({
          fileLink: origin + files.link(id, expiresAtMs),
          expiryTime: int64(expiresAtMs),
          startRowOffset: int64(this.offset),
          rowCount: int64(builder.rows),
          bytesNum: int64(body.length),
          httpHeaders: {},
        }),
      );
      this.offset += builder.rows;
      page.push(offered);
    }
    for (const offered of page) {
      this.record.files.push(offered);
      this.record.filesOffered += 1;
      this.record.rows += offered.rows;
      this.record.resultBytes += offered.bytes;
    }
    return result;
  }
}
