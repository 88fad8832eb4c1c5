import type { SqlType } from '../../engine/types';
import { typeName } from '../../engine/types';
import { isNode, literalOf, type Node } from '../nodes';
import { SqlError, unsupported } from '../SqlError';
import { isSuffixed } from './access';
import { castTo } from './cast';
import { callFunction } from './calls';
import type { Handler, Place } from './context';
import { compileExpression } from './expression';
import { mismatch } from './failures';
import { negativeLiteral } from './literals';
import { momentArithmetic } from './moments';
import {
  asDecimal,
  boundedDecimal,
  commonType,
  duckType,
  isFractional,
  isIntegral,
  isInterval,
  isNumeric,
} from './sqlTypes';
import { BIGINT, decimal, DOUBLE, type Typed } from './Typed';
import { concatenation } from './functions/strings';

export type Operator = '+' | '-' | '*' | '/' | '%';

/** `try` operators answer NULL where the others fail. */
export function arithmetic(operator: Operator, a: Typed, b: Typed, tries = false): Typed {
  const moment = momentArithmetic(operator, a, b);
  if (moment) return moment;
  if (operator === '/' && a.type.kind === 'void' && isNumeric(b.type))
    return division(castTo(a, DOUBLE), castTo(b, DOUBLE), tries);
  const [left, right] = asNumbers(a, b);
  if (operator === '/') return division(left, right, tries);
  if (left.type.kind === 'decimal' || right.type.kind === 'decimal') {
    if (!isFractional(left.type) && !isFractional(right.type)) return decimalArithmetic(operator, left, right, tries);
  }
  const type = commonType(left.type, right.type);
  if (!type || !isNumeric(type)) throw mismatch(`(a ${operator} b)`);
  const [x, y] = [castTo(left, type).sql, castTo(right, type).sql];
  if (operator === '%') return { sql: tries ? `__try_mod(${x}, ${y})` : `__mod(${x}, ${y})`, type };
  if (tries && isIntegral(type))
    return { sql: `TRY_CAST(CAST(${x} AS HUGEINT) ${operator} CAST(${y} AS HUGEINT) AS ${duckType(type)})`, type };
  return { sql: `(${x} ${operator} ${y})`, type };
}

/** Text becomes a number of the other's kind; NULL takes the other's type. */
function asNumbers(a: Typed, b: Typed): [Typed, Typed] {
  if (a.type.kind === 'void' && b.type.kind === 'void') return [castTo(a, DOUBLE), castTo(b, DOUBLE)];
  if ([a, b].every(({ type }) => type.kind === 'string' || type.kind === 'void')) throw noNumber('string');
  return [asNumber(a, b.type), asNumber(b, a.type)];
}

function asNumber(value: Typed, other: SqlType): Typed {
  if (isNumeric(value.type)) return value;
  if (value.type.kind === 'void' && isNumeric(other)) return castTo(value, other);
  if (value.type.kind === 'string') return castTo(value, isIntegral(other) ? BIGINT : DOUBLE);
  throw noNumber(typeName(value.type));
}

function noNumber(type: string): SqlError {
  return new SqlError(
    'DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE',
    '42K09',
    `Cannot resolve the operation due to data type mismatch: "${type.toUpperCase()}" is no number.`,
  );
}

function division(a: Typed, b: Typed, tries: boolean): Typed {
  const function_ = tries ? '__try_divide' : '__divide';
  const anyDecimal = a.type.kind === 'decimal' || b.type.kind === 'decimal';
  if (anyDecimal && !isFractional(a.type) && !isFractional(b.type)) return decimalArithmetic('/', a, b, tries);
  return { sql: `${function_}(${castTo(a, DOUBLE).sql}, ${castTo(b, DOUBLE).sql})`, type: DOUBLE };
}

/** A literal integer counts as many digits as it has. */
function decimalOf(value: Typed): SqlType & { kind: 'decimal' } {
  if (
    isIntegral(value.type) &&
    value.type.kind !== 'tinyint' &&
    value.constant !== undefined &&
    value.constant !== null
  ) {
    return decimal(String(value.constant).replace('-', '').length, 0);
  }
  return asDecimal(value.type) ?? decimal(38, 18);
}

function decimalResult(
  operator: Operator | 'div',
  a: SqlType & { kind: 'decimal' },
  b: SqlType & { kind: 'decimal' },
): SqlType & { kind: 'decimal' } {
  const scale = Math.max(a.scale, b.scale);
  switch (operator) {
    case '+':
    case '-':
      return boundedDecimal(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale);
    case '*':
      return boundedDecimal(a.precision + b.precision + 1, a.scale + b.scale);
    case '/': {
      const quotient = Math.max(6, a.scale + b.precision + 1);
      return boundedDecimal(a.precision - a.scale + b.scale + quotient, quotient);
    }
    case '%':
      return boundedDecimal(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale);
    case 'div':
      return boundedDecimal(a.precision - a.scale + b.scale, 0);
  }
}

function decimalArithmetic(operator: Operator, a: Typed, b: Typed, tries: boolean): Typed {
  const [x, y] = [decimalOf(a), decimalOf(b)];
  const type = decimalResult(operator, x, y);
  const [left, right] = [castTo(a, x).sql, castTo(b, y).sql];
  const simple = !tries && type.precision < 38;
  if (simple && (operator === '+' || operator === '-')) {
    return {
      sql: `CAST(CAST(${left} AS ${duckType(type)}) ${operator} CAST(${right} AS ${duckType(type)}) AS ${duckType(type)})`,
      type,
    };
  }
  if (simple && operator === '*') {
    const wide = duckType(decimal(Math.max(19, x.precision), x.scale));
    return { sql: `CAST(CAST(${left} AS ${wide}) * ${right} AS ${duckType(type)})`, type };
  }
  return { sql: decimalCall(operator, left, right, type, tries), type };
}

