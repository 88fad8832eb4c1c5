import { MARK } from '../marking';
import { isNode, type Node } from '../nodes';
import { SPARK_FUNCTIONS } from '../sparkFunctions';
import { NAMED_FIELD } from '../structFields';
import { SqlError, unsupported } from '../SqlError';
import type { Handler, Place } from './context';
import { compileExpression } from './expression';
import { unresolvedRoutine } from './failures';
import { rules, type CallClauses } from './functions/rules';
import { AGGREGATES } from './functions/aggregates';
import { callSignature } from './functions/signatures';
import { isSupported } from './supported';
import { compileOver } from './windows';
import type { Typed } from './Typed';

/** A function by its name, of arguments that are compiled already. Throws for one that is not on the list. */
export function callFunction(
  name: string,
  args: readonly Typed[],
  clauses: CallClauses,
  place: Place,
  nodes: readonly unknown[] = [],
): Typed {
  const rule = Object.hasOwn(rules(), name) ? rules()[name] : undefined;
  if (rule) return rule({ name, args, nodes, place, clauses });
  const known = callSignature(name, args);
  if (known) {
    if (clauses.over !== undefined || clauses.filter !== undefined || clauses.distinct === true) {
      throw new SqlError(
        'UNSUPPORTED_EXPR_FOR_WINDOW',
        '42P20',
        `Expression ${name} is no aggregate or window function.`,
      );
    }
    return known;
  }
  throw unknownFunction(name);
}

export function unknownFunction(name: string): SqlError {
  return SPARK_FUNCTIONS.has(name) ? unsupported(`${name}()`) : unresolvedRoutine(name);
}

/** The name of a call as it was written, in lower case; undefined for what the parser made a call of by itself. */
export function calledName(inner: Node): string | undefined {
  const name = String(inner['name']);
  const marked = name.toLowerCase().startsWith(MARK);
  return marked ? name.slice(MARK.length).toLowerCase() : undefined;
}

/** Throws for a call of what is no function here: functions are looked up before tables and columns are. */
export function checkCalls(value: unknown): void {
  if (Array.isArray(value)) for (const item of value as unknown[]) checkCalls(item);
  else if (isNode(value)) {
    const inner = called(value);
    const name = inner && calledName(inner);
    if (name !== undefined && !isSupported(name) && MARK + name !== NAMED_FIELD) throw unknownFunction(name);
    for (const part of Object.values(value)) checkCalls(part);
  }
}

/** Functions that read their arguments themselves: lambdas, units, columns that are no values. */
const RAW: ReadonlySet<string> = new Set(
  (
    'transform filter exists forall aggregate reduce zip_with map_filter transform_keys transform_values map_zip_with array_sort ' +
    'dateadd date_add datediff date_diff timestampadd timestampdiff count grouping grouping_id struct'
  ).split(' '),
);

/** Functions that may be written without brackets. */
export const BARE: ReadonlySet<string> = new Set(
  'current_date current_timestamp current_user user session_user current_time localtimestamp current_catalog current_schema current_database'.split(
    ' ',
  ),
);

function bareName(inner: Node): string | undefined {
  const name = String(inner['name']).toLowerCase();
  return inner['no_parens'] === true && BARE.has(name) ? name : undefined;
}

function call(inner: Node, place: Place, clauses: CallClauses): Typed {
  const name = calledName(inner) ?? bareName(inner);
  if (name === undefined) throw unknownFunction(String(inner['name']).toLowerCase());
  const given = Array.isArray(inner['args']) ? (inner['args'] as unknown[]) : [];
  const nodes = isCountOfRows(name, inner, given) ? given : given.flatMap((node) => spread(node, place));
  const isAggregate = AGGREGATES.has(name);
  const inside = isAggregate && !name.startsWith('grouping') ? { ...place, isInAggregate: true } : place;
  const args = RAW.has(name) ? [] : nodes.map((node) => compileExpression(node, inside));
  const filter = isNode(inner['filter']) ? filterOf(inner['filter'], inside) : undefined;
  const pivoted = isAggregate ? place.filter : undefined;
  const both = [filter, pivoted].filter((part) => part !== undefined).join(' AND ');
  const value = callFunction(
    name,
    args,
    {
      ...clauses,
      ...(inner['distinct'] === true ? { distinct: true } : {}),
      ...(inner['ignore_nulls'] === true ? { ignoreNulls: true } : {}),
      ...(both === '' ? {} : { filter: both }),
    },
    inside,
    nodes,
  );
  if (isAggregate && clauses.over === undefined) place.scope.query.aggregates.push(value.sql);
  return value;
}

