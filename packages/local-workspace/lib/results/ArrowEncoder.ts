import type { DuckDBTypeId } from '@duckdb/node-api';
import { Field, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct } from 'apache-arrow';
import { sqlTypeText, type SqlType } from '../engine/types';
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
  /** Of record batches: the library takes fields of one name for one field, and a batch message holds no names. */
  private readonly batchSchema: Schema;
  private readonly batchSchemaBytes: number;
  /** The encapsulated schema message alone. */
  readonly schemaMessage: Buffer;

  constructor(
    private readonly columns: readonly ArrowColumn[],
    private readonly native: NativeTypes,
  ) {
    const fields = columns.map(({ name, type }) => new Field(name, arrowTypeOf(type, native), true, metadataOf(type)));
    this.schemaMessage = schemaMessage(new Schema(fields));
    const distinct = new Set(columns.map(({ name }) => name)).size === columns.length;
    this.batchSchema = new Schema(distinct ? fields : fields.map(({ type }, i) => new Field(`c${i}`, type, true)));
    this.batchSchemaBytes = distinct ? this.schemaMessage.length : schemaMessage(this.batchSchema).length;
  }

  startBatch(): BatchBuilder {
    return new BatchBuilder(
      this.batchSchema,
      this.columns.map(({ type, source }) => createBuilder(type, this.native, source)),
    );
  }

  /** One complete IPC stream. */
  stream(batches: readonly RecordBatch[]): Buffer {
    const stream = writeStream(this.batchSchema, batches);
    if (this.batchSchemaBytes === this.schemaMessage.length) {
      this.schemaMessage.copy(stream);
      return stream;
    }
    return Buffer.concat([this.schemaMessage, stream.subarray(this.batchSchemaBytes)]);
  }

  /** Record-batch messages without schema and end of stream. */
  messages(batch: RecordBatch): Buffer {
    const stream = writeStream(this.batchSchema, [batch]);
    return stream.subarray(this.batchSchemaBytes, stream.length - END_OF_STREAM_BYTES);
  }
}

function schemaMessage(schema: Schema): Buffer {
  const empty = writeStream(schema, []);
  return empty.subarray(0, empty.length - END_OF_STREAM_BYTES);
}

/** What a warehouse says beside Arrow's own type: the type in SQL. */
function metadataOf(type: SqlType): Map<string, string> {
  return new Map([['Spark:DataType:SqlName', sqlTypeText(type)]]);
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
