import { own } from '../../own';
import { checkLength } from '../expansion';
import { isNode } from '../nodes';
import { unsupported } from '../SqlError';
import type { Handler, Place } from './context';
import { ACCESS } from './access';
import { ARITHMETIC } from './arithmetic';
import { CALLS } from './calls';
import { CONDITIONS } from './conditions';
import { LITERALS } from './literals';
import { LOGIC } from './logic';
import { SPECIAL } from './special';
import { kindOf, type Typed } from './Typed';

/** Put together at the first use: the parts need each other. */
function handlers(): Readonly<Record<string, Handler | undefined>> {
  return (known ??= { ...LITERALS, ...ARITHMETIC, ...CONDITIONS, ...LOGIC, ...ACCESS, ...CALLS, ...SPECIAL });
}

let known: Readonly<Record<string, Handler | undefined>> | undefined;

/** Constructs whose names in the tree say little to who wrote them. */
const NAMES: Readonly<Record<string, string>> = {
  array_func: 'An array in brackets',
  array_slice: 'A slice such as a[0:1]',
  collation: 'COLLATE',
  map_func: 'A map in braces',
  method_call: 'A function with the name of its schema',
  raw: 'This part of the statement',
};

/** An expression of the tree in DuckDB's dialect. Throws for whatever is not known here. */
export function compileExpression(node: unknown, place: Place): Typed {
  if (!isNode(node)) throw unsupported('This expression');
  const kind = kindOf(node);
  const handler = Object.hasOwn(handlers(), kind) ? handlers()[kind] : undefined;
  if (!handler) throw unsupported(own(NAMES, kind) ?? kind.replaceAll('_', ' ').toUpperCase());
  const inner = node[kind];
  const { bare, groupKeys } = place.scope.query;
  const before = bare.length;
  const value = handler(isNode(inner) ? inner : {}, place, node);
  if (bare.length > before && groupKeys.has(value.sql)) bare.length = before;
  checkLength(value.sql);
  return value;
}
