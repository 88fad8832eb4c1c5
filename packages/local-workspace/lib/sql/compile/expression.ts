import { isNode } from '../nodes';
import { unsupported } from '../SqlError';
import type { Handler, Place } from './context';
import { ACCESS } from './access';
import { ARITHMETIC } from './arithmetic';
import { CALLS } from './calls';
import { CONDITIONS } from './conditions';
import { LITERALS } from './literals';
import { SPECIAL } from './special';
import { kindOf, type Typed } from './Typed';

/** Put together at the first use: the parts need each other. */
function handlers(): Readonly<Record<string, Handler | undefined>> {
  return (known ??= { ...LITERALS, ...ARITHMETIC, ...CONDITIONS, ...ACCESS, ...CALLS, ...SPECIAL });
}

let known: Readonly<Record<string, Handler | undefined>> | undefined;

/** An expression of the tree in DuckDB's dialect. Throws for whatever is not known here. */
export function compileExpression(node: unknown, place: Place): Typed {
  if (!isNode(node)) throw unsupported('This expression');
  const kind = kindOf(node);
  const handler = Object.hasOwn(handlers(), kind) ? handlers()[kind] : undefined;
  if (!handler) throw unsupported(`${kind.replaceAll('_', ' ').toUpperCase()}`);
  const inner = node[kind];
  return handler(isNode(inner) ? inner : {}, place, node);
}
