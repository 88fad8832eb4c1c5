import { isNode, type Node } from '../nodes';
import { identifier } from '../quote';
import { NAMED_FIELD } from '../structFields';
import { SqlError, syntaxError, unsupported } from '../SqlError';
import { namePath } from './access';
import { calledName } from './calls';
import { castTo } from './cast';
import { commonTables } from './commonTables';
import type { Place } from './context';
import { compileExpression } from './expression';
import { unresolvedColumn } from './failures';
import { isFoldable } from './logic';
import { Scope } from './scope';
import { compileSelect } from './select';
import { commonType, commonWithoutText, comparable, isScalar, namedAlike, sameType } from './sqlTypes';
import { INT, kindOf, type Column, type Relation, type Typed } from './Typed';
import { checkDistinct } from './ordering';
import { orderText } from './windows';

const SET_OPERATIONS: Readonly<Record<string, string | undefined>> = {
  union: 'UNION',
  intersect: 'INTERSECT',
  except: 'EXCEPT',
};

/** A query in DuckDB's dialect. Names that it does not know itself are looked up in the scope of `place`. */
export function compileQuery(node: Node, place: Place): Relation {
  const { outerNames } = place.scope.query;
  const before = outerNames.length;
  const query = queryOf(node, place);
  place.context.outerNames.set(node, outerNames.slice(before));
  return query;
}

function queryOf(node: Node, place: Place): Relation {
  const kind = kindOf(node);
  const inner = node[kind];
  if (!isNode(inner)) throw unsupported('This query');
  if (kind === 'select') return compileSelect(inner, place);
  if (kind === 'values') return compileValues(inner, place);
  if (kind === 'subquery' || kind === 'paren') return bracketed(inner, place);
  if (SET_OPERATIONS[kind]) return setOperation(regrouped(kind, inner), place);
  throw unsupported(`${kind.replaceAll('_', ' ').toUpperCase()} as a query`);
}

function bracketed(inner: Node, place: Place): Relation {
  if (!isNode(inner['this'])) throw unsupported('This query');
  const common = commonTables(inner['with'], place);
  const query = compileQuery(inner['this'], common.place);
  return finished({ sql: `${common.sql}SELECT * FROM (${query.sql})`, columns: query.columns }, inner, place);
}

/** INTERSECT binds closer than UNION and EXCEPT; the parser groups from left to right. */
function regrouped(kind: string, inner: Node): { kind: string; inner: Node } {
  const { left } = inner;
  const leftKind = isNode(left) ? kindOf(left) : '';
  const first = isNode(left) ? left[leftKind] : undefined;
  if (kind !== 'intersect' || !isNode(first) || (leftKind !== 'union' && leftKind !== 'except')) return { kind, inner };
  const { left: a, right: b, ...rest } = first;
  const nested = { intersect: { left: b, right: inner['right'], all: inner['all'] } };
  return {
    kind: leftKind,
    inner: { ...inner, all: rest['all'], with: inner['with'] ?? rest['with'], left: a, right: nested },
  };
}

function setOperation({ kind, inner }: { kind: string; inner: Node }, place: Place): Relation {
  if (inner['by_name'] === true) throw unsupported('UNION BY NAME');
  const common = commonTables(inner['with'], place);
  const [a, b] = [inner['left'], inner['right']].map((side) => {
    if (!isNode(side)) throw unsupported('This query');
    return compileQuery(side, common.place);
  });
  if (!a || !b) throw unsupported('This query');
  if (a.columns.length !== b.columns.length) {
    throw new SqlError(
      'NUM_COLUMNS_MISMATCH',
      '42826',
      `${kind.toUpperCase()} can only be performed on inputs with the same number of columns, but the first has ${a.columns.length} and the second ${b.columns.length} columns.`,
    );
  }
  const columns = a.columns.map((column, i) => {
    const other = b.columns[i];
    const type = other && commonType(column.type, other.type);
    const agrees = kind === 'union' ? comparable : namedAlike;
    if (!type || !agrees(column.type, other.type))
      throw new SqlError(
        'INCOMPATIBLE_COLUMN_TYPE',
        '42825',
        `${kind.toUpperCase()} can only be performed on tables with compatible column types.`,
      );
    return { name: column.name, type };
  });
  if (kind !== 'union' || inner['all'] !== true) checkDistinct(columns);
  const word = `${SET_OPERATIONS[kind]}${inner['all'] === true ? ' ALL' : ''}`;
  const sql = `${common.sql}(${asTypes(a, columns)}) ${word} (${asTypes(b, columns)})`;
  return finished({ sql, columns }, inner, place);
}

