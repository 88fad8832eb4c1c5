import type { SqlType } from '../../../engine/types';
import { isNode } from '../../nodes';
import { SqlError, unsupported } from '../../SqlError';
import { castTo } from '../cast';
import { compileExpression } from '../expression';
import { raise } from '../failures';
import { duckType, isNumeric } from '../sqlTypes';
import { arrayOf, DOUBLE, STRING, type Typed } from '../Typed';
import { direction } from '../windows';
import { aggregateText, numeric } from './aggregates';
import type { Call, Rule } from './rules';
import { arg, argAs, argsOf, textArg } from './support';

/** A statistic of two numbers. */
export function pair(function_: string, type: SqlType = DOUBLE): Rule {
  return (call) => {
    argsOf(call, 2);
    const [a, b] = [0, 1].map((i) => castTo(numeric(call, i), DOUBLE).sql);
    const value = `CAST(${aggregateText(call, function_, `${a}, ${b}`)} AS ${duckType(type)})`;
    if (type.kind !== 'double') return { sql: value, type };
    const odd = aggregateText(
      { ...call, clauses: { ...call.clauses, distinct: false } },
      'bool_or',
      `NOT isfinite(${a}) OR NOT isfinite(${b})`,
    );
    const refused = raise(
      'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
      '0A000',
      `${call.name}() of NaN and infinity is not supported by the local workspace.`,
    );
    return { sql: `(CASE WHEN ${odd} THEN ${refused} WHEN NOT isnan(${value}) THEN ${value} END)`, type };
  };
}

export function median(call: Call): Typed {
  argsOf(call, 1);
  return { sql: aggregateText(call, 'quantile_cont', `${castTo(numeric(call), DOUBLE).sql}, 0.5`), type: DOUBLE };
}

/** A fraction, or several in an array. */
function fraction(value: Typed): string {
  if (value.type.kind === 'array') return castTo(value, arrayOf(DOUBLE)).sql;
  return castTo(value, DOUBLE).sql;
}

export function percentile(call: Call): Typed {
  if (call.args.length === 3) throw unsupported(`${call.name}() with frequencies`);
  argsOf(call, 2);
  const value = castTo(numeric(call), DOUBLE).sql;
  const asked = arg(call, 1);
  return {
    sql: aggregateText(call, 'quantile_cont', `${value}, ${fraction(asked)}`),
    type: asked.type.kind === 'array' ? arrayOf(DOUBLE) : DOUBLE,
  };
}

/** `percentile_cont(f) WITHIN GROUP (ORDER BY x)`. */
export function within(function_: string): Rule {
  return (call) => {
    argsOf(call, 1);
    const key = (call.clauses.orderBy ?? [])[0];
    if (!isNode(key))
      throw new SqlError(
        'INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING',
        '42K0K',
        `WITHIN GROUP is required for ${call.name}.`,
      );
    const value = compileExpression(key['this'], call.place);
    if (!isNumeric(value.type)) throw unsupported(`${call.name}() of values that are no numbers`);
    const asked = castTo(arg(call, 0), DOUBLE).sql;
    const turned = key['desc'] === true ? `(1 - ${asked})` : asked;
    if (key['desc'] === true && function_ === 'quantile_disc')
      throw unsupported('percentile_disc() in descending order');
    return { sql: aggregateText(call, function_, `${castTo(value, DOUBLE).sql}, ${turned}`), type: DOUBLE };
  };
}

/** `listagg` and `string_agg`: texts with a separator, in the order of WITHIN GROUP. */
export function joined(call: Call): Typed {
  argsOf(call, 1, 2);
  const separator = call.args.length > 1 ? textArg(call, 1, 'a separator') : '';
  const keys = (call.clauses.orderBy ?? [])
    .filter(isNode)
    .map((key) => compileExpression(key['this'], call.place).sql + direction(key));
  const order = keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
  return {
    sql: aggregateText(call, 'string_agg', `${argAs(call, 0, STRING)}, ${textLiteralSql(separator)}`, { order }),
    type: STRING,
  };
}

function textLiteralSql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
