import {
  Binary,
  Bool,
  DateDay,
  Decimal,
  DurationMicrosecond,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  IntervalYearMonth,
  List,
  Map_,
  Struct,
  TimestampMicrosecond,
  Utf8,
  type DataType,
} from 'apache-arrow';
import type { SqlType } from '../engine/types';
import type { Zone } from '../sql/zones';

/** Which types a client takes natively; the others it gets as text. */
export interface NativeTypes {
  timestamps: boolean;
  decimals: boolean;
  complex: boolean;
  intervals: boolean;
}

/** A zone as Arrow names it. */
function zoneName(zone: Zone | undefined): string {
  if (!zone || (zone.kind === 'offset' && zone.seconds === 0)) return 'Etc/UTC';
  return zone.name;
}

export function arrowTypeOf(type: SqlType, native: NativeTypes): DataType {
  switch (type.kind) {
    case 'boolean':
      return new Bool();
    case 'tinyint':
      return new Int8();
    case 'smallint':
      return new Int16();
    case 'int':
      return new Int32();
    case 'bigint':
      return new Int64();
    case 'float':
      return new Float32();
    case 'double':
      return new Float64();
    case 'binary':
      return new Binary();
    case 'date':
      return new DateDay();
    case 'timestamp':
      return native.timestamps ? new TimestampMicrosecond(zoneName(type.zone)) : new Utf8();
    case 'timestamp_ntz':
      return native.timestamps ? new TimestampMicrosecond() : new Utf8();
    case 'decimal':
      return native.decimals ? new Decimal(type.scale, type.precision, 128) : new Utf8();
    case 'interval year to month':
      return native.intervals ? new IntervalYearMonth() : new Utf8();
    case 'interval day to second':
      return native.intervals ? new DurationMicrosecond() : new Utf8();
    case 'array':
      return native.complex ? new List(new Field('element', arrowTypeOf(type.element, native), true)) : new Utf8();
    case 'map':
      return native.complex ? mapType(arrowTypeOf(type.key, native), arrowTypeOf(type.value, native)) : new Utf8();
    case 'struct':
      return native.complex
        ? new Struct(type.fields.map((field) => new Field(field.name, arrowTypeOf(field.type, native), true)))
        : new Utf8();
    default:
      return new Utf8();
  }
}

function mapType(key: DataType, value: DataType): Map_ {
  const entry = new Struct<{ key: DataType; value: DataType }>([
    new Field('key', key, false),
    new Field('value', value, true),
  ]);
  return new Map_(new Field('entries', entry, false));
}
