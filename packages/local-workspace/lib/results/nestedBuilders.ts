import {
  DuckDBArrayValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { makeData, type Data, type DataType, type Field } from 'apache-arrow';
import { BaseBuilder, type ColumnBuilder } from './builders';

export class ListBuilder extends BaseBuilder {
  private readonly offsets: number[] = [0];
  private count = 0;

  constructor(
    private readonly type: DataType,
    private readonly element: ColumnBuilder,
  ) {
    super();
  }

  get byteLength(): number {
    return this.element.byteLength + this.offsets.length * 4;
  }

  protected write(value: Exclude<DuckDBValue, null>): void {
    if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) {
      for (const item of value.items) this.element.appendValue(item);
      this.count += value.items.length;
    }
    this.offsets.push(this.count);
  }

  protected writeNull(): void {
    this.offsets.push(this.count);
  }

  finish(): Data {
    return makeData({
      type: this.type,
      ...this.nulls,
      valueOffsets: Int32Array.from(this.offsets),
      child: this.element.finish(),
    } as Parameters<typeof makeData>[0]);
  }
}

export class StructBuilder extends BaseBuilder {
  constructor(
    private readonly type: DataType,
    private readonly fields: readonly ColumnBuilder[],
  ) {
    super();
  }

  get byteLength(): number {
    return this.fields.reduce((sum, field) => sum + field.byteLength, 0);
  }

  protected write(value: Exclude<DuckDBValue, null>): void {
    const items = value instanceof DuckDBStructValue ? Object.values(value.entries) : [];
    this.fields.forEach((field, i) => field.appendValue(items[i] ?? null));
  }

  protected writeNull(): void {
    for (const field of this.fields) field.appendValue(null);
  }

  finish(): Data {
    return makeData({
      type: this.type,
      ...this.nulls,
      children: this.fields.map((field) => field.finish()),
    } as Parameters<typeof makeData>[0]);
  }
}

export class MapBuilder extends BaseBuilder {
  private readonly offsets: number[] = [0];
  private count = 0;

  constructor(
    private readonly type: DataType,
    private readonly key: ColumnBuilder,
    private readonly value: ColumnBuilder,
  ) {
    super();
  }

  get byteLength(): number {
    return this.key.byteLength + this.value.byteLength + this.offsets.length * 4;
  }

  protected write(map: Exclude<DuckDBValue, null>): void {
    if (map instanceof DuckDBMapValue) {
      for (const entry of map.entries) {
        this.key.appendValue(entry.key);
        this.value.appendValue(entry.value);
      }
      this.count += map.entries.length;
    }
    this.offsets.push(this.count);
  }

  protected writeNull(): void {
    this.offsets.push(this.count);
  }

  finish(): Data {
    const entries = makeData({
      type: (this.type.children[0] as Field<DataType>).type,
      length: this.count,
      nullCount: 0,
      children: [this.key.finish(), this.value.finish()],
    } as Parameters<typeof makeData>[0]);
    return makeData({
      type: this.type,
      ...this.nulls,
      valueOffsets: Int32Array.from(this.offsets),
      child: entries,
    } as Parameters<typeof makeData>[0]);
  }
}
