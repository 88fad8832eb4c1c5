import type { SqlType } from '../engine/types';
import { columnChange, type ColumnChange } from './alterNotes';
import { checkClauses } from './clauses';
import { checkCalls } from './compile/calls';
import type { Context, Environment } from './compile/context';
import { compileQuery } from './compile/query';
import type { Column } from './compile/Typed';
import { definition } from './definitions';
import { changeOf, type Change } from './changes';
import { compileInsert } from './insert';
import { keyword, type Token } from './lexer';
import { compileMerge } from './merge';
import { dropOf, type Drop } from './drops';
import { checkExpansion } from './expansion';
import { isNode, type Node } from './nodes';
import { HOLE } from './placeholders';
import { declaredColumns, type DeclaredColumns } from './declaredColumns';
import { loadParser } from './parserEngine';
import { readSource, type Source } from './source';
import { compileCreate, placeOf, replacedTable, tableParts } from './statements';
import { compileDelete, compileUpdate } from './updates';
import { syntaxError, unsupported } from './SqlError';
import { checkParts, columnNames } from './tableColumns';
import { tableNotes, type TableNotes } from './tableNotes';
import { UTC } from './zones';

export type StatementKind = 'query' | 'insert' | 'update' | 'delete' | 'merge' | 'ddl' | 'temporary-view' | 'explain';

/** A Databricks statement in DuckDB's dialect, with holes for parameter values. */
export interface Translation {
  kind: StatementKind;
  /** SQL text between parameters: `pieces[0] value pieces[1] value …`. */
  pieces: readonly string[];
  /** For each hole, the index into `parameters`. */
  holes: readonly number[];
  /** Names of markers; `?` is `_0`, `_1`, … by its place in the text. */
  parameters: readonly string[];
  sleepMs: number;
  /** What a query answers. */
  columns: readonly { name: string; type: SqlType }[];
  /** A query of one row at most. */
  isSingle: boolean;
  /** What is to be kept of columns beside what the SQL says. */
  declared?: DeclaredColumns;
  /** The table that goes or is made anew. */
  replaced?: string[];
  /** What it says of a table or view that it makes. */
  notes?: TableNotes;
  /** The table or view that it is to take away. */
  drop?: Drop;
  /** What it changes of columns. */
  altered?: ColumnChange;
  /** What the table's history will tell of it. */
  change?: Change;
  /** Name of the view that a 'temporary-view' defines. */
  viewName?: string;
}

const KINDS: Readonly<Record<string, StatementKind | undefined>> = {
  select: 'query',
  union: 'query',
  intersect: 'query',
  except: 'query',
  values: 'query',
  subquery: 'query',
  insert: 'insert',
  update: 'update',
  delete: 'delete',
  merge: 'merge',
  create_table: 'ddl',
  create_view: 'ddl',
  create_schema: 'ddl',
  drop_table: 'ddl',
  drop_view: 'ddl',
  alter_table: 'ddl',
  truncate: 'ddl',
  comment: 'ddl',
};

const MAX_CACHED = 500;
const sources = new Map<string, Source>();

const NOWHERE: Environment = {
  user: '',
  catalog: 'main',
  schema: 'default',
  zone: UTC,
  parameterTypes: {},
  tables: {},
  variables: new Map(),
};

/** One statement for each way through the parser. */
const SAMPLES = ["SELECT upper('a')", 'CREATE TABLE t (a INT)'];

/** Loads the parser, and runs it so that the first statement is not a slow one. To be awaited before `translate`. */
export async function initTranslator(): Promise<void> {
  await loadParser();
  for (const sample of SAMPLES) translate(sample, NOWHERE);
}

/** The tables of a statement are asked for first, and its translation after that. */
let last: { sql: string; source: Source } | undefined;

function sourceOf(sql: string): Source {
  if (last?.sql === sql) return last.source;
  const known = sources.get(sql);
  if (known) return known;
  const source = readSource(sql);
  last = { sql, source };
  if (sources.size >= MAX_CACHED) sources.clear();
  if (sql.length < 20_000) sources.set(sql, source);
  return source;
}

/** Names of the tables that a statement may mean, as they are written. Throws a SqlError for bad syntax. */
export function tablesOf(sql: string): string[][] {
  const found = new Map<string, string[]>();
  collect(sourceOf(sql).root, found);
  return [...found.values()];
}

