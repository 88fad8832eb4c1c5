import type { SqlType } from '../../../engine/types';
import { isNode } from '../../nodes';
import { SqlError, unsupported } from '../../SqlError';
import { decimalCall } from '../arithmetic';
import { castTo } from '../cast';
import { compileExpression } from '../expression';
import { mismatch, raise, wrongArguments } from '../failures';
import { duckType, isIntegral, isInterval, isNumeric } from '../sqlTypes';
import { arrayOf, BIGINT, BOOLEAN, decimal, DOUBLE, type Typed } from '../Typed';
import { by, extreme } from './extremes';
import type { Call, Rule } from './rules';
import { joined, median, pair, percentile, within } from './statistics';
import { arg, argAs, argsOf } from './support';

/** An aggregate of DuckDB with DISTINCT, FILTER and OVER as the call has them. */
export function aggregateText(
  call: Call,
  function_: string,
  args: string,
  more: { filter?: string | undefined; order?: string } = {},
): string {
  const { distinct, filter, over } = call.clauses;
  if (distinct === true && over !== undefined) {
    throw new SqlError(
      'DISTINCT_WINDOW_FUNCTION_UNSUPPORTED',
      '0A000',
      `Distinct window functions are not supported: ${call.name}.`,
    );
  }
  const conditions = [filter, more.filter].filter((part) => part !== undefined);
  return (
    `${function_}(${distinct === true ? 'DISTINCT ' : ''}${args}${more.order ?? ''})` +
    (conditions.length > 0 ? ` FILTER (WHERE ${conditions.join(' AND ')})` : '') +
    (over === undefined ? '' : ` OVER ${over}`)
  );
}

export function numeric(call: Call, index = 0): Typed {
  const value = arg(call, index);
  if (isNumeric(value.type)) return value;
  const { filter } = call.clauses;
  if (value.type.kind === 'string' && filter !== undefined)
    return castTo({ ...value, sql: `(CASE WHEN ${filter} THEN ${value.sql} END)` }, DOUBLE);
  if (value.type.kind === 'string' || value.type.kind === 'void') return castTo(value, DOUBLE);
  throw mismatch(`${call.name}()`);
}

function simple(
  function_: string,
  type: (value: Typed) => SqlType,
  prepare: (call: Call) => Typed = (call) => arg(call, 0),
): Rule {
  return (call) => {
    argsOf(call, 1);
    const value = prepare(call);
    const result = type(value);
    return { sql: `CAST(${aggregateText(call, function_, value.sql)} AS ${duckType(result)})`, type: result };
  };
}

function sumType({ type }: Typed): SqlType {
  if (type.kind === 'decimal') return decimal(Math.min(type.precision + 10, 38), type.scale);
  return isIntegral(type) ? BIGINT : DOUBLE;
}

function sum(call: Call): Typed {
  argsOf(call, 1);
  if (isInterval(arg(call, 0).type)) throw unsupported(`${call.name}() of intervals`);
  const value = numeric(call);
  const type = sumType(value);
  const text = aggregateText(call, 'sum', value.sql);
  const isTried = call.name === 'try_sum';
  if (type.kind === 'decimal' && type.precision === 38) return { sql: ofMostDigits(text, type, isTried), type };
  return { sql: `${isTried ? 'TRY_CAST' : 'CAST'}(${text} AS ${duckType(type)})`, type };
}

/** The database adds decimals up beyond 38 digits; their text shows it. */
function ofMostDigits(sum: string, type: SqlType, isTried: boolean): string {
  const sized = `TRY_CAST(CAST(${sum} AS VARCHAR) AS ${duckType(type)})`;
  const overflow = raise('ARITHMETIC_OVERFLOW', '22003', 'The sum of decimals has more than 38 digits.');
  return isTried ? sized : `(CASE WHEN ${sum} IS NOT NULL THEN coalesce(${sized}, ${overflow}) END)`;
}

function average(call: Call): Typed {
  argsOf(call, 1);
  if (isInterval(arg(call, 0).type)) throw unsupported(`${call.name}() of intervals`);
  const value = numeric(call);
  if (value.type.kind !== 'decimal')
    return { sql: aggregateText(call, 'avg', castTo(value, DOUBLE).sql), type: DOUBLE };
  const type = decimal(Math.min(value.type.precision + 4, 38), Math.min(value.type.scale + 4, 38));
  const count = aggregateText(call, 'count', value.sql);
  return { sql: decimalCall('/', aggregateText(call, 'sum', value.sql), `nullif(${count}, 0)`, type, false), type };
}

function count(call: Call): Typed {
  const [first] = call.nodes;
  if (call.nodes.length === 1 && isNode(first) && 'star' in first)
    return { sql: aggregateText(call, 'count', '*'), type: BIGINT };
  const values = call.nodes.map((node) => compileExpression(node, call.place));
  if (values.length === 0) throw wrongArguments('count', 0);
  if (values.length === 1) return { sql: aggregateText(call, 'count', values[0]?.sql ?? ''), type: BIGINT };
  const present = values.map(({ sql }) => `${sql} IS NOT NULL`).join(' AND ');
  const counted = call.clauses.distinct === true ? `row(${values.map(({ sql }) => sql).join(', ')})` : '1';
  return { sql: aggregateText(call, 'count', counted, { filter: present }), type: BIGINT };
}