/** A query whose columns have the types of `columns`. */
export function asTypes(query: Relation, columns: readonly Column[]): string {
  if (query.columns.every((column, i) => sameType(column.type, columns[i]?.type ?? column.type))) return query.sql;
  const names = query.columns.map((_column, i) => `c${i}`);
  const casts = query.columns.map((column, i) => {
    const value = castTo({ sql: `__c.c${i}`, type: column.type }, columns[i]?.type ?? column.type);
    return `${value.sql} AS ${identifier(column.name)}`;
  });
  return `SELECT ${casts.join(', ')} FROM (${query.sql}) AS __c(${names.join(', ')})`;
}

/** ORDER BY, LIMIT and OFFSET behind a set operation or brackets, which see its output alone. */
function finished(query: Relation, inner: Node, place: Place): Relation {
  const order = isNode(inner['order_by']) ? inner['order_by']['expressions'] : undefined;
  const keys = Array.isArray(order) ? (order as unknown[]) : [];
  const tail = limits(inner, place, query.columns);
  if (keys.length === 0 && tail === '') return query;
  const scope = new Scope(place.scope);
  scope.sources.push({ qualifier: '__o', names: [], columns: query.columns });
  const at = { ...place, scope };
  const texts = keys.map((key) =>
    orderText(
      key,
      at,
      (node, where) =>
        ordinal(node, query.columns, (i) => scope.star(undefined)[i]?.value) ?? compileExpression(node, where),
    ),
  );
  const list = texts.length > 0 ? ` ORDER BY ${texts.join(', ')}` : '';
  return { sql: `SELECT * FROM (${query.sql}) AS __o${list}${tail}`, columns: query.columns };
}

/**
 * The position of the column that a key names, as a number or by name, or the column itself where the database sorts by
 * something made of it.
 */
export function ordinal(
  node: unknown,
  columns: readonly Column[],
  valueAt: (index: number) => Typed | undefined,
): Typed | undefined {
  const index = indexOf(node, columns);
  if (index === undefined) return undefined;
  return positionOf(index, valueAt(index) ?? { sql: '', type: INT });
}

/** The number of a column; of one whose values have parts, the value. */
export function positionOf(index: number, value: Typed): Typed {
  return isScalar(value.type) ? { sql: String(index + 1), type: value.type } : value;
}

function indexOf(node: unknown, columns: readonly Column[]): number | undefined {
  if (!isNode(node)) return undefined;
  const { literal, column } = node;
  if (isNode(literal) && literal['literal_type'] === 'number' && /^\d+$/.test(String(literal['value']))) {
    const position = Number(literal['value']);
    if (position < 1 || position > columns.length) {
      throw new SqlError(
        'ORDER_BY_POS_OUT_OF_RANGE',
        '42805',
        `ORDER BY position ${position} is not in select list (valid range is [1, ${columns.length}]).`,
      );
    }
    return position - 1;
  }
  if (!isNode(column) || isNode(column['table']) || !isNode(column['name'])) return undefined;
  const name = String(column['name']['name']).toLowerCase();
  const index = columns.findIndex((candidate) => candidate.name.toLowerCase() === name);
  return index < 0 ? undefined : index;
}

