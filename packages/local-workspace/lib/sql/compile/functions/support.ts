import type { SqlType } from '../../../engine/types';
import { unsupported } from '../../SqlError';
import { castTo } from '../cast';
import { mismatch, wrongArguments } from '../failures';
import type { Call } from './rules';
import type { Typed } from '../Typed';

/** The arguments, when there are `least` to `most` of them. */
export function argsOf(call: Call, least: number, most = least): Typed[] {
  const { args } = call;
  if (args.length < least || args.length > most) throw wrongArguments(call.name, args.length);
  return [...args];
}

export function arg(call: Call, index: number): Typed {
  const value = call.args[index];
  if (!value) throw wrongArguments(call.name, call.args.length);
  return value;
}

/** The argument as a value of `type`. */
export function argAs(call: Call, index: number, type: SqlType): string {
  return castTo(arg(call, index), type).sql;
}

/** A literal text argument. Throws for one that is computed. */
export function textArg(call: Call, index: number, what: string): string {
  const value = arg(call, index);
  if (typeof value.constant !== 'string') throw unsupported(`${call.name}() with ${what} that is no literal`);
  return value.constant;
}

export function arrayArg(call: Call, index: number): Typed & { type: { kind: 'array'; element: SqlType } } {
  const value = arg(call, index);
  if (value.type.kind === 'void')
    return { sql: 'CAST(NULL AS INTEGER[])', type: { kind: 'array', element: { kind: 'void' } } };
  if (value.type.kind !== 'array') throw mismatch(`${call.name}()`);
  return { ...value, type: value.type };
}

export function mapArg(call: Call, index: number): Typed & { type: { kind: 'map'; key: SqlType; value: SqlType } } {
  const value = arg(call, index);
  if (value.type.kind !== 'map') throw mismatch(`${call.name}()`);
  return { ...value, type: value.type };
}
