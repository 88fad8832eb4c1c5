import type { DuckDBValue } from '@duckdb/node-api';
import {
  TBinaryColumn,
  TBoolColumn,
  TByteColumn,
  TColumn,
  TDoubleColumn,
  TI16Column,
  TI32Column,
  TI64Column,
  TStringColumn,
} from '@databricks/sql/thrift/TCLIService_types';
import Int64 from 'node-int64';
import type { SqlType } from '../engine/types';
import { floatNumber } from './numberText';
import type { RowSlice } from './RowSource';
import { toBigInt, toBytes, toText } from './values';

/** The columns of a column-based row set. */
export function encodeColumns(types: readonly SqlType[], slices: readonly RowSlice[]): TColumn[] {
  return types.map((type, column) => {
    const values: DuckDBValue[] = [];
    for (const { chunk, from, to } of slices) {
      const vector = chunk.getColumnVector(column);
      for (let row = from; row < to; row++) values.push(vector.getItem(row));
    }
    return encodeColumn(type, values);
  });
}

function encodeColumn(type: SqlType, values: readonly DuckDBValue[]): TColumn {
  const nulls = nullBitmap(values);
  const map = <T>(absent: T, convert: (value: Exclude<DuckDBValue, null>) => T): T[] =>
    values.map((value) => (value === null ? absent : convert(value)));
  switch (type.kind) {
    case 'boolean':
      return new TColumn({ boolVal: new TBoolColumn({ values: map(false, (value) => value === true), nulls }) });
    case 'tinyint':
      return new TColumn({ byteVal: new TByteColumn({ values: map(0, Number), nulls }) });
    case 'smallint':
      return new TColumn({ i16Val: new TI16Column({ values: map(0, Number), nulls }) });
    case 'int':
      return new TColumn({ i32Val: new TI32Column({ values: map(0, Number), nulls }) });
    case 'bigint':
      return new TColumn({
        i64Val: new TI64Column({ values: map(new Int64(0), (value) => int64(toBigInt(value))), nulls }),
      });
    case 'float':
      return new TColumn({
        doubleVal: new TDoubleColumn({ values: map(0, (value) => floatNumber(Number(value))), nulls }),
      });
    case 'double':
      return new TColumn({ doubleVal: new TDoubleColumn({ values: map(0, Number), nulls }) });
    case 'binary':
      return new TColumn({
        binaryVal: new TBinaryColumn({ values: map(Buffer.alloc(0), (value) => Buffer.from(toBytes(value))), nulls }),
      });
    default:
      return new TColumn({ stringVal: new TStringColumn({ values: map('', (value) => toText(value, type)), nulls }) });
  }
}

export function int64(value: bigint | number): Int64 {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(BigInt(value));
  return new Int64(buffer);
}

function nullBitmap(values: readonly DuckDBValue[]): Buffer {
  const bitmap = Buffer.alloc(Math.ceil(values.length / 8));
  values.forEach((value, i) => {
    if (value === null) bitmap[i >> 3] = (bitmap[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return bitmap;
}
