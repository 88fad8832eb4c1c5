import type { SqlType } from '../../../engine/types';
import { isNode } from '../../nodes';
import { unsupported } from '../../SqlError';
import { castTo } from '../cast';
import { commonType, duckType, sameType } from '../sqlTypes';
import { compileExpression } from '../expression';
import { sortedList } from '../ordering';
import { mismatch, raise, wrongArguments } from '../failures';
import { arrayOf, BOOLEAN, INT, type Typed } from '../Typed';
import { once } from './once';
import { endable, endableStep, folded, repeated } from './room';
import type { Call, Rule } from './rules';

/** Elements after which a loop can be ended. */
const STEPS = { fold: 1024, sort: 16 };

interface Lambda {
  names: string[];
  body: (...values: Typed[]) => Typed;
}

function lambdaOf(call: Call, index: number): Lambda {
  const node = call.nodes[index];
  const inner = isNode(node) ? node['lambda'] : undefined;
  if (!isNode(inner) || !Array.isArray(inner['parameters'])) throw unsupported(`${call.name}() without a lambda`);
  const names = (inner['parameters'] as unknown[]).filter(isNode).map((parameter) => String(parameter['name']));
  return {
    names,
    body: (...values) => {
      const variables = names.map((name, i) => ({
        name,
        value: values[i] ?? { sql: 'NULL', type: { kind: 'void' as const } },
      }));
      const scope = call.place.scope.withVariables(variables);
      return endable(compileExpression(inner['body'], { ...call.place, scope }));
    },
  };
}

/** Names of variables by how deep they are, so that equal expressions are equal text. */
function variable(call: Call, letter: string): string {
  return `__${letter}${call.place.scope.depth}`;
}

function value(call: Call, index: number): Typed {
  const node = call.nodes[index];
  if (node === undefined) throw wrongArguments(call.name, call.nodes.length);
  return compileExpression(node, call.place);
}

function array(call: Call, index: number): Typed & { type: { kind: 'array'; element: SqlType } } {
  const found = value(call, index);
  if (found.type.kind !== 'array') throw mismatch(`${call.name}()`);
  return { ...found, type: found.type };
}

/** `lambda x: …` or, where Spark's takes an index from zero, `lambda x, i: …`. */
function elementwise(call: Call, element: SqlType): { header: string; body: Typed } {
  const lambda = lambdaOf(call, 1);
  const [x, i] = [variable(call, 'x'), variable(call, 'i')];
  const body = lambda.body({ sql: x, type: element }, { sql: `CAST(${i} - 1 AS INTEGER)`, type: INT });
  return { header: lambda.names.length > 1 ? `lambda ${x}, ${i}` : `lambda ${x}`, body };
}

function test(body: Typed): string {
  return castTo(body, BOOLEAN).sql;
}

function transform(call: Call): Typed {
  const list = array(call, 0);
  const { header, body } = elementwise(call, list.type.element);
  return {
    sql: `list_transform(${list.sql}, ${header}: ${repeated(body, variable(call, 'x'))})`,
    type: arrayOf(body.type),
  };
}

function filter(call: Call): Typed {
  const list = array(call, 0);
  const { header, body } = elementwise(call, list.type.element);
  return { sql: `list_filter(${list.sql}, ${header}: ${test(body)})`, type: list.type };
}

/** Three-valued: a NULL among the answers leaves the question open. */
function quantified(call: Call, wanted: boolean): Typed {
  const list = array(call, 0);
  const { header, body } = elementwise(call, list.type.element);
  const answers = `list_transform(${list.sql}, ${header}: ${test(body)})`;
  return {
    sql: `(CASE WHEN list_contains(${answers}, ${wanted}) THEN ${wanted} WHEN len(list_filter(${answers}, lambda __y: __y IS NULL)) > 0 THEN NULL WHEN ${list.sql} IS NULL THEN NULL ELSE ${!wanted} END)`,
    type: BOOLEAN,
  };
}

