import { isNode, type Node } from '../nodes';
import { nameOf } from '../columnNames';
import { identifier, literal } from '../quote';
import { syntaxError, unsupported } from '../SqlError';
import { namePath } from './access';
import { castTo } from './cast';
import type { Place } from './context';
import { compileExpression } from './expression';
import { differing } from './failures';
import { Scope } from './scope';
import { commonWithoutText } from './sqlTypes';
import { STRING, type Column, type Relation, type Typed } from './Typed';
import { aligned } from './conditions';

type Source = (node: Node, place: Place) => Relation;

function list(value: unknown): Node[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isNode) : [];
}

/** PIVOT as aggregates with a condition each, grouped by every column that it does not name. */
export function compilePivot(pivot: Node, place: Place, sourceOf: Source): Relation {
  const source = sourceOf(isNode(pivot['this']) ? pivot['this'] : {}, place);
  const scope = new Scope(place.scope);
  scope.sources.push({ qualifier: '__p', names: [], columns: source.columns });
  const at: Place = { ...place, scope };
  const [field, ...more] = list(pivot['fields']);
  const choice = field?.['in'];
  if (!isNode(choice) || more.length > 0 || !isNode(choice['this'])) throw unsupported('PIVOT of several columns');
  if (!namePath(choice['this']) && !isNode(choice['this']['tuple'])) throw syntaxError("'(': PIVOT takes a column");
  const key = compileExpression(choice['this'], at);
  const aggregates = list(pivot['expressions']);
  const used = new Set([...mentioned(choice['this']), ...aggregates.flatMap(mentioned)]);
  const kept = source.columns.filter(({ name }) => !used.has(name.toLowerCase()));
  const made = list(choice['expressions']).flatMap((item) => {
    const { value, name } = pivotValue(item, at);
    const [a, b] = aligned(key, value);
    const filter = `(${a.sql} IS NOT DISTINCT FROM ${b.sql})`;
    return aggregates.map((node) => {
      const { alias } = node;
      const inner = isNode(alias) ? alias['this'] : node;
      const own = isNode(alias) && isNode(alias['alias']) ? String(alias['alias']['name']) : nameOf(node, at);
      const value = compileExpression(inner, { ...at, filter });
      const sql = `(CASE WHEN count(*) FILTER (WHERE ${filter}) > 0 THEN ${value.sql} END)`;
      return { name: aggregates.length > 1 ? `${name}_${own}` : name, value: { sql, type: value.type } };
    });
  });
  const group = kept.map(({ name }) => `__p.${identifier(name)}`);
  const items = [
    ...kept.map(({ name }) => `__p.${identifier(name)} AS ${identifier(name)}`),
    ...made.map(({ name, value }) => `${value.sql} AS ${identifier(name)}`),
  ];
  return {
    sql: `(SELECT ${items.join(', ')} FROM ${source.sql} AS __p${group.length > 0 ? ` GROUP BY ${group.join(', ')}` : ''})`,
    columns: [...kept, ...made.map(({ name, value }): Column => ({ name, type: value.type }))],
  };
}

function pivotValue(item: Node, place: Place): { value: Typed; name: string } {
  const aliased = item['pivot_alias'];
  const value = compileExpression(isNode(aliased) ? aliased['this'] : item, place);
  if (value.constant === undefined) throw unsupported('PIVOT by a value that is no literal');
  const given = isNode(aliased) ? namePath(aliased['alias'])?.[0] : undefined;
  return { value, name: given ?? String(value.constant) };
}

function mentioned(node: unknown): string[] {
  if (Array.isArray(node)) return (node as unknown[]).flatMap(mentioned);
  if (!isNode(node)) return [];
  const path = namePath(node);
  return path ? path.slice(-1).map((name) => name.toLowerCase()) : Object.values(node).flatMap(mentioned);
}

/** UNPIVOT of one value: a row for each listed column. */
export function compileUnpivot(unpivot: Node, place: Place, sourceOf: Source): Relation {
  const source = sourceOf(isNode(unpivot['this']) ? unpivot['this'] : {}, place);
  const scope = new Scope(place.scope);
  scope.sources.push({ qualifier: '__p', names: [], columns: source.columns });
  const name = (key: string): string => (isNode(unpivot[key]) ? String(unpivot[key]['name']) : key);
  const parts = list(unpivot['columns']).map((item) => {
    const aliased = item['pivot_alias'];
    const path = namePath(isNode(aliased) ? aliased['this'] : item);
    if (!path) throw unsupported('UNPIVOT into several columns');
    const label = isNode(aliased) ? (namePath(aliased['alias'])?.[0] ?? '') : (path.at(-1) ?? '');
    return { label, column: path.at(-1)?.toLowerCase() ?? '', value: scope.resolve(path) };
  });
  const types = parts.map(({ value }) => value.type);
  const type = commonWithoutText(types);
  if (!type) throw differing('UNPIVOT', types);
  const values = parts.map(({ value }) => castTo(value, type));
  const used = new Set(parts.map(({ column }) => column));
  const kept = source.columns.filter((column) => !used.has(column.name.toLowerCase()));
  const columns = [...kept, { name: name('name_column'), type: STRING }, { name: name('value_column'), type }];
  const items = [...kept.map((column) => `__p.${identifier(column.name)}`), '__u.k', '__u.v'];
  const lateral = `(SELECT unnest([${parts.map(({ label }) => literal(label)).join(', ')}]) AS k, unnest([${values.map(({ sql }) => sql).join(', ')}]) AS v)`;
  const shown = items.map((item, i) => `${item} AS ${identifier(columns[i]?.name ?? '')}`).join(', ');
  const present = unpivot['include_nulls'] === true ? '' : ' WHERE __u.v IS NOT NULL';
  return {
    sql: `(SELECT ${shown} FROM ${source.sql} AS __p JOIN LATERAL ${lateral} AS __u ON TRUE${present})`,
    columns,
  };
}
