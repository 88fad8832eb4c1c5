import {
  TColumnDesc,
  TPrimitiveTypeEntry,
  TTableSchema,
  TTypeDesc,
  TTypeEntry,
  TTypeId,
  TTypeQualifiers,
  TTypeQualifierValue,
} from '@databricks/sql/thrift/TCLIService_types';
import type { ScalarKind, SqlType } from '../engine/types';

const SCALAR_IDS: Readonly<Record<ScalarKind, TTypeId>> = {
  void: TTypeId.NULL_TYPE,
  boolean: TTypeId.BOOLEAN_TYPE,
  tinyint: TTypeId.TINYINT_TYPE,
  smallint: TTypeId.SMALLINT_TYPE,
  int: TTypeId.INT_TYPE,
  bigint: TTypeId.BIGINT_TYPE,
  float: TTypeId.FLOAT_TYPE,
  double: TTypeId.DOUBLE_TYPE,
  string: TTypeId.STRING_TYPE,
  binary: TTypeId.BINARY_TYPE,
  date: TTypeId.DATE_TYPE,
  timestamp: TTypeId.TIMESTAMP_TYPE,
  timestamp_ntz: TTypeId.TIMESTAMP_TYPE,
  variant: TTypeId.STRING_TYPE,
  'interval day to second': TTypeId.INTERVAL_DAY_TIME_TYPE,
  'interval year to month': TTypeId.INTERVAL_YEAR_MONTH_TYPE,
};

function typeId(type: SqlType): TTypeId {
  switch (type.kind) {
    case 'decimal':
      return TTypeId.DECIMAL_TYPE;
    case 'array':
      return TTypeId.ARRAY_TYPE;
    case 'map':
      return TTypeId.MAP_TYPE;
    case 'struct':
      return TTypeId.STRUCT_TYPE;
    default:
      return SCALAR_IDS[type.kind];
  }
}

/** The schema of a result as the protocol describes it. */
export function tableSchema(columns: readonly { name: string; type: SqlType }[]): TTableSchema {
  return new TTableSchema({
    columns: columns.map(
      ({ name, type }, i) =>
        new TColumnDesc({
          columnName: name,
          position: i + 1,
          comment: '',
          typeDesc: new TTypeDesc({ types: [new TTypeEntry({ primitiveEntry: primitiveEntry(type) })] }),
        }),
    ),
  });
}

function primitiveEntry(type: SqlType): TPrimitiveTypeEntry {
  if (type.kind !== 'decimal') return new TPrimitiveTypeEntry({ type: typeId(type) });
  return new TPrimitiveTypeEntry({
    type: TTypeId.DECIMAL_TYPE,
    typeQualifiers: new TTypeQualifiers({
      qualifiers: {
        precision: new TTypeQualifierValue({ i32Value: type.precision }),
        scale: new TTypeQualifierValue({ i32Value: type.scale }),
      },
    }),
  });
}
