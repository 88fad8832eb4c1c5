import { functionCall } from './functions';
import { DUCKDB_KEYWORDS } from './keywords';
import { call, columnNode, isNode, isVoid, literalOf, number, plainIdentifier, text, type Node } from './nodes';
import { dayTimeMicros } from './parameters';
import { unsupported } from './SqlError';

export interface Rewritten {
  /** Names of parameter markers in the order of the placeholders that stand for them; undefined for `?`. */
  parameters: (string | undefined)[];
  /** Sum of the literal arguments of `sleep(seconds)`. */
  sleepMs: number;
}

export const CATALOG_PREFIX = 'c_';

/** A schema that nothing is in, and nothing can be put into. */
export const INFORMATION_SCHEMA = '__information_schema';

/** The placeholder that stands for the `index`-th parameter marker on its way through the translation. */
export function placeholder(index: number): string {
  return `__p${index}__`;
}

/**
 * Rewrites a Databricks syntax tree in place into one that means the same to DuckDB after translation: parameter
 * markers, zero-based array access, ANSI casts and division, time-zone timestamps, compound intervals, catalogs.
 */
export function rewrite(root: Node): Rewritten {
  const result: Rewritten = { parameters: [], sleepMs: 0 };
  prefixCatalog(root);
  walk(root, result);
  return result;
}

function walk(node: Node, result: Rewritten): void {
  for (const [key, value] of Object.entries(node)) {
    if (Array.isArray(value)) walkList(value, result);
    else if (isNode(value)) node[key] = visit(value, result);
  }
}

/** Rows of VALUES are lists in a list. */
function walkList(list: unknown[], result: Rewritten): void {
  list.forEach((item, index) => {
    if (Array.isArray(item)) walkList(item, result);
    else if (isNode(item)) list[index] = visit(item, result);
  });
}

function visit(node: Node, result: Rewritten): Node {
  quoteKeyword(node);
  prefixCatalog(node);
  nameRangeColumns(node);
  walk(node, result);
  const [kind] = Object.keys(node);
  const rule = kind === undefined ? undefined : RULES[kind];
  const inner = kind === undefined ? undefined : node[kind];
  return rule && isNode(inner) ? rule(inner, node, result) : node;
}

type Rule = (inner: Node, node: Node, result: Rewritten) => Node;

const RULES: Readonly<Record<string, Rule | undefined>> = {
  parameter: (inner, _node, result) => marker(String(inner['name']), result),
  placeholder: (_inner, _node, result) => marker(undefined, result),
  try_cast: (inner) => call('__try', [{ cast: { double_colon_syntax: false, ...inner } }]),
  cast: (inner, node) => (isVoid(inner['to']) ? { null: {} } : node),
  div: (inner) => call('__div', [inner['left'], inner['right']]),
  mod: (inner) => call('__mod', [inner['left'], inner['right']]),
  mod_func: (inner) => call('__mod', [inner['this'], inner['expression']]),
  int_div: (inner) => call('__int_div', [inner['this'], inner['expression']]),
  concat: (inner) => call('__concat', [inner['left'], inner['right']]),
  day_of_week: (inner) => call('__dayofweek', [inner['this']]),
  typeof: (inner) => call('__typeof', [inner['this']]),
  subscript: (inner, node) => subscript(inner, node),
  literal: (inner, node) => timestampLiteral(inner, node),
  interval: (inner, node) => compoundInterval(inner, node),
  function: (inner, node, result) => functionCall(inner, node, result),
};

function marker(name: string | undefined, result: Rewritten): Node {
  const known = name === undefined ? -1 : result.parameters.indexOf(name);
  const index = known >= 0 ? known : result.parameters.push(name) - 1;
  return columnNode(placeholder(index));
}

/** Databricks counts array elements from 0, DuckDB from 1; a key that is text belongs to a map. */
function subscript(inner: Node, node: Node): Node {
  const index = literalOf(inner['index']);
  if (index?.['literal_type'] === 'string') return node;
  if (isNode(inner['this']) && isNode(inner['this']['function']) && inner['this']['function']['name'] === 'map') {
    return node;
  }
  if (index?.['literal_type'] === 'number') {
    return { subscript: { ...inner, index: number(BigInt(String(index['value'])) + 1n) } };
  }
  return { subscript: { ...inner, index: { add: { left: inner['index'], right: number(1) } } } };
}

