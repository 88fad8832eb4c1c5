import { Dialect, generate, transpile } from '@polyglot-sql/sdk';
import { calledName, unknownFunction } from './compile/calls';
import type { Context } from './compile/context';
import { isSupported } from './compile/supported';
import { expand } from './expand';
import { DUCKDB_RULES, keyword, lex } from './lexer';
import { isNode, type Node } from './nodes';
import { parseTree } from './parserEngine';
import { STEP } from './placeholders';
import { readColumns } from './tableColumns';
import { rewrite } from './rewrite';
import type { Source } from './source';
import { syntaxError, unsupported } from './SqlError';

/** Statements that define and hold no query are translated by the parser library. */
export function definition({ root: marked, normalized }: Source, { environment }: Context): string {
  refuseCalls(marked);
  const root = parseTree(normalized);
  if (!root) throw syntaxError(`'${normalized.trim().slice(0, 40)}'`);
  readColumns(root);
  rewrite(root, environment.catalog);
  nameInstants(root, false);
  return expand(root, environment)
    .map((step) => (step.kind === 'text' ? step.text : toDuckDb(step.root)))
    .join(STEP);
}

/** A Databricks timestamp is an instant; the translation sees to those that are no part of another type. */
function nameInstants(value: unknown, isPart: boolean): void {
  if (Array.isArray(value)) for (const item of value as unknown[]) nameInstants(item, isPart);
  else if (isNode(value)) {
    if (isPart && value['data_type'] === 'timestamp') {
      for (const key of Object.keys(value)) if (key !== 'data_type') delete value[key];
      Object.assign(value, { data_type: 'custom', name: 'TIMESTAMPTZ' });
      return;
    }
    const isNested = ['array', 'list', 'map', 'struct'].includes(String(value['data_type']));
    for (const item of Object.values(value)) nameInstants(item, isPart || isNested);
  }
}

/** Functions that a default may call; any other call in a definition is refused. */
const IN_DEFINITIONS: ReadonlySet<string> = new Set(['current_timestamp', 'current_date', 'now']);

function refuseCalls(value: unknown): void {
  if (Array.isArray(value)) for (const item of value as unknown[]) refuseCalls(item);
  else if (isNode(value)) {
    const { function: called, aggregate_function: aggregate } = value;
    const inner = isNode(called) ? called : isNode(aggregate) ? aggregate : undefined;
    const name = inner && (calledName(inner) ?? String(inner['name']).toLowerCase());
    if (name !== undefined && !IN_DEFINITIONS.has(name)) {
      throw isSupported(name) ? unsupported(`${name}() in a definition`) : unknownFunction(name);
    }
    if ('select' in value || 'subquery' in value) throw unsupported('A query in a definition');
    if ('parameter' in value || 'placeholder' in value) throw unsupported('A parameter in a definition');
    for (const item of Object.values(value)) refuseCalls(item);
  }
}

function toDuckDb(root: Node): string {
  const databricks = generate([root], Dialect.Databricks);
  if (!databricks.success || !databricks.sql?.[0]) throw syntaxError(`statement (${databricks.error ?? 'no text'})`);
  const duck = transpile(databricks.sql[0], Dialect.Databricks, Dialect.DuckDB);
  if (!duck.success || !duck.sql?.[0]) throw syntaxError(`statement (${duck.error ?? 'no text'})`);
  return withTypes(duck.sql[0]);
}

/** Types get DuckDB's names. */
function withTypes(text: string): string {
  let result = '';
  let at = 0;
  for (const token of lex(text, DUCKDB_RULES)) {
    result += text.slice(at, token.start) + (TYPES[keyword(token)] ?? token.text);
    at = token.end;
  }
  return result + text.slice(at);
}

const TYPES: Readonly<Record<string, string | undefined>> = {
  TIMESTAMPNTZ: 'TIMESTAMP',
  VARIANT: 'JSON',
  TRY_CAST: 'CAST',
};
