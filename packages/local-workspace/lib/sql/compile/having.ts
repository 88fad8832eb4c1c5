import { isNode } from '../nodes';
import type { Place } from './context';
import { unresolvedColumn } from './failures';
import { condition } from './logic';

/** HAVING; of no rows there are no groups, that of all rows included, where others are asked for beside it. */
export function havingOf(node: unknown, grouped: string, place: Place): string {
  const { windows, aliases } = place.scope;
  const listed = [...windows];
  const own = isNode(node) ? ` HAVING ${condition(node['this'], { ...place, isBehindList: true }, 'HAVING')}` : '';
  // What a window function makes comes behind HAVING.
  const made = listed.find((window) => own.includes(window));
  const [alias] = [...aliases].find(([, { sql }]) => made !== undefined && sql.includes(made)) ?? [];
  if (alias !== undefined) throw unresolvedColumn(alias);
  if (!/^ GROUP BY .*(?:ROLLUP|CUBE|GROUPING SETS) \((?!\(\)\)$)/s.test(grouped)) return own;
  return ` HAVING count(*) > 0${own.replace(/^ HAVING (.*)$/s, ' AND ($1)')}`;
}