function timestampLiteral(inner: Node, node: Node): Node {
  if (inner['literal_type'] !== 'timestamp') return node;
  return call('__timestamp', [text(String(inner['value']))]);
}

function compoundInterval(inner: Node, node: Node): Node {
  const unit = inner['unit'];
  const value = literalOf(inner['this'])?.['value'];
  if (!isNode(unit) || unit['type'] !== 'span' || typeof value !== 'string') return node;
  const yearMonth = /^([+-]?)(\d+)-(\d+)$/.exec(value.trim());
  if (yearMonth) {
    const months = Number(yearMonth[2]) * 12 + Number(yearMonth[3]);
    return call('to_months', [number(yearMonth[1] === '-' ? -months : months)]);
  }
  const micros = dayTimeMicros(completeDayTime(value.trim(), String(unit['this']), String(unit['expression'])));
  if (micros === undefined) throw unsupported(`INTERVAL '${value}' with several units`);
  return call('to_microseconds', [number(micros)]);
}

/** `'1 02'` DAY TO HOUR, `'02:03'` HOUR TO MINUTE and so on, as `D HH:MM:SS`. */
function completeDayTime(value: string, from: string, to: string): string {
  const sign = /^[+-]/.exec(value)?.[0] ?? '';
  const body = value.slice(sign.length);
  const units = ['Day', 'Hour', 'Minute', 'Second'];
  const parts = body.split(/[ :]/);
  const first = units.indexOf(from);
  const padded = units.map((_unit, i) => (i < first || i > units.indexOf(to) ? '0' : (parts[i - first] ?? '0')));
  return `${sign}${padded[0]} ${padded.slice(1).join(':')}`;
}

/** The column of the table function `range` is called `id`. */
function nameRangeColumns(node: Node): void {
  const { from, joins } = node;
  if (isNode(from) && Array.isArray(from['expressions'])) from['expressions'] = from['expressions'].map(withId);
  for (const join of Array.isArray(joins) ? (joins as unknown[]) : []) {
    if (isNode(join)) join['this'] = withId(join['this']);
  }
}

function withId(table: unknown): unknown {
  if (!isNode(table)) return table;
  const { alias } = table;
  const given = isNode(alias) ? alias : undefined;
  const inner = given ? given['this'] : table;
  const called = isNode(inner) && isNode(inner['function']) ? inner['function'] : undefined;
  if (String(called?.['name']).toLowerCase() !== 'range') return table;
  const columns = given?.['column_aliases'];
  if (Array.isArray(columns) && columns.length > 0) return table;
  return {
    alias: {
      this: inner,
      alias: given?.['alias'] ?? plainIdentifier('range'),
      column_aliases: [plainIdentifier('id')],
      alias_explicit_as: true,
      alias_keyword: 'as',
      pre_alias_comments: [],
      trailing_comments: [],
    },
  };
}

/** Qualified names are quoted (`default` is a keyword of DuckDB) and carry the prefix under which it knows catalogs. A foreign key stays in its catalog. */
function prefixCatalog(node: Node): void {
  const { catalog, schema, name, references } = node;
  if ('catalog' in node && isNode(node['version'])) throw unsupported('Time travel (VERSION or TIMESTAMP AS OF)');
  if (isNode(references) && isNode(references['table'])) references['table']['catalog'] = null;
  if (isNode(schema) && isNode(name) && 'catalog' in node) {
    if (String(schema['name']).toLowerCase() === 'information_schema')
      throw unsupported('A change of information_schema');
    schema['quoted'] = true;
    name['quoted'] = true;
    if (isNode(catalog)) qualifyCatalog(catalog);
  }
}

/** An identifier that is a keyword to DuckDB has to be quoted. */
function quoteKeyword(node: Node): void {
  const { name, quoted } = node;
  if (typeof name !== 'string' || quoted !== false || 'args' in node) return;
  if (DUCKDB_KEYWORDS.has(name.toLowerCase())) node['quoted'] = true;
}

function qualifyCatalog(catalog: Node): void {
  catalog['name'] = CATALOG_PREFIX + String(catalog['name']).toLowerCase();
  catalog['quoted'] = true;
}