/** Exact to the last digit, rounded half up, whatever the size of the operands. */
export function decimalCall(
  operator: string,
  left: string,
  right: string,
  type: SqlType & { kind: 'decimal' },
  tries: boolean,
): string {
  const text = (sql: string): string => `CAST(${sql} AS VARCHAR)`;
  return `CAST(__decimal('${tries ? 'try ' : ''}${operator}', ${text(left)}, ${text(right)}, ${type.precision}, ${type.scale}) AS ${duckType(type)})`;
}

function negation(inner: Node, place: Place): Typed {
  const moved = castOfLiteral(inner);
  if (moved) return compileExpression(moved, place);
  const value = compileExpression(inner['this'], place);
  const direct =
    literalOf(inner['this']) || isSuffixed(inner['this'])
      ? negativeLiteral(value, isSuffixed(inner['this']))
      : undefined;
  return direct ?? negated(value);
}

/** `-1::STRING` is the text of -1. */
export function castOfLiteral(inner: Node): Node | undefined {
  const cast = isNode(inner['this']) ? inner['this']['cast'] : undefined;
  if (!isNode(cast) || cast['double_colon_syntax'] !== true) return undefined;
  return literalOf(cast['this']) || isSuffixed(cast['this'])
    ? { cast: { ...cast, this: { neg: { this: cast['this'] } } } }
    : undefined;
}

/** A change of sign: of a decimal with many digits the last ones are lost. */
export function signed(operation: 'neg' | 'abs', { sql, type }: Typed, plain: string): Typed {
  if (type.kind !== 'decimal' || type.precision <= 34) return { sql: plain, type };
  return { sql: decimalCall(operation, sql, '0', type, false), type };
}

/** `+a`, of a number or an interval; a literal is none any more. */
export function positive({ sql, type }: Typed): Typed {
  if (isInterval(type) || isNumeric(type)) return { sql, type };
  if (type.kind === 'string' || type.kind === 'void') return castTo({ sql, type }, DOUBLE);
  throw mismatch('(+ a)');
}

/** `-a`, of a number or an interval. */
export function negated(value: Typed): Typed {
  if (isInterval(value.type)) return { sql: `(-${value.sql})`, type: value.type };
  const number =
    value.type.kind === 'string' ? castTo(value, DOUBLE) : value.type.kind === 'void' ? castTo(value, DOUBLE) : value;
  if (!isNumeric(number.type)) throw mismatch('(- a)');
  return signed('neg', number, `(-(${number.sql}))`);
}

/** `a DIV b`: whole times that `b` goes into `a`. */
export function integralDivision(a: Typed, b: Typed): Typed {
  if (a.type.kind === 'interval day to second' || a.type.kind === 'interval year to month')
    throw unsupported('DIV of intervals');
  if (a.type.kind === 'void' && b.type.kind === 'void') return { sql: 'CAST(NULL AS BIGINT)', type: BIGINT };
  const [x, y] = asNumbers(a, b);
  if (isFractional(x.type) || isFractional(y.type)) throw mismatch('(a DIV b)');
  if (x.type.kind === 'decimal' || y.type.kind === 'decimal') {
    const [left, right] = [decimalOf(x), decimalOf(y)];
    const type = decimalResult('div', left, right);
    return {
      sql: `__wrapped(${decimalCall('div', castTo(x, left).sql, castTo(y, right).sql, type, false)}::VARCHAR)`,
      type: BIGINT,
    };
  }
  if (!isIntegral(x.type) || !isIntegral(y.type)) throw mismatch('(a DIV b)');
  return { sql: `__int_div(${castTo(x, BIGINT).sql}, ${castTo(y, BIGINT).sql})`, type: BIGINT };
}

function bitwise(operator: string): Handler {
  return (inner, place) => {
    const [a, b] = asNumbers(compileExpression(inner['left'], place), compileExpression(inner['right'], place));
    const type = commonType(a.type, b.type);
    if (!type || !isIntegral(type)) throw mismatch(`(a ${operator} b)`);
    const [x, y] = [castTo(a, type).sql, castTo(b, type).sql];
    return { sql: operator === '^' ? `xor(${x}, ${y})` : `(${x} ${operator} ${y})`, type };
  };
}

function shift(name: 'shiftleft' | 'shiftright'): Handler {
  return (inner, place) =>
    callFunction(name, [compileExpression(inner['left'], place), compileExpression(inner['right'], place)], {}, place);
}

function binary(operator: Operator): Handler {
  return (inner, place) =>
    arithmetic(operator, compileExpression(inner['left'], place), compileExpression(inner['right'], place));
}

export const ARITHMETIC: Readonly<Record<string, Handler>> = {
  add: binary('+'),
  sub: binary('-'),
  mul: binary('*'),
  div: binary('/'),
  mod: binary('%'),
  int_div: (inner, place) =>
    integralDivision(compileExpression(inner['this'], place), compileExpression(inner['expression'], place)),
  neg: negation,
  // A plus that is a sign stands in the text as `|/`, which nothing else is written with.
  sqrt: (inner, place) => positive(compileExpression(inner['this'], place)),
  bitwise_and: bitwise('&'),
  bitwise_or: bitwise('|'),
  bitwise_xor: bitwise('^'),
  bitwise_left_shift: shift('shiftleft'),
  bitwise_right_shift: shift('shiftright'),
  bitwise_not: (inner, place) => {
    const value = compileExpression(inner['this'], place);
    if (!isIntegral(value.type)) throw mismatch('(~ a)');
    return { sql: `(~${value.sql})`, type: value.type };
  },
  concat: (inner, place) =>
    concatenation([compileExpression(inner['left'], place), compileExpression(inner['right'], place)]),
};
