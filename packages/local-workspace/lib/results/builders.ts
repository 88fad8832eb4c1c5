import duckdb from '@duckdb/node-bindings';
import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import { makeData, Utf8, type Data, type DataType } from 'apache-arrow';
import type { SqlType } from '../engine/types';
import { Bits, Bytes } from './Bytes';
import { toBytes, toText } from './values';

/** Collects the values of one column into one Arrow array. */
export interface ColumnBuilder {
  readonly byteLength: number;
  /** Rows `from` (inclusive) to `to` (exclusive) of a chunk's column. */
  appendSlice(chunk: DuckDBDataChunk, column: number, from: number, to: number): void;
  appendValue(value: DuckDBValue): void;
  /** The array. The builder is used up. */
  finish(): Data;
}

export abstract class BaseBuilder implements ColumnBuilder {
  protected readonly validity = new Bits();

  abstract get byteLength(): number;

  protected abstract write(value: Exclude<DuckDBValue, null>): void;
  protected abstract writeNull(): void;
  abstract finish(): Data;

  appendValue(value: DuckDBValue): void {
    this.validity.push(value !== null);
    if (value === null) this.writeNull();
    else this.write(value);
  }

  appendSlice(chunk: DuckDBDataChunk, column: number, from: number, to: number): void {
    const vector = chunk.getColumnVector(column);
    for (let row = from; row < to; row++) this.appendValue(vector.getItem(row));
  }

  protected get nulls(): { length: number; nullCount: number; nullBitmap?: Uint8Array } {
    const { length, zeros } = this.validity;
    return zeros === 0 ? { length, nullCount: 0 } : { length, nullCount: zeros, nullBitmap: this.validity.finish() };
  }

  /** Copies the validity of a slice of a native vector. Returns the bitmap when there is one. */
  protected copyValidity(vector: duckdb.Vector, from: number, to: number, rows: number): Uint8Array | undefined {
    const bitmap: Uint8Array | null = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8);
    if (!bitmap) {
      this.validity.pushOnes(to - from);
      return undefined;
    }
    for (let row = from; row < to; row++) this.validity.push(isSet(bitmap, row));
    return bitmap;
  }
}

export function isSet(bitmap: Uint8Array, row: number): boolean {
  return (((bitmap[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

/** Fixed-width values whose memory layout is the same in DuckDB and Arrow. */
export class FixedBuilder extends BaseBuilder {
  private readonly data = new Bytes(8192);

  /** `native` is false where DuckDB's type is a different one, so that values go one by one through `put`. */
  constructor(
    private readonly type: DataType,
    private readonly width: number,
    private readonly put: (view: Buffer, at: number, value: Exclude<DuckDBValue, null>) => void,
    private readonly native: boolean,
  ) {
    super();
  }

  get byteLength(): number {
    return this.data.length;
  }

  protected write(value: Exclude<DuckDBValue, null>): void {
    const at = this.data.extend(this.width);
    this.put(this.data.view, at, value);
  }

  protected writeNull(): void {
    const at = this.data.extend(this.width);
    this.data.view.fill(0, at, at + this.width);
  }

  override appendSlice(chunk: DuckDBDataChunk, column: number, from: number, to: number): void {
    if (!this.native) {
      super.appendSlice(chunk, column, from, to);
      return;
    }
    const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
    this.copyValidity(vector, from, to, chunk.rowCount);
    const bytes = duckdb.vector_get_data(vector, chunk.rowCount * this.width);
    this.data.append(bytes.subarray(from * this.width, to * this.width));
  }

  finish(): Data {
    const bytes = this.data.finish();
    const ArrayType = this.type.ArrayType as new (
      buffer: ArrayBufferLike,
      offset: number,
      length: number,
    ) => Uint8Array;
    const perValue = (ArrayType as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
    const data = new ArrayType(bytes.buffer, bytes.byteOffset, bytes.length / perValue);
    return makeData({ type: this.type, ...this.nulls, data } as Parameters<typeof makeData>[0]);
  }
}

export class BoolBuilder extends BaseBuilder {
  private readonly bits = new Bits();

  constructor(private readonly type: DataType) {
    super();
  }

  get byteLength(): number {
    return this.bits.length / 8;
  }

  protected write(value: Exclude<DuckDBValue, null>): void {
    this.bits.push(value === true);
  }

  protected writeNull(): void {
    this.bits.push(false);
  }

  finish(): Data {
    return makeData({ type: this.type, ...this.nulls, data: this.bits.finish() } as Parameters<typeof makeData>[0]);
  }
}

/** Text and binary. */
export class VariableBuilder extends BaseBuilder {
  private readonly data = new Bytes(16_384);
  private readonly offsets: number[] = [0];

  /** `native`: DuckDB holds the very bytes (VARCHAR, BLOB). */
  constructor(
    private readonly arrowType: DataType,
    private readonly type: SqlType,
    private readonly native: boolean,
  ) {
    super();
  }

  get byteLength(): number {
    return this.data.length + this.offsets.length * 4;
  }

  protected write(value: Exclude<DuckDBValue, null>): void {
    this.data.append(this.arrowType instanceof Utf8 ? Buffer.from(toText(value, this.type)) : toBytes(value));
    this.offsets.push(this.data.length);
  }

  protected writeNull(): void {
    this.offsets.push(this.data.length);
  }

  override appendSlice(chunk: DuckDBDataChunk, column: number, from: number, to: number): void {
    if (!this.native) {
      super.appendSlice(chunk, column, from, to);
      return;
    }
    const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
    const bitmap = this.copyValidity(vector, from, to, chunk.rowCount);
    const bytes = duckdb.vector_get_data(vector, chunk.rowCount * STRING_BYTES);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let row = from; row < to; row++) {
      if (!bitmap || isSet(bitmap, row)) {
        const at = row * STRING_BYTES;
        const length = view.getUint32(at, true);
        this.data.append(
          length <= INLINE_BYTES
            ? bytes.subarray(at + 4, at + 4 + length)
            : duckdb.get_data_from_pointer(bytes.buffer as ArrayBuffer, bytes.byteOffset + at + 8, length),
        );
      }
      this.offsets.push(this.data.length);
    }
  }

  finish(): Data {
    return makeData({
      type: this.arrowType,
      ...this.nulls,
      valueOffsets: Int32Array.from(this.offsets),
      data: this.data.finish(),
    } as Parameters<typeof makeData>[0]);
  }
}

/** DuckDB's string: four bytes of length, then the text itself or a prefix and a pointer. */
const STRING_BYTES = 16;
const INLINE_BYTES = 12;
