import { rules } from './functions/rules';
import { signatures } from './functions/signatures';

const ELSEWHERE: ReadonlySet<string> = new Set(
  'explode explode_outer posexplode posexplode_outer inline inline_outer stack json_tuple range extract'.split(' '),
);

/** Whether a function of Spark's is one of this workspace, too. */
export function isSupported(name: string): boolean {
  return Object.hasOwn(rules(), name) || signatures().has(name) || ELSEWHERE.has(name);
}
