import type { SqlType } from '../../../engine/types';
import { arithmetic, integralDivision, signed, type Operator } from '../arithmetic';
import { SqlError } from '../../SqlError';
import { castTo } from '../cast';
import { mismatch, raise } from '../failures';
import { asDecimal, boundedDecimal, duckType, isIntegral, isInterval, isNumeric, isFractional } from '../sqlTypes';
import { BIGINT, decimal, DOUBLE, INT, type Typed } from '../Typed';
import type { Call, Rule } from './rules';
import { arg, argsOf } from './support';
import { nonLiteral } from '../failures';

function number(call: Call, index: number): Typed {
  const value = arg(call, index);
  if (isNumeric(value.type)) return value;
  if (value.type.kind === 'void' || value.type.kind === 'string') return castTo(value, DOUBLE);
  throw mismatch(`${call.name}()`);
}

function tried(operator: Operator): Rule {
  return (call) => {
    argsOf(call, 2);
    return arithmetic(operator, arg(call, 0), arg(call, 1), true);
  };
}

/** Up or down to a whole number, or to a number of digits. */
function whole(mode: 'ceil' | 'floor'): Rule {
  return (call) => {
    argsOf(call, 1, 2);
    if (call.args.length === 2) return scaled(call, mode);
    const value = number(call, 0);
    if (value.type.kind === 'decimal') {
      const type = boundedDecimal(value.type.precision - value.type.scale + (value.type.scale > 0 ? 1 : 0), 0);
      return {
        sql: `CAST(__decimal('${mode}', CAST(${value.sql} AS VARCHAR), '0', ${type.precision}, 0) AS ${duckType(type)})`,
        type,
      };
    }
    if (isIntegral(value.type)) return castTo(value, BIGINT);
    return { sql: `__whole(${mode}(${castTo(value, DOUBLE).sql}))`, type: BIGINT };
  };
}

/** `round` and its kind: half up or half even, to a number of digits that is a literal. */
function rounding(mode: 'round' | 'bround'): Rule {
  return (call) => {
    argsOf(call, 1, 2);
    return scaled(call, mode);
  };
}

function scaled(call: Call, mode: string): Typed {
  const given = number(call, 0);
  // To a number of digits, doubles go up and down as decimals.
  const isExact = mode.endsWith('round') || !isFractional(given.type);
  const value = isExact ? given : castTo(given, given.type.kind === 'float' ? decimal(14, 7) : decimal(30, 15));
  const digits = call.args.length > 1 ? arg(call, 1) : { constant: 0, sql: '0', type: INT };
  if (digits.constant === null || digits.sql.startsWith('CAST(NULL'))
    return { sql: `CAST(NULL AS ${duckType(value.type)})`, type: value.type };
  if (digits.constant === undefined)
    throw mode.endsWith('round')
      ? nonLiteral('The scale')
      : new SqlError('NON_FOLDABLE_ARGUMENT', '42K08', 'The scale must be a literal.');
  const scale = Number(digits.constant);
  const type = roundedType(value.type, scale, mode);
  if (isIntegral(value.type) && (mode === 'round' || mode === 'bround')) {
    const wide = `__decimal('${mode}', CAST(${value.sql} AS VARCHAR), '${Math.min(scale, 0)}', 38, 0)`;
    return { sql: scale >= 0 ? value.sql : `CAST(CAST(${wide} AS HUGEINT) AS ${duckType(type)})`, type };
  }
  const exact = asDecimal(value.type);
  if (exact && type.kind === 'decimal') {
    return {
      sql: `CAST(__decimal('${mode}', CAST(${value.sql} AS VARCHAR), '${scale}', ${type.precision}, ${type.scale}) AS ${duckType(type)})`,
      type,
    };
  }
  const rounded = `__round('${mode}', ${castTo(value, DOUBLE).sql}, ${scale})`;
  return { sql: `CAST(${rounded} AS ${duckType(type)})`, type };
}

function roundedType(type: SqlType, scale: number, mode: string): SqlType {
  const isRound = mode === 'round' || mode === 'bround';
  const exact = isRound && isIntegral(type) ? undefined : asDecimal(type);
  if (!exact) return isRound ? type : type.kind === 'double' || type.kind === 'float' ? boundedDecimal(30, 15) : type;
  const digits = exact.precision - exact.scale + 1;
  if (scale < 0) return decimal(Math.min(38, Math.max(digits, -scale + 1)), 0);
  const kept = Math.min(exact.scale, scale);
  return decimal(Math.min(38, digits + kept), kept);
}

/** The remainder that has the sign of the divisor. */
function positiveModulus(call: Call): Typed {
  argsOf(call, 2);
  const [a, b] = [arg(call, 0), arg(call, 1)];
  const once = arithmetic('%', a, b);
  if (once.type.kind === 'decimal') {
    const positive = castTo(arithmetic('%', arithmetic('+', once, b), b), once.type).sql;
    return { sql: `(CASE WHEN ${once.sql} < 0 THEN ${positive} ELSE ${once.sql} END)`, type: once.type };
  }
  const divisor = castTo(b, once.type).sql;
  if (!isIntegral(once.type)) return { sql: `__pmod(${once.sql}, ${divisor})`, type: once.type };
  const wide = `__pmod(CAST(${once.sql} AS HUGEINT), CAST(${divisor} AS HUGEINT))`;
  const least = { tinyint: -(2n ** 7n), smallint: -(2n ** 15n), int: -(2n ** 31n), bigint: -(2n ** 63n) }[
    once.type.kind as 'int'
  ];
  const refused = raise(
    'UNSUPPORTED_FEATURE.LOCAL_WORKSPACE',
    '0A000',
    'pmod() that overflows is not supported by the local workspace.',
  );
  const overflows = `${once.sql} < 0 AND CAST(${once.sql} AS HUGEINT) + ${divisor} < ${least}`;
  return {
    sql: `(CASE WHEN ${overflows} THEN ${refused} ELSE CAST(${wide} AS ${duckType(once.type)}) END)`,
    type: once.type,
  };
}

export const NUMBER_RULES: Readonly<Record<string, Rule>> = {
  ceil: whole('ceil'),
  ceiling: whole('ceil'),
  floor: whole('floor'),
  round: rounding('round'),
  bround: rounding('bround'),
  mod: (call) => {
    argsOf(call, 2);
    return arithmetic('%', arg(call, 0), arg(call, 1));
  },
  div: (call) => {
    argsOf(call, 2);
    return integralDivision(arg(call, 0), arg(call, 1));
  },
  pmod: positiveModulus,
  try_add: tried('+'),
  try_subtract: tried('-'),
  try_multiply: tried('*'),
  try_divide: tried('/'),
  try_mod: tried('%'),
  abs: (call) => {
    argsOf(call, 1);
    const value = isInterval(arg(call, 0).type) ? arg(call, 0) : number(call, 0);
    if (isInterval(value.type)) {
      return {
        sql: `(CASE WHEN ${value.sql} < to_microseconds(0) THEN -${value.sql} ELSE ${value.sql} END)`,
        type: value.type,
      };
    }
    return signed('abs', value, `abs(${value.sql})`);
  },
};
