import { DUCKDB_KEYWORDS } from './keywords';
import { call, isNode, isVoid, literalOf, number, plainIdentifier, text, type Node } from './nodes';
import { dayTimeMicros } from './parameters';
import { schemaNotFound, unsupported } from './SqlError';

export const CATALOG_PREFIX = 'c_';

/** A schema that nothing is in, and nothing can be put into. */
export const INFORMATION_SCHEMA = '__information_schema';

/** Schemas of a catalog's that are the workspace's own or the engine's: to a statement there are none such. */
export const HIDDEN_SCHEMAS: ReadonlySet<string> = new Set(['main', 'pg_catalog', INFORMATION_SCHEMA]);

/**
 * Rewrites the tree of a definition in place into one that means the same to DuckDB after translation: full names of
 * tables, and what stands in defaults. `catalog`: that of names that have a schema alone; without it none gets one.
 */
export function rewrite(root: Node, catalog: string | undefined): void {
  qualify(root, catalog);
  for (const [key, value] of Object.entries(root)) {
    // A foreign key stays in its catalog.
    const own = key === 'references' ? undefined : catalog;
    if (Array.isArray(value)) rewriteList(value, own);
    else if (isNode(value)) root[key] = rewritten(value, own);
  }
}

function rewriteList(list: unknown[], catalog: string | undefined): void {
  list.forEach((item, index) => {
    if (Array.isArray(item)) rewriteList(item, catalog);
    else if (isNode(item)) list[index] = rewritten(item, catalog);
  });
}

function rewritten(node: Node, catalog: string | undefined): Node {
  quoteKeyword(node);
  rewrite(node, catalog);
  const [kind] = Object.keys(node);
  const rule = kind === undefined ? undefined : RULES[kind];
  const inner = kind === undefined ? undefined : node[kind];
  return rule && isNode(inner) ? rule(inner, node) : node;
}

type Rule = (inner: Node, node: Node) => Node;

const RULES: Readonly<Record<string, Rule | undefined>> = {
  try_cast: computed,
  div: computed,
  mod: computed,
  int_div: computed,
  concat: computed,
  cast: (inner, node) => (isVoid(inner['to']) ? { null: {} } : node),
  literal: (inner, node) => timestampLiteral(inner, node),
  interval: (inner, node) => compoundInterval(inner, node),
  function: (inner, node) =>
    /^(?:current_timestamp|localtimestamp)$/i.test(String(inner['name']))
      ? { function: { ...inner, args: [], no_parens: true } }
      : node,
};

/** What the engine computes in its own way. */
function computed(): Node {
  throw unsupported('A computed value in a definition');
}

function timestampLiteral(inner: Node, node: Node): Node {
  if (inner['literal_type'] !== 'timestamp') return node;
  return call('__instant_of_text', [text(String(inner['value']))]);
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

/**
 * Names with a schema are quoted (`default` is a keyword of DuckDB) and carry their catalog with the prefix under which
 * DuckDB knows it: a schema alone could be the name of one of its databases.
 */
function qualify(node: Node, session: string | undefined): void {
  const { catalog, schema, name } = node;
  if ('catalog' in node && isNode(node['version'])) throw unsupported('Time travel (VERSION or TIMESTAMP AS OF)');
  if (!isNode(schema) || !isNode(name) || !('catalog' in node)) return;
  const given = String(schema['name']).toLowerCase();
  if (given === 'information_schema') throw unsupported('A change of information_schema');
  const own = isNode(catalog) ? String(catalog['name']) : (session ?? '');
  if (HIDDEN_SCHEMAS.has(given)) throw schemaNotFound(own, given);
  schema['quoted'] = true;
  name['quoted'] = true;
  node['catalog'] = session === undefined ? null : plainIdentifier(CATALOG_PREFIX + own.toLowerCase(), true);
}

/** An identifier that is a keyword to DuckDB has to be quoted. */
function quoteKeyword(node: Node): void {
  const { name, quoted } = node;
  if (typeof name !== 'string' || quoted !== false || 'args' in node) return;
  if (DUCKDB_KEYWORDS.has(name.toLowerCase())) node['quoted'] = true;
}
