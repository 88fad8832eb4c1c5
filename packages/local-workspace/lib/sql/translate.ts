import { Dialect, generate, parse, transpile } from '@polyglot-sql/sdk';
import { DUCKDB_RULES, isSymbol, keyword, lex, type Token } from './lexer';
import { normalize } from './normalize';
import { expand } from './expand';
import { loadParser } from './parserEngine';
import { mergeToDuckDb } from './merge';
import { rewrite } from './rewrite';
import type { SessionValue } from './functions';
import { isNode, type Node } from './nodes';
import { nameColumns } from './columnNames';
import { declaredColumns, type DeclaredColumns } from './declaredColumns';
import { syntaxError, unsupported } from './SqlError';

export type StatementKind = 'query' | 'insert' | 'update' | 'delete' | 'merge' | 'ddl' | 'temporary-view' | 'explain';

export type Hole = number | SessionValue;

/** A Databricks statement in DuckDB's dialect, with holes for parameter values. */
export interface Translation {
  kind: StatementKind;
  /** SQL text between parameters: `pieces[0] value pieces[1] value …`. */
  pieces: readonly string[];
  /** For each hole, the index into `parameters` or what the session supplies. */
  holes: readonly Hole[];
  /** Marker names in order of appearance, undefined for `?`. */
  parameters: readonly (string | undefined)[];
  sleepMs: number;
  /** Output columns that are a bare NULL. */
  voidColumns: readonly number[];
  /** What is to be kept of columns beside what the SQL says. */
  declared?: DeclaredColumns;
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
  pivot: 'query',
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
const cache = new Map<string, Translation>();

/** Loads the parser, and runs it once so that the first statement is not a slow one. To be awaited before `translate`. */
export async function initTranslator(): Promise<void> {
  await loadParser();
  translate('SELECT 1');
}

/** Translates one statement. Throws a SqlError for bad syntax and for what is not supported. */
export function translate(sql: string): Translation {
  const known = cache.get(sql);
  if (known) return known;
  const translation = translateAnew(sql);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(sql, translation);
  return translation;
}

function translateAnew(sql: string): Translation {
  const tokens = lex(sql);
  if (tokens.length === 0) throw syntaxError('end of input');
  const source = normalize(sql, tokens);
  const parsed = parse(source, Dialect.Databricks);
  if (!parsed.success) throw parseError(source, parsed.error ?? '', tokens);
  const statements = (parsed.ast as unknown[]).filter(isNode);
  if (statements.length !== 1) throw syntaxError(`';' (one statement at a time)`);
  const root = statements[0] as Node;
  const [type = ''] = Object.keys(root);
  const kind = KINDS[type];
  if (!kind) throw unsupported(describeStatement(tokens));
  nameColumns(root);
  const voidColumns = nullColumns(root);
  const declared = declaredColumns(root);
  const rewritten = rewrite(root);
  const temporary = kind === 'ddl' && isNode(root['create_view']) && root['create_view']['temporary'] === true;
  const text = toDuckDb(root);
  return {
    kind: temporary ? 'temporary-view' : kind,
    ...split(text),
    parameters: rewritten.parameters,
    sleepMs: rewritten.sleepMs,
    voidColumns,
    ...(declared && { declared }),
    ...(temporary ? { viewName: viewNameOf(root['create_view'] as Node) } : {}),
  };
}

function toDuckDb(root: Node): string {
  return expand(root)
    .map((step) => (step.kind === 'text' ? step.text : step.prefix + treeToDuckDb(step.root)))
    .join('; ');
}

function treeToDuckDb(root: Node): string {
  if (isNode(root['merge'])) return mergeToDuckDb(root['merge'], plainToDuckDb);
  return plainToDuckDb(root);
}

function plainToDuckDb(root: Node): string {
  const databricks = generate([root], Dialect.Databricks);
  if (!databricks.success || !databricks.sql?.[0]) throw syntaxError(`statement (${databricks.error ?? 'no text'})`);
  const duck = transpile(databricks.sql[0], Dialect.Databricks, Dialect.DuckDB);
  if (!duck.success || !duck.sql?.[0]) throw syntaxError(`statement (${duck.error ?? 'no text'})`);
  return duck.sql[0];
}

/** The last step is on tokens: casts are ANSI unless TRY_CAST was written, and types get DuckDB's names. */
function split(text: string): { pieces: string[]; holes: Hole[] } {
  const tokens = lex(text, DUCKDB_RULES);
  const pieces: string[] = [];
  const holes: Hole[] = [];
  let piece = '';
  let at = 0;
  tokens.forEach((token, i) => {
    piece += text.slice(at, token.start);
    at = token.end;
    const hole = /^__(?:p(\d+)|s_(user|catalog|schema))__$/i.exec(token.kind === 'word' ? token.text : '');
    if (hole) {
      pieces.push(piece);
      piece = '';
      holes.push(hole[2] ? (hole[2].toLowerCase() as SessionValue) : Number(hole[1]));
    } else piece += replacement(token, tokens, i);
  });
  pieces.push(piece + text.slice(at));
  return { pieces, holes };
}

function replacement(token: Token, tokens: readonly Token[], i: number): string {
  switch (keyword(token)) {
    case 'TRY_CAST':
      return keyword(tokens[i - 2]) === '__TRY' && isSymbol(tokens[i - 1], '(') ? 'TRY_CAST' : 'CAST';
    case 'TIMESTAMPNTZ':
      return 'TIMESTAMP';
    case 'VARIANT':
      return 'JSON';
    case 'LEFT':
      return /^(?:SEMI|ANTI)$/.test(keyword(tokens[i + 1])) ? '' : token.text;
    default:
      return token.text;
  }
}

function nullColumns(root: Node): number[] {
  const select = root['select'];
  const expressions = isNode(select) && Array.isArray(select['expressions']) ? select['expressions'] : [];
  if (expressions.some((item) => isNode(item) && 'star' in item)) return [];
  return expressions.flatMap((item: unknown, index) => {
    const bare = isNode(item) && isNode(item['alias']) ? item['alias']['this'] : item;
    return isNode(bare) && 'null' in bare ? [index] : [];
  });
}

function viewNameOf(view: Node): string {
  const table = view['name'];
  const name = isNode(table) ? table['name'] : undefined;
  return (isNode(name) ? String(name['name']) : '').toLowerCase();
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

function parseError(source: string, message: string, tokens: readonly Token[]): Error {
  const match = /line (\d+), column (\d+)/.exec(message);
  if (!match) return syntaxError(`'${source.trim().slice(0, 40)}'`);
  const line = Number(match[1]);
  const end = offsetOf(source, line, Number(match[2]) - 1);
  const near = [...tokens].reverse().find((token) => token.start < end) ?? tokens[0];
  if (!near) return syntaxError('end of input');
  const column = near.start - source.lastIndexOf('\n', near.start - 1) - 1;
  return syntaxError(`'${near.text}'`, { line, column });
}

function offsetOf(source: string, line: number, column: number): number {
  let offset = 0;
  for (let i = 1; i < line; i++) offset = source.indexOf('\n', offset) + 1;
  return offset + column;
}
