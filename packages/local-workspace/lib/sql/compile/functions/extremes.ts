import { orderKey, isNested } from '../ordering';
import { duckType } from '../sqlTypes';
import { aggregateText } from './aggregates';
import type { Rule } from './rules';
import { arg, argsOf } from './support';

/** The least or the greatest of a column. */
export function extreme(function_: 'min' | 'max'): Rule {
  return (call) => {
    argsOf(call, 1);
    const { sql, type } = arg(call, 0);
    const key = orderKey({ sql, type });
    if (!isNested(type)) return { sql: `CAST(${aggregateText(call, function_, sql)} AS ${duckType(type)})`, type };
    const all = { ...call, clauses: { ...call.clauses, distinct: false } };
    return { sql: aggregateText(all, `arg_${function_}`, `${sql}, ${key}`), type };
  };
}

/** The value that stands beside the least or the greatest of another. */
export function by(function_: 'min_by' | 'max_by'): Rule {
  return (call) => {
    argsOf(call, 2);
    const [value, other] = [arg(call, 0), arg(call, 1)];
    return { sql: aggregateText(call, function_, `${value.sql}, ${orderKey(other)}`), type: value.type };
  };
}
