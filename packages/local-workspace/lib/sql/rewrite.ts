import { dayTimeMicros } from './parameters';
import { unsupported } from './SqlError';

/** A node of the parser library's syntax tree: JSON. */
export type Node = { [key: string]: unknown };

export interface Rewritten {
  /** Names of parameter markers in the order of the placeholders that stand for them; undefined for `?`. */
  parameters: (string | undefined)[];
  /** Sum of the literal arguments of `sleep(seconds)`. */
  sleepMs: number;
}

export const CATALOG_PREFIX = 'c_';

/** The placeholder that stands for the `index`-th parameter marker on its way through the translation. */
export function placeholder(index: number): string {
  return `__p${index}__`;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Rewrites a Databricks syntax tree in place into one that means the same to DuckDB after translation: parameter
 * markers, zero-based array access, ANSI casts and division, time-zone timestamps, compound intervals, catalogs.
 */
export function rewrite(root: Node): Rewritten {
  const result: Rewritten = { parameters: [], sleepMs: 0 };
  walk(root, result);
  return result;
}

function walk(node: Node, result: Rewritten): void {
  for (const [key, value] of Object.entries(node)) {
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        if (isNode(item)) value[index] = visit(item, result);
      });
    } else if (isNode(value)) node[key] = visit(value, result);
  }
}

function visit(node: Node, result: Rewritten): Node {
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
  subscript: (inner, node) => subscript(inner, node),
  literal: (inner, node) => timestampLiteral(inner, node),
  interval: (inner, node) => compoundInterval(inner, node),
  function: (inner, node, result) => functionCall(inner, node, result),
};

/** What a session supplies when the statement runs. */
export type SessionValue = 'user' | 'catalog' | 'schema';

function sessionValue(what: SessionValue): Node {
  return columnNode(`__s_${what}__`);
}

function marker(name: string | undefined, result: Rewritten): Node {
  const known = name === undefined ? -1 : result.parameters.indexOf(name);
  const index = known >= 0 ? known : result.parameters.push(name) - 1;
  return columnNode(placeholder(index));
}

function columnNode(name: string): Node {
  return { column: { name: plainIdentifier(name), table: null, join_mark: false, trailing_comments: [] } };
}

export function plainIdentifier(name: string, quoted = false): Node {
  return { name, quoted, trailing_comments: [] };
}

function call(name: string, args: unknown[]): Node {
  return {
    function: {
      name,
      args,
      distinct: false,
      trailing_comments: [],
      use_bracket_syntax: false,
      no_parens: false,
      quoted: false,
    },
  };
}

function text(value: string): Node {
  return { literal: { literal_type: 'string', value } };
}

function number(value: bigint | number): Node {
  const positive = { literal: { literal_type: 'number', value: String(value < 0 ? -value : value) } };
  return value < 0 ? { neg: { this: positive } } : positive;
}

function isVoid(type: unknown): boolean {
  return isNode(type) && String(type['name'] ?? type['data_type']).toUpperCase() === 'VOID';
}

function literalOf(node: unknown): Node | undefined {
  return isNode(node) && isNode(node['literal']) ? node['literal'] : undefined;
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

function functionCall(inner: Node, node: Node, result: Rewritten): Node {
  const name = String(inner['name']).toLowerCase();
  const args = Array.isArray(inner['args']) ? (inner['args'] as unknown[]) : [];
  switch (name) {
    case 'sleep': {
      const seconds = Number(literalOf(args[0])?.['value']);
      if (!Number.isFinite(seconds)) throw unsupported('sleep() with an argument that is no number literal');
      result.sleepMs += seconds * 1000;
      return number(0);
    }
    case 'current_user':
    case 'session_user':
    case 'user':
      return sessionValue('user');
    case 'current_catalog':
      return sessionValue('catalog');
    case 'current_schema':
    case 'current_database':
      return sessionValue('schema');
    case 'version':
      return call('__version', []);
    case 'exists':
      return { gt: { left: call('len', [call('list_filter', args)]), right: number(0) } };
    case 'to_timestamp':
      return args.length === 1 ? call('__timestamp', args) : node;
    default: {
      const renamed = Object.hasOwn(RENAMED, name) ? RENAMED[name] : undefined;
      return renamed === undefined ? node : call(renamed, args);
    }
  }
}

/** Functions that the translation would give another meaning, or that take a lambda, which a macro cannot pass on. */
const RENAMED: Readonly<Record<string, string>> = {
  transform: 'list_transform',
  hex: '__hex',
  regexp_extract: '__regexp_extract',
  sha2: '__sha2',
  hash: '__hash',
};

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

/** Three-part names carry the prefix under which DuckDB knows catalogs. */
function prefixCatalog(node: Node): void {
  const { catalog, schema, name } = node;
  if (isNode(catalog) && isNode(schema) && isNode(name) && typeof catalog['name'] === 'string') {
    catalog['name'] = CATALOG_PREFIX + catalog['name'].toLowerCase();
  }
  const created = node['create_schema'];
  if (isNode(created) && Array.isArray(created['name']) && created['name'].length === 2) {
    const first: unknown = created['name'][0];
    if (isNode(first)) first['name'] = CATALOG_PREFIX + String(first['name']).toLowerCase();
  }
}