function filterOf(node: unknown, place: Place): string {
  const { sql, type } = compileExpression(node, place);
  if (type.kind === 'boolean') return sql;
  throw new SqlError('INVALID_AGGREGATE_FILTER.NOT_BOOLEAN', '42903', 'The FILTER expression is no BOOLEAN.');
}

/** `count(*)` counts rows; everywhere else `*` stands for columns. */
function isCountOfRows(name: string, inner: Node, args: readonly unknown[]): boolean {
  const star = isNode(args[0]) ? args[0]['star'] : undefined;
  if (name !== 'count' || args.length !== 1 || !isNode(star)) return false;
  if (isNode(star['table'])) {
    throw new SqlError(
      'INVALID_USAGE_OF_STAR_WITH_TABLE_IDENTIFIER_IN_COUNT',
      '42000',
      `count(${String(star['table']['name'])}.*) is not allowed. Please use count(*) or expand the columns manually, e.g. count(col1, col2).`,
    );
  }
  return inner['distinct'] !== true;
}

/** `*` and `t.*` as the columns that they are. */
function spread(node: unknown, place: Place): unknown[] {
  const star = isNode(node) ? node['star'] : undefined;
  if (!isNode(star)) return [node];
  const table = isNode(star['table']) ? star['table'] : undefined;
  const columns = place.scope.query.star(table && String(table['name']));
  return columns.map(({ column }) => ({ column: { name: { name: column.name }, ...(table && { table }) } }));
}

function called(node: unknown): Node | undefined {
  if (!isNode(node)) return undefined;
  const inner = node['function'] ?? node['aggregate_function'];
  return isNode(inner) ? inner : undefined;
}

/** A call inside of FILTER, WITHIN GROUP and OVER, which the parser nests in different orders. */
function wrapped(node: unknown, place: Place, clauses: CallClauses): Typed {
  if (!isNode(node)) throw unsupported('This call');
  const inner = called(node);
  if (inner) return call(inner, place, clauses);
  const { filter, within_group: group, ignore_nulls: ignoring, respect_nulls: respecting } = node;
  if (isNode(filter)) {
    const inside = { ...place, isInAggregate: true };
    const condition = filterOf(filter['expression'] ?? filter['condition'], inside);
    return wrapped(filter['this'], place, { ...clauses, filter: condition });
  }
  if (isNode(group))
    return wrapped(group['this'], place, {
      ...clauses,
      orderBy: Array.isArray(group['order_by']) ? group['order_by'] : [],
    });
  if (isNode(ignoring)) return wrapped(ignoring['this'], place, { ...clauses, ignoreNulls: true });
  if (isNode(respecting)) return wrapped(respecting['this'], place, clauses);
  throw unsupported('This call');
}

export const CALLS: Readonly<Record<string, Handler>> = {
  function: (inner, place) => call(inner, place, {}),
  aggregate_function: (inner, place) => call(inner, place, {}),
  filter: (_inner, place, node) => wrapped(node, place, {}),
  within_group: (_inner, place, node) => wrapped(node, place, {}),
  ignore_nulls: (_inner, place, node) => wrapped(node, place, {}),
  respect_nulls: (_inner, place, node) => wrapped(node, place, {}),
  window_function: (inner, place) => {
    const inside = place.scope.query.isInList ? { ...place, isInAggregate: true } : place;
    const value = wrapped(inner['this'], place, { over: compileOver(inner['over'], inside) });
    place.scope.query.windows.push(value.sql);
    return value;
  },
};
