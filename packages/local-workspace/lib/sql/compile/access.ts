import { isNode, literalOf, type Node } from '../nodes';
import { literal } from '../quote';
import { SqlError, unsupported } from '../SqlError';
import { variableName, variableValue } from '../variables';
import { castTo } from './cast';
import { textValue, withTexts, type Handler, type Place } from './context';
import { compileExpression } from './expression';
import { mismatch, unresolvedColumn } from './failures';
import { compileQuery } from './query';
import { BARE, callFunction } from './calls';
import { fields, fieldValue } from './scope';
import { isIntegral } from './sqlTypes';
import { typeFromNode } from './typeNodes';
import { INT, STRING, VARIANT, type Typed } from './Typed';

/** The names of `a.b.c`; undefined for anything else. */
export function namePath(node: unknown): string[] | undefined {
  if (!isNode(node)) return undefined;
  const { column, dot } = node;
  if (isNode(column)) {
    const table = isNode(column['table']) ? [String(column['table']['name'])] : [];
    const name = isNode(column['name']) ? String(column['name']['name']) : '';
    return [...table, name];
  }
  if (!isNode(dot)) return undefined;
  const base = namePath(dot['this']);
  return base && isNode(dot['field']) ? [...base, String(dot['field']['name'])] : undefined;
}

/** Whether a node stands for a number with a suffix, such as `1L`. */
export function isSuffixed(node: unknown): boolean {
  const path = isNode(node) && isNode(node['column']) ? namePath(node) : undefined;
  return path?.length === 1 && /^__n\d+__$/.test(path[0] ?? '');
}

function column(_inner: Node, place: Place, node: Node): Typed {
  const path = namePath(node) ?? [];
  const number = /^__n(\d+)__$/.exec(path[0] ?? '');
  if (number) return place.context.numbers[Number(number[1])] ?? { sql: 'NULL', type: INT };
  return named(path, place);
}

/** What a name means: a column, else a function that needs no brackets, else a variable of the session. */
function named(path: readonly string[], place: Place): Typed {
  const [only = '', ...rest] = path;
  const alias =
    place.isBehindList === true && place.isInAggregate !== true
      ? place.scope.query.aliases.get(only.toLowerCase())
      : undefined;
  if (alias && rest.length === 0) return alias;
  try {
    const value = place.scope.resolve(path);
    if (place.isInAggregate !== true) place.scope.query.noteBare(value);
    else if (
      (place.scope.query.isInList || place.isBehindList === true) &&
      place.scope.query.aliases.get(only.toLowerCase()) === value
    )
      throw unsupported('A lateral column alias in an aggregate or window function');
    return value;
  } catch (error) {
    const name = (path[0] ?? '').toLowerCase();
    if (path.length === 1 && BARE.has(name)) return callFunction(name, [], {}, place);
    const variable = variableOf(path, place);
    if (variable) return variable;
    throw error;
  }
}

function variableOf(path: readonly string[], { context }: Place): Typed | undefined {
  for (let length = 1; length <= Math.min(3, path.length); length++) {
    const name = variableName(path.slice(0, length));
    const variable = name === undefined ? undefined : context.environment.variables.get(name);
    if (!variable) continue;
    context.usesVariables = true;
    return fields(variableValue(variable), path.slice(length));
  }
  return undefined;
}

function dot(inner: Node, place: Place, node: Node): Typed {
  const path = namePath(node);
  if (path) return named(path, place);
  const field = isNode(inner['field']) ? String(inner['field']['name']) : '';
  return fieldValue(compileExpression(inner['this'], place), field);
}

/** `a[i]`: arrays count from zero, and both fail for what is not there. Spark takes no variants. */
function subscript(inner: Node, place: Place): Typed {
  const base = compileExpression(inner['this'], place);
  const index = compileExpression(inner['index'], place);
  switch (base.type.kind) {
    case 'array': {
      const position = isIntegral(index.type) ? index : castTo(index, INT);
      return { sql: `__at(${base.sql}, ${position.sql})`, type: base.type.element };
    }
    case 'map':
      return { sql: `map_extract_value(${base.sql}, ${castTo(index, base.type.key).sql})`, type: base.type.value };
    case 'struct': {
      if (typeof index.constant === 'string') return fieldValue(base, index.constant);
      throw mismatch('the index of a struct');
    }
    default:
      throw new SqlError(
        'INVALID_EXTRACT_BASE_FIELD_TYPE',
        '42000',
        "Can't extract a value from a value that is no struct, array or map.",
      );
  }
}

/** `v:a.b[0]` of a variant, or of JSON as text. */
function pathOf(inner: Node, place: Place): Typed {
  const base = compileExpression(inner['this'], place);
  const given = literalOf(inner['expression']);
  if (!given) throw unsupported('A computed path');
  const path = jsonPath(withTexts(textValue(given['value'], place.context), place.context));
  if (base.type.kind === 'variant') return { sql: `json_extract(${base.sql}, ${literal(path)})`, type: VARIANT };
  if (base.type.kind !== 'string') throw mismatch('the path');
  return { sql: `__json_text(${base.sql}, ${literal(path)})`, type: STRING };
}

function jsonPath(path: string): string {
  const quoted = path.replace(/\[\s*(["'])(.*?)\1\s*\]/g, (_all, _quote, name: string) => `."${name}"`);
  return quoted.startsWith('[') || quoted.startsWith('.') ? `$${quoted}` : `$.${quoted}`;
}

function scalarSubquery(inner: Node, place: Place): Typed {
  if (!isNode(inner['this'])) throw unsupported('This subquery');
  const around = place.scope.query;
  const before = around.outerNames.length;
  const query = compileQuery(inner['this'], place);
  if (around.outerNames.length > before && place.isInAggregate !== true) around.hasLooseSubquery = true;
  const [first] = query.columns;
  if (!first || query.columns.length !== 1) {
    throw new SqlError(
      'INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN',
      '42823',
      'A scalar subquery must return one column.',
    );
  }
  return { sql: `(${query.sql})`, type: first.type };
}

export const ACCESS: Readonly<Record<string, Handler>> = {
  column,
  dot,
  subscript,
  j_s_o_n_extract: pathOf,
  json_extract: pathOf,
  paren: (inner, place) => {
    const value = compileExpression(inner['this'], place);
    return { ...value, sql: `(${value.sql})` };
  },
  alias: (inner, place) => compileExpression(inner['this'], place),
  cast: (inner, place) => castTo(compileExpression(inner['this'], place), typeFromNode(inner['to'])),
  try_cast: (inner, place) => castTo(compileExpression(inner['this'], place), typeFromNode(inner['to']), 'try'),
  subquery: scalarSubquery,
  identifier: (inner, place) => named([String(inner['name'])], place),
  star: () => {
    throw unresolvedColumn('*');
  },
};
