import type { DuckDBTypeId } from '@duckdb/node-api';
import { Field, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct } from 'apache-arrow';
import type { SqlType } from '../engine/types';
import { arrowTypeOf, type NativeTypes } from './arrowTypes';
import type { ColumnBuilder } from './builders';
import { createBuilder } from './createBuilder';
import type { RowSlice } from './RowSource';

export interface ArrowColumn {
  name: string;
  type: SqlType;
  source: DuckDBTypeId;
}

/** End-of-stream marker of Arrow's stream format: continuation and zero length. */
const END_OF_STREAM_BYTES = 8;

/** Turns row slices into Arrow IPC. */
export class ArrowEncoder {
  private readonly schema: Schema;
  /** The encapsulated schema message alone. */
  readonly schemaMessage: Buffer;

  constructor(
    private readonly columns: readonly ArrowColumn[],
    private readonly native: NativeTypes,
  ) {
    this.schema = new Schema(columns.map(({ name, type }) => new Field(name, arrowTypeOf(type, native), true)));
    const empty = writeStream(this.schema, []);
    this.schemaMessage = empty.subarray(0, empty.length - END_OF_STREAM_BYTES);
  }

  startBatch(): BatchBuilder {
    return new BatchBuilder(
      this.schema,
      this.columns.map(({ type, source }) => createBuilder(type, this.native, source)),
    );
  }

  /** One complete IPC stream. */
  stream(batches: readonly RecordBatch[]): Buffer {
    return writeStream(this.schema, batches);
  }

  /** Record-batch messages without schema and end of stream. */
  messages(batch: RecordBatch): Buffer {
    const stream = this.stream([batch]);
    return stream.subarray(this.schemaMessage.length, stream.length - END_OF_STREAM_BYTES);
  }
}

export class BatchBuilder {
  rows = 0;

  constructor(
    private readonly schema: Schema,
    private readonly builders: readonly ColumnBuilder[],
  ) {}

  get byteLength(): number {
    return this.builders.reduce((sum, builder) => sum + builder.byteLength, 0);
  }

  append({ chunk, from, to }: RowSlice): void {
    this.builders.forEach((builder, column) => builder.appendSlice(chunk, column, from, to));
    this.rows += to - from;
  }

  finish(): RecordBatch {
    const data = makeData({
      type: new Struct(this.schema.fields),
      length: this.rows,
      nullCount: 0,
      children: this.builders.map((builder) => builder.finish()),
    });
    return new RecordBatch(this.schema, data);
  }
}

function writeStream(schema: Schema, batches: readonly RecordBatch[]): Buffer {
  const writer = new RecordBatchStreamWriter({ autoDestroy: false });
  writer.reset(undefined, schema);
  for (const batch of batches) writer.write(batch);
  writer.finish();
  return Buffer.from(writer.toUint8Array(true));
}