function aggregate(call: Call): Typed {
  if (call.nodes.length < 3 || call.nodes.length > 4) throw wrongArguments(call.name, call.nodes.length);
  const list = array(call, 0);
  const start = value(call, 1);
  const merge = lambdaOf(call, 2);
  const [a, x, i] = [variable(call, 'a'), variable(call, 'x'), variable(call, 'i')];
  const { element } = list.type;
  const type = start.type;
  const body = merge.body(
    { sql: `struct_extract(${a}, 'a')`, type },
    { sql: `struct_extract(${x}, 'x')`, type: element },
  );
  if (!sameType(body.type, type)) throw mismatch(`${call.name}() with a result that is no ${duckType(type)}`);
  const merged = endableStep(folded(body.sql, { sql: `struct_extract(${a}, 'a')`, type }), i, STEPS.fold);
  const pair = (acc: string, item: string): string => `struct_pack(a := ${acc}, x := ${item})`;
  const items = `list_transform(${list.sql}, lambda __y: ${pair(`CAST(NULL AS ${duckType(type)})`, '__y')})`;
  const reduced = `list_reduce(${items}, lambda ${a}, ${x}, ${i}: ${pair(`CAST(${merged} AS ${duckType(type)})`, `CAST(NULL AS ${duckType(element)})`)}, ${pair(start.sql, `CAST(NULL AS ${duckType(element)})`)})`;
  const result: Typed = {
    sql: `(CASE WHEN ${list.sql} IS NULL THEN NULL ELSE struct_extract(${reduced}, 'a') END)`,
    type,
  };
  return call.nodes.length === 4 ? finish(call, result) : result;
}

function finish(call: Call, result: Typed): Typed {
  const lambda = lambdaOf(call, 3);
  const body = lambda.body(result);
  return { sql: `(CASE WHEN ${value(call, 0).sql} IS NULL THEN NULL ELSE ${body.sql} END)`, type: body.type };
}

function zipWith(call: Call): Typed {
  const [left, right] = [array(call, 0), array(call, 1)];
  const lambda = lambdaOf(call, 2);
  const i = variable(call, 'i');
  return once([left.sql, right.sql], variable(call, 'c'), (a = '', b = '') => {
    const body = lambda.body(
      { sql: `list_extract(${a}, ${i} + 1)`, type: left.type.element },
      { sql: `list_extract(${b}, ${i} + 1)`, type: right.type.element },
    );
    return {
      sql: `(CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL ELSE list_transform(range(greatest(len(${a}), len(${b}))), lambda ${i}: ${repeated(body, i)}) END)`,
      type: arrayOf(body.type),
    };
  });
}

function mapEntries(call: Call): {
  map: Typed & { type: { kind: 'map'; key: SqlType; value: SqlType } };
  body: Typed;
  e: string;
} {
  const map = value(call, 0);
  if (map.type.kind !== 'map') throw mismatch(`${call.name}()`);
  const e = variable(call, 'e');
  const body = lambdaOf(call, 1).body(
    { sql: `${e}.key`, type: map.type.key },
    { sql: `${e}.value`, type: map.type.value },
  );
  return { map: { ...map, type: map.type }, body, e };
}

function rebuilt(map: Typed, entries: string): string {
  return `(CASE WHEN ${map.sql} IS NULL THEN NULL ELSE map_from_entries(${entries}) END)`;
}

