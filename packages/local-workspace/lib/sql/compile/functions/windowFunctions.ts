import { SqlError, unsupported } from '../../SqlError';
import { castTo } from '../cast';
import { mismatch, nonLiteral, wrongArguments } from '../failures';
import { converts, isIntegral, isNumeric } from '../sqlTypes';
import { DOUBLE, INT, VOID, type Typed } from '../Typed';
import type { Call, Rule } from './rules';
import { arg, argsOf } from './support';

/** The text that follows OVER. Throws for a call without it, and for a frame: such functions have their own. */
function overOf(call: Call): string {
  const { over } = call.clauses;
  if (/ (?:ROWS|RANGE) BETWEEN [^']*\)$/.test(over ?? '') && call.name !== 'nth_value')
    throw unsupported(`A frame of ${call.name}()`);
  if (over?.startsWith('(') === false) call.place.scope.query.frameless.add(over);
  if (over?.startsWith('(') === true && !over.includes('ORDER BY')) {
    throw new SqlError(
      'WINDOW_FUNCTION_FRAME_NOT_ORDERED',
      '42601',
      `Window function \`${call.name}\` requires window to be ordered.`,
    );
  }
  if (over !== undefined) return ` OVER ${over}`;
  throw new SqlError(
    'WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE',
    '42601',
    `Window function \`${call.name}\` requires an OVER clause.`,
  );
}

function outOfRange(name: string): SqlError {
  return new SqlError('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', '42K09', `The argument of ${name}() must be positive.`);
}

function ranking(type: Typed['type']): Rule {
  return (call) => {
    argsOf(call, 0);
    const cast = type.kind === 'int' ? 'INTEGER' : 'DOUBLE';
    return { sql: `CAST(${call.name}()${overOf(call)} AS ${cast})`, type };
  };
}

function shifted(call: Call): Typed {
  if (call.args.length < 1 || call.args.length > 3) throw wrongArguments(call.name, call.args.length);
  const offset = call.args[1] ?? { sql: 'CAST(1 AS INTEGER)', type: INT, constant: 1 };
  if (offset.constant === undefined) throw nonLiteral(`The offset of ${call.name}()`);
  const { type } = arg(call, 0);
  const given = call.args[2] ?? { sql: 'NULL', type: VOID };
  if (!converts(given.type, type) && !(isNumeric(given.type) && isNumeric(type))) throw mismatch(call.name);
  const [value, fallback] = [castTo(arg(call, 0), type), castTo(given, type)];
  const ignoring = call.clauses.ignoreNulls === true ? ' IGNORE NULLS' : '';
  return {
    sql: `${call.name}(${value.sql}, ${castTo(offset, INT).sql}, ${fallback.sql}${ignoring})${overOf(call)}`,
    type,
  };
}

export const WINDOW_RULES: Readonly<Record<string, Rule>> = {
  row_number: ranking(INT),
  rank: ranking(INT),
  dense_rank: ranking(INT),
  percent_rank: ranking(DOUBLE),
  cume_dist: ranking(DOUBLE),
  ntile: (call) => {
    argsOf(call, 0, 1);
    const buckets = call.args[0] ?? { sql: '1', type: INT };
    if (typeof buckets.constant === 'number' && buckets.constant < 1) throw outOfRange(call.name);
    return { sql: `CAST(ntile(${castTo(buckets, INT).sql})${overOf(call)} AS INTEGER)`, type: INT };
  },
  lag: shifted,
  lead: shifted,
  nth_value: (call) => {
    argsOf(call, 2);
    const position = arg(call, 1);
    if (!isIntegral(position.type)) throw wrongArguments(call.name, 2);
    if (typeof position.constant === 'number' && position.constant < 1) throw outOfRange(call.name);
    const ignoring = call.clauses.ignoreNulls === true ? ' IGNORE NULLS' : '';
    return {
      sql: `nth_value(${arg(call, 0).sql}, ${position.sql}${ignoring})${overOf(call)}`,
      type: arg(call, 0).type,
    };
  },
};
