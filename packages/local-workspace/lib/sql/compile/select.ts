import { isNode, type Node } from '../nodes';
import { identifier, shownName } from '../quote';
import { SqlError, syntaxError, unsupported } from '../SqlError';
import { nameOf } from '../columnNames';
import { namePath } from './access';
import { commonTables } from './commonTables';
import { condition } from './logic';
import type { Place } from './context';
import { compileExpression } from './expression';
import { compileFrom, lateralText } from './from';
import { groupedWindow, isTimeWindow } from './functions/timeWindow';
import { compileGenerator, generatorName } from './generators';
import { havingOf } from './having';
import { checkBehind, checkOrder, grouping, type Output } from './grouping';
import { checkDistinct, checkOneMeaning, orderKey } from './ordering';
import { limits, ordinal, positionOf } from './query';
import { unresolvedColumn } from './failures';
import { fieldValue, Scope } from './scope';
import { uniqueNames } from './sourceNames';
import type { Column, Relation, Typed } from './Typed';
import { direction, orderText, windowText } from './windows';

type Named = Pick<Item, 'name' | 'value'>;

interface Item extends Output {
  readonly name: string;
}

const REFUSED = ['top', 'sample', 'fetch', 'connect', 'into', 'distinct_on'] as const;

export function compileSelect(select: Node, outer: Place): Relation {
  for (const clause of REFUSED) if (select[clause]) throw unsupported(clause.replaceAll('_', ' ').toUpperCase());
  const common = commonTables(select['with'], outer);
  const place: Place = {
    ...common.place,
    scope: new Scope(outer.scope),
    isBehindList: false,
    isInAggregate: false,
  };
  const outer_ = outer.scope.query.outerNames;
  const around = outer_.length;
  const from = { text: compileFrom(select, place) };
  const inFrom = outer_.splice(around);
  const window = groupedWindow(select['group_by']);
  if (window !== undefined) place.scope.aliases.set('window', compileExpression(window, place));
  place.scope.isInList = true;
  const items = compileItems(select, place, from);
  place.scope.isInList = false;
  if (isNode(select['group_by']) && place.scope.hasLooseSubquery) throw looseSubquery();
  const columns = items.map(({ name, value }) => ({ name, type: value.type }));
  const list = items.map(({ name, value }) => `${value.sql} AS ${identifier(name)}`).join(', ');
  const grouped = grouping(select['group_by'], items, columns, place);
  const where = filtered(select['where_clause'], place);
  if (select['distinct'] === true) checkDistinct(columns);
  const isGrouped = grouped !== '' || isNode(select['having']) || items.some(({ isAggregate }) => isAggregate);
  const list_ = place.scope.noted;
  const having = havingOf(select['having'], grouped, place);
  const having_ = place.scope.noted;
  const order = orderBy(select, items, columns, { ...place, isBehindList: true });
  checkOrder(isGrouped, place.scope, having_);
  if (isGrouped) checkBehind(items, place.scope, list_, having_);
  const qualify = isNode(select['qualify']) ? ` QUALIFY ${condition(select['qualify']['this'], place, 'WHERE')}` : '';
  const windows = namedWindows(select['windows'], place);
  outer_.push(...inFrom);
  const body =
    `SELECT ${select['distinct'] === true ? 'DISTINCT ' : ''}${list}` +
    `${from.text === '' ? '' : ` FROM ${from.text}`}${where}${grouped}${having}${windows}${qualify}`;
  const names = uniqueNames(columns).map(({ name }) => identifier(name));
  const rows = order.isOfOutput ? `SELECT * FROM (${body}) AS __o(${names.join(', ')})` : body;
  return {
    sql: `${common.sql}${rows}${order.text}${limits(select, place, columns)}`,
    columns,
    isSingle: from.text === '',
  };
}

function looseSubquery(): SqlError {
  return new SqlError(
    'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.SCALAR_SUBQUERY_IS_IN_GROUP_BY_OR_AGGREGATE_FUNCTION',
    '0A000',
    'A correlated scalar subquery beside GROUP BY is not supported by the local workspace: group by its value, or wrap it in an aggregate function.',
  );
}