function mapZipWith(call: Call): Typed {
  const [left, right] = [value(call, 0), value(call, 1)];
  if (left.type.kind !== 'map' || right.type.kind !== 'map') throw mismatch('map_zip_with()');
  const [leftType, rightType] = [left.type, right.type];
  const key = commonType(leftType.key, rightType.key);
  if (!key) throw mismatch('map_zip_with()');
  const k = variable(call, 'k');
  const lambda = lambdaOf(call, 2);
  const keys = (map: string, own: SqlType): string =>
    castTo({ sql: `map_keys(${map})`, type: arrayOf(own) }, arrayOf(key)).sql;
  return once([left.sql, right.sql], variable(call, 'c'), (a = '', b = '') => {
    const made = once([`map_values(${a})`, `map_values(${b})`], variable(call, 'd'), (x = '', y = '') => {
      const body = lambda.body(
        { sql: `${k}.k`, type: key },
        { sql: `list_extract(${x}, ${k}.x)`, type: leftType.value },
        { sql: `list_extract(${y}, ${k}.y)`, type: rightType.value },
      );
      const pairs = `__paired(${keys(a, leftType.key)}, ${keys(b, rightType.key)})`;
      return {
        sql: `map_from_entries(list_transform(${pairs}, lambda ${k}: struct_pack(k := ${k}.k, v := ${repeated(body, k)})))`,
        type: { kind: 'map', key, value: body.type },
      };
    });
    return { sql: `(CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL ELSE ${made.sql} END)`, type: made.type };
  });
}

/** Sorting by a comparator takes time that grows with the square of the length. */
const MOST_COMPARED = 10_000;

const refused = (what: string): string =>
  raise(
    'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
    '0A000',
    `array_sort() of ${what} by a comparator is not supported by the local workspace.`,
  );

/** Insertion by a comparator: stable, as Spark's. */
function sortedBy(call: Call): Typed {
  const list = array(call, 0);
  if (call.nodes.length === 1) return { sql: sortedList(list.sql, list.type.element, 'ASC', true), type: list.type };
  const lambda = lambdaOf(call, 1);
  const [acc, item, y, i] = [variable(call, 'a'), variable(call, 'x'), variable(call, 'y'), variable(call, 'i')];
  const order = lambda.body(
    { sql: y, type: list.type.element },
    { sql: `list_extract(${item}, 1)`, type: list.type.element },
  );
  const compared = `coalesce(${castTo(order, INT).sql}, error('[COMPARATOR_RETURNS_NULL|22004]The comparator has returned a NULL for a comparison.'))`;
  const singles = `list_transform(${list.sql}, lambda __z: [__z])`;
  const inserted = `list_concat(list_concat(list_filter(${acc}, lambda ${y}: ${compared} <= 0), ${item}), list_filter(${acc}, lambda ${y}: ${compared} > 0))`;
  return {
    sql: `(CASE WHEN ${list.sql} IS NULL THEN NULL WHEN len(list_filter(${list.sql}, lambda __z: __z IS NULL)) > 0 AND len(${list.sql}) > 1 THEN ${refused('NULL')} WHEN len(${list.sql}) > ${MOST_COMPARED} THEN ${refused('more than 10,000 elements')} ELSE list_reduce(${singles}, lambda ${acc}, ${item}, ${i}: ${endableStep(inserted, i, STEPS.sort)}, CAST([] AS ${duckType(list.type)})) END)`,
    type: list.type,
  };
}

export const LAMBDA_RULES: Readonly<Record<string, Rule>> = {
  transform,
  filter,
  exists: (call) => quantified(call, true),
  forall: (call) => quantified(call, false),
  aggregate,
  reduce: aggregate,
  zip_with: zipWith,
  array_sort: sortedBy,
  map_filter: (call) => {
    const { map, body, e } = mapEntries(call);
    return { sql: rebuilt(map, `list_filter(map_entries(${map.sql}), lambda ${e}: ${test(body)})`), type: map.type };
  },
  transform_values: (call) => {
    const { map, body, e } = mapEntries(call);
    return {
      sql: rebuilt(
        map,
        `list_transform(map_entries(${map.sql}), lambda ${e}: struct_pack(k := ${e}.key, v := ${repeated(body, e)}))`,
      ),
      type: { ...map.type, value: body.type },
    };
  },
  transform_keys: (call) => {
    const { map, body, e } = mapEntries(call);
    return {
      sql: rebuilt(
        map,
        `list_transform(map_entries(${map.sql}), lambda ${e}: struct_pack(k := ${repeated(body, e)}, v := ${e}.value))`,
      ),
      type: { ...map.type, key: body.type },
    };
  },
  map_zip_with: mapZipWith,
};