function collect(value: unknown, found: Map<string, string[]>): void {
  if (Array.isArray(value)) for (const item of value as unknown[]) collect(item, found);
  else if (isNode(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (isNode(inner) && (key === 'table' || key === 'name') && isNode(inner['name'])) {
        const parts = tableParts(inner);
        found.set(parts.join('.').toLowerCase(), parts);
      }
      collect(inner, found);
    }
  }
}

/** Translates one statement. Throws a SqlError for bad syntax and for what is not supported. */
export function translate(sql: string, environment: Environment): Translation {
  const source = sourceOf(sql);
  const { root, tokens } = source;
  const [type = ''] = Object.keys(root);
  const kind = KINDS[type];
  const inner = root[type];
  if (!kind || !isNode(inner)) throw unsupported(describeStatement(tokens));
  const context: Context = {
    environment,
    texts: source.texts,
    numbers: source.numbers,
    parameters: [],
    outerNames: new Map(),
    sleepMs: 0,
    usesVariables: false,
  };
  checkClauses(type, inner);
  checkCalls(root);
  const replaced = replacedTable(type, inner);
  const notes = kind === 'ddl' ? tableNotes(sql, tokens) : undefined;
  const drop = dropOf(type, inner);
  const altered = type === 'alter_table' ? columnChange(sql, tokens) : undefined;
  const change = changeOf(type, inner);
  const compiled = compileStatement(type, root, inner, source, context);
  checkExpansion(compiled.sql, sql);
  if (notes?.subject === 'TABLE') checkParts(notes, compiled.made?.map(({ name }) => name) ?? columnNames(inner));
  const declared = declaredColumns(root, compiled.made);
  return {
    kind: compiled.viewName === undefined ? kind : 'temporary-view',
    ...split(compiled.sql),
    parameters: context.parameters,
    sleepMs: context.sleepMs,
    columns: compiled.columns ?? [],
    isSingle: compiled.isSingle === true,
    ...(declared && { declared }),
    ...(replaced && { replaced }),
    ...(notes && { notes }),
    ...(drop && { drop }),
    ...(altered && { altered }),
    ...(change && { change }),
    ...(compiled.viewName === undefined ? {} : { viewName: compiled.viewName }),
  };
}

interface Compiled {
  sql: string;
  /** Columns of the table or view that it makes. */
  made?: readonly Column[];
  viewName?: string;
  columns?: readonly { name: string; type: SqlType }[];
  isSingle?: boolean;
}

function compileStatement(type: string, root: Node, inner: Node, source: Source, context: Context): Compiled {
  switch (type) {
    case 'insert':
      return { sql: compileInsert(inner, context) };
    case 'update':
      return { sql: compileUpdate(inner, context) };
    case 'delete':
      return { sql: compileDelete(inner, context) };
    case 'merge':
      return { sql: compileMerge(inner, context) };
    case 'create_view':
      return compileCreate(inner, 'VIEW', context);
    case 'create_table':
      if (isNode(inner['as_select'])) return compileCreate(inner, 'TABLE', context);
      return { sql: definition(source, context) };
    case 'truncate':
      if (keyword(source.tokens[1]) !== 'TABLE') throw syntaxError(`'${source.tokens[1]?.text ?? ''}'`);
      return { sql: definition(source, context) };
    case 'create_schema':
    case 'drop_table':
    case 'drop_view':
    case 'alter_table':
    case 'comment':
      return { sql: definition(source, context) };
    default:
      return compileQuery(root, placeOf(context));
  }
}

function split(text: string): { pieces: string[]; holes: number[] } {
  const parts = text.split(HOLE);
  return {
    pieces: parts.filter((_part, i) => i % 2 === 0),
    holes: parts.filter((_part, i) => i % 2 === 1).map(Number),
  };
}

/** What the statement is, in its own first words. */
function describeStatement(tokens: readonly Token[]): string {
  const words: string[] = [];
  for (const token of tokens.slice(0, 3)) {
    const word = keyword(token);
    if (!word || (words.length > 0 && !STATEMENT_WORDS.has(word))) break;
    words.push(word);
  }
  return words.join(' ') || 'This statement';
}

const STATEMENT_WORDS = new Set(
  'CREATE TBLPROPERTIES PARTITIONS TABLE VIEW SCHEMA CATALOG FUNCTION VOLUME INTO IMMEDIATE TABLES VARIABLE HISTORY DETAIL STREAMING MATERIALIZED'.split(
    ' ',
  ),
);