/** WHERE, with what functions demand of the rows that they are asked about. */
function filtered(node: unknown, place: Place): string {
  place.scope.hidesAliases = true;
  const own = isNode(node) ? [condition(node['this'], place, 'WHERE')] : [];
  place.scope.hidesAliases = false;
  const conditions = [...own, ...place.scope.demands];
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

function compileItems(select: Node, place: Place, from: { text: string }): Item[] {
  const expressions = Array.isArray(select['expressions']) ? (select['expressions'] as unknown[]) : [];
  const items: Item[] = [];
  for (const node of expressions) {
    const before = place.scope.aggregates.length;
    for (const item of compileItem(node, place, from, select['windows'])) {
      items.push({ ...item, isAggregate: place.scope.aggregates.length > before });
      if (isNode(node) && 'alias' in node) place.scope.aliases.set(item.name.toLowerCase(), item.value);
    }
  }
  if (items.length === 0 && expressions.length > 0) throw unsupported('A SELECT list without columns');
  if (items.length === 0)
    throw new SqlError('PARSE_SYNTAX_ERROR', '42601', "Syntax error at or near 'SELECT': it selects nothing.");
  return items;
}

function compileItem(node: unknown, place: Place, from: { text: string }, windows: unknown): Named[] {
  if (!isNode(node)) throw unsupported('This SELECT list');
  const { star, alias, aliases } = node;
  if (isNode(star)) return starItems(star, place);
  const inner = isNode(alias) ? alias['this'] : isNode(aliases) ? (aliases['this'] ?? aliases['expression']) : node;
  if (generatorName(inner) !== undefined) {
    const given = isNode(aliases)
      ? namesOf(aliases['aliases'] ?? aliases['expressions'])
      : isNode(alias)
        ? aliasNames(alias)
        : [];
    return generatorItems(inner, given, place, from);
  }
  if (isNode(aliases)) throw unsupported('Several aliases of one value');
  const value = compileExpression(inner, place);
  const name =
    isNode(alias) && isNode(alias['alias'])
      ? String(alias['alias']['name'])
      : (nameByPath(inner) ?? nameOf(node, place, windows));
  return [{ name, value }];
}

function nameByPath(node: unknown): string | undefined {
  if (isTimeWindow(node)) return 'window';
  const name = namePath(node)?.at(-1);
  return name === undefined || /^__n\d+__$/.test(name) ? undefined : name;
}

function aliasNames(alias: Node): string[] {
  const several = namesOf(alias['column_aliases']);
  return several.length > 0 ? several : isNode(alias['alias']) ? [String(alias['alias']['name'])] : [];
}

function namesOf(list: unknown): string[] {
  return Array.isArray(list) ? (list as unknown[]).filter(isNode).map((item) => String(item['name'])) : [];
}

function generatorItems(node: unknown, names: readonly string[], place: Place, from: { text: string }): Named[] {
  const generator = compileGenerator(node, place);
  if (names.length > 0 && names.length !== generator.columns.length) {
    throw new SqlError(
      'UDTF_ALIAS_NUMBER_MISMATCH',
      '42802',
      `The number of aliases (${names.length}) does not match the number of output columns (${generator.columns.length}).`,
    );
  }
  const columns = generator.columns.map((column, i) => ({ name: names[i] ?? column.name, type: column.type }));
  if (from.text === '') from.text = '(SELECT 1) AS __one';
  const inner = columns.map((column, i) => ({ name: `g${i}`, type: column.type }));
  const before = place.scope.sources.length;
  from.text += lateralText(generator, inner, undefined, false, place);
  const source = place.scope.sources.pop();
  place.scope.sources.length = before;
  return columns.map((column, i) => ({
    name: column.name,
    value: { sql: `${source?.qualifier}.g${i}`, type: column.type },
  }));
}

function starItems(star: Node, place: Place): Named[] {
  const table = isNode(star['table']) ? String(star['table']['name']) : undefined;
  const except = new Set(namesOf(star['except']).map((name) => name.toLowerCase()));
  if (star['rename']) throw unsupported('* RENAME');
  if (Array.isArray(star['replace']) && star['replace'].length > 0) throw syntaxError("'REPLACE'");
  const items = expandStar(table, place);
  const names = new Set(items.map(({ name }) => name.toLowerCase()));
  for (const name of except) if (!names.has(name)) throw unresolvedColumn(name);
  return items.filter(({ name }) => !except.has(name.toLowerCase()));
}

/** `*`, `t.*`, or the fields of a struct column. */
function expandStar(table: string | undefined, place: Place): Named[] {
  const { scope } = place;
  const isRelation = table === undefined || scope.sources.some(({ names }) => names.includes(table.toLowerCase()));
  if (isRelation) return scope.star(table).map(({ column, value }) => ({ name: shownName(column.name), value }));
  const struct = scope.resolve(table.split('.'));
  if (struct.type.kind !== 'struct')
    return scope.star(table).map(({ column, value }) => ({ name: column.name, value }));
  return struct.type.fields.map(({ name }) => ({ name, value: fieldValue(struct, name) }));
}

function namedWindows(list: unknown, place: Place): string {
  const windows = Array.isArray(list) ? (list as unknown[]).filter(isNode) : [];
  if (windows.length === 0) return '';
  const texts = windows.map((window) => {
    const name = identifier(isNode(window['name']) ? String(window['name']['name']) : '');
    const spec = isNode(window['spec']) ? window['spec'] : {};
    if (spec['frame'] && place.scope.frameless.has(name)) throw unsupported(`A frame of a function over ${name}`);
    return `${name} AS (${windowText(spec, place)})`;
  });
  return ` WINDOW ${texts.join(', ')}`;
}

/** Rows of a partition are sorted as the rows of all: there is one partition. */
function orderBy(select: Node, items: readonly Item[], columns: readonly Column[], place: Place): Order {
  const given = [select['order_by'], select['sort_by'], select['cluster_by']].find(isNode);
  const listed = given?.['expressions'];
  const keys = Array.isArray(listed) ? (listed as unknown[]) : [];
  if (keys.length === 0) return { text: '', isOfOutput: false };
  const output = select['distinct'] === true ? outputOf(columns, place) : undefined;
  const valueAt = (i: number): Typed | undefined => (output ? output.values[i] : items[i]?.value);
  const keyOf = (node: unknown, where: Place): Typed => {
    checkOneMeaning(node, items);
    const named = ordinal(node, columns, valueAt);
    if (named) return named;
    if (output) return compileExpression(node, output.place);
    const value = compileExpression(node, where);
    const same = items.findIndex((item) => item.value.sql === value.sql);
    return same < 0 ? value : positionOf(same, items[same]?.value ?? value);
  };
  const texts = keys.flatMap((key) =>
    isAll(key)
      ? columns.map(
          (column, i) => orderKey(positionOf(i, valueAt(i) ?? { sql: '', type: column.type })) + direction(key),
        )
      : orderText(key, place, keyOf),
  );
  const isOfOutput = output !== undefined && !texts.every((text) => /^\d+ /.test(text));
  return { text: ` ORDER BY ${texts.join(', ')}`, isOfOutput };
}

interface Order {
  text: string;
  /** It is about the rows that DISTINCT leaves, and not about those that it reads. */
  isOfOutput: boolean;
}

/** The rows of a query as a relation `__o`. */
function outputOf(columns: readonly Column[], place: Place): { place: Place; values: Typed[] } {
  const scope = new Scope(place.scope.parent);
  const names = place.scope.sources.flatMap((source) => source.names);
  scope.sources.push({ qualifier: '__o', names, columns: uniqueNames(columns) });
  return { place: { ...place, scope }, values: scope.star(undefined).map(({ value }) => value) };
}

function isAll(key: unknown): key is Node {
  const name = isNode(key) ? namePath(key['this']) : undefined;
  return name?.length === 1 && name[0]?.toUpperCase() === 'ALL';
}
