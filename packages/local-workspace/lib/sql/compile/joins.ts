import { isNode, type Node } from '../nodes';
import { identifier } from '../quote';
import { SqlError, unsupported } from '../SqlError';
import { condition } from './logic';
import type { Place } from './context';
import { generatorName } from './generators';
import { checkComparable } from './ordering';
import { notHere } from './grouping';
import { sameType } from './sqlTypes';
import type { Scope, Source } from './scope';
import type { Typed } from './Typed';

function nodes(list: unknown): Node[] {
  return Array.isArray(list) ? (list as unknown[]).filter(isNode) : [];
}

const JOINS: Readonly<Record<string, string | undefined>> = {
  Inner: 'JOIN',
  Left: 'LEFT JOIN',
  Right: 'RIGHT JOIN',
  Full: 'FULL JOIN',
  Outer: 'FULL JOIN',
  Cross: 'CROSS JOIN',
  Implicit: 'CROSS JOIN',
  LeftSemi: 'SEMI JOIN',
  Semi: 'SEMI JOIN',
  LeftAnti: 'ANTI JOIN',
  Anti: 'ANTI JOIN',
  Lateral: 'CROSS JOIN',
  LeftLateral: 'LEFT JOIN',
  Natural: 'JOIN',
  NaturalLeft: 'LEFT JOIN',
  NaturalRight: 'RIGHT JOIN',
  NaturalFull: 'FULL JOIN',
};

/** A join behind what is there; `table` writes its right side and brings it into scope. */
export function joined(left: string, join: Node, place: Place, table: (node: Node) => string): string {
  const kind = String(join['kind']);
  const word = JOINS[kind];
  if (!word || !isNode(join['this'])) throw unsupported(`${kind.toUpperCase()} JOIN`);
  // Spark drops the rows for which the generator has none, as if it were an inner join.
  if (word === 'LEFT JOIN' && !join['on'] && isLateralGenerator(join['this']))
    throw unsupported('LEFT JOIN LATERAL of a generator without ON');
  const { scope } = place;
  const before = scope.sources.length;
  const text = table(join['this']);
  const right = scope.sources.at(-1);
  const using = kind.startsWith('Natural')
    ? sharedNames(scope, right)
    : nodes(join['using']).map(({ name }) => String(name));
  const pairs = using.map((name) => mergedColumn(scope, before, right, name, word));
  const noted = scope.noted;
  const on = join['on']
    ? condition(join['on'], place, 'JOIN')
    : pairs.length > 0
      ? pairs.map(({ test }) => test).join(' AND ')
      : undefined;
  if (scope.noted.aggregates > noted.aggregates || scope.noted.windows > noted.windows)
    throw notHere('The join condition');
  if (word === 'SEMI JOIN' || word === 'ANTI JOIN') scope.sources.length = before;
  for (const { name, value } of pairs) scope.merged.set(name.toLowerCase(), value);
  if (word === 'CROSS JOIN' || (word === 'JOIN' && on === undefined)) {
    return on === undefined ? `${left} CROSS JOIN ${text}` : `${left} JOIN ${text} ON ${on}`;
  }
  return `${left} ${word} ${text} ON ${on ?? 'TRUE'}`;
}

function isLateralGenerator(node: Node): boolean {
  const inner = [node['lateral'], node['alias']].find(isNode)?.['this'];
  return isNode(inner)
    ? generatorName(inner) !== undefined || isLateralGenerator(inner)
    : generatorName(node) !== undefined;
}

function sharedNames(scope: Scope, right: Source | undefined): string[] {
  const rest = scope.sources.filter((source) => source !== right).flatMap((source) => source.columns);
  const known = new Set(rest.map(({ name }) => name.toLowerCase()));
  return (right?.columns ?? []).map(({ name }) => name).filter((name) => known.has(name.toLowerCase()));
}

/** The condition that USING means for one column, and the column that stands for both. */
interface Merged {
  name: string;
  test: string;
  value: Typed;
}

function mergedColumn(scope: Scope, before: number, right: Source | undefined, name: string, word: string): Merged {
  const wanted = name.toLowerCase();
  const find = (source: Source | undefined) => source?.columns.find((column) => column.name.toLowerCase() === wanted);
  const source = scope.sources.slice(0, before).find((candidate) => find(candidate));
  const [a, b] = [find(source), find(right)];
  if (!source || !right || !a || !b)
    throw new SqlError('UNRESOLVED_USING_COLUMN_FOR_JOIN', '42703', `USING column \`${name}\` cannot be resolved.`);
  checkComparable(a.type);
  const x = scope.merged.get(wanted)?.sql ?? `${source.qualifier}.${identifier(a.name)}`;
  const y = `${right.qualifier}.${identifier(b.name)}`;
  if (word === 'FULL JOIN' && !sameType(a.type, b.type))
    throw unsupported('FULL JOIN with USING of columns of different types');
  const value =
    word === 'RIGHT JOIN'
      ? { sql: y, type: b.type }
      : word === 'FULL JOIN'
        ? { sql: `coalesce(${x}, ${y})`, type: a.type }
        : { sql: x, type: a.type };
  return { name, test: `${x} = ${y}`, value };
}