export function limits(inner: Node, place: Place, columns: readonly Column[]): string {
  const part = (word: string, given: unknown): string => {
    if (!isNode(given)) return '';
    if (given['percent'] === true) throw syntaxError("'PERCENT'");
    const value = isNode(given['this']) && kindOf(given) === 'this' ? given['this'] : given;
    if (isNode(value) && ('subquery' in value || 'select' in value)) throw badLimit('IS_UNFOLDABLE');
    const bound = compileExpression(isNode(value) ? value : given, place);
    if (!isFoldable(bound.sql)) throw unfoldable(value, columns);
    if (bound.constant !== undefined && bound.type.kind !== 'int') throw badLimit('DATA_TYPE');
    if (/^CAST\(NULL AS /.test(bound.sql)) throw badLimit('IS_NULL');
    if (typeof bound.constant === 'number' && bound.constant < 0) throw badLimit('IS_NEGATIVE');
    return ` ${word} ${bound.sql}`;
  };
  return part('LIMIT', inner['limit']) + part('OFFSET', inner['offset']);
}

function unfoldable(bound: unknown, columns: readonly Column[]): SqlError {
  const name = namePath(bound)?.at(-1);
  const isThere = columns.some((column) => column.name.toLowerCase() === name?.toLowerCase());
  return name === undefined || isThere ? badLimit('IS_UNFOLDABLE') : unresolvedColumn(name);
}

function badLimit(how: 'DATA_TYPE' | 'IS_NEGATIVE' | 'IS_NULL' | 'IS_UNFOLDABLE'): SqlError {
  return new SqlError(
    `INVALID_LIMIT_LIKE_EXPRESSION.${how}`,
    '42K0E',
    'The limit like expression is invalid: it must be a constant INT that is neither negative nor NULL.',
  );
}

/** The values of a row; `struct(…)` is a row, too. */
function rowItems(row: Node): unknown[] {
  const items = Array.isArray(row['expressions']) ? (row['expressions'] as unknown[]) : [row];
  const [first] = items;
  const called = isNode(first) ? first['function'] : undefined;
  const isRow = items.length === 1 && isNode(called) && calledName(called) === 'struct';
  const values = isRow && Array.isArray(called['args']) ? (called['args'] as unknown[]) : items;
  return isRow ? values.map(withoutName) : values;
}

/** The value of `1 AS a` in `struct(…)`. */
function withoutName(node: unknown): unknown {
  const called = isNode(node) ? node['function'] : undefined;
  if (!isNode(called) || called['name'] !== NAMED_FIELD || !Array.isArray(called['args'])) return node;
  return (called['args'] as unknown[])[0];
}

/** Rows of expressions; columns are `col1`, `col2` … and take the type that holds all of their values. */
export function compileValues(values: Node, place: Place): Relation {
  const rows = (Array.isArray(values['expressions']) ? (values['expressions'] as unknown[]) : []).filter(isNode);
  const cells = rows.map((row) => {
    const items = rowItems(row);
    return items.map((item) => compileExpression(item, place));
  });
  const width = cells[0]?.length ?? 0;
  if (cells.some((row) => row.length !== width)) {
    throw new SqlError(
      'INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH',
      '42000',
      `Inline table expected ${width} columns in every row.`,
    );
  }
  const columns = Array.from({ length: width }, (_cell, i) => {
    const type = commonWithoutText(cells.flatMap((row) => row[i]?.type ?? []));
    if (!type)
      throw new SqlError(
        'INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE',
        '42000',
        `Found incompatible types in column ${i + 1} of the inline table.`,
      );
    return { name: `col${i + 1}`, type };
  });
  const texts = cells.map(
    (row) => `(${row.map((cell, i) => castTo(cell, columns[i]?.type ?? cell.type).sql).join(', ')})`,
  );
  const names = columns.map(({ name }) => name).join(', ');
  return { sql: `SELECT * FROM (VALUES ${texts.join(', ')}) AS __v(${names})`, columns };
}
