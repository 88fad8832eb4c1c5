import type { SqlType } from '../../engine/types';
import type { Node } from '../nodes';

/** An expression in DuckDB's dialect and the type that Spark gives it. */
export interface Typed {
  readonly sql: string;
  readonly type: SqlType;
  /** The value of a literal: text, digits or truth. */
  readonly constant?: string | number | boolean | null;
  /** What a text is put together of. */
  readonly pieces?: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly type: SqlType;
}

/** A relation as text and what it offers. */
export interface Relation {
  readonly sql: string;
  readonly columns: readonly Column[];
  /** It has one row at most. */
  readonly isSingle?: boolean;
}

export const BOOLEAN: SqlType = { kind: 'boolean' };
export const INT: SqlType = { kind: 'int' };
export const BIGINT: SqlType = { kind: 'bigint' };
export const DOUBLE: SqlType = { kind: 'double' };
export const STRING: SqlType = { kind: 'string' };
export const VOID: SqlType = { kind: 'void' };
export const DATE: SqlType = { kind: 'date' };
export const TIMESTAMP: SqlType = { kind: 'timestamp' };
export const TIMESTAMP_NTZ: SqlType = { kind: 'timestamp_ntz' };
export const VARIANT: SqlType = { kind: 'variant' };
export const BINARY: SqlType = { kind: 'binary' };

export function arrayOf(element: SqlType): SqlType {
  return { kind: 'array', element };
}

export function decimal(precision: number, scale: number): SqlType & { kind: 'decimal' } {
  return { kind: 'decimal', precision, scale };
}

/** The only key of a node, which says what it is, and what it holds. */
export function kindOf(node: Node): string {
  return Object.keys(node)[0] ?? '';
}