function collected(call: Call): Typed {
  argsOf(call, 1);
  const value = arg(call, 0);
  const type = arrayOf(value.type);
  const set =
    call.name === 'collect_set' && call.clauses.distinct !== true
      ? { ...call, clauses: { ...call.clauses, distinct: true } }
      : call;
  const text = aggregateText(set, 'list', value.sql, { filter: `${value.sql} IS NOT NULL` });
  return { sql: `coalesce(${text}, CAST([] AS ${duckType(type)}))`, type };
}

/** With `true` behind the value, or IGNORE NULLS, a NULL is not the first. */
function positioned(function_: 'first' | 'last' | 'any_value'): Rule {
  return (call) => {
    argsOf(call, 1, 2);
    const value = arg(call, 0);
    const ignoring = call.clauses.ignoreNulls === true || call.args[1]?.constant === true;
    if (call.clauses.over !== undefined) {
      const name = function_ === 'last' ? 'last_value' : 'first_value';
      const inner = { ...call, clauses: { ...call.clauses, distinct: false } };
      return { sql: aggregateText(inner, name, `${value.sql}${ignoring ? ' IGNORE NULLS' : ''}`), type: value.type };
    }
    const filter = ignoring ? { filter: `${value.sql} IS NOT NULL` } : {};
    return { sql: aggregateText(call, function_ === 'last' ? 'last' : 'first', value.sql, filter), type: value.type };
  };
}

const truths = (function_: string): Rule =>
  simple(
    function_,
    () => BOOLEAN,
    (call) => castTo(arg(call, 0), BOOLEAN),
  );
const doubles = (function_: string): Rule =>
  simple(
    function_,
    () => DOUBLE,
    (call) => castTo(numeric(call), DOUBLE),
  );
const bits = (function_: string): Rule =>
  simple(
    function_,
    ({ type }) => type,
    (call) => {
      const value = arg(call, 0);
      if (!isIntegral(value.type)) throw mismatch(`${call.name}()`);
      return value;
    },
  );
function grouping(call: Call): Typed {
  const { over, filter, distinct } = call.clauses;
  if (over !== undefined)
    throw new SqlError('UNSUPPORTED_EXPR_FOR_WINDOW', '42P20', `Expression ${call.name} is no window function.`);
  if (filter !== undefined || distinct === true)
    throw new SqlError(
      'INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX',
      '42000',
      `The function ${call.name} takes neither FILTER nor DISTINCT.`,
    );
  const args = call.nodes.map((node) => compileExpression(node, call.place).sql);
  if (args.length === 0) throw unsupported('grouping_id() without columns');
  call.place.scope.query.groupings.push({ name: call.name, args });
  const type: SqlType = call.name === 'grouping' ? { kind: 'tinyint' } : BIGINT;
  return { sql: `CAST(grouping(${args.join(', ')}) AS ${duckType(type)})`, type };
}

export const AGGREGATE_RULES: Readonly<Record<string, Rule>> = {
  count,
  sum,
  try_sum: sum,
  avg: average,
  mean: average,
  min: extreme('min'),
  max: extreme('max'),
  first: positioned('first'),
  first_value: positioned('first'),
  last: positioned('last'),
  last_value: positioned('last'),
  any_value: positioned('any_value'),
  any: truths('bool_or'),
  some: truths('bool_or'),
  bool_or: truths('bool_or'),
  every: truths('bool_and'),
  bool_and: truths('bool_and'),
  bit_and: bits('bit_and'),
  bit_or: bits('bit_or'),
  bit_xor: bits('bit_xor'),
  collect_list: collected,
  collect_set: collected,
  array_agg: collected,
  corr: pair('corr'),
  covar_pop: pair('covar_pop'),
  covar_samp: pair('covar_samp'),
  regr_avgx: pair('regr_avgx'),
  regr_avgy: pair('regr_avgy'),
  regr_count: pair('regr_count', BIGINT),
  regr_intercept: pair('regr_intercept'),
  regr_r2: pair('regr_r2'),
  regr_slope: pair('regr_slope'),
  regr_sxx: pair('regr_sxx'),
  regr_sxy: pair('regr_sxy'),
  regr_syy: pair('regr_syy'),
  count_if: (call) => {
    argsOf(call, 1);
    const test = argAs(call, 0, BOOLEAN);
    return { sql: aggregateText(call, 'count', `CASE WHEN ${test} THEN 1 END`), type: BIGINT };
  },
  kurtosis: doubles('kurtosis_pop'),
  std: doubles('stddev_samp'),
  stddev: doubles('stddev_samp'),
  stddev_samp: doubles('stddev_samp'),
  stddev_pop: doubles('stddev_pop'),
  variance: doubles('var_samp'),
  var_samp: doubles('var_samp'),
  var_pop: doubles('var_pop'),
  max_by: by('max_by'),
  min_by: by('min_by'),
  median,
  percentile,
  percentile_cont: within('quantile_cont'),
  percentile_disc: within('quantile_disc'),
  string_agg: joined,
  listagg: joined,
  grouping,
  grouping_id: grouping,
  approx_count_distinct: (call) => {
    argsOf(call, 1, 2);
    const inner = { ...call, clauses: { ...call.clauses, distinct: true } };
    return { sql: aggregateText(inner, 'count', arg(call, 0).sql), type: BIGINT };
  },
};

export const AGGREGATES: ReadonlySet<string> = new Set(Object.keys(AGGREGATE_RULES));
