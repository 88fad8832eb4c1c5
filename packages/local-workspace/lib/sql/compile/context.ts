import type { SqlType } from '../../engine/types';
import type { Node } from '../nodes';
import type { Variables } from '../variables';
import type { Scope } from './scope';
import type { Zone } from '../zones';
import type { Column, Relation, Typed } from './Typed';

/** `width`: how many characters a VARCHAR(n) or CHAR(n) may have. */
export interface KnownColumn extends Column {
  readonly width?: number;
}

/** A table or view that exists: its name in DuckDB and its columns. */
export interface KnownTable {
  readonly sql: string;
  readonly columns: readonly KnownColumn[];
}

/** What the text of a statement depends on besides the statement. */
export interface Environment {
  readonly user: string;
  readonly catalog: string;
  readonly schema: string;
  readonly zone: Zone;
  /** Types of bound parameters by name; those without one are `_0`, `_1`, … */
  readonly parameterTypes: Readonly<Record<string, SqlType>>;
  /** Tables that the statement may mean, by name as written in lower case. */
  readonly tables: Readonly<Record<string, KnownTable>>;
  readonly variables: Variables;
}

/** What is gathered while a statement is compiled. */
export interface Context {
  readonly environment: Environment;
  /** Values of text literals, which stand in the tree as numbered marks. */
  readonly texts: readonly string[];
  /** Number literals with a suffix. */
  readonly numbers: readonly Typed[];
  /** Names of markers, in the order in which they were met; `?` is `_0`, `_1`, … */
  readonly parameters: string[];
  /** Names that a query found in the one around it. */
  readonly outerNames: Map<Node, readonly string[]>;
  sleepMs: number;
  usesVariables: boolean;
}

/** Relations that WITH defines, innermost last. */
export type CommonTables = ReadonlyMap<string, Relation>;

export interface Place {
  readonly scope: Scope;
  readonly context: Context;
  readonly tables: CommonTables;
  /** Set where an aggregate of PIVOT is compiled: the condition that its rows meet. */
  readonly filter?: string;
  /** Set for the arguments of an aggregate function. */
  readonly isInAggregate?: boolean;
  /** Set for HAVING and ORDER BY, which see the select list before the columns that it is made of. */
  readonly isBehindList?: boolean;
}

export type Handler = (inner: Node, place: Place, node: Node) => Typed;

const TEXT = /^__s(\d+)__$/;

/** The value of a text literal. */
export function textValue(mark: unknown, { texts }: Context): string {
  const match = TEXT.exec(String(mark));
  return match ? (texts[Number(match[1])] ?? '') : String(mark);
}

/** Every mark in a text, replaced by what it stands for. */
export function withTexts(text: string, { texts }: Context): string {
  return text.replace(/__s(\d+)__/g, (_mark, index) => texts[Number(index)] ?? '');
}
