import { DuckDBTypeId } from '@duckdb/node-api';
import type { DataType } from 'apache-arrow';
import type { SqlType } from '../engine/types';
import { arrowTypeOf, type NativeTypes } from './arrowTypes';
import { BoolBuilder, FixedBuilder, VariableBuilder, type ColumnBuilder } from './builders';
import { ListBuilder, MapBuilder, StructBuilder } from './nestedBuilders';
import { toBigInt, toDays, toDuration, toMicros, toMonths, toUnscaled } from './values';

/** A builder for values of `type` that come from DuckDB columns of type `source`; undefined inside complex values. */
export function createBuilder(type: SqlType, native: NativeTypes, source?: DuckDBTypeId): ColumnBuilder {
  const arrowType = arrowTypeOf(type, native);
  const fixed = (width: number, same: DuckDBTypeId, put: ConstructorParameters<typeof FixedBuilder>[2]): FixedBuilder =>
    new FixedBuilder(arrowType, width, put, source === same);
  switch (type.kind) {
    case 'boolean':
      return new BoolBuilder(arrowType);
    case 'tinyint':
      return fixed(1, DuckDBTypeId.TINYINT, (view, at, value) => view.writeInt8(Number(value), at));
    case 'smallint':
      return fixed(2, DuckDBTypeId.SMALLINT, (view, at, value) => view.writeInt16LE(Number(value), at));
    case 'int':
      return fixed(4, DuckDBTypeId.INTEGER, (view, at, value) => view.writeInt32LE(Number(value), at));
    case 'bigint':
      return fixed(8, DuckDBTypeId.BIGINT, (view, at, value) => view.writeBigInt64LE(toBigInt(value), at));
    case 'float':
      return fixed(4, DuckDBTypeId.FLOAT, (view, at, value) => view.writeFloatLE(Number(value), at));
    case 'double':
      return fixed(8, DuckDBTypeId.DOUBLE, (view, at, value) => view.writeDoubleLE(Number(value), at));
    case 'date':
      return fixed(4, DuckDBTypeId.DATE, (view, at, value) => view.writeInt32LE(toDays(value), at));
    case 'timestamp':
    case 'timestamp_ntz': {
      if (!native.timestamps) break;
      const same = type.kind === 'timestamp' ? DuckDBTypeId.TIMESTAMP_TZ : DuckDBTypeId.TIMESTAMP;
      return fixed(8, same, (view, at, value) => view.writeBigInt64LE(toMicros(value), at));
    }
    case 'decimal': {
      if (!native.decimals) break;
      const { scale } = type;
      return new FixedBuilder(
        arrowType,
        16,
        (view, at, value) => writeInt128(view, at, toUnscaled(value, scale)),
        false,
      );
    }
    case 'interval year to month':
      if (!native.intervals) break;
      return new FixedBuilder(arrowType, 4, (view, at, value) => view.writeInt32LE(toMonths(value), at), false);
    case 'interval day to second':
      if (!native.intervals) break;
      return new FixedBuilder(arrowType, 8, (view, at, value) => view.writeBigInt64LE(toDuration(value), at), false);
    case 'array':
    case 'map':
    case 'struct':
      if (!native.complex) break;
      return nested(arrowType, type, native);
    case 'binary':
      return new VariableBuilder(arrowType, type, source === DuckDBTypeId.BLOB);
    default:
      return new VariableBuilder(arrowType, type, source === DuckDBTypeId.VARCHAR);
  }
  return text(arrowType, type);
}

function nested(
  arrowType: DataType,
  type: Extract<SqlType, { kind: 'array' | 'map' | 'struct' }>,
  native: NativeTypes,
): ColumnBuilder {
  const of = (inner: SqlType): ColumnBuilder => createBuilder(inner, native);
  switch (type.kind) {
    case 'array':
      return new ListBuilder(arrowType, of(type.element));
    case 'map':
      return new MapBuilder(arrowType, of(type.key), of(type.value));
    case 'struct':
      return new StructBuilder(
        arrowType,
        type.fields.map((field) => of(field.type)),
      );
  }
}

function text(arrowType: DataType, type: SqlType): ColumnBuilder {
  return new VariableBuilder(arrowType, type, false);
}

function writeInt128(view: Buffer, at: number, value: bigint): void {
  view.writeBigUInt64LE(BigInt.asUintN(64, value), at);
  view.writeBigInt64LE(BigInt.asIntN(64, value >> 64n), at + 8);
}
